//! What was imported is read back whole, in order, with all that happened.

use std::sync::Arc;

use wubu::diag::{SourceMap, Span};
use wubu::import::FieldChange;
use wubu::policy::{Attribute, AttributeKind};
use wubu::register::{Status, Value};
use wubu::store::reading::{self, HomeStretch, RegisterShape, SubjectKey, SubjectRange};
use wubu::store::{Store, inspections, reappraisals, subjects};

use super::register::{status, subject};
use super::{Place, day, run, text};

fn attribute(id: &str, kind: AttributeKind, default: Option<&str>) -> Attribute {
    let span = Span::new(SourceMap::default().add("bureau.yaml", String::new()), 0, 0);
    let (title, title_en) = (text(id), text(id));
    let default = default.map(text);
    Attribute { id: text(id), title, title_en, kind, required: false, default, is_cycle: false, span }
}

fn attributes() -> Vec<Attribute> {
    vec![
        attribute("credit", AttributeKind::Choice { of: vec![text("A"), text("B")] }, None),
        attribute("warned", AttributeKind::Flag, Some("false")),
        attribute("registered", AttributeKind::Date, None),
        attribute("industry", AttributeKind::Code { table: text("industries") }, None),
    ]
}

async fn filled(place: &Place) -> Store {
    let store = place.open().await;
    let mut tx = store.begin().await.expect("begins");
    let mut rows: Vec<_> = (0..30).map(|n| subject(&format!("s{n:02}"), ["东", "西"][n % 2])).collect();
    rows[4].status = Some(status("2026-02-01", Status::Suspended));
    rows[4].grid = FieldChange::Set(text("g2"));
    subjects::upsert_many(&mut tx, &rows).await.expect("writes");
    let inspection = |id: &str, on: &str| inspections::InspectionRecord {
        id: text(id),
        subject: text("s04"),
        on: day(on),
        kind: None,
        result: text("不合格"),
        problems: vec![(text("一般"), 2)],
    };
    let rows = [inspection("1", "2026-03-01"), inspection("2", "2025-03-01"), inspection("3", "2026-01-01")];
    inspections::upsert_many(&mut tx, &rows).await.expect("writes");
    tx.commit().await.expect("commits");
    store
}

/// What two policies read differently may not be read once for both.
#[test]
fn another_default_order_or_level_reads_otherwise() {
    let (attributes, levels) = (attributes(), [text("重大"), text("一般")]);
    let zone = wubu::time::Tz::Asia__Shanghai;
    let shape = RegisterShape { attributes: &attributes, levels: &levels, zone };
    let mut renamed = attributes.clone();
    renamed[0].title = text("信用");
    assert!(shape.reads_as(RegisterShape { attributes: &renamed, ..shape }));
    let mut defaulted = attributes.clone();
    defaulted[1].default = Some(text("true"));
    let mut reordered = attributes.clone();
    reordered.swap(0, 1);
    for other in [&defaulted[..], &reordered, &attributes[1..]] {
        assert!(!shape.reads_as(RegisterShape { attributes: other, ..shape }));
    }
    assert!(!shape.reads_as(RegisterShape { levels: &levels[..1], ..shape }));
    assert!(!shape.reads_as(RegisterShape { zone: wubu::time::Tz::UTC, ..shape }));
}

#[test]
fn a_subject_comes_back_with_its_history() {
    run(async {
        let place = Place::new();
        let store = filled(&place).await;
        let (attributes, levels) = (attributes(), [text("重大"), text("一般")]);
        let shape =
            RegisterShape { attributes: &attributes, levels: &levels, zone: wubu::time::Tz::Asia__Shanghai };
        let mut reader = store.read().await.expect("reads");
        assert_eq!(reading::find(&mut reader, shape, "nobody").await.expect("reads"), None);
        let found = reading::find(&mut reader, shape, "s04").await.expect("reads").expect("there");
        let subject = found.subject;
        assert_eq!((subject.home.as_str(), subject.name.as_str()), ("东", "s04号店"));
        let industry = Value::Text(Arc::from("5223"));
        let credit = Value::Text(Arc::from("B"));
        assert_eq!(subject.attributes, [credit, Value::Flag(false), Value::Missing, industry]);
        assert_eq!(subject.history.statuses, [(day("2026-02-01"), Status::Suspended)]);
        let visits: Vec<_> = subject.history.inspections.iter().map(|i| (i.on, i.problems.clone())).collect();
        let expected = ["2025-03-01", "2026-01-01", "2026-03-01"].map(|on| (day(on), vec![0, 2]));
        assert_eq!(visits, expected);
    });
}

