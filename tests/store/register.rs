//! Imports: idempotent, counted, marked.

use wubu::import::{FieldChange, StationRow};
use wubu::ledger::{Body, verify};
use wubu::register::Status;
use wubu::store::bureau::{self, GridRecord, OfficerRecord};
use wubu::store::ledger::EntryAuthor;
use wubu::store::{ImportCounts, inspections, ledger, meta, reappraisals, subjects};

use super::{Place, day, run, stamp, text};

pub(super) fn subject(id: &str, station: &str) -> subjects::SubjectRecord {
    subjects::SubjectRecord {
        id: text(id),
        name: Some(format!("{id}号店")),
        station: Some(text(station)),
        grid: FieldChange::Set(text("g1")),
        lat: FieldChange::Keep,
        lon: FieldChange::Keep,
        status: None,
        last_patrol: FieldChange::Set(day("2026-01-15")),
        attributes: vec![attribute("industry", "5223"), attribute("credit", "B")],
    }
}

pub(super) fn attribute(id: &str, value: &str) -> subjects::AttributeChange {
    subjects::AttributeChange { id: id.into(), change: FieldChange::Set(text(value)), default: None }
}

/// A status with its day, told on the last day of the year.
pub(super) fn status(on: &str, status: Status) -> subjects::StatusReport {
    subjects::StatusReport { status, on: Some(day(on)), today: day("2026-12-31") }
}

fn counts(added: u64, changed: u64, unchanged: u64) -> ImportCounts {
    ImportCounts { added, changed, unchanged }
}

#[test]
fn importing_again_changes_nothing_and_marks_nobody() {
    run(async {
        let place = Place::new();
        let store = place.open().await;
        let rows: Vec<_> = (0..700).map(|n| subject(&format!("s{n:04}"), ["东", "西"][n % 2])).collect();
        let mut tx = store.begin().await.expect("begins");
        let done = subjects::upsert_many(&mut tx, &rows).await.expect("writes");
        assert_eq!((done.total(), done.homes.len()), (counts(700, 0, 0), 2));
        assert_eq!(reappraisals::count(&mut tx).await.expect("counts"), 700);
        reappraisals::clear_all(&mut tx).await.expect("clears");
        let done = subjects::upsert_many(&mut tx, &rows).await.expect("writes");
        assert_eq!(done.total(), counts(0, 0, 700));
        assert_eq!(reappraisals::count(&mut tx).await.expect("counts"), 0);
        tx.commit().await.expect("commits");
    });
}

#[test]
fn moving_changes_the_station_and_never_the_home() {
    run(async {
        let place = Place::new();
        let store = place.open().await;
        let mut tx = store.begin().await.expect("begins");
        subjects::upsert_many(&mut tx, &[subject("a", "东"), subject("b", "东")]).await.expect("writes");
        reappraisals::clear_all(&mut tx).await.expect("clears");
        let done = subjects::upsert_many(&mut tx, &[subject("a", "西")]).await.expect("writes");
        assert_eq!(done.homes["东"], counts(0, 1, 0));
        assert_eq!(subjects::home(&mut tx, "a").await.expect("reads"), Some(text("东")));
        assert_eq!(reappraisals::count(&mut tx).await.expect("counts"), 1);
        tx.commit().await.expect("commits");
    });
}

#[test]
fn of_rows_with_one_id_the_last_counts() {
    run(async {
        let place = Place::new();
        let store = place.open().await;
        let mut tx = store.begin().await.expect("begins");
        let mut later = subject("a", "东");
        later.name = Some(text("新店"));
        let rows = [subject("a", "东"), later.clone()];
        assert_eq!(subjects::upsert_many(&mut tx, &rows).await.expect("writes").total(), counts(1, 0, 0));
        let again = subjects::upsert_many(&mut tx, &[later]).await.expect("writes");
        assert_eq!(again.total(), counts(0, 0, 1));
        tx.commit().await.expect("commits");
    });
}

#[test]
fn a_status_is_kept_with_its_day() {
    run(async {
        let place = Place::new();
        let store = place.open().await;
        let mut tx = store.begin().await.expect("begins");
        let mut row = subject("a", "东");
        row.status = Some(status("2026-03-01", Status::Active));
        subjects::upsert_many(&mut tx, &[row.clone()]).await.expect("writes");
        row.status = Some(status("2026-03-13", Status::Closed));
        assert_eq!(subjects::upsert_many(&mut tx, &[row.clone()]).await.expect("writes").total().changed, 1);
        assert_eq!(
            subjects::upsert_many(&mut tx, &[row.clone()]).await.expect("writes").total().unchanged,
            1
        );
        // The same word from a file of a later day is kept, for what may come between, and no news.
        row.status = Some(status("2026-04-01", Status::Closed));
        let done = subjects::upsert_many(&mut tx, &[row]).await.expect("writes");
        assert_eq!((done.total().changed, done.news), (1, Vec::new()));
        tx.commit().await.expect("commits");
    });
}

