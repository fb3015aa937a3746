//! The subject as a script sees it: prepared inputs behind names, and nothing else.
//!
//! A read that the analysis did not foresee has no input to answer from and is refused, so
//! equal inputs give equal answers by construction.

use std::sync::Arc;

use rhai::{Dynamic, Engine, ImmutableString};

use super::live::Live;
use super::operators::shown;
use super::{Native, Shelf, refuse, to_dynamic};
use crate::calendar::Length;
use crate::diag::codes;
use crate::policy::{Cell, LevelIx, Table};
use crate::register::is_within;
use crate::rules::slot::{Elapsed, Field, FieldType, Slot, Slots, elapsed};
use crate::rules::value::{Comparison, Val, float, floats};
use crate::time::Day;

/// Prepared inputs of one evaluation.
#[derive(Debug)]
pub(in crate::rules) struct Facts {
    pub(in crate::rules) slots: Arc<Slots>,
    pub(in crate::rules) names: Arc<Names>,
    pub(in crate::rules) values: Vec<Val>,
}

/// The names of fields and levels.
#[derive(Debug)]
pub(in crate::rules) struct Names {
    pub(in crate::rules) fields: Vec<(String, Field, FieldType)>,
    pub(in crate::rules) levels: Vec<String>,
}

impl Facts {
    fn get(&self, slot: Slot) -> Option<&Val> {
        self.slots.find(slot).and_then(|at| self.values.get(at))
    }

    fn need(&self, slot: Slot) -> Native<&Val> {
        self.get(slot).map_or_else(|| refuse(codes::RULE_FAILED, vec![("what", format!("{slot:?}"))]), Ok)
    }
}

/// `subject` in a script.
#[derive(Clone, Debug)]
pub(in crate::rules) enum View {
    /// Only its prepared inputs, so that equal inputs are asked once.
    Prepared(Arc<Facts>),
    /// Itself, for an expression that is asked of one order.
    Live(Arc<Live>),
}

impl View {
    fn names(&self) -> &Names {
        match self {
            Self::Prepared(facts) => &facts.names,
            Self::Live(live) => &live.names,
        }
    }

    fn field(&self, name: &str) -> Native<Dynamic> {
        let found = self.names().fields.iter().find(|(known, ..)| known == name);
        let Some(&(_, field, kind)) = found else {
            return refuse(codes::RULE_FAILED, vec![("what", name.to_owned())]);
        };
        match self {
            Self::Prepared(facts) => prepared(facts, field, kind),
            Self::Live(live) => Ok(match live.field(name, field) {
                Val::Day(day) => Dynamic::from(Dated::known(day, live.day())),
                value => to_dynamic(&value),
            }),
        }
    }

    fn problems(&self, period: &str, level: &str) -> Native<Dynamic> {
        let level = self.names().levels.iter().position(|known| known == level);
        let level = level.and_then(|at| u16::try_from(at).ok()).map(LevelIx);
        match (period.parse::<Length>(), level, self) {
            (Ok(period), Some(level), Self::Prepared(facts)) => {
                facts.need(Slot::Problems(period, level)).map(to_dynamic)
            }
            (Ok(period), Some(level), Self::Live(live)) => Ok(to_dynamic(&live.problems(period, level))),
            _ => refuse(codes::RULE_FAILED, vec![("what", period.to_owned())]),
        }
    }

    fn overdue_count(&self, period: &str) -> Native<Dynamic> {
        match (period.parse::<Length>(), self) {
            (Ok(period), Self::Prepared(facts)) => facts.need(Slot::OverdueCount(period)).map(to_dynamic),
            (Ok(period), Self::Live(live)) => Ok(to_dynamic(&live.overdue_count(period))),
            (Err(_), _) => refuse(codes::RULE_FAILED, vec![("what", period.to_owned())]),
        }
    }
}

