//! People: the roster as the pure rooms want it, and what is laid down about officers.

use std::collections::BTreeMap;

use crate::people::{Conflict, Decider, Delegation, Grid, Leave, Officer, Post, Roster};
use crate::time::Day;

use super::args::{Bind, ValueSink};
use super::bureau::{self, GridRecord, OfficerRecord};
use super::columns::{Columns, Fetch};
use super::duties::{self, Workload};
use super::record::{columns, read_all, written};
use super::sql::{Bulk, Sql, bulk, sql, statements};
use super::{OfficerImport, Reads, Result, Tx};

columns! { Leave in "leave" { from = "from_day", to = "to_day", substitute } }
columns! {
    Delegation in "delegation" by "giver, taker, scope, from_day" {
        from = "giver", to = "taker", scope, from_day, to_day, document
    }
}
columns! { Conflict in "conflict" by "officer, subject" { officer, subject, decided_by, document } }

// The day it begins is part of the key, so that a missing one is an empty text.
written! {
    Post => "post" by "role, from_day"; "role, from_day, until_day",
    |Self { role, from, until }| (role, from.map(|day| day.to_string()).unwrap_or_default(), until)
}

impl Fetch for Post {
    const SOURCE: &'static str = "post";

    fn fetch(columns: &mut Columns<'_>) -> Result<Self> {
        let (role, from) = (columns.take()?, columns.next::<&str>()?.parse().ok());
        Ok(Self { role, from, until: columns.take()? })
    }
}

impl Bind for Decider {
    fn bind(&self, out: &mut impl ValueSink) {
        out.text(&self.text());
    }
}

impl Fetch for Decider {
    fn fetch(columns: &mut Columns<'_>) -> Result<Self> {
        columns.next().map(Self::of)
    }
}

const POSTS: Sql = sql!("people.posts":
    "SELECT officer, " (Post) " FROM post ORDER BY officer, role, from_day");
const LEAVES: Sql = sql!("people.leaves":
    "SELECT officer, " (Leave) " FROM leave ORDER BY officer, from_day");
const DELEGATIONS: Sql = sql!("people.delegations":
    "SELECT " (Delegation) " FROM delegation ORDER BY giver, taker, scope, from_day");
const CONFLICTS: Sql = sql!("people.conflicts":
    "SELECT " (Conflict) " FROM conflict ORDER BY officer, subject");
const SERVICES: Sql = sql!("people.services": "SELECT officer, left_on, email FROM service ORDER BY officer");
const PUT_POSTS: Bulk = bulk!("people.put_posts":
    insert "post" ("officer, " (Post))
    " ON CONFLICT (officer, role, from_day) DO UPDATE SET until_day = excluded.until_day");
const PUT_LEAVE: Sql = sql!("people.put_leave":
    "INSERT INTO leave (officer, " (Leave) ") VALUES ($1, $2, $3, $4) "
    "ON CONFLICT (officer, from_day) DO UPDATE SET to_day = excluded.to_day, substitute = excluded.substitute");
const PUT_DELEGATION: Bulk = bulk!("people.put_delegation": insert Delegation (replace Delegation));
const PUT_CONFLICT: Bulk = bulk!("people.put_conflict": insert Conflict (replace Conflict));
const PUT_LEFT: Sql = sql!("people.put_left":
    "INSERT INTO service (officer, left_on) VALUES ($1, $2) "
    "ON CONFLICT (officer) DO UPDATE SET left_on = excluded.left_on");
const PUT_EMAILS: Bulk = bulk!("people.put_emails":
    insert "service" ("officer, email") " ON CONFLICT (officer) DO UPDATE SET email = excluded.email");

statements!(
    POSTS, LEAVES, DELEGATIONS, CONFLICTS, SERVICES, PUT_LEAVE, PUT_LEFT;
    PUT_POSTS, PUT_DELEGATION, PUT_CONFLICT, PUT_EMAILS
);

/// Reads everybody, in eight statements whatever their number.
pub async fn roster(at: &mut impl Reads) -> Result<Roster> {
    let listed: Vec<OfficerRecord> = bureau::list(at).await?;
    let mut people: BTreeMap<String, Officer> =
        listed.into_iter().map(|row| (row.id.clone(), officer(row))).collect();
    for (id, posts) in kept_posts(at).await? {
        let Some(officer) = people.get_mut(&id) else { continue };
        officer.posts.retain(|held| !posts.iter().any(|dated| dated.role == held.role));
        officer.posts.extend(posts);
    }
    of_each(at, LEAVES, &mut people, |officer, leave: Leave| {
        // One that ends before it begins was taken back.
        officer.leaves.extend(Some(leave).filter(|leave| leave.from <= leave.to));
    })
    .await?;
    of_each(at, SERVICES, &mut people, |officer, (left_on, email)| {
        (officer.left_on, officer.email) = (left_on, email);
    })
    .await?;
    for Workload { home: _, officer, duties, last_at } in duties::workloads(at).await? {
        let Some(officer) = people.get_mut(&officer) else { continue };
        officer.load += u32::try_from(duties).unwrap_or_default();
        officer.last_at = officer.last_at.max(Some(last_at));
    }
    let grids = bureau::list(at).await?.into_iter().map(|row| {
        let GridRecord { id, title: _, station, officer, backup } = row;
        (id.clone(), Grid { id, station, officer, backup })
    });
    let grids = grids.collect();
    Ok(Roster {
        officers: people,
        grids,
        conflicts: read_all(at, CONFLICTS, ()).await?,
        delegations: read_all(at, DELEGATIONS, ()).await?,
    })
}

