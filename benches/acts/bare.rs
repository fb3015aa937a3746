//! The changes of acts, told apart by act, and a bare loop that makes them in groups.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};

use crate::ground::bare::{Changes, Loop, Op, Row, Table, connect};

/// Where the rows of a table name the order they are of: home and running number.
fn order_of(table: &str) -> Option<(usize, usize)> {
    match table {
        "ledger" => Some((0, 8)),
        "head" | "inspection" | "mark" | "meta" | "number_series" | "workload" => None,
        _ => Some((0, 1)),
    }
}

/// What changed between two states of a database, by order.
pub(crate) struct Rows {
    tables: Vec<Table>,
    /// In the order in which the acts were handed in: the home of each, and its rows by table.
    acts: Vec<(String, Vec<(usize, Op)>)>,
    /// Heads of chains, sums and how much people have by home, numbers given: written in every transaction.
    heads: BTreeMap<String, Row>,
    sums: BTreeMap<String, Vec<Row>>,
    workloads: BTreeMap<String, Vec<Row>>,
    numbers: Vec<Row>,
}

impl Rows {
    pub(crate) fn between(before: &Path, after: &Path) -> Self {
        let subjects = orders_of_subjects(&Connection::open(after).expect("opens"));
        let mut acts: BTreeMap<(i64, String), Vec<(usize, Op)>> = BTreeMap::new();
        let (mut heads, mut numbers) = (BTreeMap::new(), Vec::new());
        let mut sums: BTreeMap<String, Vec<Row>> = BTreeMap::new();
        let mut workloads: BTreeMap<String, Vec<Row>> = BTreeMap::new();
        let mut tables = Vec::new();
        for (at, (table, ops)) in Changes::between(before, after).tables.into_iter().enumerate() {
            for op in ops {
                let row = op.row();
                let (home, seq) = match (table.name.as_str(), order_of(&table.name)) {
                    ("head", _) => {
                        heads.insert(text(&row[0]), row.clone());
                        continue;
                    }
                    ("meta", _) => {
                        let key = text(&row[0]);
                        let home = key.rsplit('/').next().unwrap_or_default().to_owned();
                        sums.entry(home).or_default().push(row.clone());
                        continue;
                    }
                    ("number_series", _) => {
                        numbers.push(row.clone());
                        continue;
                    }
                    ("workload", _) => {
                        workloads.entry(text(&row[0])).or_default().push(row.clone());
                        continue;
                    }
                    // An entry about a document names its order inside.
                    ("ledger", _) if row[8] == Value::Null => (text(&row[0]), order_inside(&row[5])),
                    (_, Some((home, seq))) => (text(&row[home]), int(&row[seq])),
                    (_, None) => {
                        let subject = (text(&row[0]), text(&row[1]));
                        subjects.get(&subject).cloned().expect("a subject with an order")
                    }
                };
                acts.entry((seq, home)).or_default().push((at, op));
            }
            tables.push(table);
        }
        let acts = acts.into_iter().map(|((_, home), ops)| (home, ops)).collect();
        Self { tables, acts, heads, sums, workloads, numbers }
    }

    /// Writes the rows of at most `limit` acts, `group` of them to a transaction; returns how many acts.
    pub(crate) fn write(&self, path: &Path, group: usize, limit: usize) -> usize {
        let connection = connect(path);
        let mut loops: Vec<Loop<'_>> = self.tables.iter().map(|table| Loop::of(&connection, table)).collect();
        let mut keep = connection
            .prepare("INSERT OR REPLACE INTO head (chain, seq, hash, at) VALUES (?, ?, ?, ?)")
            .expect("prepares");
        let mut sum =
            connection.prepare("INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)").expect("prepares");
        let mut weigh = connection
            .prepare("INSERT OR REPLACE INTO workload (home, officer, duties, last_at) VALUES (?, ?, ?, ?)")
            .expect("prepares");
        let mut count = connection
            .prepare("INSERT OR REPLACE INTO number_series (prefix, organ, year, last) VALUES (?, ?, ?, ?)")
            .expect("prepares");
        let acts = &self.acts[..limit.min(self.acts.len())];
        for group in acts.chunks(group) {
            connection.execute_batch("BEGIN IMMEDIATE").expect("begins");
            group.iter().flat_map(|(_, ops)| ops).for_each(|(at, op)| loops[*at].run(op));
            let homes: BTreeSet<&String> = group.iter().map(|(home, _)| home).collect();
            for row in homes.iter().filter_map(|home| self.heads.get(*home)) {
                keep.execute(params_from_iter(row)).expect("writes");
            }
            for row in homes.iter().filter_map(|home| self.sums.get(*home)).flatten() {
                sum.execute(params_from_iter(row)).expect("writes");
            }
            for row in homes.into_iter().filter_map(|home| self.workloads.get(home)).flatten() {
                weigh.execute(params_from_iter(row)).expect("writes");
            }
            for row in &self.numbers {
                count.execute(params_from_iter(row)).expect("writes");
            }
            connection.execute_batch("COMMIT").expect("commits");
        }
        acts.len()
    }
}

fn order_inside(body: &Value) -> i64 {
    let body: serde_json::Value = serde_json::from_str(&text(body)).expect("an entry is JSON");
    let found = body["seq"].as_i64().or_else(|| body["rows"][0][0].as_i64());
    found.unwrap_or_else(|| panic!("an entry about an order: {body}"))
}

fn orders_of_subjects(connection: &Connection) -> BTreeMap<(String, String), (String, i64)> {
    let mut found = connection.prepare("SELECT home, subject, seq FROM orders").expect("prepares");
    let row = |row: &rusqlite::Row<'_>| {
        let home: String = row.get(0)?;
        Ok(((home.clone(), row.get(1)?), (home, row.get(2)?)))
    };
    let rows = found.query_map([], row).expect("reads");
    rows.map(|row| row.expect("a row")).collect::<BTreeSet<_>>().into_iter().collect()
}

fn text(value: &Value) -> String {
    match value {
        Value::Text(text) => text.clone(),
        Value::Integer(number) => number.to_string(),
        Value::Null | Value::Real(_) | Value::Blob(_) => String::new(),
    }
}

fn int(value: &Value) -> i64 {
    match value {
        Value::Integer(number) => *number,
        Value::Null | Value::Real(_) | Value::Text(_) | Value::Blob(_) => 0,
    }
}
