//! Putting a backup back: a whole database is made beside the place, and takes it at once.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::given_numbers::{GivenNumbers, NUMBERS};
use super::manifest::{BackupManifest, DATABASE, ends};
use super::take::FileCopying;
use crate::documents::Series;
use crate::engine::{Refusal, RefusalCode};
use crate::import::StationRow;
use crate::ledger::{Body, PassedSeries};
use crate::office::{ACTOR, Answer, live};
use crate::store::ledger::{EntryAuthor, KeptHead};
use crate::store::{
    Access, Checkpoint, DatabaseEpoch, HeldPlace, Holder, ReadTx, Store, bureau, epochs, ledger, numbers,
};
use crate::time::{Stamp, Tz};
use crate::{files, store};
use chrono::Datelike as _;

/// How many numbers of each series are passed over where nobody knows what was given after the backup.
const GAP: i64 = 1_000;
/// What the name of a database that was replaced ends with, before the moment.
const ASIDE: &str = ".before-restore-";

/// What is asked of a restore.
#[derive(Clone, Debug)]
pub struct RestoreWish {
    /// The folder of the backup.
    pub from: PathBuf,
    /// Where the database is to be, such as `sqlite:wubu.db`.
    pub to: String,
    /// Whether a database that is there may be put aside.
    pub replaces: bool,
    /// Something that knows newer numbers than the backup.
    pub numbers_from: Option<PathBuf>,
    /// How many numbers of each series are passed over behind the newest known; none: as many as are wise.
    pub gap: Option<i64>,
    /// Who holds the place meanwhile.
    pub holder: Holder,
    pub now: Stamp,
}

/// Numbers that are not given again, because they may have been given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PassedNumbers {
    /// `orders` of a home, or the `series` of documents and blanks.
    pub kind: &'static str,
    /// The home; or prefix, organ and year.
    pub of: String,
    /// The newest in the backup.
    pub last: i64,
    /// The first that is given from now on.
    pub next: i64,
}

/// What a restore came to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RestoreReport {
    pub database: String,
    /// Where what stood there is now.
    pub replaced: Option<String>,
    /// When the backup was made.
    pub made_at: Stamp,
    /// The epoch that begins.
    pub epoch: i64,
    pub entries: i64,
    pub files: u64,
    /// Files that the backup did not have either.
    pub missing: u64,
    pub gap: i64,
    pub passed: Vec<PassedNumbers>,
}

/// Puts a backup into the place of a database.
///
/// # Refusals
/// R241 where a database is and may not be replaced, R242 when there is no backup, R243 when it is not what its
/// manifest says; a running daemon's place is not taken.
pub async fn restore(wish: &RestoreWish) -> Answer<RestoreReport> {
    let manifest = BackupManifest::read(&wish.from)?;
    refuse_unlike(&wish.from, &manifest)?;
    let place = HeldPlace::take(&wish.to, &wish.holder)?;
    if place.is_occupied() && !wish.replaces {
        let path = place.path().display().to_string();
        return Err(Refusal::new(RefusalCode::DatabaseThere).with("path", path).into());
    }
    let known = KnownNumbers::gather(wish, &manifest, &place).await?;
    let draft = DraftDatabase::new(place.path());
    files::copy(&wish.from.join(DATABASE), &draft.0)?;
    let copying = FileCopying {
        from: files::beside(&wish.from.join(DATABASE)),
        before: None,
        to: files::beside(place.path()),
    };
    let (copied, begun) = begin_epoch(&draft.0, &manifest, &known, &copying, wish.now).await?;
    files::sync_file(&draft.0)?;
    let ending = format!("{ASIDE}{}", wish.now.utc().format("%Y%m%dT%H%M%SZ"));
    let path = place.path().to_owned();
    let replaced = place.exchange(&draft.0, &ending).await?;
    files::sync_folder(files::folder_of(&path))?;
    tracing::info!(epoch = begun.epoch, "database.restored");
    Ok(RestoreReport {
        database: path.display().to_string(),
        replaced: replaced.map(|path| path.display().to_string()),
        made_at: manifest.made_at,
        epoch: begun.epoch,
        entries: manifest.entries,
        files: copied.count,
        missing: copied.missing.len() as u64,
        gap: known.gap,
        passed: begun.passed,
    })
}

/// A database that is being made, which goes with whoever makes it unless it gets its place.
struct DraftDatabase(PathBuf);