#[test]
fn the_register_is_read_in_order_whatever_the_batch() {
    run(async {
        let place = Place::new();
        let store = filled(&place).await;
        let (attributes, levels) = (attributes(), [text("一般")]);
        let shape =
            RegisterShape { attributes: &attributes, levels: &levels, zone: wubu::time::Tz::Asia__Shanghai };
        let mut reader = store.read().await.expect("reads");
        let all =
            reading::scan(&mut reader, shape, &SubjectRange::default(), None, 100).await.expect("reads");
        assert_eq!(all.len(), 30);
        assert!(all.is_sorted_by_key(|found| (found.subject.home.clone(), found.subject.id.clone())));
        for limit in [1, 7, 29] {
            let (mut pieces, mut after) = (Vec::new(), None);
            loop {
                let piece =
                    reading::scan(&mut reader, shape, &SubjectRange::default(), after.as_ref(), limit).await;
                let piece = piece.expect("reads");
                let Some(last) = piece.last() else { break };
                after = Some(SubjectKey { home: last.subject.home.clone(), id: last.subject.id.clone() });
                pieces.extend(piece);
            }
            assert_eq!(pieces, all, "{limit}");
        }
        let filter = SubjectRange { station: Some(text("东")), grid: Some(text("g2")) };
        let found = reading::scan(&mut reader, shape, &filter, None, 100).await.expect("reads");
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].subject.history.inspections.len(), 3);
    });
}

#[test]
fn what_was_outlined_is_read_whole_as_if_at_once() {
    run(async {
        let place = Place::new();
        let store = filled(&place).await;
        let (attributes, levels) = (attributes(), [text("一般")]);
        let zone = wubu::time::Tz::Asia__Shanghai;
        let shape = RegisterShape { attributes: &attributes, levels: &levels, zone };
        let mut reader = store.read().await.expect("reads");
        let all = reading::scan(&mut reader, shape, &SubjectRange::default(), None, 100).await;
        let all: Vec<_> = all.expect("reads").into_iter().map(|found| found.subject).collect();
        let after = SubjectKey { home: all[4].home.clone(), id: all[4].id.clone() };
        let stretch = reading::scan_outlines(&mut reader, Some(&after), 20).await.expect("reads");
        let outlines = stretch.outlines(zone).expect("says all");
        let some: Vec<_> = outlines.iter().filter(|outline| outline.id != "s11").collect();
        let whole = reading::whole(&mut reader, shape, &some).await.expect("reads");
        let expected: Vec<_> = all[5..25].iter().filter(|subject| subject.id != "s11").cloned().collect();
        assert_eq!(whole, expected);
        assert_eq!(outlines.len(), 20);
        let places: Vec<_> = outlines.iter().map(|of| (of.home, of.station, of.grid)).collect();
        let known = |of: &'_ wubu::register::Subject| (of.home.clone(), of.station.clone(), of.grid.clone());
        let expected: Vec<_> = all[5..25].iter().map(known).collect();
        let owned =
            |(home, station, grid): &(&str, &str, Option<&str>)| (text(home), text(station), grid.map(text));
        assert_eq!(places.iter().map(owned).collect::<Vec<_>>(), expected);
    });
}

#[test]
fn marked_subjects_are_taken_in_order_until_none_is_left() {
    run(async {
        let place = Place::new();
        let store = filled(&place).await;
        let (attributes, levels) = (attributes(), [text("一般")]);
        let shape =
            RegisterShape { attributes: &attributes, levels: &levels, zone: wubu::time::Tz::Asia__Shanghai };
        let mut tx = store.begin().await.expect("begins");
        let mut seen = 0;
        loop {
            let found = reading::marked(&mut tx, shape, &HomeStretch::whole(), 8).await.expect("reads");
            if found.is_empty() {
                break;
            }
            let keys: Vec<(&str, &str)> =
                found.iter().map(|found| (&*found.subject.home, &*found.subject.id)).collect();
            reappraisals::clear(&mut tx, &keys).await.expect("clears");
            let visits: usize = found.iter().map(|found| found.subject.history.inspections.len()).sum();
            seen += found.len() * 100 + visits;
        }
        assert_eq!(seen, 3_003);
        // One change marks one.
        let mut row = subject("s11", "西");
        row.name = Some(text("新名"));
        subjects::upsert_many(&mut tx, &[row]).await.expect("writes");
        assert_eq!(reading::marked(&mut tx, shape, &HomeStretch::whole(), 8).await.expect("reads").len(), 1);
        tx.commit().await.expect("commits");
    });
}
