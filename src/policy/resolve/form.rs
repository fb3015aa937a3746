//! Forms.

use super::super::model::{ExprPlace, Field, FieldKind, Form, Item};
use super::super::raw::{self, FieldType, Id};
use super::{Resolver, bureau, workflow};
use crate::diag::Diagnostic;
use crate::diag::codes::{KEY_DOES_NOT_FIT, KEY_WANTED, NOT_ONE_OF};

/// Builds the forms of one workflow, or the shared ones.
pub(super) fn forms(
    resolver: &mut Resolver<'_>,
    raw: Vec<(Id, raw::Form)>,
    workflow: Option<&str>,
) -> Vec<Form> {
    resolver.reject_duplicates(raw.iter().map(|(id, _)| (id.text(), id.span())));
    raw.into_iter().map(|(id, raw)| form(resolver, &id, raw, workflow)).collect()
}

fn form(resolver: &mut Resolver<'_>, id: &Id, raw: raw::Form, workflow: Option<&str>) -> Form {
    let mut items_from_tier = false;
    let mut items = Vec::new();
    match raw.items {
        None => {}
        Some(raw::Items::OfTier(word)) => {
            items_from_tier = word.text() == "tier.items";
            if !items_from_tier {
                let wrong = Diagnostic::new(NOT_ONE_OF, word.span).with("word", word.text());
                resolver.out.push(wrong.with_nearest(word.text(), ["tier.items"]));
            }
        }
        Some(raw::Items::Listed(listed)) => items = listed.into_iter().map(item).collect(),
    }
    let fields = raw.fields.0.into_iter().map(|(id, raw)| field(resolver, &id, raw));
    Form {
        id: id.text().to_owned(),
        title: raw.title.value,
        items_from_tier,
        items,
        fields: fields.collect(),
        workflow: workflow.map(str::to_owned),
        span: id.span(),
    }
}

/// Builds a checklist item.
pub(super) fn item(raw: raw::Item) -> Item {
    match raw {
        raw::Item::Title(title) => Item {
            id: title.value.clone(),
            title: title.value,
            basis: None,
            published_item_id: None,
            if_bad: None,
        },
        raw::Item::Full(raw::FullItem { id, title, basis, published_item_id, if_bad }) => Item {
            id: id.0.value,
            title: title.value,
            basis: basis.map(|word| word.value),
            published_item_id: published_item_id.map(|word| word.value),
            if_bad: if_bad.map(|word| word.value),
        },
    }
}

fn field(resolver: &mut Resolver<'_>, id: &Id, raw: raw::Field) -> Field {
    bureau::name(resolver, id);
    let kind = field_kind(resolver, &raw);
    if let Some(min) = raw.min.filter(|_| !matches!(raw.kind.value, FieldType::Photo | FieldType::Table)) {
        resolver.out.push(Diagnostic::new(KEY_DOES_NOT_FIT, min.span).with("key", "min"));
    }
    Field {
        id: id.text().to_owned(),
        title: raw.title.value,
        kind,
        required: raw.required.is_some_and(|said| said.value),
        required_when: raw.required_when.map(|word| resolver.expr(&word, ExprPlace::Form)),
        min: raw.min.map(|min| workflow::bounded(resolver, min, 0, 100)),
    }
}

fn field_kind(resolver: &mut Resolver<'_>, raw: &raw::Field) -> FieldKind {
    let said = raw.kind.value;
    let wanted = match said {
        FieldType::Choice => raw.of.is_empty().then_some("of"),
        FieldType::Table => raw.columns.0.is_empty().then_some("columns"),
        _ => None,
    };
    if let Some(key) = wanted {
        resolver.out.push(Diagnostic::new(KEY_WANTED, raw.kind.span).with("key", key));
    }
    if let Some(word) = raw.of.first().filter(|_| said != FieldType::Choice) {
        resolver.out.push(Diagnostic::new(KEY_DOES_NOT_FIT, word.span).with("key", "of"));
    }
    if let Some((id, _)) = raw.columns.0.first().filter(|_| said != FieldType::Table) {
        resolver.out.push(Diagnostic::new(KEY_DOES_NOT_FIT, id.span()).with("key", "columns"));
    }
    match said {
        FieldType::Text => FieldKind::Text,
        FieldType::Number => FieldKind::Number,
        FieldType::Date => FieldKind::Date,
        FieldType::DateTime => FieldKind::DateTime,
        FieldType::Choice => FieldKind::Choice(raw.of.iter().map(|word| word.value.clone()).collect()),
        FieldType::Items => FieldKind::Items,
        FieldType::Table => FieldKind::Table(raw.columns.0.iter().map(column).collect()),
        FieldType::Photo => FieldKind::Photo,
        FieldType::Location => FieldKind::Location,
        FieldType::Signature => FieldKind::Signature,
    }
}

fn column((id, column): &(Id, raw::Column)) -> (String, String, Vec<String>) {
    let id = id.text().to_owned();
    match column {
        raw::Column::Title(title) => (id, title.value.clone(), Vec::new()),
        raw::Column::Choice(choice) => {
            let title = choice.title.as_ref().map_or_else(|| id.clone(), |title| title.value.clone());
            (id, title, choice.one_of.iter().map(|word| word.value.clone()).collect())
        }
    }
}
