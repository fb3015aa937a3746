//! Which files below a policy folder are policy, and what each is.

/// What a file is, by where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind<'p> {
    /// `bureau.yaml`
    Bureau,
    /// `workflows/<stem>.yaml`
    Workflow(&'p str),
    /// `workflows/forms/*.yaml`
    Forms,
    /// `rules/clocks.yaml`
    Clocks,
    /// `rules/documents.yaml`
    Documents,
    /// Any other `rules/*.yaml`; its keys say what it is.
    Rules,
    /// `rules/templates/<kind>.html`
    Template(&'p str),
    /// `rules/*.rhai`
    Script,
    /// `calendars/<stem>.yaml`
    Calendar(&'p str),
    /// `stations/<id>/overlay.yaml`
    Overlay(&'p str),
    /// `stations/<id>/rules/*.rhai`
    StationScript(&'p str),
    /// `*.test.yaml` in one of the three places for them.
    Cases,
}

/// Returns what the file is; none when it is no policy text.
pub(super) fn kind(path: &str) -> Option<Kind<'_>> {
    let parts: Vec<&str> = path.split('/').collect();
    let yaml = |name: &str| -> Option<&str> {
        let start = path.len() - name.len();
        path[start..].strip_suffix(".yaml").filter(|stem| !stem.is_empty())
    };
    let is_cases = |name: &str| name.ends_with(".test.yaml") && name != ".test.yaml";
    let is_script = |name: &str| name.strip_suffix(".rhai").is_some_and(|stem| !stem.is_empty());
    match parts.as_slice() {
        ["bureau.yaml"] => Some(Kind::Bureau),
        ["workflows" | "rules", name] | ["stations", _, "tests", name] if is_cases(name) => Some(Kind::Cases),
        ["workflows", name] => yaml(name).map(Kind::Workflow),
        ["workflows", "forms", name] => yaml(name).map(|_| Kind::Forms),
        ["rules", "clocks.yaml"] => Some(Kind::Clocks),
        ["rules", "documents.yaml"] => Some(Kind::Documents),
        ["rules", "templates", name] => {
            name.strip_suffix(".html").filter(|stem| !stem.is_empty()).map(Kind::Template)
        }
        ["rules", name] if is_script(name) => Some(Kind::Script),
        ["rules", name] => yaml(name).map(|_| Kind::Rules),
        ["calendars", name] => yaml(name).map(Kind::Calendar),
        ["stations", station, "overlay.yaml"] => Some(Kind::Overlay(&path[9..9 + station.len()])),
        ["stations", station, "rules", name] if is_script(name) => {
            Some(Kind::StationScript(&path[9..9 + station.len()]))
        }
        _ => None,
    }
}

/// Returns whether a file below the policy folder is policy text, by its path with `/`.
#[must_use]
pub fn is_policy_path(path: &str) -> bool {
    kind(path).is_some()
}

/// Returns whether somebody probably meant the file to be policy, though it is not read: a YAML
/// or Rhai file in the wrong place, or one that ends in `.yml`.
#[must_use]
pub fn is_misplaced(path: &str) -> bool {
    let in_policy =
        ["workflows/", "rules/", "calendars/", "stations/"].iter().any(|dir| path.starts_with(dir));
    let named_so = [".yaml", ".yml", ".rhai"].iter().any(|end| path.ends_with(end));
    !is_policy_path(path) && named_so && (in_policy || path == "bureau.yml")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_place_is_what_the_language_says() {
        assert_eq!(kind("workflows/five-step.yaml"), Some(Kind::Workflow("five-step")));
        assert_eq!(kind("rules/risk.test.yaml"), Some(Kind::Cases));
        assert_eq!(kind("stations/dongguan/overlay.yaml"), Some(Kind::Overlay("dongguan")));
        assert_eq!(kind("stations/dongguan/rules/a.rhai"), Some(Kind::StationScript("dongguan")));
        assert_eq!(kind("calendars/cn.yaml"), Some(Kind::Calendar("cn")));
        assert_eq!(kind("register/stations.csv"), None);
        assert_eq!(kind("workflows/old/x.yaml"), None);
        assert!(is_misplaced("workflows/old/x.yaml") && is_misplaced("rules/tiers.yml"));
        assert!(!is_misplaced("docs/notes.yaml"));
    }
}
