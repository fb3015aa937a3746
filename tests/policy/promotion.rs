//! What a station does is proposed for the whole bureau: the stories of `stations.yaml` and the cases of
//! `promotions.yaml`, as texts before and after.

use std::collections::BTreeSet;

use serde::Deserialize;
use wubu::diag::any_error;
use wubu::files::SHIPPED;
use wubu::policy::{
    ChangedText, DueRule, Hindrance, LengthRef, LoadedPolicy, Policy, Promotion, is_policy_path, load,
    promote,
};
use wubu::time::Day;

use super::stations::{STATION, stories};

type Texts = Vec<(String, Vec<u8>)>;

/// A measure, written in a bureau's text of one style or another.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PromotionCase {
    promotes: String,
    /// File, what stands there in the shipped policy, and what stands there instead.
    #[serde(default)]
    edits: Vec<(String, String, String)>,
    /// The overlay's file.
    overlay: String,
    /// Position of the overlay among all.
    #[serde(default)]
    at: usize,
    #[serde(default)]
    only: BTreeSet<String>,
    /// Lines that go and lines that come.
    #[serde(default)]
    becomes: String,
    /// What is not taken over, and why.
    #[serde(default)]
    stays: Vec<(String, String)>,
    /// Files that go.
    #[serde(default)]
    removed: Vec<String>,
}

fn shipped() -> Texts {
    let policy = SHIPPED.iter().filter(|(path, _)| is_policy_path(path) && !path.ends_with(".test.yaml"));
    policy.map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec())).collect()
}

/// Puts a promotion's texts in the place of those there are.
fn promoted(texts: &Texts, promotion: &Promotion) -> Texts {
    let mut texts: Texts =
        texts.iter().filter(|(path, _)| !promotion.removed.contains(path)).cloned().collect();
    for ChangedText { path, text, .. } in &promotion.texts {
        let known = texts.iter_mut().find(|(known, _)| known == path).expect("a file of the folder");
        known.1 = text.clone().into_bytes();
    }
    texts
}

fn sound(loaded: LoadedPolicy, of: &str) -> Policy {
    assert!(!any_error(&loaded.diagnostics), "{of}: {:?}", loaded.diagnostics);
    loaded.policy.expect("a policy without errors")
}

fn on(policy: &Policy, station: &str, day: Day) -> Policy {
    policy.edition_key(station, day).map_or_else(|| policy.clone(), |key| policy.edition(&key))
}

/// Writes out what a policy asks of anybody, without the places it is written at; who is told stands in no order. A term that ends sooner
/// than every one the tiers give is that term.
fn meaning(policy: &Policy) -> String {
    let mut policy = policy.clone();
    for step in policy.workflows.iter_mut().flat_map(|workflow| &mut workflow.steps) {
        step.overdue.iter_mut().for_each(|row| row.tell.sort_unstable());
        for due in &mut step.due {
            if let DueRule::Sooner { of, than } = due
                && let (DueRule::After(LengthRef::Tier(_)), [only]) = (of.as_ref(), than.as_slice())
            {
                *due = DueRule::After(LengthRef::Fixed(*only));
            }
        }
    }
    let Policy { tiers, params, forms, workflows, .. } = &policy;
    let text = format!("{:#?}", (&tiers.order, params, forms, workflows));
    let mut lines: Vec<&str> = Vec::new();
    let mut skipped = 0;
    for line in text.lines() {
        // A place is an own block of a few lines.
        if skipped > 0 {
            skipped += line.matches(['{', '(']).count();
            skipped -= line.matches(['}', ')']).count();
        } else if line.ends_with("Span {") || line.ends_with("FileId(") {
            skipped = 1;
        } else {
            lines.push(line);
        }
    }
    lines.join("\n")
}

#[test]
fn a_promoted_story_asks_the_same_of_its_station_and_no_less_of_the_others() {
    let mut told = 0;
    for story in stories().iter().filter(|story| story.refused.is_none()) {
        let name = &story.story;
        let (texts, from) = (story.texts(), story.valid.from);
        let before = sound(load(texts.clone()), name);
        let promotion = promote(&before, 0, &BTreeSet::new());
        // A term that hangs on a window or a tier stays with the station: `promotions.yaml` says how.
        let hangs = |hindrance| {
            matches!(hindrance, Hindrance::WindowTerm | Hindrance::FormTerm | Hindrance::TierTerm)
        };
        if promotion.lines.iter().any(|line| line.hindrance.is_some_and(hangs)) {
            continue;
        }
        assert!(promotion.lines.iter().all(|line| line.hindrance.is_none()), "{name}: {:?}", promotion.lines);
        assert_eq!(promotion.removed, [format!("stations/{STATION}/overlay.yaml")], "{name}");
        let after = sound(load(promoted(&texts, &promotion)), name);
        let wanted = meaning(&on(&before, STATION, from));
        // What is the same as the station's, which is a meet, is nowhere looser than the base.
        for station in [STATION, "xihe"] {
            pretty(&meaning(&on(&after, station, from)), &wanted, name);
        }
        assert_ne!(meaning(&before), wanted, "{name}: it changes something");
        told += 1;
    }
    assert!(told >= 6, "stories that hold: {told}");
}

fn pretty(found: &str, wanted: &str, name: &str) {
    let mut pairs = found.lines().zip(wanted.lines());
    let other = pairs.find(|(one, other)| one != other);
    assert!(found == wanted, "{name}: {other:?}");
}

