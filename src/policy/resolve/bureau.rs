//! `bureau.yaml`: the bureau, attributes, import maps, roles, places.

use super::super::compatibility;
use super::super::model::{
    Activation, Attribute, AttributeKind, BlankRoles, Bureau, ColumnRule, FieldFrom, ImportKind, ImportMap,
    ItemAnswers, Places, Role, Semantics,
};
use super::super::raw::{self, At, Id, Pairs, TextMap, Word};
use super::{Resolver, backup, document, value};
use crate::diag::codes::{
    ATTRIBUTE_NAME_TAKEN, BAD_NAME, EMPTY_LIST, NOT_ONE_OF, PLACE_PATH, UNKNOWN_FIELD, UNKNOWN_TABLE,
    UNKNOWN_ZONE,
};
use crate::diag::{Diagnostic, Span};
use crate::lang::spellings::{self, ACTIVE, CLOSED, SUSPENDED};
use crate::time::Tz;

/// What the register knows of a subject without being told.
const BUILT_IN: [&str; 12] = [
    "id",
    "name",
    "station",
    "home",
    "grid",
    "lat",
    "lon",
    "status",
    "active",
    "last_patrol",
    "problems",
    "overdue_count",
];

/// Reads `semantics:`; what does not say is of the first version.
pub(super) fn semantics(resolver: &mut Resolver<'_>, raw: Option<At<i64>>) -> Semantics {
    match raw.map(|number| resolver.bounded(number, Semantics::First as u32, Semantics::NEWEST as u32)) {
        None | Some(1) => Semantics::First,
        Some(_) => Semantics::Second,
    }
}

/// Builds `bureau:`, and `backup:`, which is the bureau's too.
pub(super) fn bureau(
    resolver: &mut Resolver<'_>,
    raw: raw::BureauShape,
    backup: Option<raw::BackupShape>,
) -> Option<Bureau> {
    let backup = backup::backup(resolver, backup);
    let zone: Option<Tz> = raw.zone.value.parse().ok();
    if zone.is_none() {
        let known = chrono_tz::TZ_VARIANTS.iter().map(|zone| zone.name());
        let nearest = crate::diag::nearest(raw.zone.text(), known).unwrap_or("Asia/Shanghai");
        resolver.out.push(raw.zone.wrong(UNKNOWN_ZONE).with("nearest", nearest));
    }
    if let Some(said) = &raw.language {
        resolver.second_only("language", said.span);
    }
    let organ = organ(resolver, raw.organ, &raw.title);
    Some(Bureau {
        id: raw.id.text().to_owned(),
        title: raw.title,
        zone: zone?,
        language: raw.language.map(|said| said.value).unwrap_or_default(),
        calendar: raw.calendar.text().to_owned(),
        activation: raw.activation.unwrap_or(Activation::Files),
        organ,
        backup,
        blanks: raw.blanks.map_or_else(BlankRoles::default, |raw| blanks(resolver, raw)),
    })
}

/// Builds `organ:`; without one, the title's first character.
fn organ(resolver: &mut Resolver<'_>, raw: Option<Word>, title: &str) -> String {
    let Some(word) = raw else {
        return title.chars().take(1).collect();
    };
    document::refuse_in_number(resolver, &word);
    word.value
}

/// Builds `blanks:`.
fn blanks(resolver: &mut Resolver<'_>, raw: raw::BlankRolesShape) -> BlankRoles {
    let raw::BlankRolesShape { issue, keep, void, told } = raw;
    for word in [&issue, &keep, &void].into_iter().flatten().chain(&told.0) {
        resolver.role(word);
    }
    let own = |word: Option<Word>| word.map(|word| word.value);
    BlankRoles {
        issue: own(issue),
        keep: own(keep),
        void: own(void),
        told: told.0.into_iter().map(|word| word.value).collect(),
    }
}

/// Takes in how grave problems are, and what kinds of inspection there are, before whatever names one: items of
/// tiers do.
pub(super) fn words_of_inspections(resolver: &mut Resolver<'_>, raw: &raw::BureauFile) {
    resolver.names.levels = levels(resolver, &raw.problem_levels);
    resolver.names.kinds = inspection_kinds(resolver, &raw.inspection_kinds);
}

/// Builds `problem_levels:`.
fn levels(resolver: &mut Resolver<'_>, raw: &[Id]) -> Vec<String> {
    resolver.reject_duplicates(raw.iter().map(|id| id.spelling()));
    raw.iter().map(|level| level.text().to_owned()).collect()
}

/// Builds `inspection_kinds:`.
fn inspection_kinds(resolver: &mut Resolver<'_>, raw: &[Id]) -> Vec<String> {
    if let Some(first) = raw.first() {
        resolver.second_only("inspection_kinds", first.span);
    }
    resolver.reject_duplicates(raw.iter().map(|kind| kind.spelling()));
    raw.iter().map(|kind| kind.text().to_owned()).collect()
}

