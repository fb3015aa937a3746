//! Acts on blanks, and the books of a month.

use std::collections::BTreeMap;

use chrono::Datelike as _;
use serde::Serialize;
use serde_json::json;

use super::command::DocumentCommand;
use super::handle::{Handling, handle_many};
use super::show::{self, BlankLine};
use super::{
    Confirmer, control, find_order, kind_of, overtaken, person, person_of, record, row_detail, tell,
    tell_confirmer,
};
use crate::documents::{
    self as pure, Balance, BalanceLine, Blank, BlankAct, BlankCounts, BlankLot, BlankState, Control,
    DocumentRefusal, Series, VoidRequest,
};
use crate::engine::OrderHeader;
use crate::import::StationRow;
use crate::ledger::{DocumentBody, KindBook, MovedBlank};
use crate::office::authority;
use crate::office::places::{place_ids, station_id};
use crate::office::{ActContext, ActiveRelease, Answer};
use crate::people::PowerRequest;
use crate::policy::{DocumentKind, Power};
use crate::store::blanks::{ClosedMonth, StoredBlank};
use crate::store::bureau;
use crate::store::documents::StoredDocument;
use crate::store::{Tx, blanks, documents, numbers, people};
use crate::time::{Day, Stamp};

/// What is to be done with a blank.
#[derive(Clone, Debug)]
pub enum BlankCommand {
    /// An officer signs for it.
    SignOut {
        /// The officer.
        to: String,
        /// The order it is meant for.
        order: Option<String>,
    },
    /// It comes back unused.
    Return,
    /// Its keeper asks for its number to be cancelled, or the one he named confirms; for a void one, its
    /// original is handed in.
    Void {
        /// Who has to confirm.
        with: Option<String>,
        /// Whether the original is kept.
        has_original: bool,
        reason: Option<String>,
    },
    /// It is gone.
    Lose {
        /// What happened.
        reason: Option<String>,
    },
}

impl BlankCommand {
    const fn power(&self) -> Power {
        match self {
            Self::SignOut { .. } | Self::Return | Self::Void { .. } => Power::Keep,
            Self::Lose { .. } => Power::Lost,
        }
    }
}

/// Blanks that are to be issued.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BlankIssue {
    pub kind: String,
    pub count: i64,
    pub station: String,
}

/// Blanks issued together.
#[derive(Clone, Debug, Serialize)]
#[expect(missing_docs, reason = "the names are the contract of the command line")]
pub struct IssuedBlanks {
    pub kind: String,
    pub station: String,
    pub count: i64,
    pub first: String,
    pub last: String,
}

/// Issues blanks of a kind to a station.
///
/// # Refusals
/// Somebody who lacks the power; R060, R087 and the refusals of [`pure::issue`].
pub async fn issue_blanks(cx: ActContext<'_>, wish: &BlankIssue, by: &str) -> Answer<IssuedBlanks> {
    let BlankIssue { kind, count, station } = wish;
    let (kind, count) = (kind_of(cx.live, kind)?, *count);
    let station = &station_id(&mut cx.store.read().await?, station).await?;
    let mut tx = cx.store.begin_on([station.as_str()]).await?;
    if bureau::list::<StationRow>(&mut tx).await?.is_empty() {
        let (near, known) = ("none".to_owned(), String::new());
        return Err(DocumentRefusal::NoSuchStation { station: station.clone(), near, known }.into());
    }
    let roster = people::roster(&mut tx).await?;
    authority::allow(cx, &roster, by, PowerRequest::over(Power::Issue, Some(station)))?;
    refuse_closed_month(cx, &mut tx, station).await?;
    let actor = person_of(&roster, by, cx.today)?;
    let year = cx.today.year();
    // Asked before numbers are taken: a refusal takes none.
    let lot = BlankLot { station, year, first: 1, count };
    pure::issue(cx.policy(), kind, lot, &actor)?;
    let first = numbers::take(&mut tx, &series(&kind.id, year), count).await?;
    let issued = pure::issue(cx.policy(), kind, BlankLot { first, ..lot }, &actor)?;
    blanks::add_issue(&mut tx, &issued, by, cx.now).await?;
    let last = first + count - 1;
    let body = DocumentBody::Issued { kind: kind.id.clone(), year: i64::from(year), first, last };
    record(&mut tx, station, body, cx.author(by)).await?;
    tx.commit().await?;
    let number = |n| Control { kind: kind.id.clone(), year, n }.to_string();
    Ok(IssuedBlanks {
        kind: kind.id.clone(),
        station: station.clone(),
        count,
        first: number(first),
        last: number(last),
    })
}

