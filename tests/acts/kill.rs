//! kill −9 right after an act is acknowledged: the act is there.
//!
//! A process of its own reminds whoever has some orders, many at once through a desk, and says on its
//! standard output which acts it was told are done. It is killed at the moment such a line is read.
//! `WUBU_KILLS` asks for more kills, as a release does.

use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;

use wubu::engine::{Act, Doing};
use wubu::id::OrderId;
use wubu::office::{self, ActWish, WriteQueue};

use super::{Bureau, now, open};
use crate::database;

/// Kills made here.
const KILLS: usize = 10;
/// Orders acted on.
const ORDERS: usize = 12;
/// Where the process that is killed finds its folder, and the number of its life.
const FOLDER: &str = "WUBU_TEST_KILLED";

#[tokio::test(flavor = "multi_thread")]
async fn what_was_acknowledged_is_there_after_a_kill() {
    let mut bureau = Bureau::new(ORDERS).await;
    for _ in 0..ORDERS {
        bureau.open_order().await;
    }
    let folder = bureau.folder.path().to_owned();
    let wanted = std::env::var("WUBU_KILLS").ok().and_then(|text| text.parse().ok()).unwrap_or(KILLS);
    let mut told: BTreeSet<String> = BTreeSet::new();
    for life in 0..wanted {
        let before = told.len();
        // Now after the first answer, now in the middle of many groups.
        live_until(&folder, life, 1 + life * 7 % 60, &mut told);
        assert!(told.len() > before, "life {life} did nothing");
        let kept = kept(&folder.join("wubu.db"));
        let lost: Vec<&String> = told.iter().filter(|key| !kept.contains(*key)).collect();
        assert!(lost.is_empty(), "after kill {life}: {lost:?}");
    }
    let acted = bureau.count("SELECT COUNT(*) FROM ledger WHERE kind = 'order.acted'");
    let versions = bureau.count("SELECT CAST(SUM(version - 1) AS BIGINT) FROM orders");
    assert_eq!(
        (acted, acted),
        (versions, bureau.count("SELECT COUNT(*) FROM act")),
        "one entry and one key for each act"
    );
    let verified = office::verify(&bureau.store, &bureau.live).await.expect("verified");
    assert_eq!(verified.chain, "ok");
    println!("{wanted} kills, {} acts acknowledged, {acted} done", told.len());
}

/// Runs the process until so many acts were acknowledged, and kills it.
fn live_until(folder: &Path, life: usize, acts: usize, told: &mut BTreeSet<String>) {
    let exe = std::env::current_exe().expect("this test");
    let mut child: Child = Command::new(exe)
        .args(["--exact", "acts::kill::the_one_that_is_killed", "--ignored", "--nocapture"])
        .env(database::ADDRESS, database::url(&folder.join("wubu.db")))
        .env(FOLDER, format!("{life}:{}", folder.display()))
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("starts");
    let out = BufReader::new(child.stdout.take().expect("piped"));
    let mut lines =
        out.lines().map_while(Result::ok).filter_map(|line| line.strip_prefix("done ").map(str::to_owned));
    told.extend(lines.by_ref().take(acts));
    // SIGKILL: no destructor runs, nothing is flushed.
    child.kill().expect("kills");
    // What it had said before it died counts too.
    told.extend(lines);
    child.wait().expect("ends");
}

fn kept(file: &Path) -> BTreeSet<String> {
    database::texts(file, "SELECT key FROM act").into_iter().collect()
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "it acts until it is killed, and is started by the test that kills it"]
async fn the_one_that_is_killed() {
    let Ok(given) = std::env::var(FOLDER) else { return };
    let (life, folder) = given.split_once(':').expect("a number and a folder");
    let store = Arc::new(open(Path::new(folder)).await);
    let live = Arc::new(office::live(&store).await.expect("reads").expect("a release"));
    let (desk, mut queue) = WriteQueue::open();
    for seq in 1..=ORDERS {
        let (desk, life) = (desk.clone(), life.to_owned());
        tokio::spawn(async move {
            let seq = i64::try_from(seq).expect("small");
            nudge(&desk, &life, OrderId { home: "dongguan".to_owned(), seq }).await;
        });
    }
    drop(desk);
    queue.serve(&store, &live, office::GROUP_MAX).await;
}

/// Reminds whoever has an order, again and again.
async fn nudge(desk: &WriteQueue, life: &str, order: OrderId) {
    for at in 0.. {
        let key = format!("{life}/{}/{at}", order.seq);
        let act = Act {
            by: "所长".to_owned(),
            step: None,
            visit: None,
            note: None,
            doing: Doing::Nudge { note: None },
        };
        let wish =
            ActWish { order: order.clone(), act, key: Some(key.clone()), version: None, files: Vec::new() };
        desk.act(wish, now()).await.expect("lawful");
        let mut out = std::io::stdout().lock();
        writeln!(out, "done {key}").and_then(|()| out.flush()).expect("somebody listens");
    }
}
