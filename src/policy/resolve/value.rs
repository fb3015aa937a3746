//! Values of attributes and cells of tables, by the type declared for them.

use super::super::model::{AttributeKind, Cell, CellKind};
use super::super::raw::Loose;
use super::super::raw::leaf::{date, flag, is_number, is_read_otherwise, length};
use crate::diag::Diagnostic;
use crate::diag::codes::{NOT_A_NUMBER, NOT_ONE_OF, NUMBER_TOO_LARGE, UNQUOTED_ID};
use crate::register::Value;

pub(super) fn attribute(out: &mut Vec<Diagnostic>, kind: &AttributeKind, loose: &Loose) -> Option<Value> {
    match kind {
        AttributeKind::Text | AttributeKind::Code { .. } => text(out, loose).map(|t| Value::Text(t.into())),
        AttributeKind::Choice { of } => {
            let text = text(out, loose)?;
            if !of.contains(&text) {
                let known = of.iter().map(String::as_str);
                let wrong = Diagnostic::new(NOT_ONE_OF, loose.span).with("word", &text);
                out.push(wrong.with_nearest(&text, known));
                return None;
            }
            Some(Value::Text(text.into()))
        }
        AttributeKind::Flag => flag(loose, out).map(Value::Flag),
        AttributeKind::Integer { .. } => integer(out, loose).map(Value::Integer),
        AttributeKind::Decimal { .. } => {
            decimal(out, loose).map(|_| Value::Decimal(loose.text.as_str().into()))
        }
        AttributeKind::Length => {
            length(&loose.text, loose.span, out).map(|_| Value::Text(loose.text.as_str().into()))
        }
        AttributeKind::Date => date(loose, out).map(Value::Day),
    }
}

/// Reads a cell of a table.
pub(super) fn cell(out: &mut Vec<Diagnostic>, kind: CellKind, loose: &Loose) -> Option<Cell> {
    match kind {
        CellKind::Text => text(out, loose).map(Cell::Text),
        CellKind::Integer => integer(out, loose).map(Cell::Integer),
        CellKind::Decimal => decimal(out, loose).map(Cell::Decimal),
        CellKind::Flag => flag(loose, out).map(Cell::Flag),
    }
}

/// Reads text that other tools would not take for a number.
pub(super) fn text(out: &mut Vec<Diagnostic>, loose: &Loose) -> Option<String> {
    if loose.plain && is_read_otherwise(&loose.text) {
        out.push(loose.wrong(UNQUOTED_ID));
        return None;
    }
    Some(loose.text.clone())
}

fn integer(out: &mut Vec<Diagnostic>, loose: &Loose) -> Option<i64> {
    let reason = match (loose.plain, is_number(&loose.text), loose.text.contains('.')) {
        (false, ..) => "quoted",
        (true, true, true) => "decimal",
        (true, false, _) => "text",
        (true, true, false) => {
            let value = loose.text.parse().ok();
            if value.is_none() {
                out.push(loose.wrong(NUMBER_TOO_LARGE));
            }
            return value;
        }
    };
    refuse_number(out, loose, reason);
    None
}

fn decimal(out: &mut Vec<Diagnostic>, loose: &Loose) -> Option<f64> {
    if !loose.plain || !is_number(&loose.text) {
        refuse_number(out, loose, if loose.plain { "text" } else { "quoted" });
        return None;
    }
    let value = loose.text.parse::<f64>().ok().filter(|value| value.is_finite());
    if value.is_none() {
        out.push(loose.wrong(NUMBER_TOO_LARGE));
    }
    value
}

fn refuse_number(out: &mut Vec<Diagnostic>, loose: &Loose, reason: &'static str) {
    let wrong = loose.wrong(NOT_A_NUMBER).with("reason", reason);
    out.push(wrong);
}
