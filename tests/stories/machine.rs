//! Every state meets every event: what is lawful in stories, what is not by trying it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use serde::Deserialize;
use serde_json::Value;
use strum::IntoEnumIterator as _;
use wubu::engine::machine::{Disposition, EventKind, StateKind, fate};
use wubu::engine::{
    Act, ActKind, ChangeCause, DecisionContext, Doing, Event, Migration, Numbering, Order, OrderEnd,
    OrderHeader, OrderOrigin, OrderRecord, OrderState, PinnedPolicy, Refusal, Signal, TermKind, TermMoment,
    UnitOfWork, open, step,
};
use wubu::id::OrderId;
use wubu::people::{Officer, Post, Roster};
use wubu::policy::{OpenTerms, Policy, SubjectKind, load};
use wubu::rules::Rules;
use wubu::time::{Day, Stamp};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Story {
    story: String,
    acts: Vec<Line>,
}

/// One line of a story: something that happens, and what must come of it.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Line {
    at: String,
    on: Option<i64>,
    open: Option<String>,
    by: Option<String>,
    #[serde(rename = "do")]
    doing: Option<String>,
    action: Option<String>,
    form: Option<Value>,
    to: Vec<String>,
    reason: Option<String>,
    note: Option<String>,
    length: Option<String>,
    approver: Option<String>,
    document: Option<String>,
    step_named: Option<String>,
    fire: Option<Fire>,
    signal: Option<String>,
    station: Option<String>,
    retry: Option<String>,
    now: Option<String>,
    step: Option<String>,
    due: Option<String>,
    refused: Option<String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Fire {
    step: String,
    kind: TermKind,
    #[serde(default)]
    level: u32,
}

struct Plain;

impl Numbering for Plain {
    fn number(&self, OrderId { home, seq }: OrderId<&str>, on: Day) -> String {
        format!("{home}〔{}〕{seq}号", on.format("%Y"))
    }
}

/// A policy and its rules; `mended` is the same with the failing row gone.
struct Ready {
    policy: Policy,
    rules: Rules,
}

fn ready(mend: bool) -> Ready {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/stories/machine/policy");
    let mut texts = wubu::files::read_folder(&folder).expect("the folder is there");
    for (path, bytes) in &mut texts {
        if mend && path == "workflows/whole.yaml" {
            let text = String::from_utf8(bytes.clone()).expect("UTF-8");
            *bytes = text
                .replace("{when: broken.count > 0, go: choose}", "{when: has(broken.count), go: choose}")
                .into();
        }
    }
    let policy = load(texts).policy.expect("the policy loads");
    let (rules, found) = Rules::compile(&policy);
    Ready { rules: rules.unwrap_or_else(|| panic!("{found:?}")), policy }
}

fn roster() -> Roster {
    let people = [
        ("甲", Some("西所"), "监管人员"),
        ("乙", Some("西所"), "监管人员"),
        ("丙", Some("西所"), "监管人员"),
        ("丁", Some("东所"), "监管人员"),
        ("所长", Some("西所"), "所长"),
        ("东所长", Some("东所"), "所长"),
        ("法制", None, "法制科"),
        ("正职", None, "机关负责人"),
    ];
    let officers = people.map(|(id, station, role)| {
        let posts = vec![Post { role: role.to_owned(), from: None, until: None }];
        let station = station.map(str::to_owned);
        (
            id.to_owned(),
            Officer { id: id.to_owned(), name: id.to_owned(), station, posts, ..Officer::default() },
        )
    });
    Roster { officers: BTreeMap::from(officers), ..Roster::default() }
}

fn cover(workflow: &str, at: Stamp, day: Day) -> OrderHeader {
    OrderHeader {
        id: OrderId { home: "西所".to_owned(), seq: 0 },
        number: String::new(),
        workflow: workflow.to_owned(),
        subject_kind: SubjectKind::Subject,
        subject: "店一".to_owned(),
        station: "西所".to_owned(),
        grid: None,
        tier: Some("甲".to_owned()),
        scheduled_for: day,
        issued_at: at,
        due_on: "2026-03-16".parse().expect("a day"),
    }
}

/// Pairs that were reached.
type Reached = BTreeSet<(StateKind, EventKind)>;

struct Desk<'a> {
    live: &'a Ready,
    mended: &'a Ready,
    docket: UnitOfWork<'a>,
    reached: Reached,
    tried: BTreeSet<StateKind>,
}

