//! Forms.

use super::super::model::{ExprPlace, Field, FieldKind, Form, Item};
use super::super::raw::{self, Id, MapOr};
use super::{Resolver, bureau};
use crate::diag::Diagnostic;
use crate::diag::codes::{KEY_DOES_NOT_FIT, KEY_WANTED, NOT_ONE_OF};

/// Builds the forms of one workflow, or the shared ones.
pub(super) fn forms(
    resolver: &mut Resolver<'_>,
    raw: Vec<(Id, raw::FormShape)>,
    workflow: Option<&str>,
) -> Vec<Form> {
    resolver.reject_duplicates(raw.iter().map(|(id, _)| id.spelling()));
    raw.into_iter().map(|(id, raw)| form(resolver, &id, raw, workflow)).collect()
}

fn form(resolver: &mut Resolver<'_>, id: &Id, raw: raw::FormShape, workflow: Option<&str>) -> Form {
    let mut items_from_tier = false;
    let mut items = Vec::new();
    match raw.items {
        None => {}
        Some(raw::Items::OfTier(word)) => {
            items_from_tier = word.text() == "tier.items";
            if !items_from_tier {
                resolver.out.push(word.wrong(NOT_ONE_OF).with_nearest(word.text(), ["tier.items"]));
            }
        }
        Some(raw::Items::Listed(listed)) => items = listed.into_iter().map(item).collect(),
    }
    let fields = raw.fields.0.into_iter().map(|(id, raw)| field(resolver, &id, raw));
    Form {
        id: id.text().to_owned(),
        title: raw.title,
        items_from_tier,
        items,
        fields: fields.collect(),
        workflow: workflow.map(str::to_owned),
        span: id.span,
    }
}

/// Builds a checklist item.
pub(super) fn item(raw: raw::ItemShape) -> Item {
    match raw {
        MapOr::Other(title) => Item::titled(title),
        MapOr::Map(raw::FullItem { id, title, basis, published_item_id, if_bad }) => {
            Item { id: id.0.value, title, basis, published_item_id, if_bad }
        }
    }
}

fn field(resolver: &mut Resolver<'_>, id: &Id, raw: raw::FieldShape) -> Field {
    bureau::name(resolver, id);
    let kind = field_kind(resolver, &raw);
    if let Some(min) = raw.min.filter(|_| !matches!(raw.kind.value, FieldKind::Photo | FieldKind::Table(_))) {
        resolver.out.push(Diagnostic::new(KEY_DOES_NOT_FIT, min.span).with("key", "min"));
    }
    Field {
        id: id.text().to_owned(),
        title: raw.title,
        kind,
        required: raw.required,
        required_when: raw.required_when.map(|word| resolver.expr(&word, ExprPlace::Form)),
        min: raw.min.map(|min| resolver.bounded(min, 0, 100)),
    }
}

fn field_kind(resolver: &mut Resolver<'_>, raw: &raw::FieldShape) -> FieldKind {
    let kind = &raw.kind.value;
    let wanted = match kind {
        FieldKind::Choice(_) => raw.of.is_empty().then_some("of"),
        FieldKind::Table(_) => raw.columns.0.is_empty().then_some("columns"),
        _ => None,
    };
    if let Some(key) = wanted {
        resolver.out.push(Diagnostic::new(KEY_WANTED, raw.kind.span).with("key", key));
    }
    if let Some(word) = raw.of.first().filter(|_| !matches!(kind, FieldKind::Choice(_))) {
        resolver.out.push(Diagnostic::new(KEY_DOES_NOT_FIT, word.span).with("key", "of"));
    }
    if let Some((id, _)) = raw.columns.0.first().filter(|_| !matches!(kind, FieldKind::Table(_))) {
        resolver.out.push(Diagnostic::new(KEY_DOES_NOT_FIT, id.span).with("key", "columns"));
    }
    match kind {
        FieldKind::Choice(_) => FieldKind::Choice(raw.of.iter().map(|word| word.value.clone()).collect()),
        FieldKind::Table(_) => {
            FieldKind::Table(raw.columns.0.iter().map(|(id, raw)| column(id, raw)).collect())
        }
        FieldKind::Text
        | FieldKind::Number
        | FieldKind::Date
        | FieldKind::DateTime
        | FieldKind::Items
        | FieldKind::Photo
        | FieldKind::Location
        | FieldKind::Signature => kind.clone(),
    }
}

fn column(id: &Id, raw: &raw::Column) -> (String, String, Vec<String>) {
    let id = id.text().to_owned();
    match raw {
        MapOr::Other(title) => (id, title.clone(), Vec::new()),
        MapOr::Map(choice) => {
            let title = choice.title.clone().unwrap_or_else(|| id.clone());
            (id, title, choice.one_of.clone())
        }
    }
}
