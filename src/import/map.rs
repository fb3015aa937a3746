//! Columns of a file fitted to fields of the register.
//!
//! # Shape
//! A map of `bureau.yaml` names one heading for each field, and all of them must be there.
//! Officers, stations and grids have a built-in map besides, for a bureau that writes none: a
//! heading is then the field's id or one of its Chinese names, and optional columns may lack.
//!
//! Headings are compared without white space and with full-width marks as half-width ones.

use std::io::Read;

use super::cell::half_width;
use super::split::{SplitRow, Splitter};
use super::{FileStop, Problem};
use crate::diag::codes;
use crate::lang::spellings;
use crate::policy::{Attribute, FieldFrom, ImportKind, ImportMap, Policy, Role, Table};

/// What parts cells in files people make; the first wins when a file fits several.
const DELIMITERS: [char; 3] = [',', ';', '\t'];

/// What the policy declares about imported rows.
#[derive(Clone, Copy, Debug, Default)]
pub struct RowSchema<'p> {
    /// Problem levels, worst first.
    pub levels: &'p [String],
    /// Kinds of inspections.
    pub kinds: &'p [String],
    /// Attributes of a subject.
    pub attributes: &'p [Attribute],
    /// Import maps.
    pub imports: &'p [ImportMap],
    /// Roles people hold; with none declared any role is taken.
    pub roles: &'p [Role],
    /// Tables that codes are keys of.
    pub tables: &'p [Table],
}

impl<'p> From<&'p Policy> for RowSchema<'p> {
    fn from(policy: &'p Policy) -> Self {
        Self {
            levels: &policy.levels,
            kinds: &policy.inspection_kinds,
            attributes: &policy.attributes,
            imports: &policy.imports,
            roles: &policy.roles,
            tables: &policy.tables,
        }
    }
}

/// A field of a row type.
pub struct RowField {
    /// Name in import maps.
    pub(super) name: String,
    /// Another name for it, such as an attribute's Chinese title.
    pub(super) title: Option<String>,
    /// Every row needs it, so every map does.
    pub(super) required: bool,
}

/// Where a map wants to find one field.
pub(super) struct ColumnRequest {
    field: String,
    from: Origin<WantedHeading>,
}

/// Where the value of a field comes from: in a map, a heading; in one file, the position of its column.
enum Origin<C> {
    Column(C),
    Const(String),
    Nowhere,
}

/// The first of some headings that the file has; a problem if it has none and `must` is set.
struct WantedHeading {
    any_of: Vec<String>,
    must: bool,
    /// The bureau's own map names it, so that its absence is worth a word.
    by_map: bool,
}

/// Returns where each of `fields` is to be found.
pub(super) fn wanted(
    declared: RowSchema<'_>,
    kind: ImportKind,
    map: Option<&str>,
    fields: &[RowField],
) -> Result<Vec<ColumnRequest>, FileStop> {
    let id = map.unwrap_or("default");
    if let Some(map) = declared.imports.iter().find(|known| known.kind == kind && known.id == id) {
        return wanted_by_map(map, fields);
    }
    let has_built_in = matches!(kind, ImportKind::Officers | ImportKind::Stations | ImportKind::Grids);
    if id == "default" && has_built_in {
        return Ok(fields.iter().map(|field| built_in(kind, field)).collect());
    }
    let known: Vec<String> =
        declared.imports.iter().filter(|known| known.kind == kind).map(|known| known.id.clone()).collect();
    Err(Problem::new(codes::MAP_UNKNOWN).with("map", id).near(id, &known).into())
}

fn built_in(kind: ImportKind, field: &RowField) -> ColumnRequest {
    let headings = spellings::headings(kind.into_str(), &field.name);
    let any_of = std::iter::once(field.name.as_str()).chain(headings.iter().copied());
    let any_of = any_of.map(str::to_owned).collect();
    let from = Origin::Column(WantedHeading { any_of, must: field.required, by_map: false });
    ColumnRequest { field: field.name.clone(), from }
}

fn wanted_by_map(map: &ImportMap, fields: &[RowField]) -> Result<Vec<ColumnRequest>, FileStop> {
    let is_field = |field: &RowField, name: &str| field.name == name || field.title.as_deref() == Some(name);
    let known: Vec<String> = fields.iter().map(|field| field.name.clone()).collect();
    let unknown = map.fields.iter().filter(|(name, _)| !fields.iter().any(|field| is_field(field, name)));
    let unknown = unknown.map(|(name, _)| {
        let problem = Problem::new(codes::MAP_FIELD_UNKNOWN).with("map", &map.id);
        problem.with("field", name).near(name, &known)
    });
    let mut problems: Vec<Problem> = unknown.collect();
    let mut wanted = Vec::with_capacity(fields.len());
    for field in fields {
        let from = map.fields.iter().find(|(name, _)| is_field(field, name)).map(|(_, from)| from);
        if from.is_none() && field.required {
            let problem = Problem::new(codes::MAP_LACKS_FIELD).with("map", &map.id);
            problems.push(problem.with("field", &field.name));
        }
        let from = match from {
            None => Origin::Nowhere,
            Some(FieldFrom::Const(value)) => Origin::Const(value.clone()),
            Some(FieldFrom::Column(heading)) => Origin::Column(WantedHeading {
                any_of: vec![heading.clone()],
                must: field.required,
                by_map: true,
            }),
        };
        wanted.push(ColumnRequest { field: field.name.clone(), from });
    }
    if problems.is_empty() { Ok(wanted) } else { Err(FileStop::File(problems)) }
}