/// Builds `answers:`; what a bureau of the second version does not say has plain names.
pub(super) fn answers(resolver: &mut Resolver<'_>, raw: Option<raw::AnswersShape>) -> ItemAnswers {
    let Some(raw::AnswersShape { span, good, bad, none }) = raw else {
        return match resolver.semantics {
            Semantics::First => compatibility::answers(),
            Semantics::Second => {
                ItemAnswers { good: "good".to_owned(), bad: "bad".to_owned(), none: "none".to_owned() }
            }
        };
    };
    resolver.second_only("answers", span);
    resolver.reject_duplicates([&good, &bad, &none].map(Word::spelling));
    ItemAnswers { good: good.value, bad: bad.value, none: none.value }
}

/// Builds `subject.attributes:`.
pub(super) fn attributes(resolver: &mut Resolver<'_>, raw: Option<&raw::SubjectShape>) -> Vec<Attribute> {
    let raw = raw.map_or(&[][..], |subject| &subject.attributes.0);
    let names = raw.iter().flat_map(|(id, attribute)| {
        let same = id.text() == attribute.title.text();
        [Some(id.spelling()), (!same).then_some(attribute.title.spelling())]
    });
    resolver.reject_duplicates(names.flatten());
    raw.iter().map(|(id, attribute)| self::attribute(resolver, id, attribute)).collect()
}

fn attribute(resolver: &mut Resolver<'_>, id: &Id, raw: &raw::AttributeShape) -> Attribute {
    if BUILT_IN.contains(&id.text()) {
        resolver.out.push(id.wrong(ATTRIBUTE_NAME_TAKEN));
    }
    name(resolver, id);
    let kind = attribute_kind(resolver, raw);
    if let Some(default) = &raw.default {
        value::attribute(resolver.out, &kind, default);
    }
    Attribute {
        id: id.text().to_owned(),
        title: raw.title.value.clone(),
        title_en: title_en(raw.title_en.as_deref(), raw.title.text(), id),
        kind,
        is_cycle: false,
        required: raw.required,
        default: raw.default.as_ref().map(|default| default.text.clone()),
        span: id.span,
    }
}

/// Returns what English readers are shown: what is written for them, else a title they can read, else the id.
pub(super) fn title_en(written: Option<&str>, title: &str, id: &Id) -> String {
    let title = if spellings::has_han(title) { id.text() } else { title };
    written.unwrap_or(title).to_owned()
}

fn attribute_kind(resolver: &mut Resolver<'_>, raw: &raw::AttributeShape) -> AttributeKind {
    let kind = &raw.kind.value;
    let mut fits = |key, at: Option<Span>, fits: bool| resolver.refuse_key(key, at.filter(|_| !fits));
    fits("table", raw.table.as_ref().map(|id| id.span), matches!(kind, AttributeKind::Code { .. }));
    fits("of", raw.of.first().map(|word| word.span), matches!(kind, AttributeKind::Choice { .. }));
    let has_unit = matches!(kind, AttributeKind::Decimal { .. } | AttributeKind::Integer { .. });
    fits("unit", raw.unit.as_ref().map(|unit| unit.span), has_unit);
    let unit = || raw.unit.as_ref().map(|unit| unit.value.clone());
    match kind {
        AttributeKind::Decimal { .. } => AttributeKind::Decimal { unit: unit() },
        AttributeKind::Integer { .. } => AttributeKind::Integer { unit: unit() },
        AttributeKind::Choice { .. } => {
            if raw.of.is_empty() {
                resolver.want_key("of", raw.kind.span);
            }
            resolver.reject_duplicates(raw.of.iter().map(Word::spelling));
            AttributeKind::Choice { of: raw.of.iter().map(|word| word.value.clone()).collect() }
        }
        AttributeKind::Code { .. } => {
            let Some(table) = &raw.table else {
                resolver.want_key("table", raw.kind.span);
                return AttributeKind::Text;
            };
            resolver
                .position(UNKNOWN_TABLE, table, |names| names.tables.iter().map(|table| table.id.as_str()));
            AttributeKind::Code { table: table.text().to_owned() }
        }
        AttributeKind::Text | AttributeKind::Flag | AttributeKind::Length | AttributeKind::Date => {
            kind.clone()
        }
    }
}

/// Refuses a name that an expression could not write: it is one word of letters, digits and `_`.
pub(super) fn name(resolver: &mut Resolver<'_>, id: &Id) {
    let is_name = id.text().chars().all(|c| c.is_alphanumeric() || c == '_')
        && !id.text().starts_with(|c: char| c.is_numeric());
    if !is_name {
        resolver.out.push(id.wrong(BAD_NAME));
    }
}

