//! Forms.

use super::super::compatibility;
use super::super::model::{
    ColumnKind, ExprPlace, Field, FieldKind, Form, Item, RowSource, Semantics, TableColumn,
};
use super::super::raw::{self, At, Id, MapOr, Word};
use super::{Resolver, bureau};
use crate::diag::codes::{CHECKLIST_WITHOUT_FIELD, NOT_ONE_OF, ROW_SOURCE};

/// What stands for the items of the tier.
const OF_TIER: &str = "tier.items";

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
            items_from_tier = word.text() == OF_TIER;
            if !items_from_tier {
                resolver.out.push(word.none_of(NOT_ONE_OF, [OF_TIER]));
            }
        }
        Some(raw::Items::Listed(listed)) => {
            let place = format!("{}.forms.{}.items", workflow.unwrap_or("forms"), id.text());
            for item in &listed {
                let MapOr::Map(full) = item else { continue };
                let named = At { value: full.title.as_str(), span: full.id.span };
                resolver.standing(full.always, format!("{place}.{}", full.id.text()), named);
            }
            let of_tier = |item: &raw::ItemShape| matches!(item, MapOr::Other(title) if title == OF_TIER);
            items_from_tier = listed.iter().any(of_tier);
            items = listed.into_iter().filter(|item| !of_tier(item)).map(|raw| item(resolver, raw)).collect();
        }
    }
    let mut fields: Vec<Field> =
        raw.fields.0.into_iter().map(|(id, raw)| field(resolver, &id, raw)).collect();
    if (items_from_tier || !items.is_empty()) && !fields.iter().any(|field| field.kind == FieldKind::Items) {
        match resolver.semantics {
            Semantics::First => fields.splice(..0, compatibility::checklist(&fields)).for_each(drop),
            Semantics::Second => resolver.out.push(id.wrong(CHECKLIST_WITHOUT_FIELD)),
        }
    }
    Form {
        id: id.text().to_owned(),
        title: raw.title,
        items_from_tier,
        items,
        fields,
        workflow: workflow.map(str::to_owned),
        span: id.span,
    }
}

pub(super) fn item(resolver: &mut Resolver<'_>, raw: raw::ItemShape) -> Item {
    match raw {
        MapOr::Other(title) => Item::titled(title),
        MapOr::Map(raw::FullItem { id, title, basis, published_item_id, if_bad, always: _ }) => {
            if let Some(level) = if_bad.as_ref().filter(|_| resolver.semantics >= Semantics::Second) {
                resolver.level(level);
            }
            let if_bad = if_bad.map(|word| word.value);
            Item { id: id.0.value, title, basis, published_item_id, if_bad }
        }
    }
}

fn field(resolver: &mut Resolver<'_>, id: &Id, raw: raw::FieldShape) -> Field {
    bureau::name(resolver, id);
    let kind = field_kind(resolver, &raw);
    let takes_min = matches!(raw.kind.value, FieldKind::Photo | FieldKind::Table(_));
    resolver.refuse_key("min", raw.min.filter(|_| !takes_min).map(|min| min.span));
    Field {
        id: id.text().to_owned(),
        title: raw.title,
        kind,
        required: raw.required,
        required_when: raw.required_when.map(|word| resolver.expr(&word, ExprPlace::Form)),
        min: raw.min.map(|min| resolver.bounded(min, 0, 100)),
        for_each: raw.for_each.and_then(|word| row_source(resolver, &word, &raw.kind.value)),
    }
}

/// Reads where the rows come from that a table answers.
fn row_source(resolver: &mut Resolver<'_>, word: &Word, kind: &FieldKind) -> Option<RowSource> {
    if !matches!(kind, FieldKind::Table(_)) {
        resolver.refuse_key("for_each", Some(word.span));
        return None;
    }
    let named = word.text().split_once('.');
    let source = named.map(|(step, field)| RowSource { step: step.to_owned(), field: field.to_owned() });
    if source.is_none() {
        resolver.out.push(word.wrong(ROW_SOURCE));
    }
    source
}

fn field_kind(resolver: &mut Resolver<'_>, raw: &raw::FieldShape) -> FieldKind {
    let kind = &raw.kind.value;
    let (is_choice, is_table) = (matches!(kind, FieldKind::Choice(_)), matches!(kind, FieldKind::Table(_)));
    if is_choice && raw.of.is_empty() {
        resolver.want_key("of", raw.kind.span);
    }
    if is_table && raw.columns.0.is_empty() {
        resolver.want_key("columns", raw.kind.span);
    }
    resolver.refuse_key("of", raw.of.first().filter(|_| !is_choice).map(|word| word.span));
    resolver.refuse_key("columns", raw.columns.0.first().filter(|_| !is_table).map(|(id, _)| id.span));
    match kind {
        FieldKind::Choice(_) => FieldKind::Choice(raw.of.iter().map(|word| word.value.clone()).collect()),
        FieldKind::Table(_) => {
            FieldKind::Table(raw.columns.0.iter().map(|(id, raw)| column(resolver, id, raw)).collect())
        }
        FieldKind::Text
        | FieldKind::Number
        | FieldKind::Date
        | FieldKind::DateTime
        | FieldKind::Length
        | FieldKind::Items
        | FieldKind::Photo
        | FieldKind::Location
        | FieldKind::Signature => kind.clone(),
    }
}

fn column(resolver: &mut Resolver<'_>, id: &Id, raw: &raw::Column) -> TableColumn {
    let id = id.text().to_owned();
    match raw {
        MapOr::Other(title) => TableColumn { id, title: title.clone(), kind: ColumnKind::Any },
        MapOr::Map(full) => {
            let title = full.title.clone().unwrap_or_else(|| id.clone());
            let kind = match &full.kind {
                None if full.one_of.is_empty() => ColumnKind::Any,
                None => ColumnKind::Choice(full.one_of.clone()),
                Some(kind) => {
                    resolver.refuse_key("type", Some(kind.span).filter(|_| !full.one_of.is_empty()));
                    kind.value.clone()
                }
            };
            TableColumn { id, title, kind }
        }
    }
}