/// Tells what parts the cells: that under which most of the wanted headings are found.
pub(super) fn find_delimiter(
    rows: &mut Splitter<impl Read>,
    wanted: &[ColumnRequest],
) -> Result<(), FileStop> {
    let start = rows.peek()?.trim_start_matches(['\n', '\r']);
    // Some spreadsheets announce the delimiter in a line of its own.
    let announced = start.strip_prefix("sep=").and_then(|rest| rest.chars().next());
    if let Some(delimiter) = announced.filter(|letter| DELIMITERS.contains(letter)) {
        rows.delimiter = delimiter;
        return rows.leave_line();
    }
    let line = start.split(['\n', '\r']).next().unwrap_or_default();
    let found = |delimiter: char| {
        let cells: Vec<String> = line.split(delimiter).map(|cell| plain(cell.trim_matches('"'))).collect();
        wanted.iter().filter(|wanted| wanted.stands_in(&cells)).count()
    };
    let found = DELIMITERS.into_iter().rev().map(|each| (found(each), each));
    let (most, delimiter) = found.max_by_key(|(n, _)| *n).unwrap_or((0, ','));
    if most == 0 && line.contains(['，', '；']) {
        return Err(Problem::new(codes::DELIMITER_WIDE).into());
    }
    rows.delimiter = delimiter;
    Ok(())
}

impl ColumnRequest {
    fn stands_in(&self, headings: &[String]) -> bool {
        match &self.from {
            Origin::Column(WantedHeading { any_of, .. }) => {
                any_of.iter().any(|each| headings.contains(&plain(each)))
            }
            Origin::Const(_) | Origin::Nowhere => false,
        }
    }
}

/// Returns a heading as it is compared.
fn plain(heading: &str) -> String {
    half_width(heading).chars().filter(|letter| !letter.is_whitespace() && *letter != '\u{feff}').collect()
}

/// A map fitted to the heading row of one file.
pub(super) struct ColumnPlan {
    pub(super) headings: Vec<String>,
    sources: Vec<Origin<usize>>,
    names: Vec<String>,
    /// Headings the map names and the file does not have; no row needs them.
    pub(super) absent: Vec<String>,
}

impl ColumnPlan {
    pub(super) fn fit(wanted: Vec<ColumnRequest>, heading_row: &SplitRow) -> Result<Self, FileStop> {
        if let Some(trouble) = &heading_row.trouble {
            let problem =
                Problem::new(codes::HEADING_UNREADABLE).with("line", heading_row.place.line.to_string());
            return Err(FileStop::File(vec![problem, trouble.clone()]));
        }
        let headings: Vec<String> = heading_row.iter().map(|cell| cell.trim().to_owned()).collect();
        let plain_headings: Vec<String> = headings.iter().map(|heading| plain(heading)).collect();
        let (mut sources, mut names, mut problems) = (Vec::new(), Vec::new(), Vec::new());
        let mut absent = Vec::new();
        for ColumnRequest { field, from } in wanted {
            let source = match from {
                Origin::Const(value) => Origin::Const(value),
                Origin::Nowhere => Origin::Nowhere,
                Origin::Column(WantedHeading { any_of, must, by_map }) => {
                    let is_one = |at: &usize| any_of.iter().any(|each| plain(each) == plain_headings[*at]);
                    let mut columns = (0..headings.len()).filter(is_one);
                    match (columns.next(), columns.next()) {
                        (Some(column), None) => Origin::Column(column),
                        (Some(first), Some(second)) => {
                            let problem =
                                Problem::new(codes::HEADING_TWICE).with("heading", &headings[first]);
                            let problem = problem.with("first", (first + 1).to_string());
                            problems.push(problem.with("second", (second + 1).to_string()));
                            Origin::Nowhere
                        }
                        (None, _) if must => {
                            let heading = any_of.join(" / ");
                            let problem = Problem::new(codes::HEADING_MISSING).with("heading", &heading);
                            problems.push(problem.with("field", &field).near(&any_of[0], &headings));
                            Origin::Nowhere
                        }
                        (None, _) => {
                            absent.extend(any_of.into_iter().filter(|_| by_map));
                            Origin::Nowhere
                        }
                    }
                }
            };
            names.push(if let Origin::Column(at) = source { headings[at].clone() } else { field });
            sources.push(source);
        }
        if !problems.is_empty() {
            return Err(FileStop::File(problems));
        }
        Ok(Self { headings, sources, names, absent })
    }

    /// Returns the text of a field in a row; empty when it has none.
    pub(super) fn cell<'a>(&'a self, slot: usize, fields: &'a SplitRow) -> &'a str {
        match &self.sources[slot] {
            Origin::Column(at) => fields.get(*at),
            Origin::Const(value) => value,
            Origin::Nowhere => "",
        }
    }

    /// Returns the heading of a field's column, or the field's own name.
    pub(super) fn name(&self, slot: usize) -> &str {
        &self.names[slot]
    }

    pub(super) fn unmapped(&self) -> impl Iterator<Item = &str> {
        let is_used = |at: usize| {
            self.sources.iter().any(|source| matches!(source, Origin::Column(used) if *used == at))
        };
        let headings = self.headings.iter().enumerate();
        let unused = headings.filter(move |(at, heading)| !heading.is_empty() && !is_used(*at));
        unused.map(|(_, heading)| heading.as_str())
    }
}
