//! What was done by hand is found and named.

use wubu::ledger::{Body, ChainFlaw, verify};
use wubu::store::ledger::EntryAuthor;
use wubu::store::{checksums, inspections, ledger, reading, releases, subjects};

use super::register::subject;
use super::{Place, day, run, stamp, text};

async fn with_subjects(place: &Place) {
    let store = place.open().await;
    let mut tx = store.begin_on([""]).await.expect("begins");
    let rows: Vec<_> = (0..50).map(|n| subject(&format!("s{n:02}"), "东")).collect();
    subjects::upsert_many(&mut tx, &rows).await.expect("writes");
    let inspection = inspections::InspectionRecord {
        id: text("1"),
        subject: text("s07"),
        on: day("2026-03-01"),
        kind: None,
        result: text("不合格"),
        problems: vec![(text("重大"), 1)],
    };
    inspections::upsert_many(&mut tx, &[inspection]).await.expect("writes");
    for number in 1..=5 {
        let body = Body::Released {
            number,
            policy: text("p"),
            files: vec![],
            approved_by: None,
            plan: None,
            reason: None,
        };
        let author = EntryAuthor { actor: "局长", at: stamp("2026-03-01T00:00:00Z") };
        ledger::append(&mut tx, "", &body, author).await.expect("appends");
    }
    tx.commit().await.expect("commits");
    store.close().await;
}

async fn audit(place: &Place) -> (Vec<String>, bool) {
    let store = place.open().await;
    let mut reader = store.read().await.expect("reads");
    let subjects = reading::audit_subjects(&mut reader).await.expect("audits");
    let inspections = reading::audit_inspections(&mut reader).await.expect("audits");
    let is_sum_right = subjects.sums
        == checksums::list(&mut reader, checksums::SummedTable::Subject).await.expect("reads")
        && inspections.sums
            == checksums::list(&mut reader, checksums::SummedTable::Inspection).await.expect("reads");
    ([subjects.edited, inspections.edited].concat(), is_sum_right)
}

#[test]
fn an_untouched_register_is_clean() {
    run(async {
        let place = Place::new();
        with_subjects(&place).await;
        assert_eq!(audit(&place).await, (vec![], true));
    });
}

#[test]
fn an_edited_row_is_named() {
    run(async {
        let place = Place::new();
        with_subjects(&place).await;
        place.by_hand("UPDATE subject SET last_patrol = '2026-02-15' WHERE id = 's33'").expect("edits");
        place.by_hand("UPDATE inspection SET problems = '{}'").expect("edits");
        assert_eq!(audit(&place).await, (vec![text("东/s33"), text("东/s07/1")], false));
    });
}

#[test]
fn a_removed_row_shows_in_the_sum() {
    run(async {
        let place = Place::new();
        with_subjects(&place).await;
        place.by_hand("DELETE FROM subject WHERE id = 's33'").expect("edits");
        assert_eq!(audit(&place).await, (vec![], false));
    });
}

#[test]
fn the_ledger_keeps_its_lines() {
    run(async {
        let place = Place::new();
        with_subjects(&place).await;
        for sql in ["UPDATE ledger SET actor = 'x'", "DELETE FROM ledger"] {
            place.by_hand(sql).expect_err("the ledger is append-only");
        }
    });
}

#[test]
fn an_edited_ledger_line_is_named() {
    run(async {
        let place = Place::new();
        with_subjects(&place).await;
        let edit = "DROP TRIGGER ledger_keeps_its_lines; UPDATE ledger SET actor = '所长' WHERE seq = 3";
        place.by_hand(edit).expect("edits");
        let store = place.open().await;
        let mut reader = store.read().await.expect("reads");
        let entries = ledger::read(&mut reader, "", 0, 100).await.expect("reads");
        let broken = verify("", &entries).expect_err("edited");
        assert_eq!((broken.seq, broken.flaw), (3, ChainFlaw::Changed));
    });
}

#[test]
fn a_release_gives_its_texts_back_and_an_edited_one_is_refused() {
    run(async {
        let place = Place::new();
        let store = place.open().await;
        let mut tx = store.begin().await.expect("begins");
        let texts = vec![
            (text("rules/risk.rhai"), text("fn tier(s) { \"甲\" }")),
            (text("bureau.yaml"), text("a: 1\n")),
        ];
        let policy = wubu::digest::Digest::of(b"all");
        let now = stamp("2026-03-01T00:00:00Z");
        assert_eq!(releases::active(&mut tx).await.expect("reads"), None);
        for number in 1..=2 {
            let hands = releases::Hands {
                actor: "局长",
                approver: Some("法制科"),
                number: None,
                plan: None,
                reason: None,
            };
            let release = releases::activate(&mut tx, policy, &texts, hands, now).await.expect("activates");
            assert_eq!(release.number, number);
        }
        tx.commit().await.expect("commits");
        let mut reader = store.read().await.expect("reads");
        let active = releases::active(&mut reader).await.expect("reads").expect("one");
        let mut sorted = texts.clone();
        sorted.sort();
        assert_eq!(releases::texts(&mut reader, &active).await.expect("reads"), sorted);
        drop(reader);
        place.by_hand("UPDATE policy_text SET text = text || ' '").expect("edits");
        let mut reader = store.read().await.expect("reads");
        let fault = releases::texts(&mut reader, &active).await.expect_err("edited");
        assert_eq!(fault.id(), "fault-impossible");
    });
}
