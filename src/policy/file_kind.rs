//! Which files below a policy folder are policy, where each stands, and what its text is read as.
//!
//! To add a kind of file: its row in [`KINDS`], a field of [`PolicyParts`] for what is read of it,
//! the shape of that in `raw`, and its meaning in `resolve`.

use super::model::{Script, Template};
use super::raw::{self, Id, Pairs, Shape};
use crate::diag::{Diagnostic, FileId, any_error};

/// What was typed in the files of a folder. A file with a problem is absent.
#[derive(Default)]
pub(super) struct PolicyParts {
    pub(super) bureau: Option<raw::BureauFile>,
    pub(super) workflows: Vec<WorkflowText>,
    pub(super) forms: Vec<raw::FormsFile>,
    pub(super) clocks: Vec<(Id, raw::ClockShape)>,
    pub(super) documents: Vec<(Id, raw::DocumentShape)>,
    pub(super) tiers: Vec<raw::TiersFile>,
    pub(super) params: Vec<raw::ParamsFile>,
    pub(super) tables: Vec<raw::TableFile>,
    /// Each with the stem of its file.
    pub(super) calendars: Vec<(String, raw::CalendarFile)>,
    /// Each with the station of its folder.
    pub(super) overlays: Vec<(String, raw::OverlayFile)>,
    pub(super) cases: Vec<Vec<raw::CaseShape>>,
    pub(super) scripts: Vec<Script>,
    pub(super) templates: Vec<Template>,
}

/// A workflow by the stem of its file, and what was typed when that could be read.
pub(super) struct WorkflowText {
    pub(super) stem: String,
    pub(super) shape: Option<raw::WorkflowShape>,
}

pub(super) struct PolicyFileKind {
    /// Where it stands; `*` is any name.
    place: &'static str,
    read: fn(&FileText<'_>, &mut Vec<Diagnostic>) -> Option<ReadFile>,
    /// Whether it declares names, so that their uses cannot be judged while it is broken.
    pub(super) declares: bool,
    /// Whether it can change an answer.
    pub(super) counts: bool,
}

/// A text with what the `*` of its place stands for.
pub(super) struct FileText<'t> {
    pub(super) file: FileId,
    pub(super) name: &'t str,
    pub(super) text: &'t str,
}

/// What was read of a file, to be put where it belongs.
pub(super) type ReadFile = Box<dyn FnOnce(&mut PolicyParts) + Send>;

/// Every kind of file; the first whose place fits a path is meant.
const KINDS: [PolicyFileKind; 14] = [
    PolicyFileKind::new("bureau.yaml", |text, out| {
        text.yaml(out, |parts, _, bureau| parts.bureau = Some(bureau))
    }),
    cases("workflows/*.test.yaml"),
    cases("rules/*.test.yaml"),
    cases("stations/*/tests/*.test.yaml"),
    PolicyFileKind::new("workflows/*.yaml", |text, out| {
        let (stem, shape) = (text.name.to_owned(), text.shape(out));
        Some(Box::new(|parts| parts.workflows.push(WorkflowText { stem, shape })))
    }),
    PolicyFileKind::new("workflows/forms/*.yaml", |text, out| {
        text.yaml(out, |parts, _, file| parts.forms.push(file))
    }),
    PolicyFileKind::new("rules/clocks.yaml", |text, out| {
        text.yaml(out, |parts, _, clocks: Pairs<_>| parts.clocks = clocks.0)
    }),
    PolicyFileKind::new("rules/documents.yaml", |text, out| {
        text.yaml(out, |parts, _, documents: Pairs<_>| parts.documents = documents.0)
    }),
    PolicyFileKind::new("rules/templates/*.html", |text, _| {
        let template = Template { kind: text.name.to_owned(), file: text.file };
        Some(Box::new(|parts| parts.templates.push(template)))
    }),
    PolicyFileKind::new("rules/*.rhai", |text, _| {
        let script = Script { file: text.file, station: None };
        Some(Box::new(|parts| parts.scripts.push(script)))
    }),
    PolicyFileKind::new("rules/*.yaml", |text, out| {
        text.yaml(out, |parts, _, rules| match rules {
            raw::RulesFile::Tiers(tiers) => parts.tiers.push(tiers),
            raw::RulesFile::Params(params) => parts.params.push(params),
            raw::RulesFile::Table(table) => parts.tables.push(table),
        })
    }),
    PolicyFileKind {
        counts: false,
        ..PolicyFileKind::new("calendars/*.yaml", |text, out| {
            text.yaml(out, |parts, stem, calendar| parts.calendars.push((stem, calendar)))
        })
    },
    PolicyFileKind {
        declares: false,
        ..PolicyFileKind::new("stations/*/overlay.yaml", |text, out| {
            text.yaml(out, |parts, station, raw::Many(overlays)| {
                parts.overlays.extend(overlays.into_iter().map(|overlay| (station.clone(), overlay)));
            })
        })
    },
    PolicyFileKind::new("stations/*/rules/*.rhai", |text, _| {
        let script = Script { file: text.file, station: Some(text.name.to_owned()) };
        Some(Box::new(|parts| parts.scripts.push(script)))
    }),
];

