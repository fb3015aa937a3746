//! What comes from outside: registers, signals, calendars, rules, time, and what leaves the building.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use serde::Deserialize;
use serde_json::Value;
use wubu::digest::Digest;
use wubu::notify::{Carrier, Carrying, Channels, DeliveryResult, Message, Secrets};
use wubu::office::{self, ChangeHand, Delivery, ProposalApproval, SignalWish};
use wubu::policy::ImportKind;
use wubu::time::{FixedClock, Stamp};

use super::chance::Chance;
use super::life::{Deed, Life, examine};
use super::staff::{headings, row};

/// A passage of a text that is changed, and back.
#[derive(Clone, Deserialize)]
struct Edit {
    file: String,
    from: String,
    to: String,
}

/// A file of some subjects comes in, with some of its columns.
pub(super) async fn subjects(life: &mut Life) -> Option<Deed> {
    let is_small = life.texts.contains_key("workflows/visit.yaml");
    let columns: &[&str] = match life.chance.below(6) {
        0 => &["id", "name"],
        1 | 2 => &["id", "status", "status_on"],
        3 => &["id", "station", "grid"],
        4 => &["id", "warned", "area", "address"],
        _ => &["id", "name", "station", "grid", "industry", "registered", "warned", "area", "last_patrol"],
    };
    let mut csv = headings(life, "subjects", columns);
    for _ in 0..=life.chance.below(4) {
        let id = if life.chance.percent(60) {
            life.any_subject().await.unwrap_or_default()
        } else {
            format!("新-{}", life.chance.below(6))
        };
        let stations: Vec<String> = life.officers().await.into_iter().filter_map(|one| one.station).collect();
        let station = life.chance.any(&stations).unwrap_or_default();
        let trades: &[&str] = if is_small { &["饭店", "书店"] } else { &["5223", "7020", "6210"] };
        let of = |column: &&str| match *column {
            "id" => id.clone(),
            "name" | "address" => life.chance.words().replace('\n', " "),
            "station" => station.clone(),
            "industry" => (*life.chance.of(trades)).to_owned(),
            "registered" => "2020-01-01".to_owned(),
            "warned" => (*life.chance.of(&["是", "否"])).to_owned(),
            "area" => (*life.chance.of(&["", "86.5", "120"])).to_owned(),
            "status" => (*life.chance.of(&["在业", "在业", "歇业", "歇业", "注销"])).to_owned(),
            "status_on" => life.today().to_string(),
            "last_patrol" => life.day(-40).to_string(),
            _ => String::new(),
        };
        csv += &row(columns.iter().map(of));
    }
    let done = life.import(ImportKind::Subjects, &csv, None).await;
    let kind = match columns[1] {
        "status" => "import statuses",
        "station" => "move subjects",
        _ if columns.len() < 9 => "import some columns",
        _ => "import subjects",
    };
    Some(Deed::of(kind, csv, done))
}

/// A file of inspections comes in.
pub(super) async fn inspections(life: &mut Life) -> Option<Deed> {
    let columns = ["id", "subject", "on", "result"];
    let problems = ["重大", "一般"];
    let mut csv = headings(life, "inspections", &columns);
    csv.truncate(csv.trim_end().len());
    for problem in problems {
        let bureau: Value = serde_yaml::from_str(&life.texts["bureau.yaml"]).expect("the bureau's text");
        let heading = &bureau["imports"]["inspections"]["default"]["problems"][problem];
        csv.extend([",", heading.as_str().unwrap_or_default()]);
    }
    csv.push('\n');
    for _ in 0..=life.chance.below(3) {
        let subject = life.any_subject().await?;
        let before = life.chance.days(60);
        let on = life.day(-before).to_string();
        let id = format!("查-{}", life.chance.below(20));
        let (major, minor) = (life.chance.below(2), life.chance.below(3));
        let cells = [id, subject, on, life.chance.words(), major.to_string(), minor.to_string()];
        csv += &row(cells.into_iter());
    }
    let done = life.import(ImportKind::Inspections, &csv, None).await;
    Some(Deed::of("import inspections", csv, done))
}

/// A signal about a subject.
pub(super) async fn signal(life: &mut Life) -> Option<Deed> {
    let names = ["subject.suspended", "subject.resumed", "subject.resumed", "subject.closed"];
    let name = *life.chance.of(&names);
    let (subject, by) = (life.any_subject().await?, life.chief().await);
    let wish = SignalWish { name, subject: &subject, data: None, by: &by };
    let done = office::signal(life.cx(), wish).await;
    Some(Deed::of(name, format!("{subject} by {by}"), done))
}

