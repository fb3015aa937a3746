//! Documents and blanks: stories that a policy officer could read, numbers under load, printed pages.
//!
//! Each `*.yaml` is a story on one order of the shipped bureau; to add a case, add a file.

mod numbers;
pub(crate) mod pages;
mod story;

use std::collections::BTreeMap;
use std::fs::File;
use std::path::PathBuf;
use std::sync::Arc;

use tempfile::TempDir;
use wubu::files::SHIPPED;
use wubu::lang::Lang;
use wubu::office::{self, ActContext, ActiveRelease, ImportSource, OpenByHand};
use wubu::policy::{ImportKind, is_policy_path};
use wubu::store::{Access, Store};
use wubu::time::{Day, Stamp, Tz};

pub(crate) const ZONE: Tz = Tz::Asia__Shanghai;

/// A bureau with the shipped policy, six people, two subjects, and one order, `dongguan-1`.
struct Desk {
    folder: TempDir,
    store: Store,
    live: Arc<ActiveRelease>,
}

const OFFICERS: &str = "工号,姓名,所属工商所,角色,执法证号,执法证有效期至\n\
F1,方正,,法制科,,\n\
F2,傅明,,法制科,,\n\
J1,贾局,,分管局长,,\n\
S1,孙所,dongguan,所长,,\n\
S2,沈所,xihe,所长,,\n\
K1,孔保,dongguan,文书保管员,Z-9,2030-01-01\n\
P1,潘一,dongguan,监管人员,Z-1,2030-01-01\n\
P2,裴二,dongguan,监管人员,Z-2,2030-01-01\n";

const SUBJECTS: &str = "统一社会信用代码,名称,管辖所,片区,行业代码,成立日期,信用等级,经营地址\n\
91440300708461136T,东关 <甲> 食品店,dongguan,G01,5223,2020-01-01,B,东关街 1 号\n";

fn stamp(text: &str) -> Stamp {
    let day: Day = text.parse().expect("a day");
    Stamp::day_end(day, ZONE)
}

impl Desk {
    async fn new(begins: &str) -> Self {
        Self::with(begins, BTreeMap::new()).await
    }

    /// Opens a bureau whose policy has these texts besides.
    async fn with(begins: &str, more: BTreeMap<String, String>) -> Self {
        let shipped = SHIPPED.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned()));
        let texts: BTreeMap<String, String> = shipped.chain(more).collect();
        let all = texts.into_iter().map(|(path, text)| (path, text.into_bytes()));
        let (texts, places) = all.partition(|(path, _): &(String, Vec<u8>)| is_policy_path(path));
        let live = office::examine_texts(texts, places).live.expect("the policy has no error");
        let folder = tempfile::tempdir().expect("a temporary folder");
        let url = crate::database::url(&folder.path().join("wubu.db"));
        let store = Store::open(&url, Access::Write).await.expect("a database");
        let now = stamp(begins);
        let live = Arc::new(office::activate(&store, live, "story", now).await.expect("a release"));
        let desk = Self { folder, store, live };
        desk.import(ImportKind::Officers, OFFICERS, now).await;
        desk.import(ImportKind::Subjects, SUBJECTS, now).await;
        let wish = OpenByHand {
            workflow: "five-step".to_owned(),
            subject: "91440300708461136T".to_owned(),
            due: None,
            reason: None,
            actor: "S1".to_owned(),
        };
        let opened = office::open_by_hand(ActContext::new(&desk.store, &desk.live, now), &wish)
            .await
            .expect("an order");
        assert_eq!(opened.id, "dongguan-1");
        desk
    }

    async fn import(&self, kind: ImportKind, text: &str, now: Stamp) {
        let path: PathBuf = self.folder.path().join("rows.csv");
        std::fs::write(&path, text).expect("written");
        let file = File::open(&path).expect("just written");
        let source =
            ImportSource { kind, map: "default".to_owned(), path, lang: Lang::Zh, by: None, is_trial: false };
        let done =
            office::import(ActContext::new(&self.store, &self.live, now), &source, file, |_, _| {}).await;
        assert_eq!(done.expect("imported").rejected, 0);
    }

    fn database(&self) -> PathBuf {
        self.folder.path().join("wubu.db")
    }
}

fn run<F: Future>(future: F) -> F::Output {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    runtime.expect("a runtime").block_on(future)
}
