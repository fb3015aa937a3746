//! Verifying orders: each one's record is told again and compared with what the tables say.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;

use chrono::Datelike as _;

use crate::digest::Digest;
use crate::engine::{Event, OrderHeader, OrderOrigin, OrderState, StaffChoice, TermMoment};
use crate::id::{OrderId, TriggerId};
use crate::ledger::{Body, Entry, FiredTerm, NotABody, TermMove};
use crate::office::active_release::{EffectiveRelease, release_of};
use crate::office::audit::findings::VerifyReport;
use crate::office::audit::order_log::{self, LogEntry, LogEvent, OpeningEntry};
use crate::office::audit::replay::{By, ReplayedOrder};
use crate::office::audit::told_rows::unlike as unlike_row;
use crate::office::audit::verify_order_rows::{
    same_answers, same_files, same_messages, same_terms, since, told_order,
};
use crate::office::audit::verify_outbox::OutboxLog;
use crate::office::desk::subjects::reads_subject;
use crate::office::opening::caps;
use crate::office::outbox::NO_ORDER;
use crate::office::{ActiveRelease, Answer};
use crate::people::Roster;
use crate::policy::NOTICE_KINDS;
use crate::register::Subject;
use crate::rules;
use crate::store::acts::AnsweredAct;
use crate::store::attachments::Attachment;
use crate::store::cap_counters::TallyKey;
use crate::store::checksums::Sum;
use crate::store::duties::DutyRow;
use crate::store::incidents::Incident;
use crate::store::ledger::EntryMoment;
use crate::store::order_list::{self, StoredOrder};
use crate::store::outbox::{OutboxEntry, SettledMessage};
use crate::store::progress::LoadedOrder;
use crate::store::repair::ToldOrder;
use crate::store::terms::Term;
use crate::store::{ReadTx, acts, attachments, duties, incidents, ledger, outbox, progress, reading, terms};
use crate::time::{Stamp, Tz};

/// Orders told again at a time: what was done on them is held in memory meanwhile.
const STRETCH: usize = 1_000;
/// Batches read at a time.
const PAGE: i64 = 16;

/// What batches of one chain say, needed while its orders are told again.
#[derive(Default)]
struct Batches {
    /// Place of the first entry of each moment at which terms fired.
    moments: BTreeMap<Stamp, i64>,
    /// Choices that moments led to; few do.
    given: BTreeMap<(i64, TermMoment), Vec<StaffChoice>>,
    /// By order, what calendars moved, with the place and moment of the entry.
    moved: BTreeMap<String, Vec<(i64, Stamp, Vec<TermMove>)>>,
    /// All moments, as the ledger tells them.
    said: Sum,
    /// Their digests, in order once all are read.
    fired: Vec<Digest>,
}

impl Batches {
    /// Reads those that orders are told again with.
    async fn read(reader: &mut ReadTx, chain: &str) -> Answer<Self> {
        let mut all = Self::default();
        for kind in ["terms.fired", "calendar.moved"] {
            let mut after = EntryMoment::before(Stamp::from_micros(0));
            loop {
                let entries = ledger::batches(reader, chain, kind, after, PAGE).await?;
                let Some(last) = entries.last() else { break };
                after = EntryMoment::of(last);
                for entry in &entries {
                    all.hear(entry);
                }
            }
        }
        all.fired.sort_unstable();
        Ok(all)
    }

    /// Returns whether an entry says that a row fired at a moment.
    fn has_fired(&self, seq: i64, key: &TermMoment, at: Stamp) -> bool {
        self.fired.binary_search(&digest(seq, key, at)).is_ok()
    }

