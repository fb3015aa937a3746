//! Values of attributes and cells of tables, by the type declared for them.

use super::super::model::{AttributeKind, Cell, CellKind};
use super::super::raw::Loose;
use super::super::raw::leaf::{day, is_number, is_read_otherwise};
use super::Resolver;
use crate::diag::Diagnostic;
use crate::diag::codes::{NOT_A_DAY, NOT_A_FLAG, NOT_A_NUMBER, NOT_ONE_OF, NUMBER_TOO_LARGE, UNQUOTED_ID};
use crate::register::Value;

/// Reads the value of an attribute.
pub(super) fn attribute(resolver: &mut Resolver<'_>, kind: &AttributeKind, loose: &Loose) -> Option<Value> {
    match kind {
        AttributeKind::Text | AttributeKind::Code { .. } => {
            text(resolver, loose).map(|t| Value::Text(t.into()))
        }
        AttributeKind::Choice { of } => {
            let text = text(resolver, loose)?;
            if !of.contains(&text) {
                let known = of.iter().map(String::as_str);
                let wrong = Diagnostic::new(NOT_ONE_OF, loose.span).with("word", &text);
                resolver.out.push(wrong.with_nearest(&text, known));
                return None;
            }
            Some(Value::Text(text.into()))
        }
        AttributeKind::Flag => flag(resolver, loose).map(Value::Flag),
        AttributeKind::Integer => integer(resolver, loose).map(Value::Integer),
        AttributeKind::Decimal { .. } => {
            decimal(resolver, loose).map(|_| Value::Decimal(loose.text.as_str().into()))
        }
        AttributeKind::Date => {
            let value = day(&loose.text);
            if value.is_none() {
                resolver.out.push(Diagnostic::new(NOT_A_DAY, loose.span).with("word", &loose.text));
            }
            value.map(Value::Day)
        }
    }
}

/// Reads a cell of a table.
pub(super) fn cell(resolver: &mut Resolver<'_>, kind: CellKind, loose: &Loose) -> Option<Cell> {
    match kind {
        CellKind::Text => text(resolver, loose).map(Cell::Text),
        CellKind::Integer => integer(resolver, loose).map(Cell::Integer),
        CellKind::Decimal => decimal(resolver, loose).map(Cell::Decimal),
        CellKind::Flag => flag(resolver, loose).map(Cell::Flag),
    }
}

/// Reads text that other tools would not take for a number.
pub(super) fn text(resolver: &mut Resolver<'_>, loose: &Loose) -> Option<String> {
    if loose.plain && is_read_otherwise(&loose.text) {
        resolver.out.push(Diagnostic::new(UNQUOTED_ID, loose.span).with("word", &loose.text));
        return None;
    }
    Some(loose.text.clone())
}

fn flag(resolver: &mut Resolver<'_>, loose: &Loose) -> Option<bool> {
    match (loose.plain, loose.text.as_str()) {
        (true, "true") => Some(true),
        (true, "false") => Some(false),
        _ => {
            let wrong = Diagnostic::new(NOT_A_FLAG, loose.span).with("word", &loose.text);
            resolver.out.push(wrong.with("quoted", if loose.plain { "no" } else { "yes" }));
            None
        }
    }
}

fn integer(resolver: &mut Resolver<'_>, loose: &Loose) -> Option<i64> {
    let reason = match (loose.plain, is_number(&loose.text), loose.text.contains('.')) {
        (false, ..) => "quoted",
        (true, true, true) => "decimal",
        (true, false, _) => "text",
        (true, true, false) => {
            let value = loose.text.parse().ok();
            if value.is_none() {
                resolver.out.push(Diagnostic::new(NUMBER_TOO_LARGE, loose.span).with("word", &loose.text));
            }
            return value;
        }
    };
    refuse_number(resolver, loose, reason);
    None
}

fn decimal(resolver: &mut Resolver<'_>, loose: &Loose) -> Option<f64> {
    if !loose.plain || !is_number(&loose.text) {
        refuse_number(resolver, loose, if loose.plain { "text" } else { "quoted" });
        return None;
    }
    let value = loose.text.parse::<f64>().ok().filter(|value| value.is_finite());
    if value.is_none() {
        resolver.out.push(Diagnostic::new(NUMBER_TOO_LARGE, loose.span).with("word", &loose.text));
    }
    value
}

fn refuse_number(resolver: &mut Resolver<'_>, loose: &Loose, reason: &'static str) {
    let wrong = Diagnostic::new(NOT_A_NUMBER, loose.span).with("word", &loose.text).with("reason", reason);
    resolver.out.push(wrong);
}
