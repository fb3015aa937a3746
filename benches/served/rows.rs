//! What changed between two databases, and a bare loop that changes it.

use std::collections::HashMap;

use sqlx::postgres::PgArguments;
use sqlx::{Arguments as _, AssertSqlSafe, Connection as _, PgConnection, Row as _};

use crate::server::connect;

type Cells = Vec<Option<String>>;

/// A table and the rows of it that changed.
struct ChangedTable {
    name: String,
    /// Each column, and whether it holds whole numbers.
    columns: Vec<(String, bool)>,
    /// Columns of the key, by their places.
    key: Vec<usize>,
    added: Vec<Cells>,
    changed: Vec<Cells>,
    /// Keys of rows that went.
    gone: Vec<Cells>,
}

/// What changed between two databases.
pub(crate) struct ChangedRows(Vec<ChangedTable>);

const COLUMNS: &str = "SELECT c.table_name, c.column_name, c.data_type = 'bigint' FROM information_schema.columns AS c \
     JOIN information_schema.tables AS t ON t.table_name = c.table_name AND t.table_schema = c.table_schema \
     WHERE c.table_schema = 'public' AND t.table_type = 'BASE TABLE' \
     AND c.table_name NOT IN ('_sqlx_migrations', 'wubu', 'daemon', 'meta') ORDER BY c.table_name, c.ordinal_position";
const KEYS: &str = "SELECT c.relname, a.attname FROM pg_index AS i JOIN pg_class AS c ON c.oid = i.indrelid \
     JOIN pg_namespace AS n ON n.oid = c.relnamespace AND n.nspname = 'public' \
     CROSS JOIN LATERAL unnest(i.indkey) WITH ORDINALITY AS k (attnum, place) \
     JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum = k.attnum \
     WHERE k.place <= i.indnkeyatts AND (i.indisprimary OR c.relname = 'ledger' AND i.indisunique) ORDER BY c.relname, k.place";

impl ChangedRows {
    pub(crate) async fn between(before: &str, after: &str) -> Self {
        let (mut before, mut after) = (connect(before).await, connect(after).await);
        let mut tables: Vec<ChangedTable> = Vec::new();
        for row in sqlx::query(COLUMNS).fetch_all(&mut after).await.expect("columns") {
            let (table, column): (String, (String, bool)) = (row.get(0), (row.get(1), row.get(2)));
            match tables.last_mut().filter(|last| last.name == table) {
                Some(last) => last.columns.push(column),
                None => tables.push(ChangedTable {
                    name: table,
                    columns: vec![column],
                    key: Vec::new(),
                    added: Vec::new(),
                    changed: Vec::new(),
                    gone: Vec::new(),
                }),
            }
        }
        for row in sqlx::query(KEYS).fetch_all(&mut after).await.expect("keys") {
            let (table, column): (String, String) = (row.get(0), row.get(1));
            if let Some(table) = tables.iter_mut().find(|known| known.name == table) {
                let place = table.columns.iter().position(|(name, _)| *name == column);
                table.key.extend(place);
            }
        }
        for table in &mut tables {
            let mut known: HashMap<Cells, Cells> = table.read(&mut before).await.into_iter().collect();
            for (key, row) in table.read(&mut after).await {
                match known.remove(&key) {
                    None => table.added.push(row),
                    Some(was) if was != row => table.changed.push(row),
                    Some(_) => {}
                }
            }
            table.gone = known.into_keys().collect();
            table.added.sort();
        }
        tables
            .retain(|table| ![&table.added, &table.changed, &table.gone].iter().all(|rows| rows.is_empty()));
        Self(tables)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Writes them in so many transactions; returns how many rows.
    pub(crate) async fn write(&self, url: &str, transactions: usize) -> usize {
        let mut link = connect(url).await;
        let mut rows = 0;
        for nth in 0..transactions {
            let mut tx = link.begin().await.expect("begins");
            for table in &self.0 {
                let part = |rows: &[Cells]| -> Vec<Cells> {
                    let size = rows.len().div_ceil(transactions);
                    rows.chunks(size.max(1)).nth(nth).map(<[Cells]>::to_vec).unwrap_or_default()
                };
                rows += table.add(&mut tx, &part(&table.added)).await;
                rows += table.change(&mut tx, &part(&table.changed)).await;
                rows += table.take_away(&mut tx, &part(&table.gone)).await;
            }
            tx.commit().await.expect("commits");
        }
        rows
    }
}

impl ChangedTable {
    async fn read(&self, link: &mut PgConnection) -> Vec<(Cells, Cells)> {
        let columns: Vec<String> =
            self.columns.iter().map(|(name, _)| format!("CAST(\"{name}\" AS TEXT)")).collect();
        let sql = format!("SELECT {} FROM \"{}\"", columns.join(", "), self.name);
        let found = sqlx::query(AssertSqlSafe(sql)).fetch_all(link).await.expect("rows");
        let row = |row: sqlx::postgres::PgRow| {
            let cells: Cells = (0..self.columns.len()).map(|at| row.get(at)).collect();
            (self.key.iter().map(|at| cells[*at].clone()).collect(), cells)
        };
        found.into_iter().map(row).collect()
    }

