//! People: who there is, and what is laid down about them.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::digest::Digest;
use crate::engine::{Refusal, RefusalCode};
use crate::lang;
use crate::ledger::{Body, LaidPost, PeopleAct, PersonnelImport};
use crate::office::authority;
use crate::office::find_subject::no_such_subject;
use crate::office::places::place_ids;
use crate::office::refusal_names::no_such_officer;
use crate::office::signal_notes::{self, PeopleNews};
use crate::office::written_moment::MomentBounds;
use crate::office::{ActContext, Answer};
use crate::people::{
    Conflict, Delegation, EVERY_WORKFLOW, Leave, Officer, PeopleRefusal, Post, PowerRequest, Roster,
    RosterOnDay, ServiceEnd, came, changed, may_address, may_delegate, may_end_service, may_give_role,
    may_go, may_leave, may_post, may_record_recusal, may_recuse, may_stand_in, undated_before,
};
use crate::policy::Power;
use crate::store::bureau::{self, OfficerRecord};
use crate::store::{self, OfficerImport, Reads, Tx, blanks, people};
use crate::time::Day;

/// What is to be laid down about an officer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PersonnelFact {
    /// A post or duty, with its days.
    Post(Post),
    /// A leave.
    Leave(Leave),
    /// The last day of service.
    Left(Day),
    /// Authority of the officer handed on.
    Delegation(Delegation),
    /// A recusal of the officer.
    Conflict(Conflict),
    /// Where notices go.
    Email(String),
}

/// One officer, as lists and screens show them.
#[derive(Clone, Debug, Serialize)]
pub struct OfficerLine {
    pub id: String,
    pub name: String,
    pub station: Option<String>,
    /// Posts that are held on the day.
    pub roles: Vec<String>,
    /// Certificate, when there is one.
    pub certificate: Option<String>,
    /// Its last day.
    pub certified_until: Option<Day>,
    /// Whether it is valid on the day.
    pub certified: bool,
    /// `serving`, `on-leave` or `left`.
    pub state: &'static str,
    /// Open duties.
    pub open: u32,
}

/// All that is kept of one officer.
#[derive(Clone, Debug, Serialize)]
pub struct OfficerStory {
    /// The officer.
    #[serde(flatten)]
    pub line: OfficerLine,
    /// Where notices go.
    pub email: Option<String>,
    /// Last day of service.
    pub left_on: Option<Day>,
    /// Posts, past and coming ones too.
    pub posts: Vec<Post>,
    /// Leaves, past and coming ones too.
    pub leaves: Vec<Leave>,
    /// Authority handed on, by them and to them.
    pub delegations: Vec<Delegation>,
    /// Recusals.
    pub conflicts: Vec<Conflict>,
    /// Names of all officers, by id.
    #[serde(skip)]
    pub names: BTreeMap<String, String>,
}

/// Reads what all officers are called, by id.
pub(crate) async fn names(at: &mut impl Reads) -> Answer<BTreeMap<String, String>> {
    let all = bureau::list(at).await?.into_iter().map(|row: OfficerRecord| (row.id, row.name));
    Ok(all.collect())
}

/// Lists officers by id, those of one station if asked.
pub async fn officers(cx: ActContext<'_>, station: Option<&str>) -> Answer<Vec<OfficerLine>> {
    let mut reader = cx.store.read().await?;
    let (station, _) = place_ids(&mut reader, station, None).await?;
    let roster = people::roster(&mut reader).await?;
    let is_here = |o: &&Officer| station.is_none() || o.station == station;
    let here = roster.officers.values().filter(is_here);
    Ok(here.map(|officer| line(officer, cx.today)).collect())
}

/// Refuses a person whom the register does not have, once it has people at all.
///
/// # Refusals
/// R110, with who was probably meant.
pub async fn refuse_stranger(cx: ActContext<'_>, id: &str) -> Answer<()> {
    let roster = people::roster(&mut cx.store.read().await?).await?;
    if roster.is_kept() && !roster.officers.contains_key(id) {
        return Err(no_such_officer(authority::on_day(cx, &roster), id).into());
    }
    Ok(())
}

/// Tells all that is kept of one officer.
///
/// # Refusals
/// An officer the roster does not have.
pub async fn officer_story(cx: ActContext<'_>, id: &str) -> Answer<OfficerStory> {
    let roster = people::roster(&mut cx.store.read().await?).await?;
    story(&roster, id, cx.today)
}

