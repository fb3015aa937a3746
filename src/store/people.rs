//! People: the roster as the pure rooms want it, and what is laid down about officers.

use std::collections::BTreeMap;

use crate::people::{Conflict, Decider, Delegation, Grid, Leave, Officer, Post, Roster};
use crate::time::{Day, Stamp};

use super::sql::{Sql, args, json_rows, sql};
use super::tx::{Columns, rows};
use super::{Fault, Laid, Reads, Tx, grids, officers};

const POSTS: Sql = sql!("people.posts":
    "SELECT officer, role, from_day, until_day FROM post ORDER BY officer, role, from_day");
const LEAVES: Sql = sql!("people.leaves":
    "SELECT officer, from_day, to_day, substitute FROM leave ORDER BY officer, from_day");
const DELEGATIONS: Sql = sql!("people.delegations":
    "SELECT giver, taker, scope, from_day, to_day, document FROM delegation ORDER BY giver, taker, scope, from_day");
const CONFLICTS: Sql = sql!("people.conflicts":
    "SELECT officer, subject, decided_by, document FROM conflict ORDER BY officer, subject");
const SERVICES: Sql = sql!("people.services": "SELECT officer, left_on, email FROM service ORDER BY officer");
const LOADS: Sql = sql!("people.loads":
    "SELECT officer, COUNT(*), MAX(since) FROM duty GROUP BY officer ORDER BY officer");
const PUT_POST: Sql = sql!("people.put_post":
    "INSERT INTO post (officer, role, from_day, until_day) VALUES ($1, $2, $3, $4) "
    "ON CONFLICT (officer, role, from_day) DO UPDATE SET until_day = excluded.until_day");
const PUT_LEAVE: Sql = sql!("people.put_leave":
    "INSERT INTO leave (officer, from_day, to_day, substitute) VALUES ($1, $2, $3, $4) "
    "ON CONFLICT (officer, from_day) DO UPDATE SET to_day = excluded.to_day, substitute = excluded.substitute");
const PUT_DELEGATION: Sql = sql!("people.put_delegation":
    "INSERT INTO delegation (giver, taker, scope, from_day, to_day, document) VALUES ($1, $2, $3, $4, $5, $6) "
    "ON CONFLICT (giver, taker, scope, from_day) DO UPDATE SET to_day = excluded.to_day, "
    "document = excluded.document");
const PUT_CONFLICT: Sql = sql!("people.put_conflict":
    "INSERT INTO conflict (officer, subject, decided_by, document) VALUES ($1, $2, $3, $4) "
    "ON CONFLICT (officer, subject) DO UPDATE SET decided_by = excluded.decided_by, document = excluded.document");
const PUT_LEFT: Sql = sql!("people.put_left":
    "INSERT INTO service (officer, left_on) VALUES ($1, $2) "
    "ON CONFLICT (officer) DO UPDATE SET left_on = excluded.left_on");
const PUT_EMAIL: Sql = sql!("people.put_email":
    "INSERT INTO service (officer, email) VALUES ($1, $2) "
    "ON CONFLICT (officer) DO UPDATE SET email = excluded.email");
const PUT_POSTS: Sql = sql!("people.put_posts":
    "INSERT INTO post (officer, role, from_day, until_day) "
    "SELECT e.value->>0, e.value->>1, e.value->>2, NULLIF(e.value->>3, '') FROM " rows " AS e WHERE TRUE "
    "ON CONFLICT (officer, role, from_day) DO UPDATE SET until_day = excluded.until_day");
const PUT_EMAILS: Sql = sql!("people.put_emails":
    "INSERT INTO service (officer, email) SELECT e.value->>0, e.value->>1 FROM " rows " AS e WHERE TRUE "
    "ON CONFLICT (officer) DO UPDATE SET email = excluded.email");

pub(super) const ALL: &[Sql] = &[
    POSTS,
    LEAVES,
    DELEGATIONS,
    CONFLICTS,
    SERVICES,
    LOADS,
    PUT_POST,
    PUT_LEAVE,
    PUT_DELEGATION,
    PUT_CONFLICT,
    PUT_LEFT,
    PUT_EMAIL,
    PUT_POSTS,
    PUT_EMAILS,
];

