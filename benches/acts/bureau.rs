//! A bureau with people, subjects and orders to act on.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use rusqlite::Connection;
use serde_json::{Value, json};
use wubu::engine::{Act, Doing};
use wubu::id::OrderId;
use wubu::import::FieldChange;
use wubu::office::{self, ActContext, ActWish, ActiveRelease};
use wubu::store::bureau::{self, OfficerRecord};
use wubu::store::{Checkpoint, Store, appraisals, subjects};

use crate::ground::{
    GRIDS, PER_TRANSACTION, STATIONS, appraisal, begin_homes, bureau, credit_code, day, grid_id, now,
    open_at, score, station_of, url,
};

pub(crate) struct Bureau {
    pub(crate) store: Store,
    pub(crate) live: ActiveRelease,
}

impl Bureau {
    /// Makes a bureau in which `orders` orders are open at their first step.
    pub(crate) async fn make(path: &Path, orders: usize) -> Self {
        Box::pin(Self::make_at(&url(path), orders)).await
    }

    /// The same, by its address.
    pub(crate) async fn make_at(url: &str, orders: usize) -> Self {
        let bureau = Self::prepared_under(url, orders, bureau()).await;
        bureau.tick().await;
        bureau.settle().await;
        bureau
    }

    /// Makes a bureau in which `orders` orders are due.
    pub(crate) async fn prepared(path: &Path, orders: usize) -> Self {
        Self::prepared_under(&url(path), orders, bureau()).await
    }

    /// The same, under other rules.
    pub(crate) async fn prepared_under(url: &str, orders: usize, rules: ActiveRelease) -> Self {
        let store = open_at(url).await;
        let live = office::activate(&store, rules, "bench", now()).await.expect("activates");
        let mut tx = store.begin().await.expect("begins");
        bureau::upsert_many(&mut tx, &people()).await.expect("writes");
        tx.commit().await.expect("commits");
        begin_homes(&store).await;
        let numbers: Vec<usize> = (0..orders).collect();
        for piece in numbers.chunks(PER_TRANSACTION) {
            let all: Vec<subjects::SubjectRecord> = piece.iter().map(|n| subject(*n)).collect();
            let rows: Vec<appraisals::AppraisalRow> =
                piece.iter().map(|n| appraisal(*n, score(*n))).collect();
            let mut tx = store.begin().await.expect("begins");
            subjects::add_many(&mut tx, &all).await.expect("writes");
            wubu::store::reappraisals::clear_all(&mut tx).await.expect("clears");
            appraisals::save_many(&mut tx, &rows).await.expect("saves");
            tx.commit().await.expect("commits");
        }
        Self { store, live }
    }

    pub(crate) async fn open(path: &Path) -> Self {
        Self::open_at(&url(path)).await
    }

    /// The same, by its address.
    pub(crate) async fn open_at(url: &str) -> Self {
        let store = open_at(url).await;
        let live = office::live(&store).await.expect("reads").expect("a release");
        Self { store, live }
    }

    pub(crate) async fn tick(&self) {
        office::tick(ActContext::new(&self.store, &self.live, now()), &AtomicBool::new(false))
            .await
            .expect("a pass");
    }

    /// Has the next pass judge every subject.
    pub(crate) async fn mark_all(&self) {
        let mut tx = self.store.begin().await.expect("begins");
        wubu::store::reappraisals::add_all(&mut tx).await.expect("marks");
        tx.commit().await.expect("commits");
    }

    /// Moves everything into the database file.
    pub(crate) async fn settle(&self) {
        self.store.checkpoint(Checkpoint::Truncate).await.expect("checkpoints");
    }

    pub(crate) async fn close(self) {
        self.settle().await;
        self.store.close().await;
    }