/// Lays something down about an officer, with its entry in the record; returns whether duties may have to
/// move because of it.
///
/// # Refusals
/// Whatever the people room says against it; an actor who is unknown, gone or on leave, or lacks the
/// power.
pub(crate) async fn lay_down(
    cx: ActContext<'_>,
    officer: &str,
    what: &PersonnelFact,
    actor: &str,
) -> Answer<bool> {
    let mut tx = cx.store.begin().await?;
    let roster = people::roster(&mut tx).await?;
    let found = crate::people::known(&roster, officer)?;
    ask(cx, &roster, found, what, actor)?;
    let chain = found.station.clone().unwrap_or_default();
    tx.lock_chains([chain.as_str()]).await?;
    let since = MomentBounds::read(&mut tx).await?.powers_since(cx);
    let what = &begun(found, what.clone(), since.unwrap_or(cx.today));
    check(authority::on_day(cx, &roster), officer, what, since)?;
    refuse_acted(cx, &mut tx, &roster, found, what).await?;
    let what = &match what {
        PersonnelFact::Conflict(conflict) => {
            PersonnelFact::Conflict(may_record_recusal(authority::on_day(cx, &roster), actor, conflict)?)
        }
        _ => what.clone(),
    };
    check_names(cx, &mut tx, what).await?;
    if matches!(what, PersonnelFact::Left(_)) {
        let in_hand =
            blanks::BlankFilter { officer: Some(officer.to_owned()), ..blanks::BlankFilter::default() };
        may_go(&roster, officer, blanks::list(&mut tx, &in_hand).rest().await?.len())?;
    }
    let ended = match what {
        PersonnelFact::Post(post) => undated_before(&found.posts, post, cx.today).map(PersonnelFact::Post),
        _ => None,
    };
    for what in ended.iter().chain([what]) {
        write(&mut tx, officer, what).await?;
        let body = Body::People(act(officer, what));
        store::ledger::append(&mut tx, &chain, &body, cx.author(actor)).await?;
    }
    let after = people::roster(&mut tx).await?;
    let news = PeopleNews {
        changed: changed(&roster, &after, cx.today),
        came: came(&roster, &after, cx.today),
        is_back: false,
    };
    let mut may_move = signal_notes::people_changed(cx, &mut tx, &after, news).await?;
    if let PersonnelFact::Conflict(conflict) = what
        && after.conflict(officer, &conflict.subject).is_some()
        && has_duty_about(&mut tx, officer, &conflict.subject).await?
    {
        signal_notes::recused(cx, &mut tx, &conflict.subject).await?;
        may_move = true;
    }
    tx.commit().await?;
    Ok(may_move)
}

/// Gives a post without its first day the one of the post that runs, so that an end ends it; a new one begins on the
/// first day from which it may count.
fn begun(officer: &Officer, what: PersonnelFact, since: Day) -> PersonnelFact {
    let PersonnelFact::Post(Post { role, from: None, until }) = what else { return what };
    let mut own = officer.posts.iter().filter(|held| held.role == role);
    let running = own.clone().find(|held| held.covers(since)).or_else(|| own.next());
    let from = running.map_or(Some(since), |held| held.from);
    PersonnelFact::Post(Post { role, from, until })
}

/// Refuses to say of somebody that he was away or gone on days on which he did something that stands in the chain of
/// his station.
///
/// # Refusals
/// R192.
async fn refuse_acted(
    cx: ActContext<'_>,
    tx: &mut Tx,
    roster: &Roster,
    officer: &Officer,
    what: &PersonnelFact,
) -> Answer<()> {
    let end = match what {
        PersonnelFact::Left(on) => ServiceEnd::LastDay(*on),
        // Who no longer held a post cannot have acted by it.
        PersonnelFact::Post(Post { role: _, from: _, until: Some(last) }) => ServiceEnd::PostUntil(*last),
        // One that is known is made shorter or longer.
        PersonnelFact::Leave(Leave { from, .. })
            if !officer.leaves.iter().any(|known| known.from == *from) =>
        {
            ServiceEnd::AwayFrom(*from)
        }
        _ => return Ok(()),
    };
    if end.idle_from(cx.today).is_none() {
        return Ok(());
    }
    let chain = officer.station.as_deref().unwrap_or_default();
    let last = store::ledger::last_by(tx, chain, &officer.id).await?;
    Ok(may_end_service(authority::on_day(cx, roster), &officer.id, end, last)?)
}

