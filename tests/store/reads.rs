//! What each statement reads, measured in steps of the database's machine on a filled database and on
//! one twice as large.
//!
//! `reads.txt` holds one line a statement that reads tables: its name, how what it reads grows, and the
//! values it is asked with (a list goes in as JSON). `one` looks up what is named and does not grow;
//! `all` grows with the rows and no faster. What grows faster fails whatever is written down: a join the
//! wrong way round does. The second statement of a name is `name#2`. `UPDATE_READS=1 cargo test reads`
//! writes the middle column; a statement is added by its name and its values, with `?` between.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use rusqlite::types::Value as Bound;
use rusqlite::{Connection, StatementStatus};
use serde_json::Value;

use super::parts::{StatementPart, parts};
use super::{Place, run};

/// Subjects of the smaller database; the other has twice as many.
const SUBJECTS: i64 = 2_000;
/// Steps that more or less say nothing.
const NOISE: f64 = 100.0;

/// How what a statement reads grows with the rows there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Growth {
    /// Not at all.
    One,
    /// As the rows.
    All,
    /// Faster.
    Worse,
}

impl Growth {
    /// Tells from the steps on one database and on one twice as large. What takes from each of its rows
    /// as many as it has itself takes four times as many steps; halfway is too many.
    fn of(small: i32, large: i32) -> Self {
        let (small, large) = (f64::from(small), f64::from(large));
        match large {
            _ if large <= 1.1 * small + NOISE => Self::One,
            _ if large <= 2.3 * small + NOISE => Self::All,
            _ => Self::Worse,
        }
    }

    fn word(self) -> &'static str {
        match self {
            Self::One => "one",
            Self::All => "all",
            Self::Worse => "worse",
        }
    }
}

/// One line of the file.
struct Known<'a> {
    growth: &'a str,
    values: &'a str,
}

#[test]
fn what_a_statement_reads_grows_as_written_down() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/store/reads.txt");
    let text = std::fs::read_to_string(path).expect("the file");
    let known: BTreeMap<&str, Known<'_>> = text.lines().map(known).collect();
    let (small_place, large_place) = (Place::new(), Place::new());
    let (small, large) = (filled(&small_place, SUBJECTS), filled(&large_place, 2 * SUBJECTS));
    let (mut found, mut wrong) = (String::new(), Vec::new());
    let mut measured = Vec::new();
    for (name, part) in reading(&small) {
        let Some(Known { growth, values }) = known.get(name.as_str()) else {
            wrong.push(format!("{name} has no line"));
            continue;
        };
        let values = bound(values);
        let (few, many) = (steps(&small, &part, &values), steps(&large, &part, &values));
        let now = Growth::of(few, many);
        if now == Growth::Worse || now.word() != *growth {
            wrong.push(format!("{name} is {}, not {growth}: {few} and {many} steps", now.word()));
        }
        writeln!(found, "{name} {} {}", now.word(), known[name.as_str()].values).expect("writes");
        measured.push(name);
    }
    let gone = known.keys().filter(|name| !measured.iter().any(|known| known == *name));
    wrong.extend(gone.map(|name| format!("{name} reads no table, but has a line")));
    if std::env::var_os("UPDATE_READS").is_some() {
        std::fs::write(path, &found).expect("writes");
    }
    assert!(wrong.is_empty(), "tests/store/reads.txt:\n{}", wrong.join("\n"));
}

#[test]
fn a_join_the_wrong_way_round_is_found() {
    // How the database read `due.opened` once: it goes through the orders, and for each of them through all that is
    // due under its trigger.
    let part = StatementPart {
        name: "due.opened",
        text: "SELECT d.home, d.subject FROM orders AS o CROSS JOIN due AS d ON o.home = d.home \
               AND o.subject = d.subject AND o.workflow = d.workflow AND o.\"trigger\" = d.\"trigger\" \
               AND o.subject_kind = 'subject' AND o.nominal = d.nominal ORDER BY d.home, d.subject LIMIT $1",
    };
    let (small_place, large_place) = (Place::new(), Place::new());
    let steps = [(&small_place, 1), (&large_place, 2)]
        .map(|(place, times)| steps(&filled(place, times * SUBJECTS / 4), &part, &[Bound::Integer(1_000)]));
    assert_eq!(Growth::of(steps[0], steps[1]), Growth::Worse, "{steps:?}");
}

fn known(line: &str) -> (&str, Known<'_>) {
    let mut words = line.splitn(3, ' ');
    let mut word = || words.next().unwrap_or_else(|| panic!("name, growth, values: {line}"));
    (word(), Known { growth: word(), values: word() })
}

/// Lists the statements that read tables, each under a name of its own.
fn reading(connection: &Connection) -> Vec<(String, StatementPart)> {
    let handed = ["SCAN new", "SCAN gone", "SCAN kinds"];
    let reads =
        |part: &StatementPart| part.plan(connection).iter().any(|line| !handed.contains(&line.as_str()));
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    let named = parts().into_iter().map(|part| {
        let nth = seen.entry(part.name).or_default();
        *nth += 1;
        let name = if *nth == 1 { part.name.to_owned() } else { format!("{}#{nth}", part.name) };
        (name, part)
    });
    named.filter(|(_, part)| reads(part)).collect()
}

/// Makes a database with so many subjects and all that belongs to them.
fn filled(place: &Place, subjects: i64) -> Connection {
    run(async { place.open().await.close().await });
    let connection = Connection::open(place.file()).expect("opens");
    let numbers = "PRAGMA synchronous = OFF; CREATE TEMP TABLE n (i INTEGER PRIMARY KEY);";
    connection.execute_batch(numbers).expect("makes");
    let fill = "WITH RECURSIVE up (i) AS (VALUES (0) UNION ALL SELECT i + 1 FROM up WHERE i + 1 < ?) \
                INSERT INTO n SELECT i FROM up";
    connection.execute(fill, [subjects]).expect("fills");
    connection.execute_batch(&format!("BEGIN; {} COMMIT;", include_str!("fill.sql"))).expect("fills");
    connection
}

fn bound(values: &str) -> Vec<Bound> {
    let values: Vec<Value> = serde_json::from_str(values).unwrap_or_else(|_| panic!("a list: {values}"));
    let bound = |value: Value| match value {
        Value::Null => Bound::Null,
        Value::Number(number) => Bound::Integer(number.as_i64().expect("a whole number")),
        Value::String(text) => Bound::Text(text),
        list => Bound::Text(list.to_string()),
    };
    values.into_iter().map(bound).collect()
}

/// Runs a statement to its end, undoes what it did, and returns the steps it took.
fn steps(connection: &Connection, part: &StatementPart, values: &[Bound]) -> i32 {
    connection.execute_batch("SAVEPOINT asked").expect("begins");
    let mut statement = connection.prepare(part.text).expect("prepares");
    for at in 1..=statement.parameter_count() {
        // `$2` is a name to the database, which counts names as it meets them.
        let number = statement.parameter_name(at).map(|name| name[1..].parse().expect("a number"));
        let value = &values[number.unwrap_or(at) - 1];
        statement.raw_bind_parameter(at, value).expect("binds");
    }
    let mut rows = statement.raw_query();
    while rows.next().unwrap_or_else(|problem| panic!("{}: {problem}", part.name)).is_some() {}
    drop(rows);
    let steps = statement.get_status(StatementStatus::VmStep);
    drop(statement);
    connection.execute_batch("ROLLBACK TO asked; RELEASE asked").expect("undoes");
    steps
}
