//! The subject as a script sees it: prepared inputs behind names, and nothing else.
//!
//! A read that the analysis did not foresee has no input to answer from and is refused, so
//! equal inputs give equal answers by construction.

use std::sync::Arc;

use rhai::{Dynamic, Engine, ImmutableString};

use super::operators::shown;
use super::{Native, Shelf, refuse, to_dynamic};
use crate::calendar::Length;
use crate::diag::codes;
use crate::policy::{Cell, LevelIx, Table};
use crate::rules::slot::{Elapsed, Field, FieldType, Slot, Slots};
use crate::rules::value::{Comparison, Val};
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
pub(in crate::rules) struct View(pub(in crate::rules) Arc<Facts>);

impl View {
    fn field(&self, name: &str) -> Native<Dynamic> {
        let found = self.0.names.fields.iter().find(|(known, ..)| known == name);
        let Some(&(_, field, kind)) = found else {
            return refuse(codes::RULE_FAILED, vec![("what", name.to_owned())]);
        };
        let raw = self.0.get(Slot::Raw(field));
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
            _ if *self.0.need(Slot::Has(field))? == Val::Flag(false) => return Ok(Dynamic::UNIT),
            _ => None,
        };
        Ok(Dynamic::from(Dated { source: Some((Arc::clone(&self.0), field)), day }))
    }

    fn problems(&self, period: &str, level: &str) -> Native<Dynamic> {
        let level = self.0.names.levels.iter().position(|known| known == level);
        let level = level.and_then(|at| u16::try_from(at).ok()).map(LevelIx);
        match (period.parse::<Length>(), level) {
            (Ok(period), Some(level)) => self.0.need(Slot::Problems(period, level)).map(to_dynamic),
            _ => refuse(codes::RULE_FAILED, vec![("what", period.to_owned())]),
        }
    }

    fn overdue_count(&self, period: &str) -> Native<Dynamic> {
        match period.parse::<Length>() {
            Ok(period) => self.0.need(Slot::OverdueCount(period)).map(to_dynamic),
            Err(_) => refuse(codes::RULE_FAILED, vec![("what", period.to_owned())]),
        }
    }
}

/// A date of the subject. It remembers which field it is, so that time functions answer from
/// their own inputs and the date itself need not be one.
#[derive(Clone, Debug)]
pub(in crate::rules) struct Dated {
    source: Option<(Arc<Facts>, Field)>,
    day: Option<Day>,
}

impl Dated {
    pub(in crate::rules) const fn loose(day: Day) -> Self {
        Self { source: None, day: Some(day) }
    }

    pub(in crate::rules) const fn day(&self) -> Option<Day> {
        self.day
    }

    fn within(&self, period: &str) -> Native<bool> {
        let (Some((facts, field)), Ok(period)) = (&self.source, period.parse::<Length>()) else {
            return refuse(codes::RULE_FAILED, vec![("what", "within".to_owned())]);
        };
        truth(facts, Slot::Within(*field, period))
    }

    fn count(self, until: bool) -> Native<Count> {
        match self.source {
            Some((facts, field)) => Ok(Count { facts, elapsed: Elapsed { field, until } }),
            None => refuse(codes::RULE_FAILED, vec![("what", "days_since".to_owned())]),
        }
    }
}

/// Days since or until a date; good for a comparison with a number and nothing else.
#[derive(Clone, Debug)]
pub(in crate::rules) struct Count {
    facts: Arc<Facts>,
    elapsed: Elapsed,
}

impl Count {
    pub(super) fn compare(&self, sign: Comparison, bound: f64) -> Native<bool> {
        truth(&self.facts, Slot::Days(self.elapsed, sign, bound))
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
struct Row {
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
