//! A group of acts in one transaction: load all, decide each, save the sum.
//!
//! What is refused leaves nothing. If the database refuses the sum, which no lawful act brings
//! about, each is tried alone, so that one cannot spoil the others.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use serde::Deserialize;
use serde_tuple::Serialize_tuple;

use crate::digest::Digest;
use crate::documents::{DocumentRefusal, ShortList};
use crate::engine::{
    Act, ActiveStep, Confirmation, ConfirmedAct, Doing, Event, HeldOrder, Order, Refusal, RefusalCode,
    UnitOfWork, refuse_late_visit,
};
use crate::id::OrderId;
use crate::lang;
use crate::office::active_release::{EffectiveRelease, pins, release_of};
use crate::office::authority;
use crate::office::desk::acted_on::{ActedOn, title};
use crate::office::desk::attachments::{HandedFile, keep_files};
use crate::office::desk::late::{self, CurrentOrder, LateSubmission};
use crate::office::desk::recall_blanks;
use crate::office::desk::request::{ActAnswer, ActRequest};
use crate::office::desk::subjects::subjects_of;
use crate::office::documents;
use crate::office::fault::again_when_collided;
use crate::office::numbering::{Numbers, StationTitles, titles};
use crate::office::refusal_names;
use crate::office::written_moment::{MomentBounds, refuse_before_event};
use crate::office::{ActContext, ActiveRelease, Answer, OfficeStop};
use crate::people::{PowerRequest, Roster};
use crate::policy::Power;
use crate::rules;
use crate::store::attachments::Attachment;
use crate::store::change_sets::ChangeSet;
use crate::store::progress::LoadedOrder;
use crate::store::{Store, Tx, acts, attachments, change_sets, people, progress};
use crate::time::Stamp;

/// Carries out groups of acts, and remembers between them what seldom changes.
#[derive(Debug)]
pub(crate) struct ActExecutor<'a> {
    store: &'a Store,
    live: &'a ActiveRelease,
    known: Option<ClerkCache>,
    pinned: BTreeMap<String, EffectiveRelease<'a>>,
}

/// What holds until somebody else appends an entry: people have duties, so acts on orders change it as
/// much as what is laid down about officers does, and each leaves an entry.
#[derive(Debug)]
struct ClerkCache {
    /// How many entries there were.
    entries: i64,
    roster: Roster,
    titles: StationTitles,
}

type Answers = Vec<Result<ActAnswer, Refusal>>;

impl<'a> ActExecutor<'a> {
    pub(crate) fn new(store: &'a Store, live: &'a ActiveRelease) -> Self {
        Self { store, live, known: None, pinned: BTreeMap::new() }
    }

    /// Carries out a group; the answers stand in the order of the matters.
    pub(crate) async fn carry_out(&mut self, matters: &[ActRequest]) -> Vec<Answer<ActAnswer>> {
        match again_when_collided(async || self.execute_batch(matters).await).await {
            Ok(answers) => answers.into_iter().map(|answer| answer.map_err(OfficeStop::Refused)).collect(),
            Err(stop) if matters.len() == 1 => vec![Err(stop)],
            Err(OfficeStop::Failed(fault)) if fault.is_everyones => {
                matters.iter().map(|_| Err(OfficeStop::Failed(fault.clone()))).collect()
            }
            Err(_) => {
                let mut answers = Vec::with_capacity(matters.len());
                for matter in matters {
                    let alone = self.execute_batch(std::slice::from_ref(matter)).await;
                    answers.push(alone.and_then(|mut alone| match alone.pop() {
                        Some(answer) => answer.map_err(OfficeStop::Refused),
                        None => Err(Refusal::new(RefusalCode::NoSuchOrder).into()),
                    }));
                }
                answers
            }
        }
    }

