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
    // Every item of a checklist is answered, whatever the form says.
    let is_wanted = |field: &Field| field.required || field.kind == FieldKind::Items;
    let wanted = entries(&mut fields.iter().filter(|field| is_wanted(field)));
    context.answer(&Value::Object(wanted.clone()), |wanted| {
        out::lines(&serde_json::to_string_pretty(wanted).unwrap_or_default());
    })?;
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

/// Returns what stands for the answer of a field: what is chosen among, or how it is written.
fn sample(lang: Lang, blank: &BlankForm, field: &Field) -> Value {
    match &field.kind {
        FieldKind::Choice(of) => Value::from(of.join(OR)),
        FieldKind::Items => {
            let answers = blank.answers.all().map(String::as_str).join(OR);
            blank.items.iter().map(|item| (item.title.clone(), json!(answers))).collect()
        }
        FieldKind::Table(columns) => {
            let cell = |column: &TableColumn| (column.title.clone(), cell(lang, &column.kind));
            json!([columns.iter().map(cell).collect::<Map<String, Value>>()])
        }
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

fn cell(lang: Lang, kind: &ColumnKind) -> Value {
    match kind {
        ColumnKind::Any => lang.word("form-text").into(),
        ColumnKind::Choice(of) => of.join(OR).into(),
        ColumnKind::Date => lang.word("form-date").into(),
        ColumnKind::Length => lang.word("form-length").into(),
    }
}