    /// Takes in what one says; what cannot be read is found as the chain is read.
    fn hear(&mut self, entry: &Entry) {
        match entry.read() {
            Ok(Body::TermsFired { terms, choices }) => {
                let first = self.moments.entry(entry.at).or_insert(entry.seq);
                *first = entry.seq.min(*first);
                for fired in &terms {
                    let Some(key) = key_of(fired) else { continue };
                    let digest = digest(fired.seq, &key, entry.at);
                    self.fired.push(digest);
                    self.said.add(digest);
                    if !fired.choices.is_empty() {
                        self.given.insert((fired.seq, key), choices.at(&fired.choices));
                    }
                }
            }
            Ok(Body::CalendarMoved { moves, .. }) => {
                let mut by_order: BTreeMap<String, Vec<TermMove>> = BTreeMap::new();
                for moved in moves {
                    by_order.entry(moved.order.clone()).or_default().push(moved);
                }
                for (order, moves) in by_order {
                    self.moved.entry(order).or_default().push((entry.seq, entry.at, moves));
                }
            }
            Ok(_) | Err(_) => {}
        }
    }
}

fn key_of(fired: &FiredTerm) -> Option<TermMoment> {
    let (visit, level) = (u32::try_from(fired.visit).ok()?, u32::try_from(fired.level).ok()?);
    Some(TermMoment { step: fired.step.clone(), visit, kind: fired.kind.parse().ok()?, level })
}

fn digest(seq: i64, key: &TermMoment, at: Stamp) -> Digest {
    let TermMoment { step, visit, kind, level } = key;
    let parts =
        [seq.to_string(), step.clone(), visit.to_string(), kind.into_str().to_owned(), level.to_string()];
    Digest::of_parts("wubu-moment", parts.iter().map(String::as_bytes).chain([at.to_string().as_bytes()]))
}

/// All that the tables say of one stretch of orders.
struct Tables {
    rows: BTreeMap<i64, StoredOrder>,
    loaded: BTreeMap<i64, LoadedOrder>,
    trails: BTreeMap<i64, Vec<LogEntry>>,
    terms: BTreeMap<i64, Vec<Term>>,
    outbox: BTreeMap<i64, Vec<SettledMessage>>,
    acts: BTreeMap<i64, Vec<AnsweredAct>>,
    files: BTreeMap<i64, Vec<Attachment>>,
    subjects: BTreeMap<String, Subject>,
    /// Entries that say what happened to an order in a way nobody can read.
    unreadable: Vec<Entry>,
}

impl Tables {
    async fn read(
        reader: &mut ReadTx,
        live: &ActiveRelease,
        chain: &str,
        seqs: RangeInclusive<i64>,
    ) -> Answer<Self> {
        let length = usize::try_from(seqs.end() - seqs.start() + 1).unwrap_or(usize::MAX);
        let first = OrderId { home: chain, seq: *seqs.start() };
        let rows = order_list::stretch(reader, first, length).await?;
        let loaded = progress::load_many(reader, rows.iter().map(|row| &row.header.id)).await?;
        let rows: BTreeMap<i64, StoredOrder> = rows.into_iter().map(|row| (row.header.id.seq, row)).collect();
        let loaded = loaded.into_iter().map(|loaded| (loaded.order.cover.id.seq, loaded)).collect();
        let mut trails: BTreeMap<i64, Vec<LogEntry>> = BTreeMap::new();
        let mut unreadable = Vec::new();
        for (about, entry) in ledger::about_many(reader, chain, seqs.clone()).await? {
            match order_log::read_entry(&entry) {
                Ok(past) => {
                    let past = past.filter(|past| !matches!(past.what, LogEvent::Opened(_)));
                    trails.entry(about).or_default().extend(past);
                }
                // Others are read as the chain is.
                Err(NotABody) if matches!(entry.acted_sums(), Ok(Some(_))) => unreadable.push(entry),
                Err(NotABody) => {}
            }
        }
        let by_order =
            by_order_number(terms::of_orders(reader, chain, seqs.clone()).await?, |term| term.order.seq);
        let told = outbox::of_orders(reader, chain, seqs.clone()).await?;
        let outbox = by_order_number(told, |told| told.entry.key.order.seq);
        let acts = by_order_number(acts::of_orders(reader, chain, seqs.clone()).await?, |act| act.order.seq);
        let files = attachments::of_orders(reader, chain, seqs.clone()).await?;
        let files = by_order_number(files, |file| file.order.seq);
        let keys: BTreeSet<(&str, &str)> = rows
            .values()
            .filter(|row| reads_subject(live, &row.header.workflow))
            .map(|row| (chain, row.header.subject.as_str()))
            .collect();
        let subjects =
            if keys.is_empty() { Vec::new() } else { reading::of_keys(reader, &live.policy, keys).await? };
        let subjects = subjects.into_iter().map(|subject| (subject.id.clone(), subject)).collect();
        Ok(Self { rows, loaded, trails, terms: by_order, outbox, acts, files, subjects, unreadable })
    }
}