    async fn execute_batch(&mut self, matters: &[ActRequest]) -> Answer<Answers> {
        let orders: BTreeSet<&OrderId> = matters.iter().map(|matter| &matter.order).collect();
        // An order's parents and children are of its home.
        let mut tx = self.store.begin_on(orders.iter().map(|order| order.home.as_str())).await?;
        let loaded = progress::load_with_parents(&mut tx, orders).await?;
        // Blanks are of the station, which is nearly always the home.
        tx.lock_chains(loaded.values().map(|loaded| loaded.order.cover.station.as_str())).await?;
        let keyed: Vec<(&OrderId, &str)> =
            matters.iter().filter_map(|matter| Some((&matter.order, matter.key.as_deref()?))).collect();
        let before = acts::find_many(&mut tx, &keyed).await?;
        let ClerkCache { entries, roster, titles } = self.know(&mut tx).await?;
        self.pin(&loaded).await?;
        let pinned =
            |loaded: &LoadedOrder| self.pinned.get(&loaded.policy).map_or(self.live, |serving| &**serving);
        let subjects = subjects_of(&mut tx, self.live, &loaded, pinned).await?;
        let archived = self.archived(matters, &loaded);
        let lacks = documents::lacks_of(&mut tx, self.live, &archived).await?;
        let is_written = matters.iter().any(|matter| matter.written.is_some());
        let bounds = if is_written { Some(MomentBounds::read(&mut tx).await?) } else { None };
        let at = matters.iter().map(|matter| matter.at).max().unwrap_or(Stamp::from_micros(0));
        let cx = ActContext::new(self.store, self.live, at);
        let homes = loaded.keys().map(|order| order.home.as_str()).collect();
        let numbers = Numbers::today(cx, &mut tx, &titles, homes).await?;
        let texts = self.live.on(cx.today);
        let own = texts.own(loaded.values().map(|loaded| loaded.order.cover.station.as_str()))?;
        let docket = UnitOfWork::new(self.live.pinned(), roster, &numbers);
        let mut work = ActGroup {
            docket: docket.with_stations(pins(&own)),
            store: self.store,
            live: self.live,
            lacks,
            before: before.into_iter().map(|(key, act)| (key, (act.act, act.answer))).collect(),
            answers: Vec::with_capacity(matters.len()),
            deeds: Vec::new(),
            kept: Vec::new(),
            answered: BTreeMap::new(),
            late: Vec::new(),
            files: Vec::new(),
            shown: loaded.iter().map(|(key, loaded)| (key.clone(), loaded.shown.clone())).collect(),
            last_events: loaded.iter().map(|(key, loaded)| (key.clone(), loaded.last_event)).collect(),
            bounds,
        };
        for (key, loaded) in &loaded {
            let pinned = self.pinned.get(&loaded.policy).map_or(self.live, |serving| serving).pinned();
            let cover = &loaded.order.cover;
            let subject = subjects.get(&(cover.id.home.clone(), cover.subject.clone()));
            let (order, version) = (loaded.order.clone(), loaded.version);
            work.docket.load(HeldOrder { order, version, pinned, subject });
            work.docket.numbered(&key.home, loaded.last_seq);
        }
        // A person alone asks a question or two, for which changing threads costs less than it does here.
        if let [matter] = matters {
            work.decide(matter);
        } else {
            rules::together(|| matters.iter().for_each(|matter| work.decide(matter)));
        }
        let mut entries = entries;
        if work.has_something_to_save() {
            work.save_and_tell(&mut tx, matters).await?;
            entries = tx.entries();
            tx.commit().await?;
        } else {
            tx.release().await;
        }
        let ActGroup { docket, answers, .. } = work;
        let roster = docket.into_roster();
        self.known = Some(ClerkCache { entries, roster, titles });
        Ok(answers)
    }

    /// Returns who there is and what stations are called, read anew when somebody else appended since.
    async fn know(&mut self, tx: &mut Tx) -> Answer<ClerkCache> {
        let entries = tx.entries();
        match self.known.take() {
            Some(known) if known.entries == entries => Ok(known),
            Some(_) | None => {
                Ok(ClerkCache { entries, roster: people::roster(tx).await?, titles: titles(tx).await? })
            }
        }
    }

    /// Finds the policies that orders are pinned to.
    async fn pin(&mut self, loaded: &BTreeMap<OrderId, LoadedOrder>) -> Answer<()> {
        let active = self.live.policy.digest.to_string();
        for loaded in loaded.values().filter(|loaded| loaded.policy != active) {
            if !self.pinned.contains_key(&loaded.policy) {
                let serving = release_of(&mut self.store.read().await?, self.live, &loaded.policy).await?;
                self.pinned.insert(loaded.policy.clone(), serving);
            }
        }
        Ok(())
    }

