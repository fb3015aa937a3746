//! Subjects are put in order before they are written, and nobody can tell.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs::File;
use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use proptest::prelude::*;
use wubu::import::{FieldChange, RowReader, RowSchema, Sorter, SubjectRow};
use wubu::lang::Lang;
use wubu::office::{self, ActContext, ActiveRelease, ImportReport, ImportSource, OfficeStop};
use wubu::policy::ImportKind;
use wubu::register::Status;
use wubu::store::{Access, ImportCounts, Store, subjects};
use wubu::time::{Day, Stamp};

const HEADINGS: &str =
    "统一社会信用代码,名称,管辖所,片区,行业代码,成立日期,信用等级,状态,状态日期,上次巡查\n";
const STATIONS: [&str; 4] = ["xihe", "dongguan", "kaifa", "nowhere"];
/// Rows whose names together are longer than one run may be.
const LONG: (usize, usize) = (9_000, 1_300);
/// Rows of more than one transaction.
const MANY: (usize, usize) = (61_000, 1);

/// Lines of a file whose ids come in no order; some ids come again, near and far, some rows name
/// a station that nobody knows, and some cells are wrong.
fn lines((rows, letters): (usize, usize)) -> Vec<String> {
    let pad = "店".repeat(letters);
    let one = |nth: usize| {
        let id = match nth {
            _ if nth % 997 == 996 => nth - 1,
            _ if nth % 601 == 600 => nth / 2,
            _ => nth,
        };
        let id = id * 7_919 % 1_000_003;
        let station = STATIONS[if nth % 499 == 498 { 3 } else { nth % 3 }];
        let registered = if nth % 401 == 400 { "2019-02-30" } else { "2019-02-03" };
        let status = ["", "", "", "歇业", "注销"][nth % 5];
        format!(
            "试-{id:07},{nth}号{pad},{station},,5223,{registered},B,{status},,2026-01-{:02}\n",
            nth % 28 + 1
        )
    };
    (0..rows).map(one).collect()
}

/// A register in a folder of its own.
pub(super) struct Place {
    pub(super) folder: tempfile::TempDir,
    store: Store,
    pub(super) live: ActiveRelease,
}

fn now() -> Stamp {
    "2026-03-12T22:00:00Z".parse().expect("a moment")
}