fn by_order_number<T>(rows: Vec<T>, number: impl Fn(&T) -> i64) -> BTreeMap<i64, Vec<T>> {
    let mut all: BTreeMap<i64, Vec<T>> = BTreeMap::new();
    for row in rows {
        all.entry(number(&row)).or_default().push(row);
    }
    all
}

/// What orders of all chains come to, besides themselves.
#[derive(Default)]
pub(crate) struct RetoldOrders {
    /// Whom orders may have been decided with.
    pub(crate) rosters: Vec<Roster>,
    /// What caps count, and triggers whose orders may be counted by another text than they went by.
    pub(crate) tallies: BTreeMap<TallyKey, i64>,
    pub(crate) uncounted: BTreeSet<TriggerId>,
    /// Whether what tables should hold is kept.
    pub(crate) keeps: bool,
    /// Everybody's duties, each with the moment at which the order came there.
    pub(crate) duties: BTreeMap<DutyRow, Stamp>,
    /// Orders that do not stand as their records tell.
    pub(crate) unlike: Vec<ToldOrder>,
    /// The newest running number of each year, by home.
    pub(crate) years: BTreeMap<String, BTreeMap<i32, i64>>,
    /// Orders that stand still.
    pub(crate) incidents: BTreeSet<Incident>,
    pub(crate) outbox: OutboxLog,
    /// The documents that steps made, by home; none of a home where an order could not be told again.
    pub(crate) papers: BTreeMap<String, Option<Sum>>,
}

/// One chain whose orders are told again, as it is read.
pub(crate) struct Retelling<'a> {
    pub(crate) reader: &'a mut ReadTx,
    live: &'a ActiveRelease,
    pub(crate) chain: &'a str,
    retold: &'a mut RetoldOrders,
    batches: Batches,
    /// Releases that orders are pinned to, by digest.
    serving: BTreeMap<String, EffectiveRelease<'a>>,
    /// Running number of the newest order, or up to which a restore passed over.
    pub(crate) seq: i64,
    /// Orders that were opened and have not been told again.
    opened: Vec<(i64, LogEntry)>,
    /// All moments, as orders told again need them.
    moments: Sum,
    /// Everybody's duties, as orders told again say.
    duties: Sum,
    pub(crate) done: &'a mut VerifyReport,
}

impl<'a> Retelling<'a> {
    pub(crate) async fn begin(
        reader: &'a mut ReadTx,
        live: &'a ActiveRelease,
        chain: &'a str,
        retold: &'a mut RetoldOrders,
        done: &'a mut VerifyReport,
    ) -> Answer<Self> {
        let batches = Batches::read(reader, chain).await?;
        let (serving, opened) = (BTreeMap::new(), Vec::new());
        let (moments, duties) = (Sum::default(), Sum::default());
        Ok(Self { reader, live, chain, retold, batches, serving, seq: 0, opened, moments, duties, done })
    }

