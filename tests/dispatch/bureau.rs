//! A bureau in a folder of its own, acted upon through the office as the doors do.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs::File;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use chrono::NaiveDateTime;
use serde_json::{Map, Value, json};
use tempfile::TempDir;
use wubu::files::SHIPPED;
use wubu::lang::Lang;
use wubu::office::{self, ActContext, ActiveRelease, ImportSource, OfficeStop, OpenByHand, OrderFilter};
use wubu::policy::{ImportKind, is_policy_path};
use wubu::store::{Access, Store};
use wubu::time::{Day, Stamp, Tz};

use super::same;
use super::story::{Edit, Rows, Step, Story, Wish};

const ZONE: Tz = Tz::Asia__Shanghai;

type Texts = BTreeMap<String, String>;

pub(super) struct Bureau {
    folder: TempDir,
    texts: Texts,
    pub(super) store: Store,
    live: Arc<ActiveRelease>,
    /// What the newest act was turned down with.
    refused: Vec<String>,
    /// Whether somebody is registered who opens orders by hand and imports calendars.
    has_chief: bool,
}

/// Who opens orders by hand and imports calendars.
const CHIEF: &str = "局长";

/// The chief, and two who may go on patrol.
const OFFICERS: &str = "工号,姓名,所属工商所,角色,执法证号,执法证有效期至\n\
局长,局长,,机关负责人,,\n\
甲,甲,dongguan,监管人员,执1,2035-12-31\n\
乙,乙,dongguan,监管人员,执2,2035-12-31\n";

/// Reads a local time, or a day, which means its last second.
pub(super) fn moment(text: &str) -> Stamp {
    if let Ok(day) = text.parse::<Day>() {
        return Stamp::day_end(day, ZONE);
    }
    let local = NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M").expect("a local time");
    Stamp::from_local(local, ZONE)
}

fn edit(texts: &mut Texts, edits: &[Edit]) {
    for edit in edits {
        let text = match (&edit.replace, &edit.by, &edit.text) {
            (Some(passage), Some(by), None) => {
                let old = texts.get(&edit.file).expect("a shipped file");
                assert_eq!(old.matches(passage.as_str()).count(), 1, "{}: {passage}", edit.file);
                old.replace(passage.as_str(), by)
            }
            (None, None, Some(text)) => text.clone(),
            _ => panic!("an edit has replace and by, or text"),
        };
        texts.insert(edit.file.clone(), text);
    }
}

fn examine(texts: &Texts, now: Stamp) -> office::FolderReport {
    let all = texts.iter().map(|(path, text)| (path.clone(), text.clone().into_bytes()));
    let (texts, places) = all.partition(|(path, _): &(String, Vec<u8>)| is_policy_path(path));
    office::examine_texts_on(texts, places, Some(now.day_in(ZONE)))
}

fn problems(sources: &wubu::diag::SourceMap, found: &[wubu::diag::Diagnostic]) -> Vec<String> {
    let told = |problem: &wubu::diag::Diagnostic| {
        let path = &sources.file(problem.span.file).path;
        format!("{path}:{} {}", sources.start(problem.span).line, problem.code.id)
    };
    found.iter().map(told).collect()
}

impl Bureau {
    pub(super) async fn new(story: &Story) -> Self {
        let mut texts: Texts =
            SHIPPED.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect();
        edit(&mut texts, &story.policy);
        let first = story.steps.first().map_or("2026-01-01", |step| &step.at);
        let before = moment(first).plus(-chrono::TimeDelta::days(1));
        let examined = examine(&texts, before);
        let proposed = examined.live.unwrap_or_else(|| {
            panic!("{}: {:?}", story.title, problems(&examined.sources, &examined.diagnostics))
        });
        let folder = tempfile::tempdir().expect("a temporary folder");
        let store = open(&folder).await;
        let live = office::activate(&store, proposed, "story", before).await.expect("a release");
        let has_chief = story.steps.iter().any(|step| step.open.is_some() || step.calendar.is_some());
        let mut bureau = Self { folder, texts, store, live: Arc::new(live), refused: Vec::new(), has_chief };
        bureau.import(&story.given, before).await;
        bureau
    }