/// Returns the series that the blanks of a kind count within.
pub(crate) fn series(kind: &str, year: i32) -> Series {
    Series { prefix: kind.to_owned(), organ: String::new(), year }
}

/// Does one act on a blank: `what` is its number, or for signing out a kind, of which the lowest in
/// the officer's station is taken.
///
/// # Refusals
/// Somebody who lacks the power; the refusals of [`pure::act_on_blank`].
pub async fn move_blank(
    cx: ActContext<'_>,
    what: &str,
    command: &BlankCommand,
    by: &str,
) -> Answer<BlankLine> {
    let mut tx = cx.store.begin().await?;
    let kind = cx.policy().document(what);
    let mut found = match (kind, command) {
        (Some(kind), BlankCommand::SignOut { to, .. }) => {
            in_stock(&mut tx, kind, &[to, by], cx.today).await?
        }
        _ => numbered(&mut tx, what).await?,
    };
    let before = found.blank.state.clone();
    let written_on = written_on(&mut tx, &found).await?;
    let home = written_on.as_ref().map(|found| found.document.key.order.home.as_str());
    tx.lock_chains(home.into_iter().chain([found.blank.station.as_str()])).await?;
    let roster = people::roster(&mut tx).await?;
    let power = command.power();
    authority::allow(cx, &roster, by, PowerRequest::over(power, Some(&found.blank.station)))?;
    refuse_closed_month(cx, &mut tx, &found.blank.station).await?;
    let actor = person_of(&roster, by, cx.today)?;
    let mut other = None;
    let act = match command {
        BlankCommand::SignOut { to, order } => {
            if let Some(order) = order {
                let OrderHeader { id, station, .. } = find_order(cx, &mut tx, order).await?.header;
                refuse_other_station(&found.blank, station)?;
                found.order = Some(id);
            }
            BlankAct::SignOut { keeper: &actor, officer: other.insert(person_of(&roster, to, cx.today)?) }
        }
        BlankCommand::Return => {
            found.order = None;
            BlankAct::Return { keeper: &actor }
        }
        BlankCommand::Void { has_original: true, .. } if is_without_original(&before) => {
            BlankAct::HandIn { keeper: &actor }
        }
        BlankCommand::Void { with, has_original, .. } => {
            if let Some(with) = with {
                other = Some(person_of(&roster, with, cx.today)?);
            }
            let document = written_on.as_ref().map(|found| &found.document);
            BlankAct::Void { by: &actor, with: other.as_ref(), has_original: *has_original, document }
        }
        BlankCommand::Lose { .. } => {
            BlankAct::Lose { by: &actor, document: written_on.as_ref().map(|found| &found.document) }
        }
    };
    let name = act.into_str();
    found.blank = pure::act_on_blank(cx.policy(), found.blank, act)?;
    if !blanks::change(&mut tx, &found, cx.now).await? {
        return Err(overtaken("blank"));
    }
    let ends = matches!(found.blank.state, BlankState::Voided { .. } | BlankState::Lost);
    if let (BlankState::InUse { .. }, true, Some(document)) = (&before, ends, written_on) {
        void_document(cx, &mut tx, document, by).await?;
    }
    let mut moved = moved(&found.blank, name, command);
    moved.detail.push(row_detail(blanks::content_after(&found)));
    record(&mut tx, &found.blank.station, DocumentBody::Blank(moved), cx.author(by)).await?;
    tell_of_blank(cx, &mut tx, &found.blank, by).await?;
    let line = show::blank_line(cx.live, &StoredBlank { moves: found.moves + 1, ..found });
    tx.commit().await?;
    Ok(line)
}