    /// Takes the next order that was opened, which must have the next number.
    pub(crate) fn open(&mut self, seq: i64, past: LogEntry) {
        self.done.orders += 1;
        let issued = past.at.day_in(self.live.policy.bureau.zone);
        let years = self.retold.years.entry(self.chain.to_owned()).or_default();
        years.entry(issued.year()).and_modify(|last| *last = seq.max(*last)).or_insert(seq);
        self.seq += 1;
        if seq != self.seq {
            let order = OrderId { home: self.chain, seq }.to_string();
            self.done.find("V003", vec![("order", order), ("expected", self.seq.to_string())]);
            self.seq = seq;
        }
        self.opened.push((seq, past));
    }

    /// Tells orders again as soon as they make a stretch.
    pub(crate) async fn go_on(&mut self) -> Answer<()> {
        while self.opened.len() >= STRETCH {
            let rest = self.opened.split_off(STRETCH);
            let stretch = std::mem::replace(&mut self.opened, rest);
            self.tell_again(&stretch).await?;
        }
        Ok(())
    }

    /// Tells the last orders again.
    pub(crate) async fn finish(&mut self) -> Answer<()> {
        let stretch = std::mem::take(&mut self.opened);
        self.tell_again(&stretch).await
    }

    /// Compares the moments that fired and everybody's duties with what the orders told.
    pub(crate) async fn compare(mut self) -> Answer<()> {
        self.compare_beside().await?;
        let mut duties = Sum::default();
        for duty in duties::of_home(self.reader, self.chain).await? {
            duties.add(duty_digest(&duty));
        }
        for (table, agrees) in [("term", self.batches.said == self.moments), ("duty", duties == self.duties)]
        {
            if !agrees {
                let args = vec![("table", table.to_owned()), ("station", self.chain.to_owned())];
                self.done.find("V009", args);
            }
        }
        Ok(())
    }

    /// Looks at what stands under no order: messages of the station, and nothing else.
    async fn compare_beside(&mut self) -> Answer<()> {
        let place = |seq: i64| OrderId { home: self.chain, seq }.to_string();
        let above = self.seq + 1..=i64::MAX;
        for settled in outbox::of_orders(self.reader, self.chain, i64::MIN..=0).await? {
            let OutboxEntry { key, message, .. } = &settled.entry;
            let is_known = NOTICE_KINDS.contains(&message.kind.replace(' ', "-").as_str());
            if !is_known || key.order.seq != NO_ORDER {
                unlike_row("outbox", key.to_string(), self.done);
            }
            self.retold.outbox.settle(&settled, self.done);
        }
        for settled in outbox::of_orders(self.reader, self.chain, above.clone()).await? {
            unlike_row("outbox", settled.entry.key.to_string(), self.done);
        }
        for term in terms::of_orders(self.reader, self.chain, above.clone()).await? {
            unlike_row("term", place(term.order.seq), self.done);
        }
        for act in acts::of_orders(self.reader, self.chain, above.clone()).await? {
            unlike_row("act", place(act.order.seq), self.done);
        }
        for file in attachments::of_orders(self.reader, self.chain, above).await? {
            unlike_row("attachment", place(file.order.seq), self.done);
        }
        Ok(())
    }

    /// Tells a stretch of orders again, which follow each other in number, and compares.
    async fn tell_again(&mut self, opened: &[(i64, LogEntry)]) -> Answer<()> {
        let seqs = opened.iter().map(|(seq, _)| *seq);
        let (Some(first), Some(last)) = (seqs.clone().min(), seqs.max()) else { return Ok(()) };
        let mut tables = Tables::read(self.reader, self.live, self.chain, first..=last).await?;
        for entry in &tables.unreadable {
            self.done.unreadable(entry);
        }
        let repinned = tables.trails.values().flatten().filter_map(|past| match &past.what {
            LogEvent::Event { policy, .. } => policy.as_ref(),
            LogEvent::Opened(_) | LogEvent::Moved { .. } | LogEvent::Late { .. } => None,
        });
        let first_pins = opened.iter().filter_map(|(_, past)| match &past.what {
            LogEvent::Opened(opening) => Some(&opening.origin.policy),
            LogEvent::Event { .. } | LogEvent::Moved { .. } | LogEvent::Late { .. } => None,
        });
        for digest in repinned.chain(first_pins) {
            if !self.serving.contains_key(digest) {
                let release = release_of(self.reader, self.live, digest).await?;
                self.serving.insert(digest.clone(), release);
            }
        }
        rules::again(|| {
            for (seq, past) in opened {
                if let LogEvent::Opened(opening) = &past.what {
                    let trail = trail_of(&mut tables, &self.batches, OrderId { home: self.chain, seq: *seq });
                    self.compare_order(&tables, *seq, opening, &trail);
                }
            }
        });
        Ok(())
    }