    /// Returns what an act at a moment stands on.
    pub(super) fn context(&self, now: Stamp) -> ActContext<'_> {
        ActContext::new(&self.store, &self.live, now)
    }

    pub(super) fn file(&self) -> PathBuf {
        self.folder.path().join("wubu.db")
    }

    /// Acts, then looks.
    pub(super) async fn step(&mut self, step: &Step) -> Result<(), String> {
        let now = moment(&step.at);
        if let Some(told) = step.is_due {
            let found = office::is_due(ActContext::new(&self.store, &self.live, now))
                .await
                .map_err(|e| format!("{e:?}"))?;
            same(&json!(told), &json!(found)).map_err(|problem| format!("is_due: {problem}"))?;
        }
        let answers = self.act(step, now).await;
        let refused = std::mem::take(&mut self.refused);
        same(&json!(step.refused), &json!(refused)).map_err(|problem| format!("refused: {problem}"))?;
        for (name, told, found) in answers {
            same(told, &found).map_err(|problem| format!("{name}: {problem}"))?;
        }
        self.look(step, now).await
    }

    async fn act<'a>(&mut self, step: &'a Step, now: Stamp) -> Vec<(&'static str, &'a Value, Value)> {
        let mut answers = Vec::new();
        if let Some(rows) = &step.import {
            let imported = self.import(rows, now).await;
            answers.extend(step.imported.as_ref().map(|told| ("imported", told, imported)));
        }
        if let Some(edits) = &step.release {
            self.release(edits, now).await;
        }
        if let Some(text) = &step.calendar {
            let moves = self.calendar(text, now).await;
            answers.extend(step.moves.as_ref().map(|told| ("moves", told, moves)));
        }
        if let Some(wish) = &step.open {
            self.open(wish, now).await;
        }
        if step.restart {
            self.restart().await;
        }
        if step.accept_clock {
            office::accept_clock(ActContext::new(&self.store, &self.live, now), None)
                .await
                .expect("accepted");
        }
        if let Some(told) = &step.tick {
            let report =
                office::tick(ActContext::new(&self.store, &self.live, now), &AtomicBool::new(step.stopping))
                    .await;
            let report = self.taken(report).map_or(Value::Null, |report| json!(report));
            if self.refused.is_empty() {
                answers.push(("tick", told, report));
            }
        }
        answers
    }

    fn taken<T>(&mut self, result: Result<T, OfficeStop>) -> Option<T> {
        match result {
            Ok(value) => return Some(value),
            Err(OfficeStop::Refused(refusal)) => self.refused.push(refusal.id.to_owned()),
            Err(OfficeStop::Problems(sources, found)) => self.refused.extend(problems(&sources, &found)),
            Err(other) => self.refused.push(format!("{other:?}")),
        }
        None
    }

    async fn release(&mut self, edits: &[Edit], now: Stamp) {
        let mut texts = self.texts.clone();
        edit(&mut texts, edits);
        let examined = examine(&texts, now);
        match examined.live {
            Some(proposed) => {
                let live = office::activate(&self.store, proposed, "story", now).await.expect("a release");
                (self.live, self.texts) = (Arc::new(live), texts);
            }
            None => self.refused.extend(problems(&examined.sources, &examined.diagnostics)),
        }
    }

    /// Reads what an edited folder would say, where it holds together.
    pub(super) fn proposed(&self, edits: &[Edit], now: Stamp) -> Option<ActiveRelease> {
        let mut texts = self.texts.clone();
        edit(&mut texts, edits);
        examine(&texts, now).live
    }

    /// Goes on in a copy of its database, as if the bureau were another.
    pub(super) async fn copied(&self, name: &str) -> Store {
        let path = self.folder.path().join(name);
        self.store.copy_to(&path).await.expect("copied");
        Store::open(&crate::database::url(&path), Access::Write).await.expect("opens")
    }

    /// Imports a calendar file over a folder that holds the policy as it is.
    async fn calendar(&mut self, text: &str, now: Stamp) -> Value {
        let folder = self.folder.path().join("policy");
        for (path, text) in &self.texts {
            let path = folder.join(path);
            std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
            std::fs::write(path, text).expect("a file");
        }
        let file = self.folder.path().join("calendar.yaml");
        std::fs::write(&file, text).expect("a file");
        let cx = ActContext::new(&self.store, &self.live, now);
        let Some(proposed) = self.taken(office::propose_calendar(cx, &folder, &file)) else {
            return Value::Null;
        };
        let planned = office::plan_calendar(&self.store, &proposed, now).await.expect("a plan");
        proposed.file.write(&folder).expect("written");
        let answer = office::import_calendar(&self.store, proposed, CHIEF, now).await.expect("imported");
        assert_eq!(planned.moves, answer.moves, "what was planned is what happens");
        let path = "calendars/cn.yaml";
        self.texts.insert(path.to_owned(), std::fs::read_to_string(folder.join(path)).expect("a file"));
        self.live = Arc::new(office::live(&self.store).await.expect("a release").expect("a release"));
        json!(answer.moves)
    }

    async fn open(&mut self, wish: &Wish, now: Stamp) {
        let wish = OpenByHand {
            workflow: wish.workflow.clone(),
            subject: wish.subject.clone(),
            due: wish.due.as_ref().map(|due| due.parse().expect("a day")),
            reason: None,
            actor: CHIEF.to_owned(),
        };
        let opened = office::open_by_hand(ActContext::new(&self.store, &self.live, now), &wish).await;
        self.taken(opened);
    }

    /// Ends and begins again with what the database holds, as a daemon does.
    async fn restart(&mut self) {
        self.store = open(&self.folder).await;
        self.live = Arc::new(office::live(&self.store).await.expect("a release").expect("a release"));
    }

    async fn look(&self, step: &Step, now: Stamp) -> Result<(), String> {
        let (store, live) = (&self.store, &self.live);
        let cx = ActContext::new(store, live, now);
        if let Some(told) = &step.orders {
            same(told, &self.orders(now).await).map_err(|problem| format!("orders: {problem}"))?;
        }
        for (id, told) in &step.subjects {
            let found = office::subject(cx, id).await.map_err(|e| format!("{id}: {e:?}"))?;
            same(told, &json!(found)).map_err(|problem| format!("{id}: {problem}"))?;
        }
        for (id, told) in &step.why {
            let question = office::SubjectQuestion { id, ..office::SubjectQuestion::default() };
            let found = office::why_subject(cx, question).await.map_err(|e| format!("{id}: {e:?}"))?;
            same(told, &why(&found)).map_err(|problem| format!("why {id}: {problem}"))?;
        }
        for (id, told) in &step.history {
            let found = office::order_story(ActContext::new(store, live, now), id)
                .await
                .map_err(|e| format!("{id}: {e:?}"))?;
            same(told, &json!(found.history)).map_err(|problem| format!("history {id}: {problem}"))?;
        }
        if let Some(told) = step.releases {
            assert_eq!(office::releases(store).await.expect("releases").len(), told, "releases");
        }
        if let Some(told) = &step.skips {
            same(&json!(told), &json!(self.skips())).map_err(|problem| format!("skips: {problem}"))?;
        }
        Ok(())
    }

    pub(super) async fn orders(&self, now: Stamp) -> Value {
        let mut all = Vec::new();
        let each = |order: office::OrderLine| {
            let mut line = json!(order);
            line["issued_on"] = json!(order.issued_at[..10]);
            all.push(line);
            Ok(())
        };
        let cx = ActContext::new(&self.store, &self.live, now);
        office::orders(cx, &OrderFilter::default(), each).await.expect("orders");
        Value::Array(all)
    }

    fn skips(&self) -> Vec<String> {
        crate::database::texts(
            &self.file(),
            "SELECT on_day || ' ' || subject || ' ' || reason FROM skip ORDER BY on_day, subject, reason",
        )
    }

    pub(super) async fn verify(&self) -> Value {
        json!(office::verify(&self.store, &self.live).await.expect("verified"))
    }

    async fn import(&mut self, rows: &Rows, now: Stamp) -> Value {
        let subjects = subjects_csv(&rows.subjects);
        let inspections = inspections_csv(&rows.inspections);
        let officers = self.has_chief.then(|| OFFICERS.to_owned());
        let mut sum = json!({"added": 0, "changed": 0, "unchanged": 0, "rejected": 0});
        let all = [
            (ImportKind::Subjects, subjects),
            (ImportKind::Inspections, inspections),
            (ImportKind::Officers, officers),
        ];
        for (kind, text) in all {
            let Some(text) = text else { continue };
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
            // Stories know what will be inspected after the day on which they import it.
            let written = office::WrittenMoment {
                clock: "2100-01-01T00:00:00Z".parse().expect("a moment"),
                is_rehearsal: true,
            };
            let cx = ActContext::new(&self.store, &self.live, now).written(Some(written));
            let done = office::import(cx, &source, file, |_, _| {}).await;
            let done = json!(done.expect("imported"));
            if kind == ImportKind::Officers {
                continue;
            }
            for (name, count) in sum.as_object_mut().expect("an object") {
                *count = json!(count.as_u64().unwrap_or(0) + done[name].as_u64().unwrap_or(0));
            }
        }
        sum
    }
}