/// Reads everybody, in eight statements whatever their number.
///
/// # Errors
/// [`Fault`] when the database cannot be read.
pub async fn roster(at: &mut impl Reads) -> Result<Roster, Fault> {
    let listed = officers::list(at).await?;
    let mut people: BTreeMap<String, Officer> =
        listed.into_iter().map(|row| (row.id.clone(), officer(row))).collect();
    dated_posts(at, &mut people).await?;
    leaves(at, &mut people).await?;
    services(at, &mut people).await?;
    loads(at, &mut people).await?;
    let grids = grids::list(at).await?.into_iter().map(|row| {
        let grids::Row { id, title: _, station, officer, backup } = row;
        (id.clone(), Grid { id, station, officer, backup })
    });
    let grids = grids.collect();
    Ok(Roster {
        officers: people,
        grids,
        conflicts: conflicts(at).await?,
        delegations: delegations(at).await?,
    })
}

/// Writes a post down; the same one beginning on the same day is replaced.
///
/// # Errors
/// [`Fault`] when the database refuses.
pub async fn put_post(tx: &mut Tx, officer: &str, post: &Post) -> Result<(), Fault> {
    let Post { role, from, until } = post;
    let from = from.map(|day| day.to_string()).unwrap_or_default();
    tx.run(PUT_POST, args!(text officer, text role, text & from, maybe_day * until)).await.map(drop)
}

/// Writes a leave down; the one beginning on the same day is replaced.
///
/// # Errors
/// [`Fault`] when the database refuses.
pub async fn put_leave(tx: &mut Tx, officer: &str, leave: &Leave) -> Result<(), Fault> {
    let Leave { from, to, substitute } = leave;
    let args = args!(text officer, day * from, day * to, maybe substitute.as_deref());
    tx.run(PUT_LEAVE, args).await.map(drop)
}

/// Writes a delegation down; the same one beginning on the same day is replaced.
///
/// # Errors
/// [`Fault`] when the database refuses.
pub async fn put_delegation(tx: &mut Tx, delegation: &Delegation) -> Result<(), Fault> {
    let Delegation { from, to, scope, from_day, to_day, document } = delegation;
    let args = args!(text from, text to, text scope, day * from_day, day * to_day, text document);
    tx.run(PUT_DELEGATION, args).await.map(drop)
}

/// Writes a recusal down.
///
/// # Errors
/// [`Fault`] when the database refuses.
pub async fn put_conflict(tx: &mut Tx, conflict: &Conflict) -> Result<(), Fault> {
    let Conflict { officer, subject, decided_by, document } = conflict;
    let args = args!(text officer, text subject, text decided_by.id(), text document);
    tx.run(PUT_CONFLICT, args).await.map(drop)
}

/// Writes down the last day of somebody's service.
///
/// # Errors
/// [`Fault`] when the database refuses.
pub async fn put_left(tx: &mut Tx, officer: &str, on: Day) -> Result<(), Fault> {
    tx.run(PUT_LEFT, args!(text officer, day on)).await.map(drop)
}

/// Writes down where somebody's notices go.
///
/// # Errors
/// [`Fault`] when the database refuses.
pub async fn put_email(tx: &mut Tx, officer: &str, email: &str) -> Result<(), Fault> {
    tx.run(PUT_EMAIL, args!(text officer, text email)).await.map(drop)
}

/// Writes down what an import says of officers, as far as it is not there already; returns that.
///
/// # Errors
/// [`Fault`] when the database refuses.
pub async fn lay_many(tx: &mut Tx, wanted: Vec<Laid>) -> Result<Vec<Laid>, Fault> {
    if wanted.is_empty() {
        return Ok(Vec::new());
    }
    let (posts, emails) = (kept_posts(tx).await?, kept_emails(tx).await?);
    let mut new = wanted;
    for laid in &mut new {
        let Laid { officer, station: _, posts: wanted, email } = laid;
        wanted.retain(|post| !posts.get(officer).is_some_and(|kept| kept.contains(post)));
        if email.is_some() && emails.get(officer) == email.as_ref() {
            *email = None;
        }
    }
    new.retain(|laid| !laid.posts.is_empty() || laid.email.is_some());
    let day = |day: &Option<Day>| day.map(|day| day.to_string()).unwrap_or_default();
    let posts = new.iter().flat_map(|laid| laid.posts.iter().map(move |post| (&laid.officer, post)));
    let posts =
        json_rows(posts.map(|(officer, Post { role, from, until })| {
            [officer.clone(), role.clone(), day(from), day(until)]
        }));
    let emails = json_rows(new.iter().filter_map(|laid| Some([&laid.officer, laid.email.as_ref()?])));
    tx.run(PUT_POSTS, args!(text & posts)).await?;
    tx.run(PUT_EMAILS, args!(text & emails)).await?;
    Ok(new)
}