    async fn add(&self, link: &mut PgConnection, rows: &[Cells]) -> usize {
        let all = self.all();
        self.execute(link, self.insertion(), &all, rows).await
    }

    async fn change(&self, link: &mut PgConnection, rows: &[Cells]) -> usize {
        let all = self.all();
        let others = all.iter().filter(|at| !self.key.contains(at));
        let set: Vec<String> =
            others.map(|at| format!("\"{0}\" = excluded.\"{0}\"", self.columns[*at].0)).collect();
        let (insertion, key, set) = (self.insertion(), self.names(&self.key), set.join(", "));
        let sql = format!("{insertion} ON CONFLICT ({key}) DO UPDATE SET {set}");
        self.execute(link, sql, &all, rows).await
    }

    fn all(&self) -> Vec<usize> {
        (0..self.columns.len()).collect()
    }

    fn insertion(&self) -> String {
        let (all, name) = (self.all(), &self.name);
        format!("INSERT INTO \"{name}\" ({}) SELECT * FROM UNNEST({})", self.names(&all), self.arrays(&all))
    }

    async fn take_away(&self, link: &mut PgConnection, keys: &[Cells]) -> usize {
        let names = self.names(&self.key);
        let sql = format!(
            "DELETE FROM \"{}\" WHERE ({names}) IN (SELECT * FROM UNNEST({}))",
            self.name,
            self.arrays(&self.key)
        );
        self.execute(link, sql, &self.key, keys).await
    }

    async fn execute(
        &self,
        link: &mut PgConnection,
        sql: String,
        columns: &[usize],
        rows: &[Cells],
    ) -> usize {
        if rows.is_empty() {
            return 0;
        }
        let mut arguments = PgArguments::default();
        for (place, column) in columns.iter().enumerate() {
            let cells = rows.iter().map(|row| row[place].as_deref());
            let added = if self.columns[*column].1 {
                let whole: Vec<Option<i64>> =
                    cells.map(|cell| cell.map(|cell| cell.parse().expect("a number"))).collect();
                arguments.add(whole)
            } else {
                arguments.add(cells.collect::<Vec<Option<&str>>>())
            };
            added.expect("an array");
        }
        let done =
            sqlx::query_with(AssertSqlSafe(sql), arguments).execute(link).await.expect("rows are written");
        usize::try_from(done.rows_affected()).expect("few")
    }

    fn names(&self, columns: &[usize]) -> String {
        columns.iter().map(|at| format!("\"{}\"", self.columns[*at].0)).collect::<Vec<_>>().join(", ")
    }

    fn arrays(&self, columns: &[usize]) -> String {
        let array = |(nth, at): (usize, &usize)| {
            format!("${}::{}[]", nth + 1, if self.columns[*at].1 { "bigint" } else { "text" })
        };
        columns.iter().enumerate().map(array).collect::<Vec<_>>().join(", ")
    }
}
