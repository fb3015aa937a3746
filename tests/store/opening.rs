//! Whose file it is, whether it is whole, who holds it.

use wubu::lang::Lang;
use wubu::store::{Access, Holder, LockHolder, Store, StoreFault};
use wubu::time::{Clock as _, SystemClock};

use super::{Place, run, stamp};

fn holder(pid: u32) -> Holder {
    Holder { pid, host: "so-1".to_owned(), since: stamp("2026-03-13T08:00:00Z") }
}

async fn fault(place: &Place, access: Access) -> StoreFault {
    Store::open(&place.url(), access).await.expect_err("refused")
}

#[test]
fn a_second_daemon_is_refused_with_the_first_named() {
    run(async {
        let place = Place::new();
        let first = Store::open(&place.url(), Access::Daemon { holder: holder(7) }).await.expect("opens");
        match fault(&place, Access::Daemon { holder: holder(8) }).await {
            StoreFault::Held { by, .. } => assert_eq!(by, holder(7)),
            other => panic!("{other}"),
        }
        // Readers and single writers need no lock.
        Store::open(&place.url(), Access::Read).await.expect("reads").close().await;
        Store::open(&place.url(), Access::Write).await.expect("writes").close().await;
        first.close().await;
        Store::open(&place.url(), Access::Daemon { holder: holder(8) }).await.expect("free again");
    });
}

#[test]
fn on_a_server_several_dispatch_unless_somebody_must_be_alone() {
    if !crate::database::is_postgres() {
        return;
    }
    run(async {
        let place = Place::new();
        let open = async |nth| {
            Store::open(&place.url(), Access::Daemon { holder: holder(nth) }).await.expect("opens")
        };
        let (one, other) = (open(7).await, open(8).await);
        let seen = one.dispatchers().await.expect("looks");
        assert_eq!(seen, [LockHolder::Named(holder(7)), LockHolder::Named(holder(8))]);
        let alone = Access::Alone { holder: holder(9) };
        assert!(matches!(fault(&place, alone.clone()).await, StoreFault::Held { .. }));
        // Whoever has not signed in does everything; then each does its part.
        assert!(one.share().is_whole() && other.share().is_whole());
        for daemon in [&one, &other, &one] {
            daemon.sign_in().await.expect("it may");
        }
        let parts = [&one, &other].map(|daemon| daemon.share().stretch(9));
        assert_eq!(parts.iter().map(ExactSizeIterator::len).sum::<usize>(), 9, "{parts:?}");
        assert!(
            parts.iter().all(|part| part.len() >= 4) && one.share().is_first() != other.share().is_first()
        );
        other.sign_out().await.expect("it goes");
        one.sign_in().await.expect("it may");
        assert!(one.share().is_whole());
        one.close().await;
        other.close().await;
        let alone = Store::open(&place.url(), alone).await.expect("opens");
        let refused = fault(&place, Access::Daemon { holder: holder(7) }).await;
        assert!(matches!(refused, StoreFault::Held { by, .. } if by == holder(9)));
        alone.close().await;
    });
}

#[test]
fn reading_makes_no_file() {
    run(async {
        let place = Place::new();
        assert!(matches!(fault(&place, Access::Read).await, StoreFault::Absent { .. }));
        assert!(!place.file().exists());
    });
}

#[test]
fn a_file_of_another_kind_is_refused_and_left_alone() {
    run(async {
        let place = Place::new();
        let letter = "致各所:请于本月底前完成巡查。\n".repeat(200);
        std::fs::write(place.file(), &letter).expect("writes");
        for access in [Access::Read, Access::Write, Access::Daemon { holder: holder(1) }] {
            assert!(matches!(fault(&place, access).await, StoreFault::Foreign { .. }));
        }
        assert_eq!(std::fs::read_to_string(place.file()).expect("reads"), letter);
        assert_eq!(std::fs::read_dir(place.folder.path()).expect("lists").count(), 1);
    });
}

#[test]
fn a_database_of_another_program_is_refused_and_left_alone() {
    run(async {
        let place = Place::new();
        place.by_hand("CREATE TABLE photos (id INTEGER)").expect("writes");
        let before = std::fs::read(place.file()).expect("reads");
        assert!(matches!(fault(&place, Access::Write).await, StoreFault::Foreign { .. }));
        assert_eq!(std::fs::read(place.file()).expect("reads"), before);
    });
}