async fn open(folder: &TempDir) -> Store {
    let url = crate::database::url(&folder.path().join("wubu.db"));
    Store::open(&url, Access::Write).await.expect("opens")
}

/// The lines that decided as `file: text`, so that a story does not hang on line numbers; that a
/// line is named is checked here.
fn why(why: &office::Why) -> Value {
    let line = |because: &wubu::explain::DecisionReason| {
        assert!(because.line >= 1 && !because.file.is_empty());
        format!("{}: {}", because.file, because.text)
    };
    // What a station's own text says: where, and which overlay or what the bureau's script answers.
    let own = |own: &office::OverlayReason| {
        let who = own.overlay.as_ref().map(|name| &name.overlay).or(own.bureau.as_ref());
        format!("{} {} {}:{}", own.address, who.map_or("", String::as_str), own.file, own.line)
    };
    json!({
        "outcome": why.outcome,
        "because": why.because.iter().map(line).collect::<Vec<_>>(),
        "overlays": why.overlays.iter().map(own).collect::<Vec<_>>(),
    })
}

/// Columns of the subjects' file: the word in a story, the heading, what is meant when not told.
const SUBJECT: [(&str, &str, &str); 17] = [
    ("id", "统一社会信用代码", ""),
    ("name", "名称", ""),
    ("station", "管辖所", "dongguan"),
    ("grid", "片区", "G01"),
    ("industry", "行业代码", "5223"),
    ("registered", "成立日期", "2020-01-01"),
    ("credit", "信用等级", "B"),
    ("warned", "警示标志", "否"),
    ("key_area", "重点区域", "否"),
    ("status", "状态", ""),
    ("status_on", "状态日期", ""),
    ("last_patrol", "上次巡查", ""),
    ("area", "经营面积", ""),
    ("address", "经营地址", ""),
    ("lat", "纬度", ""),
    ("lon", "经度", ""),
    ("months", "周期", ""),
];