impl<'a> Desk<'a> {
    fn new(live: &'a Ready, mended: &'a Ready) -> Self {
        let pinned = PinnedPolicy { policy: &live.policy, rules: &live.rules };
        let docket = UnitOfWork::new(pinned, roster(), &Plain);
        Self { live, mended, docket, reached: Reached::new(), tried: BTreeSet::new() }
    }

    fn tell(&mut self, line: &Line, place: &str) {
        let zone = self.live.policy.bureau.zone;
        let at: chrono::NaiveDateTime = format!("{}:00", line.at).parse().expect("a moment");
        let now = Stamp::from_local(at, zone);
        let key = OrderId { home: "西所".to_owned(), seq: line.on.unwrap_or(1) };
        let before = self.docket.changes().len();
        let stood = self.docket.get(&key).map(|(order, _)| order.clone());
        let answer = self.happen(line, &key, now);
        match (&line.refused, answer) {
            (Some(wanted), Err(refusal)) => {
                assert_eq!(*wanted, refusal.id, "{place}: {refusal:?}");
                assert_eq!(self.docket.changes().len(), before, "{place}: a refusal leaves nothing behind");
            }
            (Some(wanted), Ok(())) => panic!("{place}: not refused, {wanted} expected"),
            (None, Err(refusal)) => panic!("{place}: refused: {refusal:?}"),
            (None, Ok(())) => {
                // An event may be lawful and change nothing, such as the last day of a term.
                if let (Some(stood), Some(event)) = (&stood, event_of(line, None)) {
                    self.reached.insert((StateKind::met(stood, &event), EventKind::of(&event)));
                }
            }
        }
        for change in &self.docket.changes()[before..] {
            let (from, kind) = match &change.happened {
                ChangeCause::Opened(_) => (StateKind::at(&change.before, None), EventKind::Open),
                ChangeCause::Event(event) => (StateKind::met(&change.before, event), EventKind::of(event)),
            };
            let to = met_after(&change.outcome.next, line.step_named.as_deref());
            self.reached.insert((from, kind));
            match fate(from, kind) {
                Disposition::Leads(states) => {
                    assert!(states.contains(&to), "{place}: {kind:?} in {from:?} led to {to:?}");
                }
                other => panic!("{place}: {kind:?} in {from:?} happened; the table says {other:?}"),
            }
        }
        let (order, _) = self.docket.get(&key).expect("the order is held");
        let order = order.clone();
        let found = met_after(&order, line.step_named.as_deref());
        if let Some(wanted) = &line.now {
            assert_eq!(*wanted, format!("{found:?}").to_lowercase(), "{place}: {:?}", order.state);
        }
        let here = order.first_place();
        if let Some(step) = &line.step {
            assert_eq!(Some(step), here.map(|place| &place.step), "{place}: {:?}", order.state);
        }
        if let Some(due) = &line.due {
            assert_eq!(Some(due.clone()), here.and_then(|p| p.due).map(|day| day.to_string()), "{place}");
        }
        self.try_all(&order, now, place);
    }

    fn happen(&mut self, line: &Line, key: &OrderId, now: Stamp) -> Result<(), Refusal> {
        if let Some(workflow) = &line.open {
            let opened = OrderOrigin {
                trigger: "hand".to_owned(),
                nominal: line.at.clone(),
                policy: self.live.policy.digest.to_string(),
                ..OrderOrigin::default()
            };
            let day = now.day_in(self.live.policy.bureau.zone);
            return self.docket.open(cover(workflow, now, day), opened, now).map(|_| ());
        }
        if line.retry.as_deref() == Some("mended") {
            let pinned = PinnedPolicy { policy: &self.mended.policy, rules: &self.mended.rules };
            self.docket.repin(key, pinned);
        }
        let holder = self.docket.get(key).and_then(|(order, _)| {
            let named = line.step_named.as_deref();
            let places = order.state.places();
            let place = places.iter().find(|place| Some(place.step.as_str()) == named);
            place.or(order.first_place())?.duty()?.assignees.first().cloned()
        });
        let Some(event) = event_of(line, holder) else { return Ok(()) };
        self.docket.apply(key, &event, now).map(|_| ())
    }