/// Refuses to change the books of a month that its station has closed.
///
/// # Refusals
/// R085.
pub(super) async fn refuse_closed_month(cx: ActContext<'_>, tx: &mut Tx, station: &str) -> Answer<()> {
    let month = cx.today.format("%Y-%m").to_string();
    if !blanks::is_closed(tx, station, &month).await? {
        return Ok(());
    }
    Err(DocumentRefusal::MonthClosed { month, station: station.to_owned() }.into())
}

/// What the record says of it.
fn moved(blank: &Blank, act: &str, command: &BlankCommand) -> MovedBlank {
    MovedBlank {
        control: blank.control.to_string(),
        act: act.to_owned(),
        state: blank.state.into_str().to_owned(),
        detail: detail(blank, command),
    }
}

/// Refuses an order of another station than the blank's.
///
/// # Refusals
/// R089.
pub(super) fn refuse_other_station(blank: &Blank, station: String) -> Result<(), DocumentRefusal> {
    let blank_of = || blank.control.to_string();
    if blank.station == station {
        Ok(())
    } else {
        Err(DocumentRefusal::OtherStation { blank: blank_of(), station })
    }
}

/// Finds the document that a blank was used for.
async fn written_on(tx: &mut Tx, found: &StoredBlank) -> Answer<Option<StoredDocument>> {
    match &found.order {
        Some(order) => Ok(documents::on_blank(tx, &order.home, &found.blank.control).await?),
        None => Ok(None),
    }
}

/// Cancels the document that is written on a blank.
async fn void_document(
    cx: ActContext<'_>,
    tx: &mut Tx,
    found: documents::StoredDocument,
    by: &str,
) -> Answer<()> {
    let roster = people::roster(tx).await?;
    let handling = Handling { found, commands: vec![DocumentCommand::Void], by, rights: Vec::new() };
    handle_many(cx, tx, &roster, vec![handling]).await.map(|_| ())
}

/// Tells those whom the bureau names that a blank is cancelled or gone, or its voider that it waits for his word.
async fn tell_of_blank(cx: ActContext<'_>, tx: &mut Tx, blank: &Blank, by: &str) -> Answer<()> {
    let Blank { control, station, state, voiding } = blank;
    let (serial, what) = (control.to_string(), state.into_str());
    match (state, voiding) {
        (_, Some(VoidRequest { second, .. })) => {
            let body = json!({"about": "blank-voiding", "blank": serial, "by": by});
            tell_confirmer(cx, tx, Confirmer { second, home: station }, &body).await
        }
        (BlankState::Voided { .. } | BlankState::Lost, None) => {
            let about =
                json!({"about": format!("blank-{what}"), "blank": serial, "station": station, "by": by});
            tell(cx, tx, station, &about.to_string()).await
        }
        _ => Ok(()),
    }
}

const fn is_without_original(state: &BlankState) -> bool {
    matches!(state, BlankState::Voided { has_original: false })
}

/// Finds a blank by its number.
pub(super) async fn numbered(tx: &mut Tx, serial: &str) -> Answer<StoredBlank> {
    let found = blanks::find(tx, &control(serial)?).await?;
    Ok(found.ok_or_else(|| DocumentRefusal::NoSuchBlank { blank: serial.to_owned() })?)
}

/// Finds the lowest blank of a kind in the station of the first of these people who has one.
async fn in_stock(tx: &mut Tx, kind: &DocumentKind, people: &[&str], today: Day) -> Answer<StoredBlank> {
    if !kind.blank {
        return Err(DocumentRefusal::BlankKind { kind: kind.title.clone() }.into());
    }
    let mut station = None;
    for id in people {
        let found = person(tx, id, today).await?;
        station = station.or(found.station);
    }
    let station = station.unwrap_or_default();
    // Where no people are kept, the kind alone names the stock when only one station has any.
    let found = if station.is_empty() {
        let filter = blanks::BlankFilter {
            kind: Some(kind.id.clone()),
            state: Some(BlankState::InStock.into_str().to_owned()),
            limit: Some(1),
            ..blanks::BlankFilter::default()
        };
        blanks::list(tx, &filter).rest().await?.pop()
    } else {
        blanks::lowest(tx, &station, &kind.id).await?
    };
    Ok(found.ok_or(DocumentRefusal::NoneInStock { kind: kind.title.clone(), station })?)
}