    /// Keeps how an order is to stand whose row is gone, or is another's.
    fn retell_lost(&mut self, tables: &Tables, opening: &OpeningEntry, trail: &[LogEntry]) {
        if !self.retold.keeps {
            return;
        }
        let told = self.retold.rosters.iter().find_map(|roster| {
            let subject = tables.subjects.get(&opening.header.subject);
            tell(opening, trail, &self.serving, People { roster, subject }).ok()
        });
        let Some((told, _)) = told.filter(|(told, _)| !told.is_lost) else { return };
        self.retold.incidents.extend(incidents::of_order(&told.order.cover.id, &told.order));
        self.count(opening);
        let duties = duties::of_order(&told.order).into_iter();
        self.retold.duties.extend(duties.map(|duty| (duty.clone(), since(&told.order, &duty))));
        self.retold.unlike.push(told_order(opening, told));
    }

    /// Counts an order for the cap of the trigger that opened it.
    fn count(&mut self, opening: &OpeningEntry) {
        let OpeningEntry { header, origin, .. } = opening;
        let Some(release) = self.serving.get(&origin.policy) else { return };
        let live: &ActiveRelease = release;
        let workflow = live.policy.workflow(&header.workflow);
        let trigger = workflow.and_then(|workflow| {
            workflow.start.iter().find(|trigger| *trigger.id == *origin.trigger && trigger.recur.is_some())
        });
        let Some(cap) = trigger.and_then(|trigger| trigger.at_most) else { return };
        let today = header.issued_at.day_in(live.policy.bureau.zone);
        let Some(key) = caps::tally(cap, today, header, origin) else { return };
        if live.policy.digest != live.policy.whole {
            self.retold.uncounted.insert(key.trigger.clone());
        }
        *self.retold.tallies.entry(key).or_insert(0) += 1;
    }

    /// Tells one order again and compares what it comes to with the tables.
    fn compare_order(&mut self, tables: &Tables, seq: i64, opening: &OpeningEntry, trail: &[LogEntry]) {
        let order = OrderId { home: self.chain, seq };
        let id = order.to_string();
        let Some(row) = tables.rows.get(&seq).filter(|row| is_as_opened(row, opening)) else {
            self.done.find("V002", vec![("order", id)]);
            self.retell_lost(tables, opening, trail);
            return;
        };
        let told = self.retold.rosters.iter().find_map(|roster| {
            let subject = tables.subjects.get(&row.header.subject);
            tell(opening, trail, &self.serving, People { roster, subject }).ok()
        });
        let Some((told, moments)) = told else {
            self.done.find("V008", vec![("order", id), ("what", "untold".to_owned())]);
            return;
        };
        for (key, at) in &moments {
            self.moments.add(digest(seq, key, *at));
        }
        // What cannot be told again to its end is taken as it stands.
        let stands =
            tables.loaded.get(&seq).filter(|_| told.is_lost).map_or(&told.order, |loaded| &loaded.order);
        for duty in duties::of_order(stands) {
            self.duties.add(duty_digest(&duty));
            if self.retold.keeps {
                let since = since(stands, &duty);
                self.retold.duties.insert(duty, since);
            }
        }
        self.retold.incidents.extend(incidents::of_order(&order.to_owned(), stands));
        self.count(opening);
        let messages = tables.outbox.get(&seq).map_or(&[][..], Vec::as_slice);
        for settled in messages {
            self.retold.outbox.settle(settled, self.done);
        }
        let papers = self.retold.papers.entry(self.chain.to_owned()).or_insert(Some(Sum::default()));
        if told.is_lost {
            *papers = None;
            return;
        }
        for (kind, step, visit) in &told.papers {
            if let Some(papers) = papers {
                papers.add(paper_digest(seq, [kind, step], i64::from(*visit)));
            }
        }
        let zone = self.live.policy.bureau.zone;
        let found = self.done.problems.len();
        if !is_row_as_told(row, &told, zone) {
            self.done.find("V002", vec![("order", id.clone())]);
        }
        for what in unlike(tables, &told, trail) {
            self.done.find("V008", vec![("order", id.clone()), ("what", what.to_owned())]);
        }
        if self.retold.keeps && self.done.problems.len() > found {
            self.retold.unlike.push(told_order(opening, told));
        }
    }
}

