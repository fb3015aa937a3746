//! A bare loop of prepared statements that writes the very rows the office wrote.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};

/// Tables that acts write, the columns of their keys, and which of them name the order: home and
/// running number, or none where a row is of a subject or of the whole database.
const TABLES: [Watched; 11] = [
    ("orders", &[0, 1], Some((0, 1))),
    ("progress", &[0, 1], Some((0, 1))),
    ("term", &[0, 1, 2, 3, 4, 5], Some((0, 1))),
    ("duty", &[0, 1, 2, 3, 4], Some((1, 2))),
    ("errand", &[0, 1, 2, 3], Some((0, 1))),
    ("act", &[0, 1, 2], Some((0, 1))),
    ("ledger", &[0, 1], Some((0, 8))),
    ("inspection", &[0, 1, 2], None),
    ("mark", &[0, 1], None),
    ("document", &[0, 1, 2], Some((0, 1))),
    ("meta", &[0], None),
];

/// Name, columns of its key, and where it names the order.
type Watched = (&'static str, &'static [usize], Option<(usize, usize)>);

type Row = Vec<Value>;
type Key = Vec<String>;

/// What changed between two states of a database, by order.
pub(crate) struct Rows {
    tables: Vec<Table>,
    /// By home and running number: which statements with which rows.
    acts: Vec<(String, Vec<Op>)>,
    /// Heads of chains and sums, by home: written in every transaction that has an act of it.
    shared: BTreeMap<String, Vec<Row>>,
}

struct Table {
    name: &'static str,
    columns: Vec<String>,
    key: Vec<usize>,
}

enum Op {
    Put(usize, Row),
    Update(usize, Row),
    Remove(usize, Row),
}

impl Rows {
    pub(crate) fn between(before: &Path, after: &Path) -> Self {
        let (before, after) =
            (Connection::open(before).expect("opens"), Connection::open(after).expect("opens"));
        let subjects = orders_of_subjects(&after);
        let mut tables = Vec::new();
        let mut shared: BTreeMap<String, Vec<Row>> = BTreeMap::new();
        let mut acts: BTreeMap<(String, i64), Vec<Op>> = BTreeMap::new();
        for (name, key, order) in TABLES {
            let Some(columns) = columns(&after, name) else { continue };
            let at = tables.len();
            let (old, new) = (read(&before, name, &columns, key), read(&after, name, &columns, key));
            let mut ops: Vec<(Row, Op)> = Vec::new();
            for (key, row) in &new {
                match old.get(key) {
                    None => ops.push((row.clone(), Op::Put(at, row.clone()))),
                    Some(was) if was != row => ops.push((row.clone(), Op::Update(at, row.clone()))),
                    Some(_) => {}
                }
            }
            for (_, row) in old.iter().filter(|(found, _)| !new.contains_key(*found)) {
                ops.push((
                    row.clone(),
                    Op::Remove(at, key.iter().map(|column| row[*column].clone()).collect()),
                ));
            }
            for (row, op) in ops {
                let of = match order {
                    Some((home, seq)) => Some((text(&row[home]), int(&row[seq]))),
                    None if name == "meta" => {
                        let key = text(&row[0]);
                        let home = key.rsplit([' ', '/']).next().unwrap_or_default().to_owned();
                        shared.entry(home).or_default().push(row);
                        continue;
                    }
                    None => subjects.get(&(text(&row[0]), text(&row[1]))).cloned(),
                };
                acts.entry(of.expect("every row is of an order")).or_default().push(op);
            }
            tables.push(Table { name, columns, key: key.to_vec() });
        }
        // In the order in which the acts were handed in.
        let mut acts: Vec<((String, i64), Vec<Op>)> = acts.into_iter().collect();
        acts.sort_by(|(a, _), (b, _)| (a.1, &a.0).cmp(&(b.1, &b.0)));
        Self { tables, acts: acts.into_iter().map(|((home, _), ops)| (home, ops)).collect(), shared }
    }