fn detail(blank: &Blank, command: &BlankCommand) -> Vec<(String, String)> {
    let pair = |key: &str, value: &str| (key.to_owned(), value.to_owned());
    let reason = |reason: &Option<String>| reason.as_ref().map(|reason| pair("reason", reason));
    match command {
        BlankCommand::SignOut { to, order } => {
            let order = order.as_ref().map(|order| pair("order", order));
            std::iter::once(pair("to", to)).chain(order).collect()
        }
        BlankCommand::Return => Vec::new(),
        BlankCommand::Void { with, has_original, reason: why } => {
            let has_original = match (&blank.state, &blank.voiding) {
                (BlankState::Voided { has_original }, _) | (_, Some(VoidRequest { has_original, .. })) => {
                    has_original
                }
                _ => has_original,
            };
            let kept = if *has_original { "kept" } else { "missing" };
            let with = with.as_ref().map(|with| pair("with", with));
            std::iter::once(pair("original", kept)).chain(with).chain(reason(why)).collect()
        }
        BlankCommand::Lose { reason: why } => reason(why).into_iter().collect(),
    }
}

/// The books of one month.
#[derive(Clone, Debug, Serialize)]
#[expect(missing_docs, reason = "the names are the contract of the command line")]
pub struct MonthBooks {
    pub month: String,
    pub balanced: bool,
    pub closed: bool,
    pub stations: Vec<StationBooks>,
}

/// One station's books.
#[derive(Clone, Debug, Serialize)]
#[expect(missing_docs, reason = "the names are the contract of the command line")]
pub struct StationBooks {
    pub station: String,
    pub balanced: bool,
    pub closed: bool,
    pub kinds: Vec<BooksLine>,
    pub total: BooksLine,
}

/// Where the blanks of one kind are.
#[derive(Clone, Debug, Serialize)]
#[expect(missing_docs, reason = "the names are the contract of the command line")]
pub struct BooksLine {
    pub kind: String,
    pub title: String,
    #[serde(flatten)]
    pub counts: BlankCounts,
    pub balanced: bool,
    pub originals_missing: Vec<String>,
}

/// Whose books of which month are drawn up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MonthWish<'a> {
    /// Such as `2026-03`.
    pub month: &'a str,
    /// One station's; else those of all.
    pub station: Option<&'a str>,
    /// Who closes the month with them; nobody does when they are only looked at.
    pub closed_by: Option<&'a str>,
}

/// Draws up the books of a month, and closes it when somebody is named who does.
///
/// # Refusals
/// Somebody who lacks the power; R082, R083, R084, R085; those whom the bureau names are told of the first two.
pub async fn reconcile_month(cx: ActContext<'_>, wish: MonthWish<'_>) -> Answer<Option<MonthBooks>> {
    let MonthWish { month, station, closed_by } = wish;
    let (station, _) = place_ids(&mut cx.store.read().await?, station, None).await?;
    let station = station.as_deref();
    let Some(ends) = month_end(month) else { return Ok(None) };
    let next = ends.succ_opt().unwrap_or(ends);
    let until = Stamp::from_micros(Stamp::day_start(next, cx.zone()).micros() - 1).min(cx.now);
    let mut reader = cx.store.read().await?;
    let books = blanks::books(&mut reader, station, until).await?;
    if let Some(by) = closed_by {
        let roster = people::roster(&mut reader).await?;
        // All are asked for before the first is closed; where there are no books, what was named.
        let kept = books.keys().map(|station| Some(station.as_str()));
        for station in kept.chain(books.is_empty().then_some(station)) {
            authority::allow(cx, &roster, by, PowerRequest::over(Power::CloseMonth, station))?;
        }
    }
    drop(reader);
    let mut stations = Vec::new();
    for (station, lines) in books {
        let balance = pure::reconcile(lines);
        if let Some(by) = closed_by {
            let books = OpenBooks { station: &station, month, ends, balance: &balance };
            close_month(cx, &books, by).await?;
        }
        let mut reader = cx.store.read().await?;
        let closed = blanks::is_closed(&mut reader, &station, month).await?;
        stations.push(station_books(cx.live, station, balance, closed));
    }
    Ok(Some(MonthBooks {
        month: month.to_owned(),
        balanced: stations.iter().all(|books| books.balanced),
        closed: !stations.is_empty() && stations.iter().all(|books| books.closed),
        stations,
    }))
}