impl DraftDatabase {
    fn new(place: &Path) -> Self {
        let ending = format!("restoring-{}", std::process::id());
        let draft = Self(files::beside_name(place, &ending));
        draft.remove();
        draft
    }

    fn remove(&self) {
        for beside in ["", "-wal", "-shm"] {
            let mut name = self.0.as_os_str().to_owned();
            name.push(beside);
            // There is none, or it is in nobody's way.
            let _ = std::fs::remove_file(name);
        }
    }
}

impl Drop for DraftDatabase {
    fn drop(&mut self) {
        self.remove();
    }
}

/// Refuses a backup whose database is not the one its manifest is of.
fn refuse_unlike(folder: &Path, manifest: &BackupManifest) -> Answer<()> {
    let sum = files::sum_of(&folder.join(DATABASE))?;
    if (sum.bytes, sum.digest) == (manifest.database.bytes, manifest.database.sha256) {
        return Ok(());
    }
    let refusal = Refusal::new(RefusalCode::BackupUnsound).with("path", folder.display().to_string());
    Err(refusal.with("what", DATABASE).into())
}

/// What is known of the numbers that were given.
struct KnownNumbers {
    in_backup: GivenNumbers,
    /// The newest that anybody knows of.
    newest: GivenNumbers,
    gap: i64,
}

impl KnownNumbers {
    /// Asks the backup, the numbers kept beside it, the file that is named, and the database that is replaced.
    async fn gather(wish: &RestoreWish, manifest: &BackupManifest, place: &HeldPlace) -> Answer<Self> {
        let in_backup = manifest.numbers.clone();
        let mut known = Self { newest: in_backup.clone(), in_backup, gap: wish.gap.unwrap_or(GAP) };
        let beside = files::folder_of(&wish.from).join(NUMBERS);
        if beside.is_file() {
            known.newest.keep_behind(&GivenNumbers::from_file(&beside, wish.now).await?);
        }
        if let Some(named) = &wish.numbers_from {
            known.newest.keep_behind(&GivenNumbers::from_file(named, wish.now).await?);
        }
        if place.is_occupied()
            && let Some(given) = of_sound(place.path(), wish.now).await
        {
            // It was there to the end: what was given and committed stands in it, unless it is older itself.
            if given.entries >= known.newest.entries && wish.gap.is_none() {
                known.gap = 0;
            }
            known.newest.keep_behind(&given);
        }
        Ok(known)
    }
}

/// Reads the numbers of a database that is to be replaced, if it can be read to its end.
async fn of_sound(path: &Path, now: Stamp) -> Option<GivenNumbers> {
    let store = Store::open(&format!("sqlite:{}", path.display()), Access::Read).await.ok()?;
    let read = async {
        let damage = store.damage().await.ok()?;
        let mut reader = store.read().await.ok()?;
        let given = GivenNumbers::of(&mut reader, now).await.ok()?;
        damage.is_empty().then_some(given)
    };
    let given = read.await;
    store.close().await;
    given
}

/// What begins with a restore.
struct Begun {
    epoch: i64,
    passed: Vec<PassedNumbers>,
}

/// Looks whether a copy is what its manifest says, puts its files to their place, and begins its epoch.
async fn begin_epoch(
    draft: &Path,
    manifest: &BackupManifest,
    known: &KnownNumbers,
    copying: &FileCopying,
    now: Stamp,
) -> Answer<(super::manifest::BackedFiles, Begun)> {
    let store = Store::open(&format!("sqlite:{}", draft.display()), Access::Write).await?;
    let done = async {
        let mut reader = store.read().await?;
        let heads = ledger::kept_heads(&mut reader).await?;
        if ends(heads.clone()) != manifest.chains {
            let refusal = Refusal::new(RefusalCode::BackupUnsound).with("path", draft.display().to_string());
            return Err(refusal.with("what", "chains").into());
        }
        let stations = stations(&mut reader).await?;
        let before = epochs::read(&mut reader).await?;
        drop(reader);
        let copied = copying.copy_all(&store).await?;
        let live = live(&store).await?;
        let (zone, actor) = live
            .as_ref()
            .map_or((Tz::UTC, ACTOR), |live| (live.policy.bureau.zone, live.policy.administrator.recorded()));
        // The record goes forward in time, whatever the clock says.
        let at = heads.values().map(|kept| kept.at).max().unwrap_or(now).max(now);
        let author = EntryAuthor { actor, at };
        let plan = EpochPlan::new(manifest, known, &stations, zone);
        let begun = plan.begin(&store, &heads, before, author).await?;
        store.checkpoint(Checkpoint::Truncate).await?;
        Ok((copied, begun))
    };
    let done = done.await;
    store.close().await;
    done
}

