//! A bureau that lives through a history, and what it is asked.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde_json::{Value, json};
use tempfile::TempDir;
use wubu::lang::Lang;
use wubu::office::{
    self, ActContext, ActWish, ActiveRelease, Answer, DocumentLine, ImportSource, OfficeStop, OfficerLine,
    OrderFilter, OrderLine,
};
use wubu::policy::{ImportKind, is_policy_path};
use wubu::store::{Access, Store};
use wubu::time::{Day, Stamp, Tz};

use super::chance::Chance;
use crate::cli::{copy, root};

const ZONE: Tz = Tz::Asia__Shanghai;

/// In one of so many bureaus a second person approves what changes the policy.
const APPROVED: u64 = 5;

/// Texts of a policy folder by path.
pub(super) type Texts = BTreeMap<String, String>;

/// What was tried, and the code of the refusal where it was not done.
pub(super) struct Deed {
    pub(super) kind: &'static str,
    what: String,
    refused: Option<String>,
}

impl Deed {
    pub(super) fn of<T>(kind: &'static str, what: impl Into<String>, answer: Answer<T>) -> Self {
        let refused = match answer {
            Ok(_) => None,
            Err(OfficeStop::Refused(refusal)) => Some(refusal.id.to_owned()),
            Err(OfficeStop::Problems(_, found)) => Some(found.iter().map(|one| one.code.id).collect()),
            Err(stop @ (OfficeStop::File(..) | OfficeStop::Failed(_))) => panic!("{kind}: {stop:?}"),
        };
        Self { kind, what: what.into(), refused }
    }

    pub(super) const fn is_done(&self) -> bool {
        self.refused.is_none()
    }

    pub(super) fn told(&self) -> String {
        let Self { kind, what, refused } = self;
        format!("{kind} {what}: {}", refused.as_deref().unwrap_or("done"))
    }
}

/// A bureau in a folder of its own.
pub(super) struct Life {
    pub(super) chance: Chance,
    folder: TempDir,
    pub(super) texts: Texts,
    pub(super) store: Store,
    pub(super) live: Arc<ActiveRelease>,
    pub(super) now: Stamp,
    /// The newest act that was sent with a key.
    pub(super) keyed: Option<ActWish>,
    /// The newest completion: the order, and who did it.
    pub(super) done: Option<(String, String)>,
    /// What tables of forms were filled with, by order and field.
    pub(super) rows: BTreeMap<(String, String), Vec<Value>>,
}

impl Life {
    /// Begins with the small bureau of this folder and some subjects.
    pub(super) async fn small(seed: u64) -> Self {
        let mut texts = folder_texts(&root().join("tests/histories/policy"));
        if seed.is_multiple_of(APPROVED) {
            let bureau = texts.get_mut("bureau.yaml").expect("the bureau's text");
            *bureau = bureau.replace("activation: files", "activation: approved");
        }
        let now = moment("2026-03-02", 8);
        let proposed = examine(&texts, now).expect("the small policy holds");
        let folder = tempfile::tempdir().expect("a temporary folder");
        let store = open(&folder).await;
        let live = Arc::new(office::activate(&store, proposed, "历史", now).await.expect("a release"));
        let chance = Chance::new(seed);
        let (keyed, done, rows) = Default::default();
        let life = Self { chance, folder, texts, store, live, now, keyed, done, rows };
        for (kind, file) in [(ImportKind::Officers, "staff.csv"), (ImportKind::Subjects, "subjects.csv")] {
            let text = read(&root().join("tests/histories").join(file));
            life.import(kind, &text, None).await.expect("imported");
        }
        life
    }

