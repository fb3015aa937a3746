//! Where chains go on: one row each, named before it is appended to.

use wubu::ledger::{Body, verify};
use wubu::store::ledger::EntryAuthor;
use wubu::store::{Store, Tx, ledger};

use super::{Place, run, stamp, text};

const CHAINS: [&str; 2] = ["", "东"];

async fn append(tx: &mut Tx, chain: &str, file: &str) {
    let body = Body::Imported {
        what: text("stations"),
        file: text(file),
        added: 1,
        changed: 0,
        unchanged: 0,
        now: (1, String::new()),
    };
    let author = EntryAuthor { actor: "me", at: stamp("2026-03-02T01:00:00Z") };
    ledger::append(tx, chain, &body, author).await.expect("appends");
}

/// Appends one entry to each chain; returns how many all of them have.
async fn append_all(store: &Store, file: &str) -> i64 {
    let mut tx = store.begin_on(CHAINS).await.expect("begins");
    for chain in CHAINS {
        append(&mut tx, chain, file).await;
    }
    let entries = tx.entries();
    tx.commit().await.expect("commits");
    entries
}

/// Checks that each chain holds and ends where its row says; returns how many entries each has.
async fn lengths(store: &Store) -> [usize; 2] {
    let mut reader = store.read().await.expect("reads");
    let kept = ledger::kept_heads(&mut reader).await.expect("reads");
    let mut lengths = [0; 2];
    for (length, chain) in lengths.iter_mut().zip(CHAINS) {
        let entries = ledger::read(&mut reader, chain, 0, 100).await.expect("reads");
        assert_eq!(kept[chain].head, verify(chain, &entries).expect("it holds"), "{chain}");
        *length = entries.len();
    }
    lengths
}

#[test]
fn two_who_write_in_turn_go_on_where_the_other_ended() {
    run(async {
        let place = Place::new();
        let (one, other) = (place.open().await, place.open().await);
        assert_eq!(append_all(&one, "1").await, 2);
        assert_eq!(append_all(&other, "2").await, 4);
        assert_eq!(append_all(&one, "3").await, 6);
        assert_eq!(lengths(&other).await, [3, 3]);
    });
}

#[test]
fn a_chain_may_be_named_when_loading_has_said_which() {
    run(async {
        let place = Place::new();
        let store = place.open().await;
        append_all(&store, "1").await;
        let mut tx = store.begin().await.expect("begins");
        tx.lock_chains(["东", "西", "东"]).await.expect("names them");
        append(&mut tx, "东", "2").await;
        append(&mut tx, "西", "2").await;
        assert_eq!(tx.entries(), 4);
        tx.commit().await.expect("commits");
        assert_eq!(lengths(&store).await, [1, 2]);
    });
}

#[test]
#[should_panic(expected = "did not name the chain")]
fn an_entry_of_a_chain_that_was_not_named_is_a_mistake() {
    run(async {
        let store = Place::new().open().await;
        let mut tx = store.begin_on([""]).await.expect("begins");
        append(&mut tx, "东", "1").await;
    });
}

/// Makes a database what it was before chains had rows.
fn before_heads(place: &Place) {
    let undone = "INSERT INTO meta (key, value) SELECT 'head ' || chain, seq || ' ' || hash FROM head; \
        DROP TABLE head; DELETE FROM _sqlx_migrations WHERE version = 7; PRAGMA user_version = 6";
    place.by_hand(undone).expect("undoes it");
}

#[test]
fn a_database_from_before_goes_on_where_its_chains_ended() {
    run(async {
        let place = Place::new();
        let store = place.open().await;
        append_all(&store, "1").await;
        append_all(&store, "2").await;
        store.close().await;
        before_heads(&place);
        // Long ago nothing was kept beside the ledger.
        place.by_hand("DELETE FROM meta WHERE key = 'head 东'").expect("takes it away");
        let store = place.open().await;
        assert_eq!(lengths(&store).await, [2, 2]);
        assert_eq!(append_all(&store, "3").await, 6);
        assert_eq!(lengths(&store).await, [3, 3]);
    });
}

#[test]
fn what_was_cut_off_before_chains_had_rows_is_missed_ever_after() {
    run(async {
        let place = Place::new();
        let store = place.open().await;
        append_all(&store, "1").await;
        append_all(&store, "2").await;
        store.close().await;
        before_heads(&place);
        let cut = "DROP TRIGGER ledger_loses_no_line; DELETE FROM ledger WHERE chain = '' AND seq = 2; \
            DELETE FROM ledger WHERE chain = '东'";
        place.by_hand(cut).expect("cuts");
        let store = place.open().await;
        let kept = ledger::kept_heads(&mut store.read().await.expect("reads")).await.expect("reads");
        assert_eq!(CHAINS.map(|chain| kept[chain].head.seq), [2, 2]);
        append_all(&store, "3").await;
        let entries = ledger::read(&mut store.read().await.expect("reads"), "", 0, 100).await.expect("reads");
        let broken = verify("", &entries).expect_err("one is missing");
        assert_eq!(broken.seq, 3);
    });
}
