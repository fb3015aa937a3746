//! Values of attributes and cells of tables, by the type declared for them.

use super::super::model::{AttributeKind, Cell, CellKind};
use super::super::raw::Loose;
use super::super::raw::leaf::{day, is_number, is_read_otherwise};
use super::Build;
use crate::diag::Diagnostic;
use crate::diag::codes::{NOT_A_DAY, NOT_A_FLAG, NOT_A_NUMBER, NOT_ONE_OF, NUMBER_TOO_LARGE, UNQUOTED_ID};
use crate::register::Value;

/// Reads the value of an attribute.
pub(super) fn attribute(build: &mut Build<'_>, kind: &AttributeKind, loose: &Loose) -> Option<Value> {
    match kind {
        AttributeKind::Text | AttributeKind::Code { .. } => text(build, loose).map(|t| Value::Text(t.into())),
        AttributeKind::Choice { of } => {
            let text = text(build, loose)?;
            if !of.contains(&text) {
                let known = of.iter().map(String::as_str);
                let wrong = Diagnostic::new(NOT_ONE_OF, loose.span).with("word", &text);
                build.out.push(wrong.with_nearest(&text, known));
                return None;
            }
            Some(Value::Text(text.into()))
        }
        AttributeKind::Flag => flag(build, loose).map(Value::Flag),
        AttributeKind::Integer => integer(build, loose).map(Value::Integer),
        AttributeKind::Decimal { .. } => {
            decimal(build, loose).map(|_| Value::Decimal(loose.text.as_str().into()))
        }
        AttributeKind::Date => {
            let value = day(&loose.text);
            if value.is_none() {
                build.out.push(Diagnostic::new(NOT_A_DAY, loose.span).with("word", &loose.text));
            }
            value.map(Value::Day)
        }
    }
}

/// Reads a cell of a table.
pub(super) fn cell(build: &mut Build<'_>, kind: CellKind, loose: &Loose) -> Option<Cell> {
    match kind {
        CellKind::Text => text(build, loose).map(Cell::Text),
        CellKind::Integer => integer(build, loose).map(Cell::Integer),
        CellKind::Decimal => decimal(build, loose).map(Cell::Decimal),
        CellKind::Flag => flag(build, loose).map(Cell::Flag),
    }
}

/// Reads text that other tools would not take for a number.
pub(super) fn text(build: &mut Build<'_>, loose: &Loose) -> Option<String> {
    if loose.plain && is_read_otherwise(&loose.text) {
        build.out.push(Diagnostic::new(UNQUOTED_ID, loose.span).with("word", &loose.text));
        return None;
    }
    Some(loose.text.clone())
}

fn flag(build: &mut Build<'_>, loose: &Loose) -> Option<bool> {
    match (loose.plain, loose.text.as_str()) {
        (true, "true") => Some(true),
        (true, "false") => Some(false),
        _ => {
            let wrong = Diagnostic::new(NOT_A_FLAG, loose.span).with("word", &loose.text);
            build.out.push(wrong.with("quoted", if loose.plain { "no" } else { "yes" }));
            None
        }
    }
}

fn integer(build: &mut Build<'_>, loose: &Loose) -> Option<i64> {
    let reason = match (loose.plain, is_number(&loose.text), loose.text.contains('.')) {
        (false, ..) => "quoted",
        (true, true, true) => "decimal",
        (true, false, _) => "text",
        (true, true, false) => {
            let value = loose.text.parse().ok();
            if value.is_none() {
                build.out.push(Diagnostic::new(NUMBER_TOO_LARGE, loose.span).with("word", &loose.text));
            }
            return value;
        }
    };
    refuse_number(build, loose, reason);
    None
}

fn decimal(build: &mut Build<'_>, loose: &Loose) -> Option<f64> {
    if !loose.plain || !is_number(&loose.text) {
        refuse_number(build, loose, if loose.plain { "text" } else { "quoted" });
        return None;
    }
    let value = loose.text.parse::<f64>().ok().filter(|value| value.is_finite());
    if value.is_none() {
        build.out.push(Diagnostic::new(NUMBER_TOO_LARGE, loose.span).with("word", &loose.text));
    }
    value
}

fn refuse_number(build: &mut Build<'_>, loose: &Loose, reason: &'static str) {
    let wrong = Diagnostic::new(NOT_A_NUMBER, loose.span).with("word", &loose.text).with("reason", reason);
    build.out.push(wrong);
}