    /// Goes on with the kept database, which an earlier build wrote.
    pub(super) async fn kept(seed: u64) -> Self {
        if crate::database::is_postgres() {
            // What was kept is a file.
            return Self::small(seed).await;
        }
        let folder = tempfile::tempdir().expect("a temporary folder");
        let kept = root().join("tests/data/kept");
        for name in ["wubu.db", "wubu.db.files"] {
            copy(&kept.join(name), &folder.path().join(name));
        }
        let mut texts = folder_texts(&kept.join("policy"));
        for (path, later) in [
            ("bureau.yaml", "bureau.yaml"),
            ("workflows/summary-penalty.yaml", "summary-penalty.yaml"),
            ("rules/templates/reg.archive.html", "reg.archive.html"),
        ] {
            texts.insert(path.to_owned(), read(&kept.join("later").join(later)));
        }
        let store = open(&folder).await;
        let live = Arc::new(office::live(&store).await.expect("readable").expect("a release"));
        let (chance, now) = (Chance::new(seed), moment("2026-08-03", 8));
        let (keyed, done, rows) = Default::default();
        Self { chance, folder, texts, store, live, now, keyed, done, rows }
    }

    pub(super) fn cx(&self) -> ActContext<'_> {
        ActContext::new(&self.store, &self.live, self.now)
    }

    pub(super) fn today(&self) -> Day {
        self.now.day_in(ZONE)
    }

    /// So many days from today; before it where it is negative.
    pub(super) fn day(&self, days: i64) -> Day {
        self.now.plus(chrono::TimeDelta::days(days)).day_in(ZONE)
    }

    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Lets some hours or days pass.
    pub(super) fn wait(&mut self) {
        let minutes = match self.chance.below(10) {
            0..=6 => self.chance.days(120),
            7 => 12 * 60 + self.chance.days(1_000),
            8 => 24 * 60 + self.chance.days(3_000),
            _ => [0, 3, 9][usize::try_from(self.chance.below(3)).expect("small")] * 24 * 60 + 90,
        };
        self.now = self.now.plus(chrono::TimeDelta::minutes(minutes));
    }

    /// Reads the release in force anew, as whoever put it there does.
    pub(super) async fn reload(&mut self) {
        self.live = Arc::new(office::live(&self.store).await.expect("readable").expect("a release"));
    }

    /// Ends and begins again with what the database holds, as a daemon does.
    pub(super) async fn restart(&mut self) {
        let store = open(&self.folder).await;
        std::mem::replace(&mut self.store, store).close().await;
        self.reload().await;
    }

    /// The same where the texts may be others, too.
    pub(super) async fn reload_with_texts(&mut self) {
        self.reload().await;
        self.texts.retain(|path, _| !is_policy_path(path));
        let text = |bytes: &Vec<u8>| String::from_utf8(bytes.clone()).expect("a text");
        self.texts.extend(self.live.texts.iter().map(|(path, bytes)| (path.clone(), text(bytes))));
    }

    pub(super) async fn officers(&self) -> Vec<OfficerLine> {
        office::officers(self.cx(), None).await.expect("read")
    }

    /// Somebody with one of these roles; now and then anybody.
    pub(super) async fn somebody(&mut self, roles: &[&str]) -> String {
        let all = self.officers().await;
        let has = |officer: &&OfficerLine| officer.roles.iter().any(|role| roles.contains(&role.as_str()));
        let fit: Vec<String> = all.iter().filter(has).map(|officer| officer.id.clone()).collect();
        let anybody: Vec<String> = all.into_iter().map(|officer| officer.id).collect();
        let is_strange = self.chance.percent(8);
        self.chance.any(if fit.is_empty() || is_strange { &anybody } else { &fit }).unwrap_or_default()
    }

    /// Somebody of a station with one of these roles; somebody else where it has none.
    pub(super) async fn somebody_at(&mut self, station: &str, roles: &[&str]) -> String {
        let mut all = self.officers().await;
        all.retain(|one| {
            one.station.as_deref() == Some(station)
                && one.roles.iter().any(|role| roles.contains(&role.as_str()))
        });
        let found = self.chance.any(&all).filter(|_| !self.chance.percent(8));
        match found {
            Some(found) => found.id,
            None => self.somebody(roles).await,
        }
    }

    /// Any subject there is.
    pub(super) async fn any_subject(&mut self) -> Option<String> {
        let mut all = Vec::new();
        let each = |subject: office::SubjectLine| {
            all.push(subject.id);
            Ok(())
        };
        office::subjects(self.cx(), &office::SubjectFilter::default(), each).await.expect("read");
        self.chance.any(&all)
    }

    /// Somebody who decides things for the bureau.
    pub(super) async fn chief(&mut self) -> String {
        self.somebody(&["分管局长", "机关负责人", "所长", "法制科"]).await
    }

    pub(super) async fn orders(&self, state: Option<&str>) -> Vec<OrderLine> {
        let mut all = Vec::new();
        let filter = OrderFilter { state: state.map(str::to_owned), ..OrderFilter::default() };
        let each = |order: OrderLine| {
            all.push(order);
            Ok(())
        };
        office::orders(self.cx(), &filter, each).await.expect("read");
        all
    }

    pub(super) async fn documents(&self) -> Vec<DocumentLine> {
        let mut all = Vec::new();
        let each = |document: DocumentLine| {
            all.push(document);
            Ok(())
        };
        office::documents(self.cx(), None, &office::DocumentFilter::default(), each).await.expect("read");
        all
    }

    /// Imports a file.
    pub(super) async fn import(&self, kind: ImportKind, text: &str, by: Option<String>) -> Answer<()> {
        let path = self.path("import.csv");
        std::fs::write(&path, text).expect("a file");
        let (map, lang, is_trial) = ("default".to_owned(), Lang::Zh, false);
        let source = ImportSource { kind, map, path: path.clone(), lang, by, is_trial };
        let file = File::open(path).expect("a file");
        office::import(self.cx(), &source, file, |_, _| {}).await.map(drop)
    }

    /// The heading of a column in the bureau's files, by what it holds.
    pub(super) fn heading(&self, what: &str, column: &str) -> String {
        let bureau: Value = serde_yaml::from_str(&self.texts["bureau.yaml"]).expect("the bureau's text");
        let heading = bureau["imports"][what]["default"][column].as_str().unwrap_or_default();
        heading.to_owned()
    }

    /// Writes the policy into a folder.
    pub(super) fn policy_folder(&self) -> PathBuf {
        let folder = self.path("policy");
        for (path, text) in &self.texts {
            let path = folder.join(path);
            std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
            std::fs::write(path, text).expect("a file");
        }
        folder
    }

    /// What verifying finds.
    pub(super) async fn problems(&self) -> Value {
        let verified = office::verify(&self.store, &self.live).await;
        verified.map_or_else(|stop| json!(format!("{stop:?}")), |verified| json!(verified.problems))
    }
}

/// Checks texts as they are on a day.
pub(super) fn examine(texts: &Texts, now: Stamp) -> Answer<ActiveRelease> {
    let all = texts.iter().map(|(path, text)| (path.clone(), text.clone().into_bytes()));
    let (texts, places) = all.partition(|(path, _): &(String, Vec<u8>)| is_policy_path(path));
    let examined = office::examine_texts_on(texts, places, Some(now.day_in(ZONE)));
    examined.live.ok_or_else(|| OfficeStop::Problems(Box::new(examined.sources), examined.diagnostics))
}

/// An hour of a day.
pub(super) fn moment(day: &str, hour: u32) -> Stamp {
    let day: Day = day.parse().expect("a day");
    Stamp::from_local(day.and_hms_opt(hour, 0, 0).expect("an hour"), ZONE)
}

async fn open(folder: &TempDir) -> Store {
    let url = crate::database::url(&folder.path().join("wubu.db"));
    Store::open(&url, Access::Write).await.expect("opens")
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn folder_texts(folder: &Path) -> Texts {
    let mut texts = Texts::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in std::fs::read_dir(&next).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(folder).expect("below it").display().to_string();
                texts.insert(name, read(&path));
            }
        }
    }
    texts
}