impl Place {
    pub(super) async fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let url = crate::database::url(&folder.path().join("wubu.db"));
        let store = Store::open(&url, Access::Write).await.expect("opens");
        let shipped = office::load_shipped(Lang::Zh).expect("the shipped policy is sound");
        let live = office::activate(&store, shipped, "test", now()).await.expect("activates");
        Self { folder, store, live }
    }

    fn file(&self, lines: &[String]) -> PathBuf {
        let path = self.folder.path().join("subjects.csv");
        std::fs::write(&path, format!("{HEADINGS}{}", lines.concat())).expect("a file");
        path
    }

    async fn import(&self, path: &Path, progress: impl Fn(u64, u64)) -> Result<ImportReport, OfficeStop> {
        let file = File::open(path).expect("opens");
        let source = source(ImportKind::Subjects, path);
        office::import(ActContext::new(&self.store, &self.live, now()), &source, file, progress).await
    }

    /// Writes a text to a file and imports or tries it.
    pub(super) async fn take(&self, kind: ImportKind, text: &str, is_trial: bool) -> ImportReport {
        let path = self.folder.path().join("part.csv");
        std::fs::write(&path, text).expect("a file");
        let file = File::open(&path).expect("opens");
        let source = ImportSource { is_trial, ..source(kind, &path) };
        let cx = ActContext::new(&self.store, &self.live, now());
        office::import(cx, &source, file, |_, _| {}).await.expect("imports")
    }

    /// Runs a statement that reads one text a row.
    pub(super) fn texts(&self, sql: &str) -> Vec<String> {
        crate::database::texts(&self.folder.path().join("wubu.db"), sql)
    }

    /// Imports each line as if it were alone; gives the counts and the numbers of rejected rows.
    async fn one_by_one(&self, lines: &[String]) -> (ImportCounts, Vec<usize>) {
        let (mut counts, mut rejected) = (ImportCounts::default(), Vec::new());
        let mut met = BTreeSet::new();
        let mut tx = self.store.begin().await.expect("begins");
        for (nth, line) in lines.iter().enumerate() {
            let file = format!("{HEADINGS}{line}");
            let declared = RowSchema::from(&self.live.policy);
            let mut reader = RowReader::<_, SubjectRow>::open(file.as_bytes(), declared, Some("default"))
                .expect("readable");
            let batch = reader.next_batch(1).expect("readable").expect("a row");
            let Some(row) = batch.rows.into_iter().next().filter(|row| met.insert(row.id.clone())) else {
                rejected.push(nth + 2);
                continue;
            };
            if row.station.as_deref() == Some(STATIONS[3]) {
                rejected.push(nth + 2);
                continue;
            }
            let rows = subjects::SubjectRecord::of_file(vec![row], &self.live.policy.attributes, day());
            let done = subjects::upsert_many(&mut tx, &rows).await.expect("writes").total();
            counts.added += done.added;
            counts.changed += done.changed;
            counts.unchanged += done.unchanged;
        }
        tx.commit().await.expect("commits");
        (counts, rejected)
    }

    /// Everything the register holds of subjects: rows, marks and sums.
    fn holds(&self) -> String {
        let mut held = String::new();
        for sql in [
            "SELECT home, id, name, station, grid, lat, lon, statuses, last_patrol, attributes, digest \
             FROM subject ORDER BY home, id",
            "SELECT home, subject FROM mark ORDER BY home, subject",
            "SELECT key, value FROM meta WHERE key LIKE 'sum/%' ORDER BY key",
        ] {
            for row in crate::database::rows(&self.folder.path().join("wubu.db"), sql) {
                writeln!(held, "{row:?}").expect("memory");
            }
        }
        held
    }

    pub(super) async fn is_sound(&self) {
        let verified = office::verify(&self.store, &self.live).await.expect("verifies");
        assert!(verified.problems.is_empty(), "{:?}", verified.problems);
    }
}

fn day() -> Day {
    "2026-03-13".parse().expect("a day")
}

/// Numbers of the rows in a file of rejects.
fn rejected(path: &Path) -> Vec<usize> {
    let text = std::fs::read_to_string(path.with_file_name("subjects.rejects.csv")).expect("rejects");
    let number = |line: &str| line.split(',').next().and_then(|cell| cell.parse().ok());
    text.lines().skip(1).map(|line| number(line).expect("a row's number")).collect()
}

fn counts(done: &ImportReport) -> ImportCounts {
    ImportCounts { added: done.added, changed: done.changed, unchanged: done.unchanged }
}

fn source(kind: ImportKind, path: &Path) -> ImportSource {
    let (map, path) = ("default".to_owned(), path.to_owned());
    ImportSource { kind, map, path, lang: Lang::Zh, by: None, is_trial: false }
}

pub(super) fn run(test: impl Future<Output = ()>) {
    tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime").block_on(test);
}

#[test]
fn a_file_in_no_order_is_taken_as_its_rows_one_by_one() {
    run(async {
        let lines = lines(LONG);
        let (whole, single) = (Place::new().await, Place::new().await);
        let path = whole.file(&lines);
        assert!(path.metadata().expect("a file").len() > 33 * 1024 * 1024, "more than one run");
        let done = whole.import(&path, |_, _| {}).await.expect("imports");
        let (one_by_one, refused) = single.one_by_one(&lines).await;
        assert_eq!((counts(&done), done.read), (one_by_one, 9_000));
        assert_eq!((rejected(&path), done.rejected), (refused.clone(), refused.len() as u64));
        assert!(whole.holds() == single.holds(), "the registers differ");
        whole.is_sound().await;
        // Changed rows, in another order, over what is there.
        let mut changed: Vec<String> = lines.iter().rev().map(|line| line.replace("B,", "C,")).collect();
        changed.truncate(4_000);
        let path = whole.file(&changed);
        let done = whole.import(&path, |_, _| {}).await.expect("imports");
        let (one_by_one, refused) = single.one_by_one(&changed).await;
        assert_eq!((counts(&done), rejected(&path)), (one_by_one, refused));
        assert!(whole.holds() == single.holds(), "the registers differ");
        whole.is_sound().await;
    });
}