    /// What those who have a step in hand do, on the first orders that are at it; `sign` is what the second
    /// officer of a patrol does.
    pub(crate) fn wishes(&self, step: &str, count: usize) -> Vec<ActWish> {
        let connection = Connection::open(self.store.path()).expect("opens");
        let mut found = connection
            .prepare(if step == SIGN {
                "SELECT home, seq, json_array(officer) FROM duty WHERE step = 'patrol' AND ? <> '' ORDER BY seq, home LIMIT ?"
            } else {
                "SELECT home, seq, assignees FROM orders WHERE state = 'open' AND step = ? ORDER BY seq, home LIMIT ?"
            })
            .expect("prepares");
        let count = i64::try_from(count).expect("a count");
        let rows = found
            .query_map((step, count), |row| {
                Ok((row.get::<_, String>(0)?, row.get(1)?, row.get::<_, String>(2)?))
            })
            .expect("reads");
        let wish = |row: rusqlite::Result<(String, i64, String)>| {
            let (home, seq, assignees) = row.expect("a row");
            self.wish(step, OrderId { home, seq }, &assignees)
        };
        rows.map(wish).collect()
    }

    /// What the first of those who have a step of an order in hand does.
    pub(crate) fn wish(&self, step: &str, order: OrderId, assignees: &str) -> ActWish {
        let (action, answer) = match step {
            "patrol" => (None, Some(Arc::new(clean_form(&self.live)))),
            "review" => (Some("同意".to_owned()), None),
            _ => (None, None),
        };
        let assignees: Vec<String> = serde_json::from_str(assignees).expect("a list");
        let by = assignees.into_iter().next().expect("somebody has it");
        let doing = if step == SIGN {
            Doing::Sign
        } else {
            Doing::Complete { action: action.clone(), answer: answer.clone(), attached: Vec::new() }
        };
        let act = Act { by, step: None, visit: None, note: None, doing };
        ActWish { order, act, key: Some("k".to_owned() + step), version: None, files: Vec::new() }
    }
}

/// What the second officer of a patrol does before the chief agrees.
pub(crate) const SIGN: &str = "sign";

/// A patrol without problems of a subject of the highest tier.
fn clean_form(live: &ActiveRelease) -> Value {
    let (_, tier) = live.policy.tier("甲").expect("the shipped tier");
    let items: serde_json::Map<String, Value> =
        tier.items.iter().map(|item| (item.clone(), json!("符合"))).collect();
    json!({"arrived": "2026-03-13T07:00", "items": items, "problems": []})
}

/// Two certified officers a grid, as the grids' file names them, and those who hold each station.
fn people() -> Vec<OfficerRecord> {
    let row = |id: String, station: &str, role: &str| OfficerRecord {
        name: id.clone(),
        certificate: Some(format!("Z{id}")),
        certified_until: Some(day("2030-12-31")),
        id,
        station: Some(station.to_owned()),
        roles: vec![role.to_owned()],
    };
    let of_grids = (0..2 * GRIDS).map(|nth| row(format!("P{:03}", nth + 1), station_of(nth / 2), "监管人员"));
    let of_stations = STATIONS.iter().enumerate().flat_map(|(at, station)| {
        ["所长", "副所长", "指挥中心", "档案员"]
            .into_iter()
            .enumerate()
            .map(move |(nth, role)| row(format!("S{at}{nth}"), station, role))
    });
    of_grids.chain(of_stations).collect()
}

fn subject(n: usize) -> subjects::SubjectRecord {
    let grid = n % GRIDS;
    subjects::SubjectRecord {
        id: credit_code(n),
        name: Some(format!("示例第{n}号店")),
        station: Some(station_of(grid).to_owned()),
        grid: FieldChange::Set(grid_id(grid)),
        lat: FieldChange::Keep,
        lon: FieldChange::Keep,
        status: None,
        last_patrol: FieldChange::Keep,
        attributes: [("industry", "5223"), ("registered", "2020-01-01")]
            .map(|(id, value)| subjects::AttributeChange {
                id: Arc::from(id),
                change: FieldChange::Set(value.to_owned()),
                default: None,
            })
            .to_vec(),
    }
}