/// All that is laid down about officers, whether or not they are listed.
#[derive(Clone, Debug)]
pub struct LaidDown {
    /// By officer.
    pub posts: Vec<(String, Post)>,
    /// By officer.
    pub leaves: Vec<(String, Leave)>,
    pub delegations: Vec<Delegation>,
    pub conflicts: Vec<Conflict>,
    /// Officers with the last day of service and the address of mail.
    pub services: Vec<(String, Option<Day>, Option<String>)>,
}

/// Reads all that is laid down about officers.
pub async fn laid_down(at: &mut impl Reads) -> Result<LaidDown> {
    Ok(LaidDown {
        posts: read_all(at, POSTS, ()).await?,
        leaves: read_all(at, LEAVES, ()).await?,
        delegations: read_all(at, DELEGATIONS, ()).await?,
        conflicts: read_all(at, CONFLICTS, ()).await?,
        services: read_all(at, SERVICES, ()).await?,
    })
}

/// Writes a post down; the same one beginning on the same day is replaced.
pub async fn put_post(tx: &mut Tx, officer: &str, post: &Post) -> Result<()> {
    tx.write_rows(&PUT_POSTS, &[(officer, post)]).await.map(drop)
}

/// Writes a leave down; the one beginning on the same day is replaced.
pub async fn put_leave(tx: &mut Tx, officer: &str, leave: &Leave) -> Result<()> {
    tx.execute(PUT_LEAVE, (officer, leave)).await.map(drop)
}

/// Writes a delegation down; the same one beginning on the same day is replaced.
pub async fn put_delegation(tx: &mut Tx, delegation: &Delegation) -> Result<()> {
    tx.write_rows(&PUT_DELEGATION, &[delegation]).await.map(drop)
}

/// Writes a recusal down.
pub async fn put_conflict(tx: &mut Tx, conflict: &Conflict) -> Result<()> {
    tx.write_rows(&PUT_CONFLICT, &[conflict]).await.map(drop)
}

/// Writes down the last day of somebody's service.
pub async fn put_left(tx: &mut Tx, officer: &str, on: Day) -> Result<()> {
    tx.execute(PUT_LEFT, (officer, on)).await.map(drop)
}

/// Writes down where somebody's notices go.
pub async fn put_email(tx: &mut Tx, officer: &str, email: &str) -> Result<()> {
    tx.write_rows(&PUT_EMAILS, &[(officer, email)]).await.map(drop)
}

/// Writes down what an import says of officers, as far as it is not there already; returns that.
pub async fn lay_many(tx: &mut Tx, wanted: Vec<OfficerImport>) -> Result<Vec<OfficerImport>> {
    if wanted.is_empty() {
        return Ok(Vec::new());
    }
    let (posts, emails) = (kept_posts(tx).await?, kept_emails(tx).await?);
    let mut new = wanted;
    for laid in &mut new {
        let OfficerImport { officer, station: _, posts: wanted, email } = laid;
        wanted.retain(|post| !posts.get(officer).is_some_and(|kept| kept.contains(post)));
        if email.is_some() && emails.get(officer) == email.as_ref() {
            *email = None;
        }
    }
    new.retain(|laid| !laid.posts.is_empty() || laid.email.is_some());
    let posts: Vec<(&String, &Post)> =
        new.iter().flat_map(|laid| laid.posts.iter().map(move |post| (&laid.officer, post))).collect();
    let emails: Vec<(&String, &String)> =
        new.iter().filter_map(|laid| Some((&laid.officer, laid.email.as_ref()?))).collect();
    tx.write_rows(&PUT_POSTS, &posts).await?;
    tx.write_rows(&PUT_EMAILS, &emails).await?;
    Ok(new)
}

fn officer(row: OfficerRecord) -> Officer {
    let OfficerRecord { id, name, station, roles, certificate, certified_until } = row;
    let undated = |role| Post { role, from: None, until: None };
    let posts = roles.into_iter().map(undated).collect();
    Officer { id, name, station, posts, certificate, certified_until, ..Officer::default() }
}

async fn kept_posts(at: &mut impl Reads) -> Result<BTreeMap<String, Vec<Post>>> {
    let posts: Vec<(String, Post)> = read_all(at, POSTS, ()).await?;
    let mut dated: BTreeMap<String, Vec<Post>> = BTreeMap::new();
    for (officer, post) in posts {
        dated.entry(officer).or_default().push(post);
    }
    Ok(dated)
}

async fn kept_emails(at: &mut impl Reads) -> Result<BTreeMap<String, String>> {
    let services: Vec<(String, Option<Day>, Option<String>)> = read_all(at, SERVICES, ()).await?;
    Ok(services.into_iter().filter_map(|(officer, _, email)| Some((officer, email?))).collect())
}

/// Reads rows that each begin with an officer, and hands each to the one it is about.
async fn of_each<T: Fetch>(
    at: &mut impl Reads,
    sql: Sql,
    people: &mut BTreeMap<String, Officer>,
    take: impl Fn(&mut Officer, T),
) -> Result<()> {
    let found: Vec<(String, T)> = read_all(at, sql, ()).await?;
    for (id, row) in found {
        if let Some(officer) = people.get_mut(&id) {
            take(officer, row);
        }
    }
    Ok(())
}