/// Returns whether somebody has something to do on an open order about a subject.
async fn has_duty_about(tx: &mut Tx, officer: &str, subject: &str) -> Answer<bool> {
    let orders = store::signals::open_of_subjects(tx, &[subject]).await?;
    let duties = store::duties::of_officers(tx, &[officer]).await?;
    Ok(duties.iter().any(|duty| orders.iter().any(|(_, order)| *order == duty.order)))
}

/// Asks whether the actor may lay it down.
fn ask(
    cx: ActContext<'_>,
    roster: &Roster,
    officer: &Officer,
    what: &PersonnelFact,
    actor: &str,
) -> Result<(), PeopleRefusal> {
    let mut about = vec![officer.id.as_str()];
    let power = match what {
        PersonnelFact::Post(_) => Power::Post,
        PersonnelFact::Leave(_) => Power::Leave,
        PersonnelFact::Left(_) => Power::Departure,
        PersonnelFact::Delegation(delegation) => {
            about.push(&delegation.to);
            Power::Delegation
        }
        PersonnelFact::Conflict(_) => Power::Conflict,
        PersonnelFact::Email(_) => Power::Address,
    };
    let station = officer.station.as_deref();
    let wanted = PowerRequest { about: &about, ..PowerRequest::over(power, station) };
    authority::allow(cx, roster, actor, wanted)?;
    let on = authority::on_day(cx, roster);
    match what {
        PersonnelFact::Post(post) => may_give_role(on, actor, &post.role),
        PersonnelFact::Leave(leave) => may_stand_in(on, actor, officer, leave),
        _ => Ok(()),
    }
}

/// Holds what is laid down against the roster; `since` is the first day from which it may give power.
fn check(
    on: RosterOnDay<'_>,
    officer: &str,
    what: &PersonnelFact,
    since: Option<Day>,
) -> Result<(), PeopleRefusal> {
    match what {
        PersonnelFact::Post(post) => may_post(on, officer, post, since),
        PersonnelFact::Leave(leave) => may_leave(on.roster, officer, leave),
        PersonnelFact::Delegation(delegation) => may_delegate(on.roster, delegation, since),
        PersonnelFact::Conflict(conflict) => may_recuse(on.policy, on.roster, conflict, on.today),
        PersonnelFact::Email(address) => may_address(address),
        PersonnelFact::Left(_) => Ok(()),
    }
}

/// Asks that there is what is named besides people: whatever nobody has, nothing could come of.
///
/// # Refusals
/// R003 for a subject the register does not have; R002 for a workflow the policy does not have.
async fn check_names(cx: ActContext<'_>, tx: &mut Tx, what: &PersonnelFact) -> Answer<()> {
    match what {
        PersonnelFact::Conflict(conflict)
            if store::subjects::home(tx, &conflict.subject).await?.is_none() =>
        {
            Err(no_such_subject(tx, &conflict.subject).await)
        }
        PersonnelFact::Delegation(delegation)
            if delegation.scope != EVERY_WORKFLOW && cx.policy().workflow(&delegation.scope).is_none() =>
        {
            let known =
                cx.policy().workflows.iter().map(|workflow| lang::with_id(&workflow.title, &workflow.id));
            let refusal = Refusal::new(RefusalCode::NoSuchWorkflow).with("workflow", &delegation.scope);
            Err(refusal.with("known", lang::list(known)).into())
        }
        PersonnelFact::Conflict(_)
        | PersonnelFact::Delegation(_)
        | PersonnelFact::Post(_)
        | PersonnelFact::Leave(_)
        | PersonnelFact::Left(_)
        | PersonnelFact::Email(_) => Ok(()),
    }
}

