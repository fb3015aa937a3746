//! Bare loops of prepared statements that make the very changes the office made to a database.
//!
//! Two files are compared, table by table; what differs is what the loop has to write. The loop is
//! handed its rows, the office had to find and make them.

use std::collections::BTreeMap;
use std::path::Path;

use rusqlite::types::Value;
use rusqlite::{Connection, Statement, params_from_iter};

pub(crate) type Row = Vec<Value>;

/// A table with its columns, and which of them are its key.
pub(crate) struct Table {
    pub(crate) name: String,
    columns: Vec<String>,
    key: Vec<usize>,
}

/// One changed row of a table.
pub(crate) enum Op {
    Put(Row),
    Update(Row),
    Remove(Row),
}

impl Op {
    /// The row as it is after, or was before it went away.
    pub(crate) const fn row(&self) -> &Row {
        match self {
            Self::Put(row) | Self::Update(row) | Self::Remove(row) => row,
        }
    }
}

/// Everything that changed between two states of a database, in the order of keys.
pub(crate) struct Changes {
    pub(crate) tables: Vec<(Table, Vec<Op>)>,
}

impl Changes {
    /// Compares every table of two files.
    pub(crate) fn between(before: &Path, after: &Path) -> Self {
        let (before, after) =
            (Connection::open(before).expect("opens"), Connection::open(after).expect("opens"));
        let changed = |table: Table| {
            let (mut old, new) = (table.read(&before), table.read(&after));
            let mut ops = Vec::new();
            for (key, row) in new {
                match old.remove(&key) {
                    None => ops.push(Op::Put(row)),
                    Some(was) if was != row => ops.push(Op::Update(row)),
                    Some(_) => {}
                }
            }
            ops.extend(old.into_values().map(Op::Remove));
            (table, ops)
        };
        let tables = tables(&after).into_iter().map(changed).filter(|(_, ops)| !ops.is_empty());
        Self { tables: tables.collect() }
    }

    /// Makes the changes, an equal part of each table's in each of so many transactions.
    pub(crate) fn write(&self, connection: &Connection, transactions: usize) {
        let mut loops: Vec<_> =
            self.tables.iter().map(|(table, ops)| (Loop::of(connection, table), ops)).collect();
        for at in 0..transactions {
            connection.execute_batch("BEGIN IMMEDIATE").expect("begins");
            for (table, ops) in &mut loops {
                let part = ops.len() * at / transactions..ops.len() * (at + 1) / transactions;
                ops[part].iter().for_each(|op| table.run(op));
            }
            connection.execute_batch("COMMIT").expect("commits");
        }
    }
}

/// The statements that change one table.
pub(crate) struct Loop<'c> {
    put: Statement<'c>,
    update: Statement<'c>,
    remove: Statement<'c>,
    order: Vec<usize>,
    key: Vec<usize>,
}

impl<'c> Loop<'c> {
    pub(crate) fn of(connection: &'c Connection, table: &Table) -> Self {
        let prepare = |sql: String| connection.prepare(&sql).expect("prepares");
        let Table { name, columns, key } = table;
        let rest: Vec<usize> = (0..columns.len()).filter(|at| !key.contains(at)).collect();
        let equal = |at: &[usize], between: &str| {
            at.iter().map(|at| format!("{} = ?", columns[*at])).collect::<Vec<_>>().join(between)
        };
        let this = equal(key, " AND ");
        let marks = vec!["?"; columns.len()].join(",");
        // A table that is all key is never updated.
        let sets = if rest.is_empty() { equal(key, ",") } else { equal(&rest, ",") };
        Self {
            put: prepare(format!("INSERT INTO {name} ({}) VALUES ({marks})", columns.join(","))),
            update: prepare(format!("UPDATE {name} SET {sets} WHERE {this}")),
            remove: prepare(format!("DELETE FROM {name} WHERE {this}")),
            order: rest.into_iter().chain(key.iter().copied()).collect(),
            key: key.clone(),
        }
    }

    pub(crate) fn run(&mut self, op: &Op) {
        let pick = |row: &Row, at: &[usize]| at.iter().map(|at| row[*at].clone()).collect::<Vec<_>>();
        let done = match op {
            Op::Put(row) => self.put.execute(params_from_iter(row)),
            Op::Update(row) => self.update.execute(params_from_iter(pick(row, &self.order))),
            Op::Remove(row) => self.remove.execute(params_from_iter(pick(row, &self.key))),
        };
        assert_eq!(done.expect("writes"), 1);
    }
}

impl Table {
    fn read(&self, connection: &Connection) -> BTreeMap<Vec<Field>, Row> {
        let sql = format!("SELECT {} FROM {}", self.columns.join(","), self.name);
        let mut found = connection.prepare(&sql).expect("prepares");
        let row = |row: &rusqlite::Row<'_>| {
            (0..self.columns.len()).map(|at| row.get(at)).collect::<Result<Row, _>>()
        };
        let rows = found.query_map([], row).expect("reads").map(|row| row.expect("a row"));
        rows.map(|row| (self.key.iter().map(|at| Field::of(&row[*at])).collect(), row)).collect()
    }
}

/// A column of a key, which has an order.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Field {
    Number(i64),
    Text(String),
}

impl Field {
    fn of(value: &Value) -> Self {
        match value {
            Value::Text(text) => Self::Text(text.clone()),
            Value::Integer(number) => Self::Number(*number),
            Value::Null | Value::Real(_) | Value::Blob(_) => panic!("keys are texts and whole numbers"),
        }
    }
}

fn tables(connection: &Connection) -> Vec<Table> {
    let names = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE '%sqlite%' AND name NOT LIKE '\\_sqlx%' ESCAPE '\\' ORDER BY name";
    let mut found = connection.prepare(names).expect("prepares");
    let names = found.query_map([], |row| row.get::<_, String>(0)).expect("reads");
    names.map(|name| table(connection, name.expect("a name"))).collect()
}

fn table(connection: &Connection, name: String) -> Table {
    let mut found = connection.prepare("SELECT name, pk FROM pragma_table_info(?)").expect("prepares");
    let columns = found
        .query_map([&name], |row| Ok((row.get::<_, String>(0)?, row.get::<_, i64>(1)?)))
        .expect("reads")
        .map(|column| column.expect("a column"));
    let columns: Vec<(String, i64)> = columns.collect();
    let mut key: Vec<(i64, usize)> =
        columns.iter().enumerate().filter(|(_, (_, pk))| *pk > 0).map(|(at, (_, pk))| (*pk, at)).collect();
    key.sort_unstable();
    let mut key: Vec<usize> = key.into_iter().map(|(_, at)| at).collect();
    if key.is_empty() {
        // The ledger is kept in the order it grows; chain and place name a line.
        key = vec![0, 1];
    }
    Table { name, columns: columns.into_iter().map(|(name, _)| format!("\"{name}\"")).collect(), key }
}

/// Opens a connection with the settings of the store's writer.
pub(crate) fn connect(path: &Path) -> Connection {
    let connection = Connection::open(path).expect("opens");
    connection
        .execute_batch(
            "PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF; \
             PRAGMA cache_size = -65536; PRAGMA wal_autocheckpoint = 0",
        )
        .expect("sets");
    connection
}