    /// Writes the rows of at most `limit` acts, `group` of them to a transaction; returns how many acts.
    pub(crate) fn write(&self, path: &Path, group: usize, limit: usize) -> usize {
        let connection = connect(path);
        let prepare = |sql: String| connection.prepare(&sql).expect("prepares");
        let mut puts: Vec<_> = self.tables.iter().map(|table| prepare(table.put())).collect();
        let mut updates: Vec<_> = self.tables.iter().map(|table| prepare(table.update())).collect();
        let mut removes: Vec<_> = self.tables.iter().map(|table| prepare(table.remove())).collect();
        let mut keep = prepare("INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)".to_owned());
        let mut run = |op: &Op| {
            let done = match op {
                Op::Put(at, row) => puts[*at].execute(params_from_iter(row)),
                Op::Update(at, row) => {
                    updates[*at].execute(params_from_iter(self.tables[*at].update_row(row)))
                }
                Op::Remove(at, key) => removes[*at].execute(params_from_iter(key)),
            };
            assert_eq!(done.expect("writes"), 1);
        };
        let acts = &self.acts[..limit.min(self.acts.len())];
        for group in acts.chunks(group) {
            connection.execute_batch("BEGIN IMMEDIATE").expect("begins");
            group.iter().flat_map(|(_, ops)| ops).for_each(&mut run);
            let homes: BTreeSet<&String> = group.iter().map(|(home, _)| home).collect();
            for row in homes.into_iter().filter_map(|home| self.shared.get(home)).flatten() {
                keep.execute(params_from_iter(row)).expect("writes");
            }
            connection.execute_batch("COMMIT").expect("commits");
        }
        acts.len()
    }
}

impl Table {
    fn put(&self) -> String {
        format!(
            "INSERT INTO {} ({}) VALUES ({})",
            self.name,
            self.columns.join(","),
            vec!["?"; self.columns.len()].join(",")
        )
    }

    fn rest(&self) -> impl Iterator<Item = usize> {
        (0..self.columns.len()).filter(|at| !self.key.contains(at))
    }

    fn update(&self) -> String {
        let sets: Vec<String> = self.rest().map(|at| format!("{} = ?", self.columns[at])).collect();
        if sets.is_empty() {
            return self.remove();
        }
        format!("UPDATE {} SET {} WHERE {}", self.name, sets.join(","), self.is_this())
    }

    fn update_row(&self, row: &Row) -> Row {
        self.rest().chain(self.key.iter().copied()).map(|at| row[at].clone()).collect()
    }

    fn remove(&self) -> String {
        format!("DELETE FROM {} WHERE {}", self.name, self.is_this())
    }

    fn is_this(&self) -> String {
        let parts: Vec<String> = self.key.iter().map(|at| format!("{} = ?", self.columns[*at])).collect();
        parts.join(" AND ")
    }
}

fn columns(connection: &Connection, table: &str) -> Option<Vec<String>> {
    let mut found = connection.prepare("SELECT name FROM pragma_table_info(?)").expect("prepares");
    let names = found.query_map([table], |row| row.get::<_, String>(0)).expect("reads");
    let names: Vec<String> = names.map(|name| format!("\"{}\"", name.expect("a name"))).collect();
    (!names.is_empty()).then_some(names)
}

fn read(connection: &Connection, table: &str, columns: &[String], key: &[usize]) -> BTreeMap<Key, Row> {
    let mut found =
        connection.prepare(&format!("SELECT {} FROM {table}", columns.join(","))).expect("prepares");
    let row = |row: &rusqlite::Row<'_>| (0..columns.len()).map(|at| row.get(at)).collect::<Result<Row, _>>();
    let rows = found.query_map([], row).expect("reads").map(|row| row.expect("a row"));
    rows.map(|row| (key.iter().map(|at| text(&row[*at])).collect(), row)).collect()
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

/// Opens a connection with the settings of the store's writer.
fn connect(path: &Path) -> Connection {
    let connection = Connection::open(path).expect("opens");
    connection
        .execute_batch(
            "PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF; \
             PRAGMA cache_size = -65536; PRAGMA wal_autocheckpoint = 0",
        )
        .expect("sets");
    connection
}