#[test]
fn a_damaged_file_is_named_as_such() {
    run(async {
        let place = Place::new();
        place.open().await.close().await;
        let whole = std::fs::read(place.file()).expect("reads");
        std::fs::write(place.file(), &whole[..whole.len() / 2]).expect("writes");
        assert!(matches!(fault(&place, Access::Write).await, StoreFault::Corrupt { .. }));
        let mut broken = whole.clone();
        broken[100..4_096].fill(0xa5);
        std::fs::write(place.file(), &broken).expect("writes");
        assert!(matches!(fault(&place, Access::Write).await, StoreFault::Corrupt { .. }));
        // One bad page far behind the schema does not hinder opening; a full look finds it.
        let mut broken = whole;
        let middle = broken.len() / 4 * 3 / 4_096 * 4_096;
        broken[middle..middle + 64].fill(0xa5);
        std::fs::write(place.file(), &broken).expect("writes");
        let store = Store::open(&place.url(), Access::Read).await.expect("opens");
        // Which table the page belongs to decides whether the look ends there or goes on.
        match store.damage().await {
            Ok(found) => assert!(!found.is_empty()),
            Err(fault) => assert!(matches!(fault, StoreFault::Corrupt { .. }), "{fault:?}"),
        }
    });
}

#[test]
fn a_newer_schema_is_refused() {
    run(async {
        let place = Place::new();
        place.open().await.close().await;
        place.by_hand("PRAGMA user_version = 99").expect("writes");
        match fault(&place, Access::Write).await {
            StoreFault::Newer { found: 99, known, .. } => assert!(known < 99),
            other => panic!("{other}"),
        }
    });
}

#[test]
fn an_empty_file_becomes_a_database() {
    run(async {
        let place = Place::new();
        std::fs::write(place.file(), "").expect("writes");
        place.open().await.close().await;
        place.open().await.close().await;
    });
}

#[test]
fn addresses_that_are_not_served_are_named() {
    run(async {
        let refused = |url: &'static str| async move {
            Store::open(url, Access::Write).await.expect_err("refused").id()
        };
        // Nobody listens there.
        assert_eq!(refused("postgres://wubu:secret@127.0.0.1:1/wubu").await, "fault-lost");
        assert_eq!(refused("postgres://wubu@127.0.0.1:no/wubu").await, "fault-address");
        assert_eq!(refused("wubu.db").await, "fault-address");
        assert_eq!(refused("mysql:wubu").await, "fault-address");
        assert_eq!(refused("sqlite:").await, "fault-address");
    });
}

#[test]
fn every_fault_has_its_text_and_its_cure_in_both_languages() {
    for lang in [Lang::Zh, Lang::En] {
        for id in StoreFault::IDS {
            assert_eq!(lang.has(id), (true, true), "{id}");
        }
    }
}

#[test]
fn a_store_opened_for_reading_does_not_write() {
    run(async {
        let place = Place::new();
        place.open().await.close().await;
        let store = Store::open(&place.url(), Access::Read).await.expect("opens");
        assert!(matches!(store.begin().await.expect_err("refused"), StoreFault::ReadOnly));
    });
}

#[test]
fn what_a_newer_program_only_added_keeps_nobody_out() {
    run(async {
        let place = Place::new();
        place.open().await.close().await;
        let (known, bytes) =
            (Store::schema(), if crate::database::is_postgres() { "'\\x00'" } else { "x'00'" });
        let says = |schema: i64| {
            if crate::database::is_postgres() {
                format!("UPDATE wubu SET schema = {schema}")
            } else {
                format!("PRAGMA user_version = {schema}")
            }
        };
        let migration = format!(
            "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
             VALUES ({}, 'later', {}, {bytes}, 0)",
            known + 1,
            if crate::database::is_postgres() { "TRUE" } else { "1" },
        );
        crate::database::by_hand(&place.file(), &migration).expect("added");
        crate::database::by_hand(&place.file(), &says(known * 1_000 + known + 1)).expect("said");
        for access in [Access::Read, Access::Write, Access::Daemon { holder: holder(1) }] {
            Store::open(&place.url(), access).await.expect("it is let in").close().await;
        }
        crate::database::by_hand(&place.file(), &says((known + 1) * 1_000 + known + 1)).expect("said");
        let refused = fault(&place, Access::Read).await;
        assert!(matches!(refused, StoreFault::Newer { found, .. } if found == known + 1), "{refused:?}");
    });
}

#[test]
fn a_server_says_what_time_it_is_and_a_file_does_not() {
    run(async {
        let store = Place::new().open().await;
        let said = store.server_time().await.expect("asked");
        assert_eq!(said.is_some(), crate::database::is_postgres());
        // The server of the tests is on this machine.
        let gap = said.map(|said| (said.micros() - SystemClock.now().micros()).abs());
        assert!(gap.is_none_or(|gap| gap < 5_000_000), "{gap:?}");
    });
}

#[test]
fn who_dispatches_is_seen_from_outside() {
    run(async {
        let place = Place::new();
        let looks = place.open().await;
        assert_eq!(looks.dispatchers().await.expect("looks"), []);
        let daemon = Store::open(&place.url(), Access::Daemon { holder: holder(7) }).await.expect("opens");
        assert_eq!(looks.dispatchers().await.expect("looks"), [LockHolder::Named(holder(7))]);
        daemon.close().await;
    });
}