#[test]
fn every_line_that_is_not_asked_for_stands_as_it_stood() {
    for story in stories().iter().filter(|story| story.refused.is_none()) {
        let before = sound(load(story.texts()), &story.story);
        let promotion = promote(&before, 0, &BTreeSet::new());
        for ChangedText { path, text, hunks } in &promotion.texts {
            let file = before.sources.find(path).expect("a file");
            let old: Vec<&str> = before.sources.file(file).text.lines().collect();
            let (mut rebuilt, mut at) = (Vec::new(), 0);
            for hunk in hunks {
                rebuilt.extend(old[at..hunk.line - 1].iter().map(|line| (*line).to_owned()));
                assert_eq!(old[hunk.line - 1..hunk.line - 1 + hunk.old.len()], hunk.old, "{path}");
                rebuilt.extend(hunk.new.clone());
                at = hunk.line - 1 + hunk.old.len();
            }
            rebuilt.extend(old[at..].iter().map(|line| (*line).to_owned()));
            assert_eq!(rebuilt, text.lines().collect::<Vec<_>>(), "{path}");
        }
    }
}

#[test]
fn measures_become_texts_as_the_cases_say() {
    let cases: Vec<PromotionCase> = serde_yaml::from_str(include_str!("promotions.yaml")).expect("the cases");
    let mut wrong = Vec::new();
    for case in &cases {
        let mut texts = shipped();
        for (path, old, new) in &case.edits {
            let (_, bytes) = texts.iter_mut().find(|(known, _)| known == path).expect("a file of the folder");
            let text = String::from_utf8(bytes.clone()).expect("UTF-8");
            assert!(text.contains(old.as_str()), "{}: {path} has no {old}", case.promotes);
            *bytes = text.replacen(old.as_str(), new, 1).into_bytes();
        }
        texts.push((format!("stations/{STATION}/overlay.yaml"), case.overlay.clone().into_bytes()));
        let before = sound(load(texts.clone()), &case.promotes);
        let promotion = promote(&before, case.at, &case.only);
        let mut told = String::new();
        for hunk in promotion.texts.iter().flat_map(|text| &text.hunks) {
            told.extend(hunk.old.iter().map(|line| format!("- {line}\n")));
            told.extend(hunk.new.iter().map(|line| format!("+ {line}\n")));
        }
        let stays: Vec<(String, String)> = promotion
            .lines
            .iter()
            .filter_map(|line| Some((line.address.clone(), <&str>::from(line.hindrance?).to_owned())))
            .collect();
        let found = (told.trim_end(), &stays, &promotion.removed);
        if found != (case.becomes.trim_end(), &case.stays, &case.removed) {
            wrong.push(format!("{}:\n{told}{stays:?} {:?}", case.promotes, promotion.removed));
        }
        let after = load(promoted(&texts, &promotion));
        if any_error(&after.diagnostics) {
            wrong.push(format!("{}: {:?}", case.promotes, after.diagnostics));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A file of another editor, with other line ends, is edited alike.
#[test]
fn line_ends_stay_as_they_are() {
    for story in stories().iter().filter(|story| story.refused.is_none()) {
        let texts = story.texts();
        let wide = |text: &[u8]| String::from_utf8_lossy(text).replace('\n', "\r\n").into_bytes();
        let before = |texts: Texts| sound(load(texts), &story.story);
        let plain = promoted(&texts, &promote(&before(texts.clone()), 0, &BTreeSet::new()));
        let texts: Texts = texts.into_iter().map(|(path, text)| (path, wide(&text))).collect();
        let found = promoted(&texts, &promote(&before(texts.clone()), 0, &BTreeSet::new()));
        let wanted: Texts = plain.into_iter().map(|(path, text)| (path, wide(&text))).collect();
        assert!(found == wanted, "{}", story.story);
    }
}

/// What one station proposes beside what another has.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AdoptionCase {
    says: String,
    /// What stands in place of the range that the bureau gives for the parameter.
    range: Option<String>,
    proposes: String,
    other: String,
    adoption: String,
}

#[test]
fn how_another_station_stands_to_a_line_is_as_the_cases_say() {
    let cases: Vec<AdoptionCase> = serde_yaml::from_str(include_str!("adoptions.yaml")).expect("the cases");
    let day = Day::from_ymd_opt(2026, 6, 1).expect("a day");
    for AdoptionCase { says, range, proposes, other, adoption } in &cases {
        let mut texts = shipped();
        for (_, bytes) in texts.iter_mut().filter(|(path, _)| path == "rules/tiers.yaml") {
            let text = String::from_utf8(bytes.clone()).expect("UTF-8");
            let range = range.as_deref().unwrap_or("station: {max: 2, min: 1}");
            *bytes = text.replace("station: {max: 2, min: 1}", range).into_bytes();
        }
        for (station, lines) in [(STATION, proposes), ("xihe", other)] {
            let text = format!(
                "overlay: {station}\nstation: {station}\nbase: {{}}\nvalid: {{from: 2026-01-01, to: 2026-12-31}}\n\
                 reason: 所务会\nauthor: 所长\n{lines}\n"
            );
            texts.push((format!("stations/{station}/overlay.yaml"), text.into_bytes()));
        }
        let policy = sound(load(texts), says);
        let found: &str = policy.adoption("xihe", day, &policy.overlays[0].changes[0]).into();
        assert_eq!(found, adoption, "{says}");
        let own: &str = policy.adoption(STATION, day, &policy.overlays[0].changes[0]).into();
        assert_eq!(own, "same", "{says}: its own");
        let before: &str = policy.adoption("xihe", Day::MIN, &policy.overlays[0].changes[0]).into();
        assert_eq!(before, "bureau", "{says}: before its first day");
    }
}