    /// Finds the orders whose file is closed by one of these acts: completing the last duty of an
    /// order that no other waits for.
    fn archived(&self, matters: &[ActRequest], loaded: &BTreeMap<OrderId, LoadedOrder>) -> BTreeSet<OrderId> {
        let closes = |matter: &&ActRequest| {
            let Some(LoadedOrder { order, policy, .. }) = loaded.get(&matter.order) else { return false };
            let pinned: &ActiveRelease = self.pinned.get(policy).map_or(self.live, |serving| serving);
            let workflow = pinned.policy.workflow(&order.cover.workflow);
            let ends = |place: &ActiveStep| {
                workflow.is_some_and(|w| w.steps.iter().any(|step| step.id == place.step && step.ends))
            };
            let is_awaited = order.record.parent.as_ref().is_some_and(|parent| parent.awaited);
            matter.is_completion() && !is_awaited && order.state.places().iter().any(ends)
        };
        matters.iter().filter(closes).map(|matter| matter.order.clone()).collect()
    }
}

/// The file of an order is not whole, so the order cannot be archived.
fn archive_incomplete(lacks: &[String]) -> Refusal {
    DocumentRefusal::ArchiveIncomplete { lacks: ShortList(lacks.to_vec()) }.into()
}

/// A group under way.
struct ActGroup<'a> {
    docket: UnitOfWork<'a>,
    store: &'a Store,
    live: &'a ActiveRelease,
    /// What the files lack of orders that may be archived here.
    lacks: BTreeMap<OrderId, Vec<String>>,
    /// What was answered under a key: digest of the act, and the answer.
    before: BTreeMap<(OrderId, String), (String, String)>,
    answers: Answers,
    deeds: Vec<Deed>,
    kept: Vec<acts::AnsweredAct>,
    /// What the rows of kept answers hold, by the place of their matters in the group.
    answered: BTreeMap<usize, String>,
    late: Vec<LateSubmission>,
    files: Vec<HandedFile>,
    /// The step at which each order is shown.
    shown: BTreeMap<OrderId, String>,
    /// When something last happened on each order.
    last_events: BTreeMap<OrderId, Stamp>,
    /// What written moments are held against; none where nobody wrote one.
    bounds: Option<MomentBounds>,
}

/// What one matter changed, and when.
struct Deed {
    changed: Range<usize>,
    /// Place of the matter in the group.
    matter: usize,
    at: Stamp,
}