#[test]
fn an_inspection_marks_its_subject_and_a_stranger_is_reported() {
    run(async {
        let place = Place::new();
        let store = place.open().await;
        let mut tx = store.begin().await.expect("begins");
        subjects::upsert_many(&mut tx, &[subject("a", "东"), subject("b", "东")]).await.expect("writes");
        reappraisals::clear_all(&mut tx).await.expect("clears");
        let inspection = |id: &str, subject: &str| inspections::InspectionRecord {
            id: text(id),
            subject: text(subject),
            on: day("2026-03-01"),
            kind: None,
            result: text("不合格"),
            problems: vec![(text("重大"), 1)],
        };
        let rows = [inspection("1", "a"), inspection("2", "nobody"), inspection("3", "a")];
        let done = inspections::upsert_many(&mut tx, &rows).await.expect("writes");
        assert_eq!((done.total(), done.unknown), (counts(2, 0, 0), vec![1]));
        assert_eq!(reappraisals::count(&mut tx).await.expect("counts"), 1);
        let done = inspections::upsert_many(&mut tx, &rows[..1]).await.expect("writes");
        assert_eq!(done.total(), counts(0, 0, 1));
        tx.commit().await.expect("commits");
    });
}

#[test]
fn stations_grids_and_officers_are_written_once() {
    run(async {
        let place = Place::new();
        let store = place.open().await;
        let mut tx = store.begin().await.expect("begins");
        let station = StationRow { id: text("东"), title: text("东所") };
        let grid = GridRecord {
            id: text("g1"),
            title: text("一片"),
            station: text("东"),
            officer: Some(text("o1")),
            backup: None,
        };
        let officer = OfficerRecord {
            id: text("o1"),
            name: text("张\"三\""),
            station: None,
            roles: vec![text("监管人员"), text("副所长")],
            certificate: Some(text("A-1")),
            certified_until: Some(day("2027-12-31")),
        };
        for expected in [counts(1, 0, 0), counts(0, 0, 1)] {
            assert_eq!(
                bureau::upsert_many(&mut tx, std::slice::from_ref(&station)).await.expect("writes"),
                expected
            );
            assert_eq!(
                bureau::upsert_many(&mut tx, std::slice::from_ref(&grid)).await.expect("writes"),
                expected
            );
            assert_eq!(
                bureau::upsert_many(&mut tx, std::slice::from_ref(&officer)).await.expect("writes"),
                expected
            );
        }
        assert_eq!(bureau::list::<StationRow>(&mut tx).await.expect("reads"), [station]);
        assert_eq!(bureau::list::<GridRecord>(&mut tx).await.expect("reads"), [grid]);
        assert_eq!(bureau::list::<OfficerRecord>(&mut tx).await.expect("reads"), [officer]);
        tx.commit().await.expect("commits");
    });
}

#[test]
fn a_transaction_that_is_dropped_never_happened() {
    run(async {
        let place = Place::new();
        let store = place.open().await;
        let mut tx = store.begin().await.expect("begins");
        subjects::upsert_many(&mut tx, &[subject("a", "东")]).await.expect("writes");
        meta::set(&mut tx, meta::LAST_TICK, "now").await.expect("writes");
        drop(tx);
        let mut reader = store.read().await.expect("reads");
        assert_eq!(subjects::count(&mut reader).await.expect("counts"), 0);
        assert_eq!(meta::get(&mut reader, meta::LAST_TICK).await.expect("reads"), None);
    });
}

#[test]
fn a_transaction_that_is_dropped_frees_the_file_and_the_chain() {
    run(async {
        let place = Place::new();
        let store = place.open().await;
        let entry = |file: &str| Body::Imported {
            what: "stations".to_owned(),
            file: file.to_owned(),
            added: 1,
            changed: 0,
            unchanged: 0,
            now: (1, String::new()),
        };
        for (file, is_kept) in [("first", true), ("dropped", false), ("second", true)] {
            let mut tx = store.begin_on(["东"]).await.expect("begins");
            let author = EntryAuthor { actor: "me", at: stamp("2026-03-02T01:00:00Z") };
            ledger::append(&mut tx, "东", &entry(file), author).await.expect("writes");
            if is_kept {
                tx.commit().await.expect("commits");
            }
        }
        // Another program's connection, which waits for a writer that is busy, but not for long.
        place.by_hand("BEGIN IMMEDIATE; COMMIT").expect("nobody holds the file");
        let mut reader = store.read().await.expect("reads");
        let entries = ledger::read(&mut reader, "东", 0, 10).await.expect("reads");
        assert_eq!(entries.iter().map(|entry| entry.seq).collect::<Vec<_>>(), [1, 2]);
        verify("东", &entries).expect("what was dropped is no link");
    });
}

#[test]
fn a_reader_sees_one_moment() {
    run(async {
        let place = Place::new();
        let store = place.open().await;
        let mut reader = store.read().await.expect("reads");
        assert_eq!(subjects::count(&mut reader).await.expect("counts"), 0);
        let mut tx = store.begin().await.expect("begins");
        subjects::upsert_many(&mut tx, &[subject("a", "东")]).await.expect("writes");
        tx.commit().await.expect("commits");
        assert_eq!(subjects::count(&mut reader).await.expect("counts"), 0);
        drop(reader);
        let mut reader = store.read().await.expect("reads");
        assert_eq!(subjects::count(&mut reader).await.expect("counts"), 1);
    });
}
