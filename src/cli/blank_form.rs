//! `wubu order show ID --form`: the form of the step in hand, ready to be filled.

use serde_json::{Map, Value, json};

use super::{CommandContext, CommandStop, Exit, out};
use crate::lang::Lang;
use crate::office::BlankForm;
use crate::policy::{ColumnKind, Field, FieldKind, TableColumn};

/// Stands between the words of a choice; what is left of several is no answer, so that nothing is handed in
/// unread.
const OR: &str = " / ";

/// Writes what has to be filled as JSON, and beside it what may be.
pub(super) fn print(context: &CommandContext, blank: &BlankForm) -> Result<Exit, CommandStop> {
    let lang = context.lang;
    let entries = |fields: &mut dyn Iterator<Item = &Field>| -> Map<String, Value> {
        fields.map(|field| (field.title.clone(), sample(lang, blank, field))).collect()
    };
    let fields = &blank.form.fields;
    let is_attached = |field: &Field| is_wanted(blank, field) && field.kind == FieldKind::Photo;
    let is_wanted = |field: &Field| is_wanted(blank, field);
    let wanted = entries(&mut fields.iter().filter(|field| is_wanted(field) && !is_attached(field)));
    context.answer(&Value::Object(wanted.clone()), |wanted| {
        out::lines(&serde_json::to_string_pretty(wanted).unwrap_or_default());
    })?;
    let attached: Vec<&Field> = fields.iter().filter(|field| is_attached(field)).collect();
    if !attached.is_empty() {
        out::note(&lang.word("form-attached"));
    }
    for field in attached {
        let count = field.min.unwrap_or(1).max(1).to_string();
        let args = [("field", field.title.clone()), ("count", count)];
        out::note(&format!("  {}", lang.text("form-attach", &args)));
    }
    let rest = |is_meant: fn(&Field) -> bool, text: &str| {
        let rest = entries(&mut fields.iter().filter(|field| !is_wanted(field) && is_meant(field)));
        if !rest.is_empty() {
            out::note(&lang.word(text));
        }
        for (title, value) in rest {
            out::note(&format!("  {}: {value}", Value::from(title)));
        }
    };
    rest(|field| field.required_when.is_some(), "form-by-case");
    rest(|field| field.required_when.is_none(), "form-optional");
    Ok(Exit::Done)
}

/// Returns whether a form without the field is refused, whatever else it says: every item of a checklist is
/// answered, each row that was named elsewhere, and a least number without a condition always holds.
fn is_wanted(blank: &BlankForm, field: &Field) -> bool {
    let is_counted = field.required_when.is_none() && field.min.is_some_and(|least| least > 0);
    let has_rows = blank.rows.get(&field.id).is_some_and(|rows| !rows.is_empty());
    field.required || field.kind == FieldKind::Items || is_counted || has_rows
}

/// Returns what stands for the answer of a field: what is chosen among, or how it is written.
fn sample(lang: Lang, blank: &BlankForm, field: &Field) -> Value {
    match &field.kind {
        FieldKind::Choice(of) => Value::from(of.join(OR)),
        FieldKind::Items => {
            let answers = blank.answers.all().map(String::as_str).join(OR);
            blank.items.iter().map(|item| (item.title.clone(), json!(answers))).collect()
        }
        FieldKind::Table(columns) => match blank.rows.get(&field.id) {
            Some(rows) if !rows.is_empty() => rows.iter().map(|row| answered_row(columns, row)).collect(),
            _ => {
                let cell = |column: &TableColumn| (column.title.clone(), cell(lang, &column.kind));
                json!([columns.iter().map(cell).collect::<Map<String, Value>>()])
            }
        },
        FieldKind::Photo => json!([lang.word("form-photo")]),
        FieldKind::Location => json!({"lat": lang.word("form-lat"), "lon": lang.word("form-lon")}),
        FieldKind::Text => lang.word("form-text").into(),
        FieldKind::Number => lang.word("form-number").into(),
        FieldKind::Date => lang.word("form-date").into(),
        FieldKind::DateTime => lang.word("form-moment").into(),
        FieldKind::Length => lang.word("form-length").into(),
        FieldKind::Signature => lang.word("form-signature").into(),
    }
}

/// Returns the row that answers another one, named in its first column; what may be written freely is empty.
fn answered_row(columns: &[TableColumn], named: &str) -> Value {
    let cell = |(at, column): (usize, &TableColumn)| {
        let value = match &column.kind {
            ColumnKind::Choice(of) => Value::from(of.join(OR)),
            ColumnKind::Any | ColumnKind::Date | ColumnKind::Length if at == 0 => named.into(),
            ColumnKind::Any | ColumnKind::Date | ColumnKind::Length => "".into(),
        };
        (column.title.clone(), value)
    };
    columns.iter().enumerate().map(cell).collect::<Map<String, Value>>().into()
}

fn cell(lang: Lang, kind: &ColumnKind) -> Value {
    match kind {
        ColumnKind::Any => lang.word("form-text").into(),
        ColumnKind::Choice(of) => of.join(OR).into(),
        ColumnKind::Date => lang.word("form-date").into(),
        ColumnKind::Length => lang.word("form-length").into(),
    }
}