/// Reads a field from its inputs.
fn prepared(facts: &Arc<Facts>, field: Field, kind: FieldType) -> Native<Dynamic> {
    let raw = facts.get(Slot::Raw(field));
    if raw == Some(&Val::Missing) {
        return Ok(Dynamic::UNIT);
    }
    if kind != FieldType::Day
        && let Some(value) = raw
    {
        return Ok(to_dynamic(value));
    }
    let day = match raw {
        Some(Val::Day(day)) => Some(*day),
        _ if *facts.need(Slot::Has(field))? == Val::Flag(false) => return Ok(Dynamic::UNIT),
        _ => None,
    };
    Ok(Dynamic::from(Dated { source: Source::Input(Arc::clone(facts), field), day }))
}

/// A date. It remembers which field of the subject it is, so that time functions answer from
/// their own inputs and the date itself need not be one.
#[derive(Clone, Debug)]
pub(in crate::rules) struct Dated {
    source: Source,
    day: Option<Day>,
}

/// What time functions count a date against.
#[derive(Clone, Debug)]
enum Source {
    /// Nothing: it can only be compared.
    Loose,
    /// The inputs prepared for this field.
    Input(Arc<Facts>, Field),
    /// The day of asking.
    On(Day),
}

impl Dated {
    pub(in crate::rules) const fn loose(day: Day) -> Self {
        Self { source: Source::Loose, day: Some(day) }
    }

    pub(in crate::rules) const fn known(day: Day, today: Day) -> Self {
        Self { source: Source::On(today), day: Some(day) }
    }

    pub(in crate::rules) const fn day(&self) -> Option<Day> {
        self.day
    }

    fn within(&self, period: &str) -> Native<bool> {
        match (&self.source, self.day, period.parse::<Length>()) {
            (Source::Input(facts, field), _, Ok(period)) => truth(facts, Slot::Within(*field, period)),
            (Source::On(today), Some(day), Ok(period)) => Ok(is_within(day, *today, period)),
            _ => refuse(codes::RULE_FAILED, vec![("what", "within".to_owned())]),
        }
    }

    fn count(self, until: bool) -> Native<Count> {
        match (self.source, self.day) {
            (Source::Input(facts, field), _) => Ok(Count::Input(facts, Elapsed { field, until })),
            (Source::On(today), Some(day)) => Ok(Count::Days(elapsed(day, today, until))),
            _ => refuse(codes::RULE_FAILED, vec![("what", "days_since".to_owned())]),
        }
    }
}

/// Days since or until a date; good for a comparison with a number and nothing else.
#[derive(Clone, Debug)]
pub(in crate::rules) enum Count {
    /// Only the truth of the comparison is known.
    Input(Arc<Facts>, Elapsed),
    /// So many.
    Days(i64),
}

impl Count {
    pub(super) fn compare(&self, sign: Comparison, bound: f64) -> Native<bool> {
        match self {
            Self::Input(facts, elapsed) => truth(facts, Slot::Days(*elapsed, sign, bound)),
            Self::Days(days) => Ok(floats(sign, float(*days), bound)),
        }
    }
}

fn truth(facts: &Facts, slot: Slot) -> Native<bool> {
    match facts.need(slot)? {
        Val::Flag(flag) => Ok(*flag),
        _ => refuse(codes::RULE_MISSING, Vec::new()),
    }
}

/// A row of a table.
#[derive(Clone, Debug)]
pub(super) struct Row {
    shelf: Arc<Shelf>,
    table: usize,
    key: ImmutableString,
}

impl Row {
    fn cell(&self, column: &str) -> Native<Dynamic> {
        let table = &self.shelf.tables[self.table];
        match cell(table, &self.key, column) {
            Some(value) => Ok(to_dynamic(&value)),
            None => refuse(codes::RULE_FAILED, vec![("what", column.to_owned())]),
        }
    }

    /// Writes its cells down, the key among them.
    pub(super) fn written(&self) -> serde_json::Value {
        let table = &self.shelf.tables[self.table];
        let columns = table.columns.iter().map(|(name, _)| name).chain([&table.key]);
        let cells = columns.filter_map(|name| Some((name.clone(), cell(table, &self.key, name)?.json())));
        serde_json::Value::Object(cells.collect())
    }
}