/// Returns the last day of a month written `2026-03`.
fn month_end(month: &str) -> Option<Day> {
    let first: Day = format!("{month}-01").parse().ok().filter(|_| month.len() == "2026-03".len())?;
    let next = first.checked_add_months(chrono::Months::new(1))?;
    next.pred_opt()
}

/// The books of a station and month that are not closed yet.
struct OpenBooks<'a> {
    station: &'a str,
    month: &'a str,
    /// The last day of the month.
    ends: Day,
    balance: &'a Balance,
}

async fn close_month(cx: ActContext<'_>, books: &OpenBooks<'_>, by: &str) -> Answer<()> {
    let OpenBooks { station, month, ends, balance } = *books;
    let mut tx = cx.store.begin_on([station]).await?;
    let actor = person(&mut tx, by, cx.today).await?;
    if blanks::is_closed(&mut tx, station, month).await? {
        let (month, station) = (month.to_owned(), station.to_owned());
        return Err(DocumentRefusal::MonthClosed { month, station }.into());
    }
    let refused = match pure::close(balance, month, ends, cx.today) {
        Ok(()) => None,
        Err(early @ DocumentRefusal::MonthNotOver { .. }) => return Err(early.into()),
        Err(refusal) => Some(refusal),
    };
    let body = match &refused {
        None => {
            let (books, actor) = (balance.lines.as_slice(), actor.id.as_str());
            blanks::close(&mut tx, &ClosedMonth { station, month, books, actor, at: cx.now }).await?;
            DocumentBody::Closed { month: month.to_owned(), books: balance.lines.iter().map(book).collect() }
        }
        Some(refusal) => DocumentBody::NotClosed { month: month.to_owned(), code: refusal.id().to_owned() },
    };
    record(&mut tx, station, body, cx.author(by)).await?;
    if let Some(refusal) = &refused {
        let args: BTreeMap<&str, String> = refusal.args().into_iter().collect();
        let about = json!({"about": "month-not-closed", "month": month, "station": station,
            "code": refusal.id(), "args": args});
        tell(cx, &mut tx, station, &about.to_string()).await?;
    }
    tx.commit().await?;
    refused.map_or(Ok(()), |refusal| Err(refusal.into()))
}

fn book(line: &BalanceLine) -> KindBook {
    let BlankCounts { issued, in_stock, signed_out, in_use, filed, voided, lost } = line.counts;
    KindBook { kind: line.kind.clone(), issued, in_stock, signed_out, in_use, filed, voided, lost }
}

fn station_books(live: &ActiveRelease, station: String, balance: Balance, closed: bool) -> StationBooks {
    let Balance { lines, total, is_even } = balance;
    let all = BalanceLine { kind: String::new(), counts: total, originals_missing: Vec::new() };
    StationBooks {
        station,
        balanced: is_even,
        closed,
        kinds: lines.into_iter().map(|line| books_line(live, line)).collect(),
        total: books_line(live, all),
    }
}

fn books_line(live: &ActiveRelease, line: BalanceLine) -> BooksLine {
    let BalanceLine { kind, counts, originals_missing } = line;
    BooksLine {
        title: live.policy.document(&kind).map_or_else(String::new, |known| known.title.clone()),
        kind,
        counts,
        balanced: counts.is_even(),
        originals_missing: originals_missing.iter().map(ToString::to_string).collect(),
    }
}