fn officer(row: officers::Row) -> Officer {
    let officers::Row { id, name, station, roles, certificate, certified_until } = row;
    let undated = |role| Post { role, from: None, until: None };
    let posts = roles.into_iter().map(undated).collect();
    Officer { id, name, station, posts, certificate, certified_until, ..Officer::default() }
}

async fn kept_posts(at: &mut impl Reads) -> Result<BTreeMap<String, Vec<Post>>, Fault> {
    let mut dated: BTreeMap<String, Vec<Post>> = BTreeMap::new();
    for row in &rows(at, POSTS, args!()).await? {
        let mut columns = Columns::of(row, "post");
        let (officer, role): (String, String) = (columns.next()?, columns.next()?);
        let (from, until) = (columns.next::<&str>()?.parse().ok(), columns.maybe_parsed()?);
        dated.entry(officer).or_default().push(Post { role, from, until });
    }
    Ok(dated)
}

async fn kept_emails(at: &mut impl Reads) -> Result<BTreeMap<String, String>, Fault> {
    let mut kept = BTreeMap::new();
    for row in &rows(at, SERVICES, args!()).await? {
        let mut columns = Columns::of(row, "service");
        let (officer, _, email): (String, Option<String>, Option<String>) =
            (columns.next()?, columns.next()?, columns.next()?);
        kept.extend(email.map(|email| (officer, email)));
    }
    Ok(kept)
}

async fn dated_posts(at: &mut impl Reads, people: &mut BTreeMap<String, Officer>) -> Result<(), Fault> {
    for (id, posts) in kept_posts(at).await? {
        let Some(officer) = people.get_mut(&id) else { continue };
        officer.posts.retain(|held| !posts.iter().any(|dated| dated.role == held.role));
        officer.posts.extend(posts);
    }
    Ok(())
}

async fn leaves(at: &mut impl Reads, people: &mut BTreeMap<String, Officer>) -> Result<(), Fault> {
    for row in &rows(at, LEAVES, args!()).await? {
        let mut columns = Columns::of(row, "leave");
        let id: &str = columns.next()?;
        let leave = Leave { from: columns.parsed()?, to: columns.parsed()?, substitute: columns.next()? };
        if let Some(officer) = people.get_mut(id) {
            officer.leaves.push(leave);
        }
    }
    Ok(())
}

async fn services(at: &mut impl Reads, people: &mut BTreeMap<String, Officer>) -> Result<(), Fault> {
    for row in &rows(at, SERVICES, args!()).await? {
        let mut columns = Columns::of(row, "service");
        if let Some(officer) = people.get_mut(columns.next::<&str>()?) {
            officer.left_on = columns.maybe_parsed()?;
            officer.email = columns.next()?;
        }
    }
    Ok(())
}

/// Open duties by officer, and when the newest was given.
async fn loads(at: &mut impl Reads, people: &mut BTreeMap<String, Officer>) -> Result<(), Fault> {
    for row in &rows(at, LOADS, args!()).await? {
        let mut columns = Columns::of(row, "duty");
        if let Some(officer) = people.get_mut(columns.next::<&str>()?) {
            officer.load = u32::try_from(columns.next::<i64>()?).unwrap_or(u32::MAX);
            officer.last_at = Some(columns.parsed::<Stamp>()?);
        }
    }
    Ok(())
}

async fn conflicts(at: &mut impl Reads) -> Result<Vec<Conflict>, Fault> {
    let found = rows(at, CONFLICTS, args!()).await?;
    let read = |row| {
        let mut columns = Columns::of(row, "conflict");
        let (officer, subject) = (columns.next()?, columns.next()?);
        let decided_by = Decider::of(columns.next()?);
        Ok(Conflict { officer, subject, decided_by, document: columns.next()? })
    };
    found.iter().map(read).collect()
}

async fn delegations(at: &mut impl Reads) -> Result<Vec<Delegation>, Fault> {
    let found = rows(at, DELEGATIONS, args!()).await?;
    let read = |row| {
        let mut columns = Columns::of(row, "delegation");
        Ok(Delegation {
            from: columns.next()?,
            to: columns.next()?,
            scope: columns.next()?,
            from_day: columns.parsed()?,
            to_day: columns.parsed()?,
            document: columns.next()?,
        })
    };
    found.iter().map(read).collect()
}
