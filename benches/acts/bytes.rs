//! What a database's tables take of its file.

use std::collections::BTreeMap;
use std::path::Path;

use rusqlite::Connection;

/// Pages of a table, in bytes.
#[derive(Clone, Copy, Default)]
struct Pages {
    rows: i64,
    indexes: i64,
    /// What of both holds nothing.
    unused: i64,
}

/// The bytes of a file by table.
pub(crate) struct Bytes {
    tables: BTreeMap<String, Pages>,
    /// Pages that no table has.
    free: i64,
}

impl Bytes {
    pub(crate) fn of(path: &Path) -> Self {
        let connection = Connection::open(path).expect("opens");
        let mut found = connection
            .prepare(
                "SELECT COALESCE(s.tbl_name, d.name), d.name = COALESCE(s.tbl_name, d.name), SUM(d.pgsize), SUM(d.unused) \
                 FROM dbstat AS d LEFT JOIN sqlite_schema AS s ON s.name = d.name GROUP BY d.name",
            )
            .expect("prepares");
        let mut tables: BTreeMap<String, Pages> = BTreeMap::new();
        let mut rows = found.query([]).expect("reads");
        while let Some(row) = rows.next().expect("a row") {
            let pages = tables.entry(row.get(0).expect("a name")).or_default();
            let (is_table, bytes, unused): (bool, i64, i64) =
                (row.get(1).expect("a flag"), row.get(2).expect("bytes"), row.get(3).expect("bytes"));
            *(if is_table { &mut pages.rows } else { &mut pages.indexes }) += bytes;
            pages.unused += unused;
        }
        let free = connection
            .query_row(
                "SELECT freelist_count * page_size FROM pragma_freelist_count, pragma_page_size",
                [],
                |row| row.get(0),
            )
            .expect("counts");
        Self { tables, free }
    }

    /// Returns what came since an earlier moment.
    pub(crate) fn less(mut self, before: &Self) -> Self {
        for (name, pages) in &before.tables {
            let now = self.tables.entry(name.clone()).or_default();
            *now = Pages {
                rows: now.rows - pages.rows,
                indexes: now.indexes - pages.indexes,
                unused: now.unused - pages.unused,
            };
        }
        self.free -= before.free;
        self
    }

    pub(crate) fn total(&self) -> i64 {
        self.free + self.tables.values().map(|pages| pages.rows + pages.indexes).sum::<i64>()
    }

    /// Prints the bytes of each of `count` things by table, the largest first.
    pub(crate) fn print(&self, count: i64) {
        let mut tables: Vec<(&String, &Pages)> =
            self.tables.iter().filter(|(_, pages)| (pages.rows + pages.indexes) / count != 0).collect();
        tables.sort_by_key(|(_, pages)| -(pages.rows + pages.indexes));
        println!("  {:<16} {:>8} {:>8} {:>8}   bytes an order", "table", "rows", "indexes", "unused");
        for (name, Pages { rows, indexes, unused }) in tables {
            println!("  {name:<16} {:>8} {:>8} {:>8}", rows / count, indexes / count, unused / count);
        }
        println!("  {:<16} {:>8}", "free pages", self.free / count);
    }
}
