//! The subject as a script sees it: its inputs behind names, and nothing else.

use std::sync::Arc;

use rhai::{Dynamic, Engine, ImmutableString};

use super::convert::{shown, to_dynamic};
use super::date::{DateSource, DayCount, RuleDate};
use super::inputs::PreparedInputs;
use super::live::LiveSubject;
use super::{NativeResult, PolicyData, Registration, failed, refuse};
use crate::calendar::Length;
use crate::diag::codes;
use crate::policy::{Cell, Table};
use crate::rules::slot::{Slot, SubjectField};
use crate::rules::value::Val;

/// `subject` in a script.
#[derive(Clone, Debug)]
pub(in crate::rules) enum View {
    /// Only its prepared inputs, so that equal inputs are asked once.
    Prepared(Arc<PreparedInputs>),
    /// Itself, for an expression that is asked of one order.
    Live(Arc<LiveSubject>),
}

impl View {
    fn data(&self) -> &PolicyData {
        match self {
            Self::Prepared(inputs) => &inputs.data,
            Self::Live(live) => &live.data,
        }
    }

    fn field(&self, name: &str) -> NativeResult<Dynamic> {
        let Some(field) = self.data().field(name) else { return failed(name) };
        match self {
            Self::Prepared(inputs) => prepared(inputs, field),
            Self::Live(live) => Ok(match live.ask(Slot::Raw(field), name.to_owned()) {
                Val::Day(day) => Dynamic::from(RuleDate::known(day, live.day)),
                value => to_dynamic(&value),
            }),
        }
    }

    fn problems(&self, period: &str, level: &str) -> NativeResult<Dynamic> {
        let (Ok(length), Some(ix)) = (period.parse::<Length>(), self.data().level(level)) else {
            return failed(period);
        };
        self.ask(Slot::Problems(length, ix), || {
            format!("problems({}, {level})", length.written(self.data().language))
        })
    }

    fn overdue_count(&self, period: &str) -> NativeResult<Dynamic> {
        let Ok(length) = period.parse::<Length>() else { return failed(period) };
        self.ask(Slot::OverdueCount(length), || {
            format!("overdue_count({})", length.written(self.data().language))
        })
    }

    /// Asks an input; what is asked of the subject itself is noted under a name.
    fn ask(&self, slot: Slot, name: impl FnOnce() -> String) -> NativeResult<Dynamic> {
        match self {
            Self::Prepared(inputs) => inputs.need(slot).map(to_dynamic),
            Self::Live(live) => Ok(to_dynamic(&live.ask(slot, name()))),
        }
    }
}

/// Reads a field from its inputs; a date need not be one of them itself.
fn prepared(inputs: &Arc<PreparedInputs>, field: SubjectField) -> NativeResult<Dynamic> {
    let day = match inputs.get(Slot::Raw(field)) {
        Some(Val::Day(day)) => Some(*day),
        Some(value) => return Ok(to_dynamic(value)),
        None if *inputs.need(Slot::Has(field))? == Val::Flag(false) => return Ok(Dynamic::UNIT),
        None => None,
    };
    Ok(Dynamic::from(RuleDate { source: DateSource::Input(Arc::clone(inputs), field), day }))
}

/// A row of a table.
#[derive(Clone, Debug)]
pub(super) struct LookupRow {
    data: Arc<PolicyData>,
    table: usize,
    key: ImmutableString,
}

impl LookupRow {
    fn cell(&self, column: &str) -> NativeResult<Dynamic> {
        let table = &self.data.tables[self.table];
        match cell(table, &self.key, column) {
            Some(value) => Ok(to_dynamic(&value)),
            None => failed(column),
        }
    }

    /// Writes its cells down, the key among them.
    pub(super) fn written(&self) -> serde_json::Value {
        let table = &self.data.tables[self.table];
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

pub(super) fn register(engine: &mut Engine) {
    engine.register_type::<View>().register_type::<RuleDate>();
    engine.register_type::<DayCount>().register_type::<LookupRow>();
    engine.register_indexer_get(|view: &mut View, name: &str| view.field(name));
    engine.register_indexer_get(|row: &mut LookupRow, column: &str| row.cell(column));
    // The row of an absent key is missing, and so is every cell of it.
    engine.register_indexer_get(|(): &mut (), _: &str| -> NativeResult<Dynamic> { Ok(Dynamic::UNIT) });
}

pub(super) fn problems(at: &mut Registration<'_>) {
    at.add(|view: &mut View, period: &str, level: &str| view.problems(period, level));
}

pub(super) fn overdue_count(at: &mut Registration<'_>) {
    at.add(|view: &mut View, period: &str| view.overdue_count(period));
}

pub(super) fn has(at: &mut Registration<'_>) {
    at.add(|value: Dynamic| !value.is_unit());
}

pub(super) fn within(at: &mut Registration<'_>) {
    at.add(|value: Dynamic, period: &str| date(&value)?.within(period));
}

pub(super) fn days_since(at: &mut Registration<'_>) {
    at.add(|value: Dynamic| date(&value)?.count(false));
}

pub(super) fn days_until(at: &mut Registration<'_>) {
    at.add(|value: Dynamic| date(&value)?.count(true));
}

fn date(value: &Dynamic) -> NativeResult<RuleDate> {
    if value.is_unit() {
        return refuse(codes::RULE_MISSING, Vec::new());
    }
    value.clone().try_cast::<RuleDate>().map_or_else(|| unfit(value), Ok)
}

pub(super) fn param(at: &mut Registration<'_>) {
    let data = Arc::clone(at.data);
    at.add(move |id: &str| data.param(id).map_or_else(|| failed(id), |value| Ok(to_dynamic(&value))));
}

pub(super) fn lookup(at: &mut Registration<'_>) {
    let data = Arc::clone(at.data);
    at.add(move |table: &str, key: Dynamic| row(&data, table, &key));
}

fn row(data: &Arc<PolicyData>, table: &str, key: &Dynamic) -> NativeResult<Dynamic> {
    let Some(at) = data.tables.iter().position(|known| known.id == table) else { return failed(table) };
    if key.is_unit() {
        return Ok(Dynamic::UNIT);
    }
    let Ok(key) = key.as_immutable_string_ref().map(|key| key.clone()) else { return unfit(key) };
    if data.tables[at].find(&key).is_none() {
        return Ok(Dynamic::UNIT);
    }
    Ok(Dynamic::from(LookupRow { data: Arc::clone(data), table: at, key }))
}

fn unfit<T>(value: &Dynamic) -> NativeResult<T> {
    refuse(codes::RULE_TYPES, vec![("left", shown(value)), ("right", "…".to_owned())])
}
