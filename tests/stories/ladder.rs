//! Each level of a ladder is told once: through downtime, clocks that jump and a completion that
//! races with the timer; in memory for many seeds, through the office for some.
//!
//! `WUBU_SEEDS` says how many seeds; a thousand of the one kind make ten of the other.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::AtomicBool;

use chrono::TimeDelta;
use wubu::engine::{
    Act, Doing, Event, HistoryEvent, Numbering, OrderHeader, OrderOrigin, PinnedPolicy, Refusal, TermKind,
    TermMoment, TermRow, UnitOfWork,
};
use wubu::files::SHIPPED;
use wubu::id::OrderId;
use wubu::lang::Lang;
use wubu::office::{self, ActContext, ActWish, ActiveRelease, OpenByHand};
use wubu::people::Roster;
use wubu::policy::{ImportKind, SubjectKind, is_policy_path};
use wubu::store::{Access, Store, outbox, terms};
use wubu::time::{Day, Stamp};

const WORKFLOW: &str = "
workflow: ladder
title: 督办试验
noun: 试验单
for: subject
effective: 2026-01-01
running: keep
steps:
  work:
    title: 办理
    who: {role: 指挥中心, station: subject.station}
    actions: [{id: 再来}, 完了]
    wait: [2 自然日, 1 自然日]
    due: 3 工作日
    visits: {at_most: 20, then: fin}
    overdue:
      - {after: -1 工作日, level: 0, tell: 经办人}
      - {after: 0 工作日, level: 1, tell: [经办人, 所长]}
      - {after: 2 工作日, level: 2, tell: 法制科}
      - {after: 5 工作日, level: 3, tell: 分管局长, start: aside}
    next:
      - {when: action == \"再来\", go: work, say: 再来一次}
      - {go: fin, say: 完了}
  fin: {title: 办结, end: true}
";

const ASIDE: &str = "
workflow: aside
title: 另案
noun: 另案
for: subject
effective: 2026-01-01
running: keep
steps:
  note: {title: 登记, who: {role: 法制科}, end: true}
";

/// Who is told at each level of the ladder.
const TOLD: [u64; 4] = [1, 2, 1, 1];

fn live() -> ActiveRelease {
    let shipped = SHIPPED.iter().map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec()));
    let own = [("workflows/ladder.yaml", WORKFLOW), ("workflows/aside.yaml", ASIDE)];
    let own = own.map(|(path, text)| (path.to_owned(), text.as_bytes().to_vec()));
    let mut all: BTreeMap<String, Vec<u8>> = shipped.chain(own).collect();
    // Without people in the register everybody may act, and nobody is chosen.
    all.retain(|path, _| path != "register/officers.csv");
    let (texts, places) = all.into_iter().partition(|(path, _)| is_policy_path(path));
    let examined = office::examine_texts(texts, places);
    examined.live.unwrap_or_else(|| panic!("{:?}", examined.diagnostics))
}

fn seeds(share: u64) -> u64 {
    let wanted = std::env::var("WUBU_SEEDS").ok().and_then(|text| text.parse().ok()).unwrap_or(1_000_u64);
    (wanted / share).max(1)
}

/// Numbers that look like chance and are the same for a seed.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % sides
    }

    /// Hours until something is done again: mostly some, now and then a long downtime, now and then a
    /// clock that was set back.
    fn hours(&mut self) -> i64 {
        let hours = match self.roll(10) {
            0 => self.roll(400) + 24,
            1 => return -i64::try_from(self.roll(72)).expect("few"),
            _ => self.roll(30) + 1,
        };
        i64::try_from(hours).expect("few")
    }

    fn completion(&mut self) -> Doing {
        let action = if self.roll(6) == 0 { "完了" } else { "再来" };
        Doing::Complete { action: Some(action.to_owned()), answer: None, attached: Vec::new() }
    }
}

fn begin() -> Stamp {
    "2026-03-02T01:00:00Z".parse().expect("a moment")
}

struct Plain;

impl Numbering for Plain {
    fn number(&self, OrderId { home, seq }: OrderId<&str>, _: Day) -> String {
        format!("{home}{seq}")
    }
}

type Row = (String, u32, TermKind, u32);

/// What the store does with rows of terms, in memory.
#[derive(Default)]
struct Rows(BTreeMap<Row, TermRow>);