/// A calendar with other days of rest.
pub(super) async fn calendar(life: &mut Life) -> Option<Deed> {
    let (rest, month) = (1 + life.chance.below(27), *life.chance.of(&["04", "05", "09", "10"]));
    let text = format!(
        "calendar: cn\nyears:\n  2027: {{notice: 公布, rest: [2027-01-01..2027-01-03], work: [2027-01-10]}}\n  \
         2026: {{notice: 公布, rest: [2026-01-01..2026-01-03, 2026-{month}-{rest:02}]}}\n"
    );
    let (folder, file) = (life.policy_folder(), life.path("calendar.yaml"));
    std::fs::write(&file, text).expect("a file");
    let proposed = match office::propose_calendar(life.cx(), &folder, &file) {
        Ok(proposed) => proposed,
        Err(stop) => return Some(Deed::of("calendar", "", Err::<(), _>(stop))),
    };
    let path = "calendars/cn.yaml";
    proposed.file.write(&folder).expect("written");
    let written = std::fs::read_to_string(folder.join(path)).expect("a file");
    let by = life.chief().await;
    let done = office::import_calendar(&life.store, proposed, &by, life.now).await;
    let waits = done.as_ref().is_ok_and(|done| done.proposed.is_some());
    if done.is_ok() && !waits {
        life.texts.insert(path.to_owned(), written);
        life.reload().await;
    }
    let kind = if waits { "propose calendar" } else { "calendar" };
    Some(Deed::of(kind, format!("{month}-{rest} by {by}"), done))
}

/// A text is changed, or back; where a change waits, it may be approved first.
pub(super) async fn edit(life: &mut Life) -> Option<Deed> {
    let waiting = office::list_proposals(&life.store).await.expect("read");
    if !waiting.is_empty() && life.chance.percent(60) {
        return approve(life).await;
    }
    let edits: Vec<Edit> = serde_yaml::from_str(include_str!("edits.yaml")).expect("edits");
    let known = |edit: &&Edit| {
        let text = life.texts.get(&edit.file);
        text.is_some_and(|text| text.contains(&edit.from) || text.contains(&edit.to))
    };
    let edits: Vec<Edit> = edits.iter().filter(known).cloned().collect();
    let Edit { file, from, to } = life.chance.any(&edits)?;
    let mut texts = life.texts.clone();
    let text = &texts[&file];
    let is_back = text.contains(&to) && !text.contains(&from);
    let text = if is_back { text.replace(&to, &from) } else { text.replace(&from, &to) };
    texts.insert(file, text);
    apply(life, "apply", to, texts).await
}

/// A station tightens for some days, or its overlay is taken away.
pub(super) async fn overlay(life: &mut Life) -> Option<Deed> {
    let path = "stations/east/overlay.yaml".to_owned();
    let visit = life.texts.get("workflows/visit.yaml")?;
    let mut texts = life.texts.clone();
    if texts.remove(&path).is_some() && life.chance.percent(50) {
        return apply(life, "take overlay away", String::new(), texts).await;
    }
    let digest = |text: &str| Digest::of(text.as_bytes()).to_string()[..12].to_owned();
    let (visit, tiers) = (digest(visit), digest(&life.texts["rules/tiers.yaml"]));
    let ahead = life.chance.days(3);
    let (from, to) = (life.day(ahead), life.day(9));
    let tighten = *life.chance.of(&[
        "tiers.低.cycle: 1 个月",
        "visit.steps.review.due: 1 工作日",
        "params.repeat_findings: 1",
    ]);
    let text = format!(
        "overlay: 东所-{from}\nstation: east\nbase: {{visit: \"{visit}\", tiers: \"{tiers}\"}}\n\
         valid: {{from: {from}, to: {to}}}\nreason: 所务会\nauthor: 东长\ntighten: {{\"{}\n",
        tighten.replacen(": ", "\": ", 1) + "}"
    );
    texts.insert(path, text.clone());
    apply(life, "overlay", text, texts).await
}

async fn apply(life: &mut Life, kind: &'static str, what: String, texts: super::life::Texts) -> Option<Deed> {
    let proposed = match examine(&texts, life.now) {
        Ok(proposed) => proposed,
        Err(stop) => return Some(Deed::of(kind, what, Err::<(), _>(stop))),
    };
    let by = life.somebody(&["法制科"]).await;
    let reason = life.chance.words();
    let hand = ChangeHand { by: Some(&by), reason: Some(&reason), plan: None };
    let done = office::apply(&life.store, proposed, hand, life.now).await;
    let waits = done.as_ref().is_ok_and(|done| done.state != office::ReleaseState::Active);
    if done.is_ok() && !waits {
        life.texts = texts;
        life.reload().await;
    }
    Some(Deed::of(if waits { "propose" } else { kind }, what, done))
}