impl ActGroup<'_> {
    /// Decides one matter and keeps what has to be written for it.
    fn decide(&mut self, matter: &ActRequest) {
        let asked = matter.key.is_some().then(|| digest_of(&matter.event));
        let answer = match (&matter.key, &asked) {
            (Some(key), Some(asked)) => match self.before.get(&(matter.order.clone(), key.clone())) {
                // Earlier builds kept the whole digest.
                Some((act, answer)) if act.starts_with(asked) => Ok(self.repeated(&matter.order, answer)),
                Some(_) => Err(Refusal::new(RefusalCode::KeyReused).with("key", key)),
                None => self.carry_out(matter),
            },
            _ => self.carry_out(matter),
        };
        if let (Ok(answer), Some(key), Some(asked)) = (&answer, &matter.key, asked)
            && !answer.repeated
        {
            let ActAnswer { step, title, state, version, late, .. } = answer;
            let kept = KeptAnswer {
                step: step.into(),
                title: title.into(),
                state: state.into(),
                version: *version,
                late: *late,
            };
            let text = serde_json::to_string(&kept).expect("an answer has plain fields");
            self.before.insert((matter.order.clone(), key.clone()), (asked.clone(), text.clone()));
            let (order, key, at) = (matter.order.clone(), key.clone(), self.moment(matter));
            let kept = acts::AnsweredAct { order, key, act: asked, answer: text, at };
            let row = documents::row_digits(acts::content(&kept));
            match self.late.last_mut().filter(|_| *late) {
                Some(late) => late.answered = Some(row),
                None => drop(self.answered.insert(self.answers.len(), row)),
            }
            self.kept.push(kept);
        }
        if answer.as_ref().is_ok_and(|answer| !answer.repeated) {
            self.files.extend(matter.files.iter().cloned());
        }
        self.answers.push(answer);
    }

    /// Gives the first answer again.
    fn repeated(&self, order: &OrderId, kept: &str) -> ActAnswer {
        let number = self.docket.get(order).map_or_else(String::new, |(order, _)| order.cover.number.clone());
        let kept: KeptAnswer<'_> =
            serde_json::from_str(kept).expect("an answer reads back as it was written");
        let [step, title, state] = [kept.step, kept.title, kept.state].map(Cow::into_owned);
        ActAnswer {
            id: order.to_string(),
            number,
            step,
            title,
            state,
            version: kept.version,
            repeated: true,
            late: kept.late,
            confirmed: Vec::new(),
            waits: Vec::new(),
            short: None,
            signed: Vec::new(),
            unsigned: Vec::new(),
            told: Vec::new(),
        }
    }

    fn carry_out(&mut self, matter: &ActRequest) -> Result<ActAnswer, Refusal> {
        let id = matter.order.to_string();
        let Some((order, version)) = self.docket.get(&matter.order) else {
            return Err(Refusal::new(RefusalCode::NoSuchOrder).with("order", id));
        };
        let before = order.clone();
        let at = self.moment(matter);
        self.refuse_stranger(matter, &before, at)?;
        let happened = self.refuse_false_moment(matter).and_then(|()| match stale(matter, version) {
            Some(stale) => Err(stale),
            None => match self.lacks.get(&matter.order).filter(|_| matter.is_completion()) {
                Some(lacks) => Err(archive_incomplete(lacks)),
                None => self.apply(matter, at),
            },
        });
        match happened {
            Ok(changed) => {
                self.last_events.insert(matter.order.clone(), at);
                let changes = &self.docket.changes()[changed.clone()];
                let on = ActedOn { docket: &self.docket, live: self.live };
                let (confirmed, waits) = (on.confirmed(changes), on.waits(changes));
                let short = on.short(matter);
                if !changed.is_empty() {
                    self.deeds.push(Deed { changed, matter: self.answers.len(), at });
                }
                Ok(ActAnswer { confirmed, waits, short, ..self.answer(matter, false) })
            }
            Err(refusal) => {
                let bounds = self.bounds.and_then(|bounds| bounds.last_tick);
                let known = self.last_events.get(&matter.order).copied().max(bounds);
                let received = known.map_or(matter.at, |known| known.max(matter.at));
                let met = CurrentOrder { order: &before, version, policy: &self.live.policy, received };
                let Some(late) = late::of(matter, &refusal, met) else {
                    return Err(self.told(matter, refusal, &before, at));
                };
                self.allow(matter, &before, received, Power::Attach)?;
                self.refuse_false_late(matter, &before)?;
                let told = {
                    let on = ActedOn { docket: &self.docket, live: self.live };
                    late.told(|officer| on.named(officer), &self.live.policy)
                };
                self.late.push(late);
                Ok(ActAnswer { told, ..self.answer(matter, true) })
            }
        }
    }

    /// Refuses what is handed in late as of before its order, or tells of a visit that cannot have been.
    fn refuse_false_late(&self, matter: &ActRequest, order: &Order) -> Result<(), Refusal> {
        let zone = self.live.policy.bureau.zone;
        refuse_before_event(matter.at, order.cover.issued_at, zone)?;
        let Event::Act(Act { step: Some(step), doing: Doing::Complete { answer: Some(answer), .. }, .. }) =
            &matter.event
        else {
            return Ok(());
        };
        let policy = self.docket.pinned(&matter.order).map_or(&self.live.policy, |pinned| pinned.policy);
        refuse_late_visit(policy, order, step, answer, matter.at)
    }

    /// Says a refusal in the words of people; who has only to confirm what is done is told so.
    fn told(&self, matter: &ActRequest, refusal: Refusal, order: &Order, at: Stamp) -> Refusal {
        if !matter.is_read {
            return refusal;
        }
        let on = authority::on_day(self.cx(at), self.docket.roster());
        let policy = self.docket.pinned(&matter.order).map_or(&self.live.policy, |pinned| pinned.policy);
        let workflow = policy.workflow(&order.cover.workflow);
        let is_theirs =
            |asked: &&Confirmation| asked.of == ConfirmedAct::Completion && asked.officer == matter.actor;
        let awaited: Vec<&str> =
            order.unconfirmed().filter(is_theirs).map(|asked| asked.step.as_str()).collect();
        let is_no_duty = NO_DUTY.contains(&refusal.id) && matter.is_completion();
        if !is_no_duty || awaited.is_empty() {
            return refusal_names::of_act(on, refusal, order, workflow);
        }
        let title = |step: &&str| workflow.and_then(|workflow| workflow.step(step)).map(|step| &step.title);
        let steps = lang::list(awaited.iter().filter_map(title));
        let refusal = Refusal::new(RefusalCode::SignInstead).with("steps", steps);
        let refusal = refusal.with("officer", &matter.actor).with("as", &matter.actor);
        let refusal = refusal.with("order", matter.order.to_string());
        refusal_names::with_names(on, refusal)
    }

    /// Refuses whoever is not of the register or not in service, and who lacks the power for what is no
    /// act on a duty; for those the engine asks.
    fn refuse_stranger(&self, matter: &ActRequest, order: &Order, at: Stamp) -> Result<(), Refusal> {
        let doing = match &matter.event {
            Event::Act(act) => &act.doing,
            Event::Retry => return self.allow(matter, order, at, Power::Retry),
            Event::Ended(_) | Event::Signal(_) | Event::Fired(_) | Event::Migrated(_) => return Ok(()),
        };
        let roster = self.docket.roster();
        authority::allow_person(authority::on_day(self.cx(at), roster), &matter.actor)?;
        let power = match doing {
            Doing::Nudge { .. } => Power::Nudge,
            Doing::Copy { .. } => Power::Copy,
            Doing::Cancel { .. } => {
                return authority::refuse_conflict(roster, &matter.actor, &order.cover.subject);
            }
            _ => return Ok(()),
        };
        self.allow(matter, order, at, power)?;
        if matter.files.is_empty() { Ok(()) } else { self.allow(matter, order, at, Power::Attach) }
    }

    fn allow(&self, matter: &ActRequest, order: &Order, at: Stamp, power: Power) -> Result<(), Refusal> {
        let parties = authority::parties(order);
        let wanted =
            PowerRequest { parties: &parties, ..PowerRequest::over(power, Some(&order.cover.station)) };
        authority::allow(self.cx(at), self.docket.roster(), &matter.actor, wanted)?;
        Ok(())
    }

    fn cx(&self, at: Stamp) -> ActContext<'_> {
        ActContext::new(self.store, self.live, at)
    }

    /// When a matter happens: as written, else not before what already happened on the order.
    fn moment(&self, matter: &ActRequest) -> Stamp {
        let last = self.last_events.get(&matter.order).filter(|_| matter.written.is_none());
        last.map_or(matter.at, |last| matter.at.max(*last))
    }

    fn refuse_false_moment(&self, matter: &ActRequest) -> Result<(), Refusal> {
        let (Some(written), Some(bounds)) = (matter.written, self.bounds) else { return Ok(()) };
        let zone = self.live.policy.bureau.zone;
        bounds.refuse(matter.at, written, zone)?;
        match self.last_events.get(&matter.order) {
            Some(last) => refuse_before_event(matter.at, *last, zone),
            None => Ok(()),
        }
    }

    fn apply(&mut self, matter: &ActRequest, at: Stamp) -> Result<Range<usize>, Refusal> {
        let pinned = self.docket.pinned(&matter.order);
        if matter.is_repinned {
            self.docket.repin_today(&matter.order);
        }
        let happened = self.docket.apply(&matter.order, &matter.event, at);
        if let (true, Err(_), Some(pinned)) = (matter.is_repinned, &happened, pinned) {
            self.docket.repin(&matter.order, pinned);
        }
        happened
    }

    /// Says where the order stands now.
    fn answer(&mut self, matter: &ActRequest, late: bool) -> ActAnswer {
        let (order, version) = self.docket.get(&matter.order).expect("looked up before");
        let shown = self.shown.entry(matter.order.clone()).or_default();
        if let Some(place) = order.first_place() {
            shown.clone_from(&place.step);
        }
        let step = shown.clone();
        let policy = self.docket.pinned(&matter.order).map_or(&self.live.policy, |pinned| pinned.policy);
        ActAnswer {
            id: matter.order.to_string(),
            number: order.cover.number.clone(),
            title: title(policy, &order.cover.workflow, &step).unwrap_or(&step).to_owned(),
            step,
            state: order.state.into_str().to_owned(),
            version,
            repeated: false,
            late,
            confirmed: Vec::new(),
            waits: Vec::new(),
            short: None,
            signed: Vec::new(),
            unsigned: Vec::new(),
            told: Vec::new(),
        }
    }

    fn has_something_to_save(&self) -> bool {
        let Self { deeds, kept, late, files, .. } = self;
        !(deeds.is_empty() && kept.is_empty() && late.is_empty() && files.is_empty())
    }

    /// Writes what was decided, and tells who acted alone of the documents; acts of lists are told by their number.
    async fn save_and_tell(&mut self, tx: &mut Tx, matters: &[ActRequest]) -> Answer<()> {
        let signed = self.save(tx, matters).await?;
        let alone = (&mut self.answers[..], matters);
        if let ([Ok(answer)], [ActRequest { order, is_read: true, .. }]) = alone {
            answer.signed = signed;
            answer.unsigned = documents::unsigned_of(tx, self.live, order).await?;
        }
        Ok(())
    }

    /// Writes what was decided; returns which documents were signed off with it.
    async fn save(&self, tx: &mut Tx, matters: &[ActRequest]) -> Answer<Vec<String>> {
        let mut signed = Vec::new();
        let pinned = |matter: &ActRequest| Some(self.docket.pinned(&matter.order)?.policy.digest.to_string());
        let repinned: Vec<Option<String>> =
            matters.iter().map(|matter| pinned(matter).filter(|_| matter.is_repinned)).collect();
        let deed = |Deed { changed, matter, at }: &Deed| ChangeSet {
            changes: &self.docket.changes()[changed.clone()],
            actor: &matters[*matter].actor,
            at: *at,
            pinned_to: repinned[*matter].as_deref(),
            answered: self.answered.get(matter).map(String::as_str),
        };
        let deeds: Vec<ChangeSet<'_>> = self.deeds.iter().map(deed).collect();
        if !deeds.is_empty() {
            change_sets::save(tx, &deeds, self.live.policy.bureau.zone).await?;
            let changes: Vec<_> = deeds.iter().flat_map(|deed| deed.changes).collect();
            let now = deeds.iter().map(|deed| deed.at).max().expect("there is a deed");
            let roster = self.docket.roster();
            let cx = ActContext::new(self.store, self.live, now);
            recall_blanks::ask_back(tx, &changes, now).await?;
            documents::make_of_changes(cx, tx, roster, &changes).await?;
            signed = documents::advance_on_completion(cx, tx, roster, &changes).await?;
        }
        if !self.kept.is_empty() {
            acts::add_many(tx, &self.kept).await?;
        }
        if !self.files.is_empty() {
            // What the record names is there before it is durable; what is refused leaves no file.
            keep_files(self.store, &self.files)?;
            let files: Vec<Attachment> = self.files.iter().map(|file| file.about.clone()).collect();
            attachments::add_many(tx, &files).await?;
        }
        late::keep(tx, &self.late).await?;
        Ok(signed)
    }
}