#[test]
fn an_import_broken_off_is_made_whole_by_the_next() {
    let lines = lines(MANY);
    let (mut calm, mut broken) = (None, None);
    run(async {
        let place = Place::new().await;
        let path = place.file(&lines);
        let done = place.import(&path, |_, _| {}).await.expect("imports");
        calm = Some((place.holds(), counts(&done), rejected(&path)));
    });
    let (held, whole, refused) = calm.expect("imported");
    // While the file is read, and when the first transaction is committed and the second is not.
    for stop_at in [0, 60_000] {
        let outcome = catch_unwind(AssertUnwindSafe(|| {
            run(async {
                let place = broken.insert(Place::new().await);
                let path = place.file(&lines);
                let progress = |_, written| assert!(written < stop_at, "broken off");
                drop(place.import(&path, progress).await);
            });
        }));
        assert!(outcome.is_err(), "broken off at {stop_at}");
        let place = broken.take().expect("made");
        run(async {
            let url = crate::database::url(&place.folder.path().join("wubu.db"));
            let store = Store::open(&url, Access::Write).await.expect("opens");
            let place = Place { store, ..place };
            let path = place.folder.path().join("subjects.csv");
            let before =
                subjects::count(&mut place.store.read().await.expect("reads")).await.expect("counts");
            assert_eq!(before, if stop_at == 0 { 0 } else { 50_000 });
            let done = place.import(&path, |_, _| {}).await.expect("imports");
            assert_eq!((done.added + done.unchanged, done.changed), (whole.added, 0));
            assert_eq!(done.unchanged, u64::try_from(before).expect("a count"));
            assert_eq!(rejected(&path), refused);
            assert!(place.holds() == held, "the registers differ after a stop at {stop_at}");
            place.is_sound().await;
        });
    }
}

/// What a row says: nothing, that a field is cleared, or a value.
fn said<S: Strategy>(values: S) -> impl Strategy<Value = FieldChange<S::Value>>
where
    S::Value: Clone,
{
    prop_oneof![Just(FieldChange::Keep), Just(FieldChange::Clear), values.prop_map(FieldChange::Set)]
}

fn row() -> impl Strategy<Value = SubjectRow> {
    let text = || "[ -~\u{4e00}-\u{4e10}\n]{0,9}";
    let said_text = move || said(text());
    let day = || (-700_000..900_000).prop_map(|n| Day::from_num_days_from_ce_opt(n).expect("a day"));
    let status =
        prop::option::of(prop::sample::select(vec![Status::Active, Status::Suspended, Status::Closed]));
    let key = (prop::option::of("[a-c]{1,2}"), "[a-c试]{1,3}");
    let attributes = prop::collection::vec(said_text(), 0..4);
    let (status_on, patrol) = (prop::option::of(day()), said(day()));
    let name = prop::option::of(text());
    (key, name, (said_text(), said_text(), said_text()), status, (status_on, patrol), attributes).prop_map(
        |((station, id), name, (grid, lat, lon), status, (status_on, last_patrol), attributes)| SubjectRow {
            id,
            name,
            station,
            grid,
            lat,
            lon,
            status,
            status_on,
            last_patrol,
            attributes,
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn rows_come_back_whole_and_in_order(
        rows in prop::collection::vec(row(), 0..60), run_bytes in 1_usize..2_000,
    ) {
        let mut sorter = Sorter::new(run_bytes, || Ok(Cursor::new(Vec::new())));
        for row in &rows {
            sorter.push(row).expect("memory");
        }
        let sorted: Vec<SubjectRow> = sorter.merge().expect("memory").map(|row| row.expect("memory")).collect();
        let key = |row: &SubjectRow| (row.station.clone(), row.id.clone());
        prop_assert!(sorted.is_sorted_by_key(key));
        // Rows with one key come in any order among themselves.
        let all = |rows: &[SubjectRow]| {
            let mut all: Vec<String> = rows.iter().map(|row| format!("{row:?}")).collect();
            all.sort();
            all
        };
        prop_assert_eq!(all(&sorted), all(&rows));
    }
}