impl Rows {
    fn take(&mut self, docket: &UnitOfWork<'_>, from: usize, key: &OrderId) {
        for change in docket.changes()[from..].iter().filter(|change| change.key == *key) {
            for (step, visit) in &change.outcome.left {
                let is_left = |row: &Row| (&row.0, row.1) == (step, *visit) && row.2 != TermKind::Window;
                self.0.retain(|row, term| term.fired_at.is_some() || !is_left(row));
            }
            for term in &change.outcome.terms {
                let row = (term.step.clone(), term.visit, term.kind, term.level);
                self.0.entry(row).or_insert_with(|| term.clone());
            }
        }
    }

    fn due(&self, now: Stamp) -> Vec<Row> {
        let waiting = self.0.iter().filter(|(_, term)| term.fired_at.is_none() && term.fires_at <= now);
        let mut due: Vec<(Stamp, Row)> = waiting.map(|(row, term)| (term.fires_at, row.clone())).collect();
        due.sort();
        due.into_iter().map(|(_, row)| row).collect()
    }
}

/// One order in memory, and who was told of what.
struct Table<'a> {
    docket: UnitOfWork<'a>,
    key: OrderId,
    rows: Rows,
    /// By visit: the levels told, in order, each with the moment.
    told: BTreeMap<u32, Vec<(u32, Stamp)>>,
}

impl<'a> Table<'a> {
    fn open(live: &'a ActiveRelease) -> Self {
        let pinned = PinnedPolicy { policy: &live.policy, rules: &live.rules };
        let mut docket = UnitOfWork::new(pinned, Roster::default(), &Plain);
        let day = begin().day_in(live.policy.bureau.zone);
        let cover = OrderHeader {
            id: OrderId { home: "dongguan".to_owned(), seq: 0 },
            number: String::new(),
            workflow: "ladder".to_owned(),
            subject_kind: SubjectKind::Subject,
            subject: "店".to_owned(),
            station: "dongguan".to_owned(),
            grid: None,
            tier: None,
            scheduled_for: day,
            issued_at: begin(),
            due_on: day,
        };
        let key = docket.open(cover, OrderOrigin::default(), begin()).expect("opens");
        let mut table = Self { docket, key, rows: Rows::default(), told: BTreeMap::new() };
        table.note(0, begin());
        table
    }

    fn apply(&mut self, event: &Event, now: Stamp) -> Result<(), Refusal> {
        let from = self.docket.changes().len();
        self.docket.apply(&self.key.clone(), event, now)?;
        self.note(from, now);
        Ok(())
    }

    fn note(&mut self, from: usize, now: Stamp) {
        for change in self.docket.changes()[from..].iter().filter(|change| change.key == self.key) {
            for entry in &change.outcome.history {
                if let HistoryEvent::Reminded { level, .. }
                | HistoryEvent::Escalated { level, .. }
                | HistoryEvent::LateAtOpening { level, .. } = entry.event
                {
                    let visit = change.outcome.next.record.steps["work"].visits;
                    self.told.entry(visit).or_default().push((level, now));
                }
            }
        }
        self.rows.take(&self.docket, from, &self.key);
    }

    fn is_open(&self) -> bool {
        self.docket.get(&self.key).is_some_and(|(order, _)| !order.state.places().is_empty())
    }
}

fn act(doing: Doing) -> Event {
    Event::Act(Act { by: "p".to_owned(), step: None, visit: None, note: None, doing })
}

#[test]
fn each_level_is_told_once_in_memory() {
    let live = live();
    for seed in 0..seeds(1) {
        let mut dice = Dice(seed);
        let mut table = Table::open(&live);
        let (mut now, mut last) = (begin(), begin());
        // Rows that were due while the timer looked and the visit went on: they must have been told.
        let mut owed: BTreeMap<Row, Stamp> = BTreeMap::new();
        for _ in 0..80 {
            now = now.plus(TimeDelta::hours(dice.hours()));
            if !table.is_open() {
                break;
            }
            // A clock that stands before the last pass holds the timer, not the people.
            let due = if now < last { Vec::new() } else { table.rows.due(now) };
            last = last.max(now);
            if dice.roll(3) == 0 {
                // Between the timer's look and its deed somebody completes; too early is refused.
                let done = table.apply(&act(dice.completion()), now);
                assert!(done.is_ok() || done.is_err_and(|no| no.id == "R016"), "seed {seed}");
            }
            for row in due {
                let Some(term) = table.rows.0.get_mut(&row).filter(|term| term.fired_at.is_none()) else {
                    continue;
                };
                assert!(term.fires_at <= now, "seed {seed}: {row:?} is early");
                term.fired_at = Some(now);
                let (step, visit, kind, level) = row.clone();
                table
                    .apply(&Event::Fired(TermMoment { step, visit, kind, level }), now)
                    .expect("lets it happen");
                if row.2 == TermKind::Overdue {
                    owed.insert(row, now);
                }
            }
        }
        for (visit, told) in &table.told {
            let levels: Vec<u32> = told.iter().map(|(level, _)| *level).collect();
            assert!(
                levels.is_sorted_by(|one, next| one < next),
                "seed {seed}: visit {visit} told {levels:?}"
            );
        }
        for ((_, visit, _, level), at) in &owed {
            let told = table.told.get(visit).map_or(&[][..], Vec::as_slice);
            assert!(
                told.contains(&(*level, *at)),
                "seed {seed}: level {level} of visit {visit} was not told"
            );
        }
    }
}