/// Returns a cell; missing when the table has no such key, none when it has no such column.
pub(in crate::rules) fn cell(table: &Table, key: &str, column: &str) -> Option<Val> {
    if column == table.key {
        return Some(table.find(key).map_or(Val::Missing, |_| Val::Text(key.into())));
    }
    let at = table.columns.iter().position(|(name, _)| name == column)?;
    Some(match table.find(key).and_then(|row| row.cells.get(at)) {
        None | Some(Cell::Missing) => Val::Missing,
        Some(Cell::Text(text)) => Val::Text(text.as_str().into()),
        Some(Cell::Integer(number)) => Val::Integer(*number),
        Some(Cell::Decimal(number)) => Val::Float(*number),
        Some(Cell::Flag(flag)) => Val::Flag(*flag),
    })
}

pub(super) fn register(engine: &mut Engine, shelf: Arc<Shelf>) {
    engine.register_type::<View>().register_type::<Dated>().register_type::<Count>().register_type::<Row>();
    engine.register_indexer_get(|view: &mut View, name: &str| view.field(name));
    engine.register_indexer_get(|row: &mut Row, column: &str| row.cell(column));
    // The row of an absent key is missing, and so is every cell of it.
    engine.register_indexer_get(|(): &mut (), _: &str| -> Native<Dynamic> { Ok(Dynamic::UNIT) });
    engine.register_fn("problems", |view: &mut View, period: &str, level: &str| view.problems(period, level));
    engine.register_fn("overdue_count", |view: &mut View, period: &str| view.overdue_count(period));
    engine.register_fn("to_string", |date: &mut Dated| match date.day {
        Some(day) => Ok(day.to_string()),
        None => refuse(codes::RULE_FAILED, vec![("what", "to_string".to_owned())]),
    });
    engine.register_fn("has", |value: Dynamic| !value.is_unit());
    engine.register_fn("within", |date: Dynamic, period: &str| -> Native<bool> {
        dated(&date)?.within(period)
    });
    engine.register_fn("days_since", |date: Dynamic| -> Native<Count> { dated(&date)?.count(false) });
    engine.register_fn("days_until", |date: Dynamic| -> Native<Count> { dated(&date)?.count(true) });
    let tables = Arc::clone(&shelf);
    engine.register_fn("lookup", move |table: &str, key: Dynamic| lookup(&tables, table, &key));
    engine.register_fn("param", move |id: &str| match shelf.param(id) {
        Some(value) => Ok(to_dynamic(&value)),
        None => refuse(codes::RULE_FAILED, vec![("what", id.to_owned())]),
    });
}

fn dated(date: &Dynamic) -> Native<Dated> {
    if date.is_unit() {
        return refuse(codes::RULE_MISSING, Vec::new());
    }
    date.clone()
        .try_cast::<Dated>()
        .map_or_else(|| refuse(codes::RULE_TYPES, vec![("left", shown(date)), ("right", "…".to_owned())]), Ok)
}

fn lookup(shelf: &Arc<Shelf>, table: &str, key: &Dynamic) -> Native<Dynamic> {
    let Some(at) = shelf.tables.iter().position(|known| known.id == table) else {
        return refuse(codes::RULE_FAILED, vec![("what", table.to_owned())]);
    };
    if key.is_unit() {
        return Ok(Dynamic::UNIT);
    }
    let Ok(key) = key.as_immutable_string_ref().map(|key| key.clone()) else {
        return refuse(codes::RULE_TYPES, vec![("left", shown(key)), ("right", "…".to_owned())]);
    };
    if shelf.tables[at].find(&key).is_none() {
        return Ok(Dynamic::UNIT);
    }
    Ok(Dynamic::from(Row { shelf: Arc::clone(shelf), table: at, key }))
}
