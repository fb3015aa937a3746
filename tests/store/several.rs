//! Several programs that write at once, as a server lets them; on a file they take turns.

use std::sync::Arc;

use wubu::ledger::{Body, verify};
use wubu::store::ledger::EntryAuthor;
use wubu::store::{Store, Tx, ledger};

use super::{Place, run, stamp, text};

/// Programs, and how often each writes.
const PROGRAMS: usize = 4;
const TIMES: usize = 12;

async fn append(tx: &mut Tx, chain: &str) {
    let body = Body::Imported {
        what: text("stations"),
        file: text("f"),
        added: 1,
        changed: 0,
        unchanged: 0,
        now: (1, String::new()),
    };
    ledger::append(tx, chain, &body, EntryAuthor { actor: "me", at: stamp("2026-03-02T01:00:00Z") })
        .await
        .expect("appends");
}

/// Writes as programs do: to chains that are named, to one that is new to all, to one that shows itself while writing,
/// and sometimes not in the end.
async fn write(store: &Store, nth: usize, time: usize) {
    let own = format!("所{nth}");
    let mut tx = match time % 3 {
        0 => store.begin_on([own.as_str(), "东", ""]).await.expect("begins"),
        1 => store.begin().await.expect("begins"),
        _ => store.begin_on([own.as_str()]).await.expect("begins"),
    };
    tx.lock_chains(["东"]).await.expect("names it");
    append(&mut tx, "东").await;
    if time % 5 == 4 {
        // Dropped: it never happened.
        return;
    }
    tx.commit().await.expect("commits");
}

#[test]
fn chains_stay_whole_and_nothing_that_was_committed_is_lost() {
    run(async {
        let place = Place::new();
        let mut programs = Vec::new();
        for nth in 0..PROGRAMS {
            let store = Arc::new(place.open().await);
            programs.push(tokio::spawn(async move {
                for time in 0..TIMES {
                    write(&store, nth, time).await;
                }
            }));
        }
        for program in programs {
            program.await.expect("it lives");
        }
        let store = place.open().await;
        let mut reader = store.read().await.expect("reads");
        let entries = ledger::read(&mut reader, "东", 0, 1_000).await.expect("reads");
        let kept = ledger::kept_heads(&mut reader).await.expect("reads");
        assert_eq!(kept["东"].head, verify("东", &entries).expect("it holds"));
        let committed = (0..TIMES).filter(|time| time % 5 != 4).count();
        assert_eq!(entries.len(), PROGRAMS * committed);
        // A chain that was named and never written to is none.
        assert_eq!(kept.keys().collect::<Vec<_>>(), ["东"]);
    });
}

#[test]
fn whoever_names_no_chain_has_all_others_out() {
    run(async {
        let place = Place::new();
        let (one, other) = (place.open().await, place.open().await);
        let mut tx = one.begin().await.expect("begins");
        let waiting = tokio::spawn(async move {
            let mut tx = other.begin_on(["东"]).await.expect("begins");
            let entries = tx.entries();
            append(&mut tx, "东").await;
            tx.commit().await.expect("commits");
            entries
        });
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        assert!(!waiting.is_finished(), "it waits");
        tx.lock_chains(["东"]).await.expect("names it");
        append(&mut tx, "东").await;
        tx.commit().await.expect("commits");
        assert_eq!(waiting.await.expect("it lives"), 1, "it sees what was committed before");
    });
}