/// Makes a register of one subject and one officer.
async fn shop(store: &Store, live: &ActiveRelease, folder: &std::path::Path) {
    let subject =
        "统一社会信用代码,名称,管辖所,片区,行业代码,成立日期\n店一,店一,dongguan,,5223,2024-01-01\n";
    let officer = "工号,姓名,所属工商所,角色\np,p,dongguan,指挥中心、所长\n";
    for (kind, text) in [(ImportKind::Officers, officer), (ImportKind::Subjects, subject)] {
        let path = folder.join("rows.csv");
        std::fs::write(&path, text).expect("writes");
        let bytes = std::fs::File::open(&path).expect("opens");
        let source = office::ImportSource {
            kind,
            map: "default".to_owned(),
            path,
            lang: Lang::Zh,
            by: None,
            is_trial: false,
        };
        let done = office::import(ActContext::new(store, live, begin()), &source, bytes, |_, _| {}).await;
        assert_eq!(done.expect("imports").added, 1);
    }
}

#[test]
fn each_level_is_told_once_through_the_office() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    runtime.expect("a runtime").block_on(async {
        for seed in 0..seeds(100) {
            Box::pin(through_the_office(seed)).await;
        }
    });
}

async fn through_the_office(seed: u64) {
    let folder = tempfile::tempdir().expect("a folder");
    let url = crate::database::url(&folder.path().join("wubu.db"));
    let store = Store::open(&url, Access::Write).await.expect("opens");
    let live = office::activate(&store, live(), "test", begin()).await.expect("a release");
    shop(&store, &live, folder.path()).await;
    let wish = OpenByHand {
        workflow: "ladder".to_owned(),
        subject: "店一".to_owned(),
        due: None,
        reason: None,
        actor: "p".to_owned(),
    };
    office::open_by_hand(ActContext::new(&store, &live, begin()), &wish).await.expect("opens");
    let (mut dice, stop) = (Dice(seed), AtomicBool::new(false));
    let (mut now, mut last) = (begin(), begin());
    for _ in 0..24 {
        now = now.plus(TimeDelta::hours(dice.hours()));
        let doing = dice.completion();
        let wish = ActWish {
            order: OrderId { home: "dongguan".to_owned(), seq: 1 },
            act: Act { by: "p".to_owned(), step: None, visit: None, note: None, doing },
            key: None,
            version: None,
            files: Vec::new(),
        };
        // Whoever comes first, each pass and each act is whole.
        let pass = async {
            if now >= last {
                office::tick(ActContext::new(&store, &live, now), &stop).await.map(drop)
            } else {
                Ok(())
            }
        };
        if dice.roll(3) == 0 {
            let (passed, _acted) = tokio::join!(pass, office::act(ActContext::new(&store, &live, now), wish));
            passed.expect("a pass");
        } else {
            pass.await.expect("a pass");
        }
        last = last.max(now);
    }
    let mut reader = store.read().await.expect("reads");
    let rows = terms::of_order(&mut reader, OrderId { home: "dongguan", seq: 1 }).await.expect("reads");
    let fired = rows.iter().filter(|term| term.row.kind == TermKind::Overdue && term.row.fired_at.is_some());
    let expected: u64 = fired.map(|term| TOLD[usize::try_from(term.row.level).expect("small")]).sum();
    let all = outbox::of_orders(&mut reader, "dongguan", 1..=1).await.expect("reads");
    let told: Vec<_> = all
        .iter()
        .filter(|known| ["told", "late at opening"].contains(&known.entry.message.kind.as_str()))
        .collect();
    assert_eq!(told.len() as u64, expected, "seed {seed}: {told:?}");
    let places: BTreeSet<(i64, i64)> =
        told.iter().map(|known| (known.entry.key.version, known.entry.key.ordinal)).collect();
    assert_eq!(places.len(), told.len(), "seed {seed}: each under a key of its own");
    drop(reader);
    let verified = office::verify(&store, &live).await.expect("verifies");
    assert!(verified.problems.is_empty(), "seed {seed}: {:?}", verified.problems);
    store.close().await;
}
