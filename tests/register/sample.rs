//! The sample bureau: invented, whole, and due whenever one begins.

use std::collections::{BTreeMap, BTreeSet};

use wubu::calendar::{Calendar, Length, Roll, Unit, after, before};
use wubu::diag::{SourceMap, Span};
use wubu::import::sample::{DUE_PER_GRID, Sample, SamplePolicy, fill};
use wubu::import::{FieldChange, GridRow, ImportRow, RowReader, RowSchema, StationRow};
use wubu::lang::{Lang, spellings};
use wubu::policy::{Tier, Tiers};
use wubu::register::Status;
use wubu::time::Day;

use super::declared::bureau;

const BEGINS: [&str; 5] = ["2026-01-05", "2026-02-27", "2026-08-31", "2026-12-31", "2028-02-29"];
const LEAD: Length = Length::new(15, Unit::Days);

fn tiers() -> Tiers {
    let file = SourceMap::default().add("rules/tiers.yaml", "");
    let span = Span::new(file, 0, 0);
    let tier = |id: &str, months| Tier {
        id: id.to_owned(),
        title: id.to_owned(),
        title_en: id.to_owned(),
        colour: None,
        shape: None,
        cycle: Length::new(months, Unit::Months),
        items: Vec::new(),
        added: Vec::new(),
        lengths: BTreeMap::new(),
        span,
        cycle_span: span,
    };
    Tiers { order: vec![tier("甲", 2), tier("乙", 3), tier("丙", 6)], file }
}

fn sample(begin: Day, seed: u64) -> Sample {
    sample_in(Lang::Zh, begin, seed)
}

fn sample_in(language: Lang, begin: Day, seed: u64) -> Sample {
    let (bureau, tiers, calendar) = (bureau(), tiers(), Calendar::plain("plain"));
    let declared = bureau.declared();
    fill(
        SamplePolicy {
            declared,
            tiers: &tiers,
            every: None,
            lead: Some(LEAD),
            calendar: &calendar,
            language,
        },
        begin,
        seed,
    )
}

fn day(text: &str) -> Day {
    text.parse().expect("a day")
}

/// The day on which the next order of each plain subject in business is issued.
fn issue_days(sample: &Sample) -> Vec<(String, Day)> {
    let mut last = BTreeMap::new();
    for inspection in &sample.inspections {
        last.insert(inspection.subject.as_str(), inspection.on);
    }
    let calendar = Calendar::plain("plain");
    let in_business = sample.subjects.iter().filter(|subject| subject.status.is_none());
    in_business
        .filter_map(|subject| {
            let months = if subject.attributes[0] == FieldChange::Set("52".to_owned()) { 2 } else { 6 };
            let nominal = after(*last.get(subject.id.as_str())?, Length::new(months, Unit::Months));
            Some((
                subject.station.clone().unwrap_or_default(),
                calendar.roll(before(nominal, LEAD), Roll::Backward),
            ))
        })
        .collect()
}

#[test]
fn some_is_due_at_every_station_whenever_one_begins_and_never_thousands() {
    for begin in BEGINS.map(day) {
        let issued = issue_days(&sample(begin, 1));
        let due: Vec<_> = issued.iter().filter(|(_, on)| *on <= begin).collect();
        assert!((24 * DUE_PER_GRID..400).contains(&due.len()), "{begin}: {}", due.len());
        assert_eq!(due.iter().map(|(station, _)| station).collect::<BTreeSet<_>>().len(), 6, "{begin}");
        let soon = issued.iter().filter(|(_, on)| *on <= after(begin, Length::new(7, Unit::Days))).count();
        assert!((180..900).contains(&soon), "{begin}: {soon}");
    }
}

#[test]
fn one_seed_gives_one_bureau_and_another_seed_another() {
    let begin = day("2026-03-02");
    assert_eq!(sample(begin, 7), sample(begin, 7));
    assert_ne!(sample(begin, 7).subjects, sample(begin, 8).subjects);
}

#[test]
fn everything_fits_together_and_is_labelled_as_invented() {
    let begin = day("2026-03-02");
    let sample = sample(begin, 1);
    assert_eq!((sample.stations.len(), sample.grids.len(), sample.subjects.len()), (6, 24, 6_000));
    let officers: BTreeSet<&str> = sample.officers.iter().map(|officer| officer.id.as_str()).collect();
    assert_eq!(officers.len(), sample.officers.len());
    for grid in &sample.grids {
        assert!(sample.stations.iter().any(|station| Some(&station.id) == grid.station.as_ref()));
        let people = [&grid.officer, &grid.backup].map(|officer| officer.clone().or(None).expect("named"));
        assert!(people.iter().all(|officer| officers.contains(officer.as_str())));
    }
    let ids: BTreeSet<&str> = sample.subjects.iter().map(|subject| subject.id.as_str()).collect();
    assert_eq!(ids.len(), sample.subjects.len());
    for subject in &sample.subjects {
        assert!(
            subject.id.starts_with("SAMPLE-")
                && subject.name.as_ref().is_some_and(|name| name.starts_with("示例")),
            "{subject:?}"
        );
        assert!(subject.status.is_none() || subject.status_on.is_some_and(|on| on < begin), "{subject:?}");
    }
    assert!(
        sample
            .inspections
            .iter()
            .all(|inspection| inspection.on < begin && ids.contains(inspection.subject.as_str()))
    );
    let closed = sample.subjects.iter().filter(|subject| subject.status == Some(Status::Closed)).count();
    assert!((100..300).contains(&closed), "{closed}");
    let keys: BTreeSet<_> = sample.inspections.iter().map(|each| (&each.subject, &each.id)).collect();
    assert_eq!(keys.len(), sample.inspections.len());
}

#[test]
fn its_places_are_those_of_the_shipped_files() {
    for (lang, folder) in [(Lang::Zh, "register"), (Lang::En, "examples/english/register")] {
        let sample = sample_in(lang, day("2026-03-02"), 1);
        assert_eq!(shipped::<StationRow>(&format!("{folder}/stations.csv")), sample.stations);
        assert_eq!(shipped::<GridRow>(&format!("{folder}/grids.csv")), sample.grids);
    }
}

#[test]
fn a_bureau_that_writes_english_gets_names_in_english() {
    let begin = day("2026-03-02");
    let (zh, en) = (sample(begin, 1), sample_in(Lang::En, begin, 1));
    assert_eq!(
        zh.inspections.iter().map(|each| each.on).collect::<Vec<_>>(),
        en.inspections.iter().map(|each| each.on).collect::<Vec<_>>()
    );
    for subject in &en.subjects {
        assert!(subject.name.as_ref().is_some_and(|name| name.starts_with("Sample ")), "{subject:?}");
    }
    for officer in &en.officers {
        assert!(officer.name.as_ref().is_some_and(|name| name.starts_with("Sample Officer ")), "{officer:?}");
    }
    for rows in [format!("{:?}", en.grids), format!("{:?}", en.inspections)] {
        assert!(!spellings::has_han(&rows), "{rows}");
    }
}

fn shipped<T: ImportRow>(path: &str) -> Vec<T> {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    let bytes = std::fs::read(path).expect("a shipped file");
    let mut reader = RowReader::<_, T>::open(&*bytes, RowSchema::default(), None).expect("a readable file");
    reader.next_batch(1_000).expect("no stop").expect("rows").rows
}