async fn write(tx: &mut Tx, officer: &str, what: &PersonnelFact) -> Result<(), store::StoreFault> {
    match what {
        PersonnelFact::Post(post) => people::put_post(tx, officer, post).await,
        PersonnelFact::Leave(leave) => people::put_leave(tx, officer, leave).await,
        PersonnelFact::Left(on) => people::put_left(tx, officer, *on).await,
        PersonnelFact::Delegation(delegation) => people::put_delegation(tx, delegation).await,
        PersonnelFact::Conflict(conflict) => people::put_conflict(tx, conflict).await,
        PersonnelFact::Email(email) => people::put_email(tx, officer, email).await,
    }
}

/// What the record says of it.
fn act(officer: &str, what: &PersonnelFact) -> PeopleAct {
    let officer = officer.to_owned();
    let maybe = |day: &Option<Day>| day.map(|day| day.to_string());
    match what {
        PersonnelFact::Post(Post { role, from, until }) => {
            PeopleAct::Post { officer, role: role.clone(), from: maybe(from), until: maybe(until) }
        }
        PersonnelFact::Leave(Leave { from, to, substitute }) => {
            let (from, to) = (from.to_string(), to.to_string());
            PeopleAct::Leave { officer, from, to, substitute: substitute.clone() }
        }
        PersonnelFact::Left(on) => PeopleAct::Left { officer, on: on.to_string() },
        PersonnelFact::Delegation(Delegation { from: _, to, scope, from_day, to_day, document }) => {
            PeopleAct::Delegated {
                officer,
                to: to.clone(),
                scope: scope.clone(),
                from: from_day.to_string(),
                until: to_day.to_string(),
                document: document.clone(),
            }
        }
        PersonnelFact::Conflict(Conflict { officer: _, subject, decided_by, document }) => {
            PeopleAct::Recused {
                officer,
                subject: subject.clone(),
                decided_by: decided_by.text(),
                document: document.clone(),
            }
        }
        PersonnelFact::Email(email) => PeopleAct::Email { officer, digest: email_digest(email) },
    }
}

/// What the record says of what a file laid down, by the station of the officers.
pub(crate) fn laid<'a>(laid: &'a [OfficerImport], file: &str) -> BTreeMap<&'a str, Body> {
    let mut by_station: BTreeMap<&str, PersonnelImport> = BTreeMap::new();
    for OfficerImport { officer, station, posts, email } in laid {
        let said = by_station.entry(station.as_deref().unwrap_or_default()).or_default();
        file.clone_into(&mut said.file);
        said.posts.extend(posts.iter().map(|Post { role, from, until }| LaidPost {
            officer: officer.clone(),
            role: role.clone(),
            from: from.map(|day| day.to_string()),
            until: until.map(|day| day.to_string()),
        }));
        said.emails.extend(email.iter().map(|email| (officer.clone(), email_digest(email))));
    }
    by_station.into_iter().map(|(station, said)| (station, Body::People(PeopleAct::Imported(said)))).collect()
}

/// An address is personal; the record names it without saying it.
pub(crate) fn email_digest(email: &str) -> String {
    Digest::of_parts("wubu-email", [email.as_bytes()]).to_string()
}

fn line(officer: &Officer, today: Day) -> OfficerLine {
    let held = officer.posts.iter().filter(|post| post.covers(today));
    let state = match (officer.serves(today), officer.leave(today)) {
        (false, _) => "left",
        (true, Some(_)) => "on-leave",
        (true, None) => "serving",
    };
    OfficerLine {
        id: officer.id.clone(),
        name: officer.name.clone(),
        station: officer.station.clone(),
        roles: held.map(|post| post.role.clone()).collect(),
        certificate: officer.certificate.clone(),
        certified_until: officer.certified_until,
        certified: officer.is_certified(today),
        state,
        open: officer.load,
    }
}

fn story(roster: &Roster, id: &str, today: Day) -> Answer<OfficerStory> {
    let officer = crate::people::known(roster, id)?;
    let delegations = roster.delegations.iter().filter(|d| d.from == id || d.to == id);
    let conflicts = roster.conflicts.iter().filter(|conflict| conflict.officer == id);
    Ok(OfficerStory {
        line: line(officer, today),
        email: officer.email.clone(),
        left_on: officer.left_on,
        posts: officer.posts.clone(),
        leaves: officer.leaves.clone(),
        delegations: delegations.cloned().collect(),
        conflicts: conflicts.cloned().collect(),
        names: roster.officers.values().map(|known| (known.id.clone(), known.name.clone())).collect(),
    })
}