/// A part of the sum of a home's documents that steps made.
pub(crate) fn paper_digest(seq: i64, [kind, step]: [&str; 2], visit: i64) -> Digest {
    let (seq, visit) = (seq.to_string(), visit.to_string());
    Digest::of_parts("wubu-paper", [&seq, kind, step, &visit].map(str::as_bytes))
}

/// A part of the sum of everybody's duties.
fn duty_digest(duty: &duties::DutyRow) -> Digest {
    let duties::DutyRow { officer, order, step, visit } = duty;
    let parts = [officer, &order.home, &order.seq.to_string(), step, &visit.to_string()].map(String::clone);
    Digest::of_parts("wubu-duty", parts.iter().map(String::as_bytes))
}

/// Puts together what happened to one order after its opening, in order.
fn trail_of(tables: &mut Tables, batches: &Batches, order: OrderId<&str>) -> Vec<LogEntry> {
    let mut trail = tables.trails.remove(&order.seq).unwrap_or_default();
    for term in tables.terms.get(&order.seq).into_iter().flatten() {
        let Some(at) = term.row.fired_at else { continue };
        let key = (order.seq, term.row.moment());
        // A row told on entering has a moment at which nothing fired, or that of an act.
        if trail.iter().any(|past| past.at == at) && !batches.has_fired(order.seq, &key.1, at) {
            continue;
        }
        let Some(place) = batches.moments.get(&at) else { continue };
        let given = batches.given.get(&key).cloned().unwrap_or_default();
        let what = LogEvent::of_moment(Event::Fired(key.1), given);
        trail.push(LogEntry { seq: *place, at, actor: String::new(), what });
    }
    for (place, at, moves) in batches.moved.get(&order.to_string()).into_iter().flatten() {
        let (calendar, revision) = (String::new(), String::new());
        let what = LogEvent::Moved { calendar, revision, moves: moves.clone() };
        trail.push(LogEntry { seq: *place, at: *at, actor: String::new(), what });
    }
    // Rows of one moment came in the order in which they are read: by the moment they were due.
    trail.sort_by_key(|past| past.seq);
    trail
}

type Moments = Vec<(TermMoment, Stamp)>;

/// Who there is, and whom an order is about, where rules read that.
#[derive(Clone, Copy)]
struct People<'a> {
    roster: &'a Roster,
    subject: Option<&'a Subject>,
}

