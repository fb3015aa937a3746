//! Numbers under many writers, some of whose acts are taken back.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Instant;

use tokio::sync::Mutex;
use wubu::documents::Series;
use wubu::store::{Access, Store, Tx, numbers};

use super::run;

const WRITERS: u64 = 50;
/// Numbers an act asks for at most.
const AT_ONCE: u64 = 7;
/// Acts to a commit.
const GROUP: usize = 500;
/// Of a thousand acts so many are taken back.
const TAKEN_BACK: u64 = 30;

/// A cheap source of different choices, the same each time.
fn next(state: &mut u64) -> u64 {
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    *state
}

/// What stands in one transaction of the store's single writer, shared by those who write.
struct Group {
    tx: Option<Tx>,
    acts: usize,
    commits: usize,
}

fn series(choice: u64) -> Series {
    let prefix = ["市监责改", "市监处罚", "监令", "巡", "市监罚告"][(choice % 5) as usize];
    let organ = ["示", "东"][(choice / 5 % 2) as usize];
    Series { prefix: prefix.to_owned(), organ: organ.to_owned(), year: 2026 + (choice / 10 % 2) as i32 }
}

async fn write(
    store: Arc<Store>,
    group: Arc<Mutex<Group>>,
    left: Arc<AtomicI64>,
    seed: u64,
) -> Vec<(Series, i64)> {
    let mut state = 0x9E37_79B9_7F4A_7C15 ^ (seed + 1);
    let mut kept = Vec::new();
    while left.load(Ordering::Relaxed) > 0 {
        let count = 1 + next(&mut state) % AT_ONCE;
        let wanted: Vec<Series> = (0..count).map(|_| series(next(&mut state))).collect();
        let is_taken_back = next(&mut state) % 1_000 < TAKEN_BACK;
        let mut group = group.lock().await;
        if is_taken_back && let Some(tx) = group.tx.take() {
            tx.commit().await.expect("committed");
        }
        let mut tx = match group.tx.take() {
            Some(tx) => tx,
            None => store.begin().await.expect("a transaction"),
        };
        let given = numbers::allocate_many(&mut tx, &wanted).await.expect("numbers");
        if is_taken_back {
            drop(tx);
        } else {
            group.tx = Some(tx);
            left.fetch_sub(i64::try_from(given.len()).expect("few"), Ordering::Relaxed);
            kept.extend(wanted.into_iter().zip(given));
        }
        group.acts += 1;
        if group.acts.is_multiple_of(GROUP)
            && let Some(tx) = group.tx.take()
        {
            tx.commit().await.expect("committed");
            group.commits += 1;
        }
        drop(group);
        tokio::task::yield_now().await;
    }
    kept
}

#[test]
fn numbers_of_many_writers_have_no_gap_and_none_twice() {
    let count = std::env::var("WUBU_NUMBERS").ok().and_then(|text| text.parse().ok()).unwrap_or(20_000);
    run(async move {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let url = crate::database::url(&folder.path().join("wubu.db"));
        let store = Arc::new(Store::open(&url, Access::Write).await.expect("a database"));
        let group = Arc::new(Mutex::new(Group { tx: None, acts: 0, commits: 0 }));
        let left = Arc::new(AtomicI64::new(count));
        let began = Instant::now();
        let mut writers = tokio::task::JoinSet::new();
        for seed in 0..WRITERS {
            writers.spawn(write(Arc::clone(&store), Arc::clone(&group), Arc::clone(&left), seed));
        }
        let mut given: BTreeMap<Series, Vec<i64>> = BTreeMap::new();
        for kept in writers.join_all().await {
            for (series, n) in kept {
                given.entry(series).or_default().push(n);
            }
        }
        let mut group = group.lock().await;
        if let Some(tx) = group.tx.take() {
            tx.commit().await.expect("committed");
        }
        let took = began.elapsed();
        let total: usize = given.values().map(Vec::len).sum();
        println!("{total} numbers, {} acts, {} commits, {took:.1?}", group.acts, group.commits);
        assert!(total >= usize::try_from(count).expect("positive"));
        for (series, numbers) in &mut given {
            numbers.sort_unstable();
            let expected = 1..=i64::try_from(numbers.len()).expect("few");
            assert!(numbers.iter().copied().eq(expected), "{series:?} has a gap or a number twice");
        }
        let kept: BTreeMap<Series, i64> = {
            let mut reader = store.read().await.expect("readable");
            numbers::list(&mut reader).await.expect("readable").into_iter().collect()
        };
        let last: BTreeMap<Series, i64> =
            given.iter().map(|(series, all)| (series.clone(), all[all.len() - 1])).collect();
        assert_eq!(kept, last);
    });
}