/// Fields of one kind of file, besides the attributes of subjects and the problems of inspections.
struct ImportFields {
    needed: &'static [&'static str],
    known: &'static [&'static str],
}

impl ImportFields {
    const fn of(kind: ImportKind) -> Self {
        let (needed, known): (&[&str], &[&str]) = match kind {
            ImportKind::Subjects => (
                &["id", "name", "station"],
                &["id", "name", "station", "grid", "lat", "lon", "status", "status_on", "last_patrol"],
            ),
            ImportKind::Inspections => {
                (&["id", "subject", "on"], &["id", "subject", "on", "result", "problems", "kind"])
            }
            ImportKind::Officers => (
                &["id", "name"],
                &[
                    "id",
                    "name",
                    "station",
                    "roles",
                    "certificate",
                    "certified_until",
                    "email",
                    "from",
                    "until",
                ],
            ),
            ImportKind::Stations => (&["id"], &["id", "title"]),
            ImportKind::Grids => (&["id", "station"], &["id", "title", "station", "officer", "backup"]),
        };
        Self { needed, known }
    }
}

/// Builds `imports:`.
pub(super) fn imports(resolver: &mut Resolver<'_>, raw: Option<raw::Imports>) -> Vec<ImportMap> {
    let Some(raw::Imports { subjects, inspections, officers, stations, grids }) = raw else {
        return Vec::new();
    };
    let kinds = [
        (ImportKind::Subjects, subjects),
        (ImportKind::Inspections, inspections),
        (ImportKind::Officers, officers),
        (ImportKind::Stations, stations),
        (ImportKind::Grids, grids),
    ];
    let maps = kinds.into_iter().flat_map(|(kind, maps)| maps.0.into_iter().map(move |map| (kind, map)));
    maps.map(|(kind, (id, map))| import_map(resolver, kind, &id, map)).collect()
}

fn import_map(
    resolver: &mut Resolver<'_>,
    kind: ImportKind,
    id: &Id,
    raw: TextMap<raw::FromShape>,
) -> ImportMap {
    let ImportFields { needed, known } = ImportFields::of(kind);
    for name in needed.iter().filter(|name| !raw.0.iter().any(|(field, _)| field.text() == **name)) {
        resolver.want_key(name, id.span);
    }
    let mut fields = Vec::new();
    for (field, from) in raw.0 {
        resolver.position(UNKNOWN_FIELD, &field, |names| {
            let own = names.attributes.iter().filter(|_| kind == ImportKind::Subjects);
            known.iter().copied().chain(own.map(|attribute| attribute.id.as_str()))
        });
        fields.extend(field_from(resolver, kind, &field, from));
    }
    ImportMap { kind, id: id.text().to_owned(), fields, span: id.span }
}

fn field_from(
    resolver: &mut Resolver<'_>,
    kind: ImportKind,
    field: &Word,
    from: raw::FromShape,
) -> Vec<(String, FieldFrom)> {
    match from {
        raw::FromShape::Each(each) if field.text() == "problems" => {
            let fields = each.into_iter().filter_map(|(level, from)| {
                resolver.level(&level);
                let from = one_from(resolver, &ImportFields::of(kind), field, from)?;
                Some((format!("problems.{}", level.text()), from))
            });
            fields.collect()
        }
        raw::FromShape::Each(each) => {
            let span = each.first().map_or(field.span, |(level, _)| level.span);
            resolver.refuse_key(field.text(), Some(span));
            Vec::new()
        }
        one => {
            let from = one_from(resolver, &ImportFields::of(kind), field, one);
            from.map(|from| (field.value.clone(), from)).into_iter().collect()
        }
    }
}

/// Builds where the value of one field comes from.
fn one_from(
    resolver: &mut Resolver<'_>,
    fields: &ImportFields,
    field: &Word,
    from: raw::FromShape,
) -> Option<FieldFrom> {
    let (raw, span) = match from {
        raw::FromShape::Heading(heading) => return Some(FieldFrom::Column(ColumnRule::plain(heading))),
        raw::FromShape::Const(value) => return Some(FieldFrom::Const(value.text)),
        raw::FromShape::Column(raw, span) => (raw, span),
        raw::FromShape::Each(_) => return None,
    };
    let raw::ColumnShape { column, values, otherwise, blank } = raw;
    // What every new row needs, and what happened on a day, nothing can clear.
    let stays = fields.needed.contains(&field.text()) || ["status", "status_on"].contains(&field.text());
    let clears = blank == Some(raw::BlankCells::Clear);
    resolver.refuse_key("blank", Some(span).filter(|_| clears && stays));
    resolver.refuse_key("else", Some(span).filter(|_| otherwise.is_some() && values.0.is_empty()));
    resolver.reject_duplicates(values.0.iter().map(|(cell, _)| cell.spelling()));
    for (_, value) in &values.0 {
        translated(resolver, fields, field, value);
    }
    let values = values.0.into_iter().map(|(cell, value)| (cell.value, value.text));
    let is_closed = otherwise == Some(raw::OtherValues::Reject);
    Some(FieldFrom::Column(ColumnRule { heading: column, values: values.collect(), is_closed, clears }))
}