fn cell(row: &Map<String, Value>, name: &str, default: &str) -> String {
    match row.get(name) {
        None => default.to_owned(),
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    }
}

fn subjects_csv(rows: &[Map<String, Value>]) -> Option<String> {
    let mut csv = SUBJECT.map(|(_, heading, _)| heading).join(",");
    for row in rows {
        for key in row.keys() {
            assert!(key == "times" || SUBJECT.iter().any(|(name, ..)| name == key), "no column {key}");
        }
        let times = row.get("times").and_then(Value::as_u64);
        for at in 1..=times.unwrap_or(1) {
            let mut row = row.clone();
            if times.is_some() {
                row.insert("id".to_owned(), json!(format!("{}{at:03}", cell(&row, "id", ""))));
            }
            let name = cell(&row, "id", "");
            row.entry("name").or_insert(json!(name));
            let _ =
                write!(csv, "\n{}", SUBJECT.map(|(name, _, default)| cell(&row, name, default)).join(","));
        }
    }
    (!rows.is_empty()).then_some(csv)
}

fn inspections_csv(rows: &[Map<String, Value>]) -> Option<String> {
    let mut csv = "编号,统一社会信用代码,日期,结果,重大问题数,一般问题数".to_owned();
    for row in rows {
        let (subject, on) = (cell(row, "subject", ""), cell(row, "on", ""));
        let id = cell(row, "id", &format!("查-{subject}-{on}"));
        let (major, minor) = (cell(row, "重大", "0"), cell(row, "一般", "0"));
        let _ = write!(csv, "\n{id},{subject},{on},符合,{major},{minor}");
    }
    (!rows.is_empty()).then_some(csv)
}