async fn stations(reader: &mut ReadTx) -> Answer<BTreeSet<String>> {
    let stations = bureau::list::<StationRow>(reader).await?;
    Ok(stations.into_iter().map(|station| station.id).collect())
}

/// Where numbers go on from a restore on.
struct EpochPlan<'a> {
    manifest: &'a BackupManifest,
    /// By home, up to which running number.
    orders: BTreeMap<String, i64>,
    series: Vec<PassedSeries>,
}

impl<'a> EpochPlan<'a> {
    fn new(
        manifest: &'a BackupManifest,
        known: &KnownNumbers,
        stations: &BTreeSet<String>,
        zone: Tz,
    ) -> Self {
        let year = manifest.made_at.day_in(zone).year();
        let homes: BTreeSet<&String> = stations.iter().chain(known.newest.orders.keys()).collect();
        let last = |home: &str| known.in_backup.orders.get(home).copied().unwrap_or_default();
        let orders = homes.into_iter().map(|home| {
            let newest = known.newest.orders.get(home).copied().unwrap_or_default();
            (home.clone(), newest + known.gap)
        });
        let in_backup = known.in_backup.by_series();
        let newest = known.newest.by_series();
        let series = newest.iter().map(|(series, newest)| {
            let last = in_backup.get(series).copied().unwrap_or_default();
            // Numbers of years that were over when the backup was made are given no more.
            let gap = if series.year == 0 || series.year >= year { known.gap } else { 0 };
            let Series { prefix, organ, year } = series.clone();
            PassedSeries { prefix, organ, year, last, to: newest + gap }
        });
        Self {
            manifest,
            orders: orders.filter(|(home, to)| *to > last(home)).collect(),
            series: series.filter(|passed| passed.to > passed.last).collect(),
        }
    }

    /// Begins the epoch: one entry in every chain, so that nobody takes what follows for what is lost.
    async fn begin(
        self,
        store: &Store,
        heads: &BTreeMap<String, KeptHead>,
        before: DatabaseEpoch,
        author: EntryAuthor<'_>,
    ) -> Answer<Begun> {
        let Self { manifest, orders, series } = self;
        let DatabaseEpoch { number, mut floors } = before;
        let epoch = number + 1;
        floors.extend(orders.iter().map(|(home, to)| (home.clone(), *to)));
        let chains: BTreeSet<&str> =
            [""].into_iter().chain(heads.keys().chain(orders.keys()).map(String::as_str)).collect();
        let body = |chain: &str| Body::Restored {
            backup: manifest.database.sha256.to_string(),
            epoch,
            made_at: manifest.made_at.to_string(),
            orders: floors.get(chain).copied().unwrap_or_default(),
            series: if chain.is_empty() { series.clone() } else { Vec::new() },
        };
        let entries: Vec<(&str, Body)> = chains.iter().map(|chain| (*chain, body(chain))).collect();
        let mut tx = store.begin_on(chains.iter().copied()).await?;
        store::ledger::append_many(&mut tx, entries, author).await?;
        epochs::write(&mut tx, &DatabaseEpoch { number: epoch, floors: floors.clone() }).await?;
        let behind: Vec<(Series, i64)> = series.iter().map(|passed| (series_of(passed), passed.to)).collect();
        let behind: Vec<(&Series, i64)> = behind.iter().map(|(series, to)| (series, *to)).collect();
        numbers::raise_many(&mut tx, &behind).await?;
        tx.commit().await?;
        let last = |home: &String| manifest.numbers.orders.get(home).copied().unwrap_or_default();
        let of_orders = orders.iter().map(|(home, to)| PassedNumbers {
            kind: "orders",
            of: home.clone(),
            last: last(home),
            next: to + 1,
        });
        let of_series = series.iter().map(|passed| PassedNumbers {
            kind: "series",
            of: format!("{}{} {}", passed.organ, passed.prefix, passed.year),
            last: passed.last,
            next: passed.to + 1,
        });
        Ok(Begun { epoch, passed: of_orders.chain(of_series).collect() })
    }
}

fn series_of(passed: &PassedSeries) -> Series {
    Series { prefix: passed.prefix.clone(), organ: passed.organ.clone(), year: passed.year }
}