/// Checks what a cell is translated to, so far as a list says what there is.
fn translated(resolver: &mut Resolver<'_>, fields: &ImportFields, field: &Word, value: &raw::Loose) {
    if field.text() == "status" {
        let known = [ACTIVE, SUSPENDED, CLOSED];
        if !known.iter().any(|status| status.is(&value.text)) {
            let offered = known.iter().flat_map(|status| status.offered(&value.text));
            resolver.out.push(value.wrong(NOT_ONE_OF).with_nearest(&value.text, offered));
        }
        return;
    }
    let attribute = resolver.names.attribute(field.text()).filter(|_| !fields.known.contains(&field.text()));
    let attribute = attribute.map(|at| resolver.names.attributes[at].kind.clone());
    // What stands there is read as a cell of a file, so that quotes say nothing of its type.
    let unquoted = raw::Loose { plain: true, ..value.clone() };
    match attribute {
        Some(kind @ AttributeKind::Choice { .. }) => drop(value::attribute(resolver.out, &kind, value)),
        Some(
            kind @ (AttributeKind::Integer { .. } | AttributeKind::Decimal { .. } | AttributeKind::Length),
        ) => {
            drop(value::attribute(resolver.out, &kind, &unquoted));
        }
        Some(AttributeKind::Code { table }) => code(resolver, &table, value),
        Some(AttributeKind::Text | AttributeKind::Flag | AttributeKind::Date) | None => {
            drop(value::text(resolver.out, value));
        }
    }
}

/// Checks a code that a cell is translated to: the table has to find it.
fn code(resolver: &mut Resolver<'_>, table: &str, value: &raw::Loose) {
    let Some(text) = value::text(resolver.out, value) else { return };
    let table = resolver.names.tables.iter().find(|known| known.id == table);
    if let Some(table) = table.filter(|table| table.find(&text).is_none()) {
        let known = table.rows.keys().map(String::as_str);
        resolver.out.push(value.wrong(NOT_ONE_OF).with_nearest(&text, known));
    }
}

/// Builds `roles:`.
pub(super) fn roles(resolver: &mut Resolver<'_>, raw: Pairs<raw::RoleShape>) -> Vec<Role> {
    if let Some((id, _)) = raw.0.iter().find(|(id, _)| spellings::ASSIGNEES.is(id.text())) {
        resolver.out.push(id.wrong(ATTRIBUTE_NAME_TAKEN));
    }
    let roles = raw.0.into_iter().map(|(Id(id), raw::RoleShape { scope, head, title_en })| {
        let id = id.value;
        Role { title_en: title_en.unwrap_or_else(|| id.clone()), id, scope, head }
    });
    roles.collect()
}

/// Builds `stations:` and `grids:`.
pub(super) fn places(
    resolver: &mut Resolver<'_>,
    stations: Option<raw::StationPlaces>,
    grids: Option<raw::GridPlaces>,
) -> Places {
    let (grids, outlines) = grids.map_or((None, None), |grids| (Some(grids.file), grids.outlines));
    for file in [stations.as_ref().map(|stations| &stations.file), grids.as_ref(), outlines.as_ref()] {
        place(resolver, file);
    }
    Places {
        stations: stations.map(|stations| stations.file.value),
        grids: grids.map(|file| file.value),
        outlines: outlines.map(|file| file.value),
    }
}

/// Refuses a file that is not below `register/`: a policy may not reach for other files.
fn place(resolver: &mut Resolver<'_>, file: Option<&Word>) {
    let Some(file) = file else { return };
    let is_below = file.text().strip_prefix("register/").is_some_and(|rest| {
        !rest.is_empty()
            && !rest.contains(['\\', ':'])
            && rest.split('/').all(|part| !matches!(part, "" | "." | ".."))
    });
    if !is_below {
        resolver.out.push(file.wrong(PLACE_PATH));
    }
}

/// Refuses an empty list where one entry is needed.
pub(super) fn refuse_empty(resolver: &mut Resolver<'_>, is_empty: bool, key: &'static str, span: Span) {
    if is_empty {
        resolver.out.push(Diagnostic::new(EMPTY_LIST, span).with("key", key));
    }
}