    /// Tries what the table says is refused or ignored in the state an order is in, once for each state.
    fn try_all(&mut self, order: &Order, now: Stamp, place: &str) {
        for named in std::iter::once(None).chain(order.state.places().iter().map(|p| Some(p.step.clone()))) {
            let found = met_after(order, named.as_deref());
            if !self.tried.insert(found) {
                continue;
            }
            self.attempt(order, found, named.as_deref(), now, place);
        }
    }

    fn attempt(&mut self, order: &Order, state: StateKind, named: Option<&str>, now: Stamp, place: &str) {
        let roster = self.docket.roster().clone();
        let ground = DecisionContext {
            policy: &self.live.policy,
            rules: &self.live.rules,
            roster: &roster,
            subject: None,
            given: None,
        };
        for kind in EventKind::all() {
            let wanted = fate(state, kind);
            // Where an order leads of itself, the acts of the stories say.
            let is_tried = kind == EventKind::Migrated;
            if matches!(wanted, Disposition::Leads(_)) && !is_tried {
                continue;
            }
            let by = order.first_place().and_then(|p| p.duty()).and_then(|d| d.assignees.first()).cloned();
            let event = sample(kind, by.as_deref().unwrap_or("所长"), named);
            let answer = match &event {
                None => open(&ground, order, None, now),
                Some(event) => step(&ground, order, event, now),
            };
            match (wanted, answer) {
                (Disposition::Refused(code), Err(refusal)) => {
                    assert_eq!(refusal.id, code.id(), "{place}: {kind:?} in {state:?}: {refusal:?}");
                }
                (Disposition::Ignored, Ok(outcome)) => {
                    assert!(
                        outcome.history.is_empty(),
                        "{place}: {kind:?} in {state:?} said {:?}",
                        outcome.history
                    );
                    assert_eq!(outcome.next, *order, "{place}: {kind:?} in {state:?}");
                }
                (Disposition::Leads(to), Ok(outcome)) => {
                    let found = met_after(&outcome.next, named);
                    assert!(to.contains(&found), "{place}: {kind:?} leads from {state:?} to {found:?}");
                    assert!(!outcome.history.is_empty(), "{place}: {kind:?} in {state:?} says nothing");
                }
                (wanted, answer) => panic!("{place}: {kind:?} in {state:?}: {wanted:?}, got {answer:?}"),
            }
            self.reached.insert((state, kind));
        }
    }
}

fn met_after(order: &Order, named: Option<&str>) -> StateKind {
    StateKind::at(order, named)
}

/// `经办` in `by` is whoever has the step in hand.
fn event_of(line: &Line, holder: Option<String>) -> Option<Event> {
    if let Some(fire) = &line.fire {
        let Fire { step, kind, level } = fire.clone();
        return Some(Event::Fired(TermMoment { step, visit: 1, kind, level }));
    }
    if let Some(signal) = &line.signal {
        return Some(Event::Signal(match signal.as_str() {
            "subject.moved" => {
                Signal::Moved { station: line.station.clone().unwrap_or_default(), grid: None }
            }
            name => Signal::Named(name.to_owned()),
        }));
    }
    if line.retry.is_some() {
        return Some(Event::Retry);
    }
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let doing = match line.doing.as_deref()? {
        "claim" => Doing::Claim,
        "complete" => Doing::Complete {
            action: line.action.clone(),
            answer: line.form.clone().map(Arc::new),
            attached: Vec::new(),
        },
        "return" => Doing::Return { reason: text(&line.reason) },
        "recall" => Doing::Recall { reason: text(&line.reason) },
        "transfer" => Doing::Transfer { to: line.to.clone(), reason: text(&line.reason) },
        "delegate" => Doing::Delegate { to: line.to[0].clone(), reason: text(&line.reason) },
        "add-signer" => Doing::AddSigner { to: line.to[0].clone(), reason: text(&line.reason) },
        "sign" => Doing::Sign,
        "nudge" => Doing::Nudge { note: line.note.clone() },
        "copy" => Doing::Copy { to: line.to[0].clone(), note: line.note.clone() },
        "extend" => Doing::Extend {
            by: line.length.clone(),
            reason: text(&line.reason),
            approver: text(&line.approver),
            document: line.document.clone(),
            begins_anew: true,
        },
        "pause" => Doing::Pause {
            reason: text(&line.reason),
            document: text(&line.document),
            approver: text(&line.approver),
        },
        "resume" => Doing::Resume,
        "waive" => Doing::Waive { document: text(&line.document) },
        "cancel" => Doing::Cancel { reason: text(&line.reason) },
        other => panic!("no such act: {other}"),
    };
    let by = match line.by.as_deref() {
        Some("经办") => holder.unwrap_or_default(),
        by => by.unwrap_or_default().to_owned(),
    };
    Some(Event::Act(Act { by, step: line.step_named.clone(), visit: None, note: None, doing }))
}