/// Refusals that say that the step is not somebody's to complete.
const NO_DUTY: [&str; 4] = ["R014", "R026", "R027", "R028"];

/// Says that somebody acted on a version that is no longer the newest.
fn stale(matter: &ActRequest, version: i64) -> Option<Refusal> {
    let wanted = matter.version.filter(|wanted| *wanted != version)?;
    let refusal = Refusal::new(RefusalCode::Stale).with("order", matter.order.to_string());
    Some(refusal.with("version", wanted.to_string()).with("now", version.to_string()))
}

/// What is kept of an answer, as a list; its order says the rest. Earlier builds kept an object.
#[derive(Serialize_tuple, Deserialize)]
pub(crate) struct KeptAnswer<'a> {
    #[serde(borrow)]
    pub(crate) step: Cow<'a, str>,
    #[serde(borrow)]
    pub(crate) title: Cow<'a, str>,
    #[serde(borrow)]
    pub(crate) state: Cow<'a, str>,
    pub(crate) version: i64,
    #[serde(default)]
    pub(crate) late: bool,
}

/// Digits by which one act is told from another under the same key.
const ACT_DIGITS: usize = 16;

/// Names what was asked, so that a key used for another act is noticed.
fn digest_of(event: &Event) -> String {
    let event = serde_json::to_string(event).expect("keys of an event are texts");
    let mut digits = Digest::of(event.as_bytes()).to_string();
    digits.truncate(ACT_DIGITS);
    digits
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_kept_as_a_list_and_read_as_earlier_builds_kept_it_too() {
        let kept = KeptAnswer {
            step: "review".into(),
            title: "第四步 所长审查".into(),
            state: "open".into(),
            version: 3,
            late: false,
        };
        let text = serde_json::to_string(&kept).expect("JSON");
        assert_eq!(text, "[\"review\",\"第四步 所长审查\",\"open\",3,false]");
        let earlier = "{\"id\":\"xihe-3\",\"number\":\"西河〔2026〕3号\",\"step\":\"review\",\
                       \"title\":\"第四步 所长审查\",\"state\":\"open\",\"version\":3,\"repeated\":false}";
        for text in [text.as_str(), earlier] {
            let KeptAnswer { step, title, state, version, late } = serde_json::from_str(text).expect("kept");
            assert_eq!([&step, &title, &state], ["review", "第四步 所长审查", "open"]);
            assert_eq!((version, late), (3, false));
        }
    }
}