const fn cases(place: &'static str) -> PolicyFileKind {
    let kind =
        PolicyFileKind::new(place, |text, out| text.yaml(out, |parts, _, cases| parts.cases.push(cases)));
    PolicyFileKind { declares: false, counts: false, ..kind }
}

impl PolicyFileKind {
    const fn new(
        place: &'static str,
        read: fn(&FileText<'_>, &mut Vec<Diagnostic>) -> Option<ReadFile>,
    ) -> Self {
        Self { place, read, declares: true, counts: true }
    }

    /// Returns the kind of the file at a path, and what `*` stands for there; none when it is no policy text.
    pub(super) fn of(path: &str) -> Option<(&'static Self, &str)> {
        KINDS.iter().find_map(|kind| Some((kind, fit(kind.place, path)?)))
    }

    /// Reads a text of this kind; none when nothing of it is usable, and the diagnostics say why.
    pub(super) fn read(&self, text: &FileText<'_>, out: &mut Vec<Diagnostic>) -> Option<ReadFile> {
        (self.read)(text, out)
    }
}

impl FileText<'_> {
    /// Reads it as YAML of a shape, unless something is wrong with it.
    fn shape<T: Shape>(&self, out: &mut Vec<Diagnostic>) -> Option<T> {
        if any_error(out) {
            return None;
        }
        let node = raw::parse(self.file, self.text, out)?;
        T::read(&node, out).filter(|_| !any_error(out))
    }

    /// Does the same, and has `put` find the place for it, by the name of the file.
    fn yaml<T: Shape + Send + 'static>(
        &self,
        out: &mut Vec<Diagnostic>,
        put: fn(&mut PolicyParts, String, T),
    ) -> Option<ReadFile> {
        let (shape, name) = (self.shape(out)?, self.name.to_owned());
        Some(Box::new(move |parts| put(parts, name, shape)))
    }
}

/// Returns what the first `*` of a place stands for, when a path fits it; nothing where there is none.
fn fit<'p>(place: &str, path: &'p str) -> Option<&'p str> {
    let mut name = None;
    let (mut places, mut parts) = (place.split('/'), path.split('/'));
    loop {
        let (place, part) = match (places.next(), parts.next()) {
            (Some(place), Some(part)) => (place, part),
            (None, None) => return Some(name.unwrap_or_default()),
            _ => return None,
        };
        match place.split_once('*') {
            None if place == part => {}
            None => return None,
            Some((start, end)) => {
                let own = part.strip_prefix(start)?.strip_suffix(end).filter(|own| !own.is_empty())?;
                name = name.or(Some(own));
            }
        }
    }
}

/// Returns whether what a file says decides anything: cases do not.
pub fn is_decisive(path: &str) -> bool {
    PolicyFileKind::of(path).is_none_or(|(kind, _)| kind.counts)
}

/// Returns whether a file below the policy folder is policy text, by its path with `/`.
#[must_use]
pub fn is_policy_path(path: &str) -> bool {
    PolicyFileKind::of(path).is_some()
}

/// Returns the station whose text a file is, and where the file stands in its folder.
pub fn station_file(path: &str) -> Option<(&str, &str)> {
    path.strip_prefix("stations/")?.split_once('/')
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
        let place = |path| PolicyFileKind::of(path).map(|(kind, name)| (kind.place, name));
        assert_eq!(place("workflows/five-step.yaml"), Some(("workflows/*.yaml", "five-step")));
        assert_eq!(place("rules/risk.test.yaml"), Some(("rules/*.test.yaml", "risk")));
        assert_eq!(place("stations/dongguan/overlay.yaml"), Some(("stations/*/overlay.yaml", "dongguan")));
        assert_eq!(place("stations/dongguan/rules/a.rhai"), Some(("stations/*/rules/*.rhai", "dongguan")));
        assert_eq!(place("calendars/cn.yaml"), Some(("calendars/*.yaml", "cn")));
        assert_eq!(place("bureau.yaml"), Some(("bureau.yaml", "")));
        assert_eq!(place("register/stations.csv"), None);
        assert_eq!(place("workflows/old/x.yaml"), None);
        assert!(is_misplaced("workflows/old/x.yaml") && is_misplaced("rules/tiers.yml"));
        assert!(!is_misplaced("docs/notes.yaml"));
    }
}