/// A second person approves what waits, for now or for a day to come.
pub(super) async fn approve(life: &mut Life) -> Option<Deed> {
    let waiting = office::list_proposals(&life.store).await.expect("read");
    let release = life.chance.any(&waiting)?.release;
    let by = life.somebody(&["分管局长", "机关负责人"]).await;
    let on = life.chance.percent(40).then(|| life.day(2));
    let approval = ProposalApproval { release, by: &by, on };
    let done = office::approve_proposal(&life.store, approval, life.now).await;
    life.reload_with_texts().await;
    Some(Deed::of(
        if on.is_some() { "approve for a day" } else { "approve proposal" },
        format!("{release}"),
        done,
    ))
}

/// An earlier release comes into force again.
pub(super) async fn rollback(life: &mut Life) -> Option<Deed> {
    let releases = office::releases(&life.store).await.expect("read");
    let number = i64::try_from(1 + life.chance.below(releases.len() as u64)).expect("small");
    let by = life.somebody(&["法制科", "分管局长"]).await;
    let hand = ChangeHand { by: Some(&by), reason: Some("退回"), plan: None };
    let done = office::rollback(&life.store, number, hand, life.now).await;
    life.reload_with_texts().await;
    Some(Deed::of("rollback", format!("{number} by {by}"), done))
}

/// A pass; now and then told to stop in the midst.
pub(super) async fn tick(life: &mut Life) -> Option<Deed> {
    if office::begin_approved(&life.store, life.now).await.expect("begun").is_some() {
        life.reload_with_texts().await;
    }
    let is_stopped = life.chance.percent(10);
    let done = office::tick(life.cx(), &AtomicBool::new(is_stopped)).await;
    let opened = done.as_ref().is_ok_and(|report| report.opened > 0);
    let rang = done.as_ref().is_ok_and(|report| report.escalated > 0);
    let kind = match (is_stopped, opened, rang) {
        (true, ..) => "tick, stopped",
        (false, true, _) => "tick that opens",
        (false, false, true) => "tick that escalates",
        (false, false, false) => "tick",
    };
    Some(Deed::of(kind, format!("{done:?}"), done))
}

/// The clock is accepted as it stands, or the daemon begins anew.
pub(super) async fn begin_again(life: &mut Life) -> Option<Deed> {
    if life.chance.percent(50) {
        life.restart().await;
        return Some(Deed::of("restart", "", Ok(())));
    }
    let done = office::accept_clock(life.cx(), None).await;
    Some(Deed::of("accept clock", "", done))
}

/// Carries by chance.
#[derive(Debug)]
struct Fickle(u64);

impl Carrier for Fickle {
    fn carry(self: Arc<Self>, message: Message, now: Stamp) -> Carrying {
        let mut chance = Chance::new(self.0 ^ now.micros().unsigned_abs());
        let result = match chance.below(6) {
            0 => DeliveryResult::Later("451".to_owned(), Some(Duration::from_mins(1))),
            1 => DeliveryResult::Silent,
            2 => DeliveryResult::Refused("550".to_owned()),
            3 => DeliveryResult::Unreachable("unreachable".to_owned()),
            _ if message.key.is_empty() => DeliveryResult::Silent,
            _ => DeliveryResult::Delivered,
        };
        Box::pin(async move { result })
    }
}

/// What is to be told goes out, or what was given up is tried again.
pub(super) async fn deliver(life: &mut Life) -> Option<Deed> {
    if life.chance.percent(20) {
        let cause = *life.chance.of(&["nobody", "mail", "webhook"]);
        let done = office::retry_outbox(life.cx(), cause, None, false).await;
        return Some(Deed::of("retry outbox", cause, done));
    }
    let policy = &life.live.policy;
    let fickle = Arc::new(Fickle(life.chance.below(1_000)));
    let channels = Channels::new(&policy.notices, &policy.bureau.title, &Secrets::default());
    let channels = channels.carried_by("mail", "", fickle.clone()).carried_by("webhook", "bridge", fickle);
    let directory = office::directory(life.cx()).await.expect("read");
    let (clock, stop) = (FixedClock(life.now), AtomicBool::new(false));
    let delivery = Delivery {
        store: &life.store,
        directory: &directory,
        channels: &channels,
        clock: &clock,
        stop: &stop,
    };
    let done = office::deliver(&life.live, delivery).await;
    Some(Deed::of("deliver", format!("{done:?}"), done))
}