fn tell(
    opening: &OpeningEntry,
    trail: &[LogEntry],
    serving: &BTreeMap<String, EffectiveRelease<'_>>,
    People { roster, subject }: People<'_>,
) -> Result<(ReplayedOrder, Moments), crate::engine::Refusal> {
    let no_release = || crate::engine::Refusal::new(crate::engine::RefusalCode::NoRelease);
    let by = |policy: &str| {
        let live: &ActiveRelease = serving.get(policy).ok_or_else(no_release)?;
        Ok::<By<'_>, crate::engine::Refusal>(By { live, roster, subject })
    };
    let mut told = ReplayedOrder::open(opening, by(&opening.origin.policy)?)?;
    let (mut moments, mut place) = (Vec::new(), 0);
    for (at, past) in trail.iter().enumerate() {
        if past.seq != place {
            place = past.seq;
            told.fire_together(trail[at..].iter().take_while(|other| other.seq == place));
        }
        if told.is_lost {
            break;
        }
        if let LogEvent::Event { policy: Some(policy), .. } = &past.what {
            told.policy.clone_from(policy);
        }
        let by = by(&told.policy)?;
        if told.go_on(past, by)?
            && let LogEvent::Event { event: Event::Fired(fired), .. } = &past.what
        {
            moments.push((fired.clone(), past.at));
        }
    }
    Ok((told, moments))
}

/// Compares what cannot change of an order with what the ledger says it was opened as.
fn is_as_opened(row: &StoredOrder, opening: &OpeningEntry) -> bool {
    let OpeningEntry { header, origin, .. } = opening;
    // What can change of it is taken as it stands.
    let StoredOrder { header: OrderHeader { station, grid, due_on, .. }, .. } = row;
    let (station, grid, due_on) = (station.clone(), grid.clone(), *due_on);
    let (policy, is_provisional) = (row.origin.policy.clone(), row.origin.is_provisional);
    row.header == OrderHeader { station, grid, due_on, ..header.clone() }
        && row.origin == OrderOrigin { policy, is_provisional, reason: None, ..origin.clone() }
}

/// Compares an order's line with what its record tells.
fn is_row_as_told(row: &StoredOrder, told: &ReplayedOrder, zone: Tz) -> bool {
    let (ended_on, reason) = match &told.order.state {
        OrderState::Done { at } => (Some(at.day_in(zone)), None),
        OrderState::Cancelled { at, reason } => (Some(at.day_in(zone)), Some(reason)),
        OrderState::NotYet | OrderState::Open(_) => (None, None),
    };
    let place = told.order.first_place();
    let cover = &told.order.cover;
    let holders: BTreeSet<&String> =
        told.order.state.places().iter().filter_map(|p| p.duty()).flat_map(|duty| &duty.assignees).collect();
    row.header == *cover
        && row.state == told.order.state.into_str()
        && row.version == told.version
        && row.origin.policy == told.policy
        && row.origin.is_provisional == told.is_provisional
        && row.assignees.iter().collect::<BTreeSet<_>>() == holders
        && (row.step.as_str(), row.visit) == (told.shown.0.as_str(), i64::from(told.shown.1))
        && row.step_due == place.and_then(|place| place.due)
        && row.ended_on == ended_on
        // Why it was opened by hand stands there until it is cancelled.
        && reason.is_none_or(|reason| row.reason.as_ref() == Some(reason))
}

/// Says what else the tables hold of an order is not as its record tells it.
fn unlike(tables: &Tables, told: &ReplayedOrder, trail: &[LogEntry]) -> Vec<&'static str> {
    let seq = told.order.cover.id.seq;
    let mut unlike = Vec::new();
    let is_known = tables.loaded.get(&seq).is_some_and(|loaded| {
        // Earlier builds lost the order in which those who share a duty were chosen.
        let (is, was) = (&loaded.order.state, &told.order.state);
        loaded.order.record == told.order.record && (is == was || is.by_id() == was.by_id())
    });
    if !is_known {
        unlike.push("progress");
    }
    if !same_terms(tables.terms.get(&seq).map(Vec::as_slice).unwrap_or_default(), told) {
        unlike.push("terms");
    }
    if !same_messages(tables.outbox.get(&seq).map_or(&[], Vec::as_slice), told, trail) {
        unlike.push("errands");
    }
    if !same_answers(tables.acts.get(&seq).map_or(&[], Vec::as_slice), told, trail) {
        unlike.push("answers");
    }
    if !same_files(tables.files.get(&seq).map_or(&[], Vec::as_slice), told, trail) {
        unlike.push("files");
    }
    unlike
}
