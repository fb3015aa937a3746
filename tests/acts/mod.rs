//! Acts of people through the office: what is refused and what is not, and that an answer is a promise.

mod kill;
mod refusals;
mod together;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde_json::Value;
use tempfile::TempDir;
use wubu::engine::{Act, Doing, RefusalCode};
use wubu::files::SHIPPED;
use wubu::id::OrderId;
use wubu::lang::Lang;
use wubu::office::{
    self, ActAnswer, ActContext, ActWish, ActiveRelease, ImportSource, OfficeStop, OpenByHand,
};
use wubu::policy::{ImportKind, is_policy_path};
use wubu::store::{Access, Store};
use wubu::time::{Stamp, Tz};

/// The workflow of these tests, beside those that come with the program.
const PROBE: &str = include_str!("probe.yaml");
/// A working Friday morning.
const NOW: &str = "2026-03-13T01:00:00Z";
/// Who there is: id, role.
const PEOPLE: [(&str, &str); 6] = [
    ("令一", "指挥中心"),
    ("令二", "文书保管员"),
    ("所长", "所长"),
    ("副所长", "副所长"),
    ("档一", "档案员"),
    ("机一", "机关负责人"),
];

fn now() -> Stamp {
    NOW.parse().expect("a moment")
}

/// A bureau with the people above and some subjects, in a folder of its own.
struct Bureau {
    folder: TempDir,
    store: Store,
    live: Arc<ActiveRelease>,
    opened: usize,
}

impl Bureau {
    async fn new(subjects: usize) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let store = open(folder.path()).await;
        let live = office::activate(&store, proposed(PROBE), "test", now()).await.expect("a release");
        let bureau = Self { folder, store, live: Arc::new(live), opened: 0 };
        bureau.import(ImportKind::Officers, &people()).await;
        bureau.import(ImportKind::Subjects, &subjects_csv(subjects)).await;
        bureau
    }

    fn cx(&self) -> ActContext<'_> {
        ActContext::new(&self.store, &self.live, now())
    }

    async fn import(&self, kind: ImportKind, text: &str) {
        let path = self.folder.path().join("import.csv");
        std::fs::write(&path, text).expect("a file");
        let source = ImportSource {
            kind,
            map: "default".to_owned(),
            path: path.clone(),
            lang: Lang::Zh,
            by: None,
            is_trial: false,
        };
        let file = File::open(path).expect("a file");
        let done = office::import(self.cx(), &source, file, |_, _| {}).await;
        assert_eq!(done.expect("imported").rejected, 0);
    }

    /// Opens an order of a subject that has none.
    async fn open_order(&mut self) -> OrderId {
        let wish = OpenByHand {
            workflow: "probe".to_owned(),
            subject: format!("试-{:04}", self.opened),
            due: None,
            reason: None,
            actor: "所长".to_owned(),
        };
        self.opened += 1;
        let opened = office::open_by_hand(ActContext::new(&self.store, &self.live, now()), &wish)
            .await
            .expect("opens");
        office::order_key(self.cx(), &opened.id).await.expect("its key")
    }

    async fn act(&self, order: &OrderId, by: &str, doing: Doing) -> Result<ActAnswer, OfficeStop> {
        let act = Act { by: by.to_owned(), step: None, visit: None, note: None, doing };
        let wish = ActWish { order: order.clone(), act, key: None, version: None, files: Vec::new() };
        office::act(self.cx(), wish).await
    }

    fn file(&self) -> PathBuf {
        self.folder.path().join("wubu.db")
    }

    fn count(&self, sql: &str) -> i64 {
        crate::database::rows(&self.file(), sql)[0][0].as_i64().expect("a number")
    }
}

fn complete(answer: Option<Value>) -> Doing {
    Doing::Complete { action: None, answer: answer.map(Arc::new), attached: Vec::new() }
}

/// The shipped policy with the workflow of these tests.
fn proposed(probe: &str) -> ActiveRelease {
    let mut texts: BTreeMap<String, Vec<u8>> =
        SHIPPED.iter().map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec())).collect();
    texts.insert("workflows/probe.yaml".to_owned(), probe.as_bytes().to_vec());
    let (texts, places) = texts.into_iter().partition(|(path, _): &(String, Vec<u8>)| is_policy_path(path));
    let examined = office::examine_texts(texts, places);
    let problems: Vec<String> = examined
        .diagnostics
        .iter()
        .map(|problem| {
            let start = examined.sources.start(problem.span);
            format!("{} {}:{}", problem.code.id, examined.sources.file(problem.span.file).path, start.line)
        })
        .collect();
    examined.live.unwrap_or_else(|| panic!("{problems:?}"))
}

async fn open(folder: &Path) -> Store {
    let url = crate::database::url(&folder.join("wubu.db"));
    Store::open(&url, Access::Write).await.expect("opens")
}

fn people() -> String {
    let mut csv = "工号,姓名,所属工商所,角色,执法证号,执法证有效期至\n".to_owned();
    for (id, role) in PEOPLE {
        writeln!(csv, "{id},{id},dongguan,{role},Z{id},2030-12-31").expect("a String takes all");
    }
    csv
}

fn subjects_csv(count: usize) -> String {
    let mut csv = "统一社会信用代码,名称,管辖所,片区,行业代码,成立日期,信用等级,警示标志,重点区域,经营面积,经营地址,状态,状态日期,上次巡查,纬度,经度\n".to_owned();
    for at in 0..count {
        writeln!(csv, "试-{at:04},试验店{at},dongguan,G01,5223,2020-01-01,B,否,否,,,,,,,")
            .expect("a String takes all");
    }
    csv
}

fn refused(answer: Result<ActAnswer, OfficeStop>) -> &'static str {
    match answer {
        Err(OfficeStop::Refused(refusal)) => refusal.id,
        other => panic!("not refused: {other:?}"),
    }
}

fn zone() -> Tz {
    Tz::Asia__Shanghai
}

/// Every refusal of the engine and of the office that a person can meet by acting.
fn codes() -> impl Iterator<Item = &'static str> {
    RefusalCode::ALL.iter().map(|code| code.id()).filter(|id| *id >= "R010")
}