/// One event of each kind, as somebody who has the order in hand would try it; none for opening.
fn sample(kind: EventKind, by: &str, step: Option<&str>) -> Option<Event> {
    let (reason, approver) = ("试".to_owned(), "正职".to_owned());
    let doing = match kind {
        EventKind::Open => return None,
        EventKind::Ended => {
            let step = step.unwrap_or("others").to_owned();
            return Some(Event::Ended(OrderEnd {
                workflow: "part".to_owned(),
                step,
                visit: 1,
                is_cancelled: false,
            }));
        }
        EventKind::Signal => return Some(Event::Signal(Signal::Named("subject.closed".to_owned()))),
        EventKind::Fired => {
            let step = step.unwrap_or("first").to_owned();
            return Some(Event::Fired(TermMoment { step, visit: 1, kind: TermKind::Overdue, level: 1 }));
        }
        EventKind::Retry => return Some(Event::Retry),
        EventKind::Migrated => {
            let (renamed, terms) = (BTreeMap::new(), OpenTerms::Recount);
            return Some(Event::Migrated(Migration { release: 2, renamed, terms, rows: Vec::new() }));
        }
        EventKind::Act(ActKind::Claim) => Doing::Claim,
        EventKind::Act(ActKind::Complete) => {
            Doing::Complete { action: None, answer: None, attached: Vec::new() }
        }
        EventKind::Act(ActKind::Return) => Doing::Return { reason },
        EventKind::Act(ActKind::Recall) => Doing::Recall { reason },
        EventKind::Act(ActKind::Transfer) => Doing::Transfer { to: vec!["乙".to_owned()], reason },
        EventKind::Act(ActKind::Delegate) => Doing::Delegate { to: "乙".to_owned(), reason },
        EventKind::Act(ActKind::AddSigner) => Doing::AddSigner { to: "乙".to_owned(), reason },
        EventKind::Act(ActKind::Sign) => Doing::Sign,
        EventKind::Act(ActKind::Nudge) => Doing::Nudge { note: None },
        EventKind::Act(ActKind::Copy) => Doing::Copy { to: "乙".to_owned(), note: None },
        EventKind::Act(ActKind::Extend) => {
            Doing::Extend { by: None, reason, approver, document: None, begins_anew: true }
        }
        EventKind::Act(ActKind::Pause) => Doing::Pause { reason: reason.clone(), document: reason, approver },
        EventKind::Act(ActKind::Resume) => Doing::Resume,
        EventKind::Act(ActKind::Waive) => Doing::Waive { document: reason },
        EventKind::Act(ActKind::Cancel) => Doing::Cancel { reason },
    };
    Some(Event::Act(Act { by: by.to_owned(), step: step.map(str::to_owned), visit: None, note: None, doing }))
}

#[test]
fn every_state_meets_every_event() {
    let text =
        std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/stories/machine.yaml"));
    let stories: Vec<Story> = serde_yaml::from_str(&text.expect("the file is there")).expect("stories");
    let (live, mended) = (ready(false), ready(true));
    let mut reached = Reached::new();
    for story in &stories {
        let mut desk = Desk::new(&live, &mended);
        let day: Day = "2026-03-02".parse().expect("a day");
        let none = Order {
            cover: cover("whole", Stamp::day_start(day, live.policy.bureau.zone), day),
            record: OrderRecord::default(),
            state: OrderState::NotYet,
        };
        desk.try_all(&none, Stamp::day_start(day, live.policy.bureau.zone), &story.story);
        for (at, line) in story.acts.iter().enumerate() {
            desk.tell(line, &format!("{}, line {}", story.story, at + 1));
        }
        reached.append(&mut desk.reached);
    }
    let missed: Vec<String> = StateKind::iter()
        .flat_map(|state| EventKind::all().map(move |event| (state, event)))
        .filter(|pair| !reached.contains(pair))
        .map(|(state, event)| format!("{event} in {state:?}"))
        .collect();
    println!("{} pairs of state and event reached", reached.len());
    assert!(missed.is_empty(), "no story reaches: {}", missed.join(", "));
}
