//! Columns of a file fitted to fields of the register.
//!
//! # Shape
//! A map of `bureau.yaml` names one heading for each field. The file may have some of them, and must have those of
//! its key: a column that is not there says nothing, and what the register knows stays.
//! Officers, stations and grids have a built-in map besides, for a bureau that writes none: a
//! heading is then the field's id or one of its Chinese names.
//!
//! Headings are compared without white space and with full-width marks as half-width ones.

use std::collections::HashMap;
use std::io::Read;

use super::cell::trim;
use super::split::{SplitRow, Splitter};
use super::{FileStop, Problem};
use crate::diag::{codes, nearest};
use crate::lang::dates::half_width;
use crate::lang::{Lang, spellings};
use crate::policy::{Attribute, ColumnRule, FieldFrom, ImportKind, ImportMap, Policy, Role, Table};

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
    pub(super) need: FieldNeed,
}

/// Who cannot do without a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FieldNeed {
    /// Every row, and so every file.
    Every,
    /// Rows of what the register does not have yet, and so every map.
    New,
    /// Nobody.
    Nobody,
}

/// Where a map wants to find one field.
pub(super) struct ColumnRequest {
    field: String,
    from: Origin<WantedHeading>,
}

/// Where the value of a field comes from: in a map, a heading; in one file, the position of its column.
enum Origin<C> {
    Column(C, CellRule),
    Const(String),
    Nowhere,
}

/// How the cells of a column are read.
#[derive(Clone, Default)]
struct CellRule {
    /// What cells say, as it is compared, and what is read for each.
    values: HashMap<String, String>,
    /// What cells say, as the policy writes it, where nothing else is taken.
    closed: Option<Vec<String>>,
    clears: bool,
}

impl CellRule {
    fn of(rule: &ColumnRule) -> Self {
        let values = rule.values.iter().map(|(cell, value)| (plain(cell), value.clone())).collect();
        let closed = rule.is_closed.then(|| rule.values.iter().map(|(cell, _)| cell.clone()).collect());
        Self { values, closed, clears: rule.clears }
    }
}

/// The first of some headings that the file has.
struct WantedHeading {
    any_of: Vec<String>,
    need: FieldNeed,
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
    let from = Origin::Column(WantedHeading { any_of, need: field.need, by_map: false }, CellRule::default());
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
        if from.is_none() && field.need != FieldNeed::Nobody {
            let problem = Problem::new(codes::MAP_LACKS_FIELD).with("map", &map.id);
            problems.push(problem.with("field", &field.name));
        }
        let from = match from {
            None => Origin::Nowhere,
            Some(FieldFrom::Const(value)) => Origin::Const(value.clone()),
            Some(FieldFrom::Column(rule)) => {
                let any_of = vec![rule.heading.clone()];
                Origin::Column(WantedHeading { any_of, need: field.need, by_map: true }, CellRule::of(rule))
            }
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
            Origin::Column(WantedHeading { any_of, .. }, _) => {
                any_of.iter().any(|each| headings.contains(&plain(each)))
            }
            Origin::Const(_) | Origin::Nowhere => false,
        }
    }
}

/// What one row says of one field.
pub(super) enum CellText<'a> {
    /// Nothing: what is known stays.
    Nothing,
    /// That nothing is known of it any more.
    Cleared,
    /// A text, as it stands in the file without blanks around it.
    Plain(&'a str),
    /// A text that the policy says, and so nobody has to be asked about.
    Sure(&'a str),
    /// A text that the policy's list does not have, and the list.
    Unlisted(&'a str, &'a [String]),
}

/// Returns the first two columns with a wanted heading.
fn found(wanted: &WantedHeading, headings: &[String]) -> [Option<usize>; 2] {
    let is_one = |at: &usize| wanted.any_of.iter().any(|each| plain(each) == headings[*at]);
    let mut columns = (0..headings.len()).filter(is_one);
    [columns.next(), columns.next()]
}

/// Returns the column in which a person confirms what is asked about, as the file of rejects calls it.
pub(super) fn confirming(headings: &[String]) -> Option<usize> {
    let confirms = [Lang::Zh, Lang::En].map(|lang| plain(&lang.word("rejects-confirmed")));
    headings.iter().position(|heading| confirms.contains(&plain(heading)))
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
    /// Headings the map names and the file does not have: what the register knows of them stays.
    pub(super) absent: Vec<String>,
    /// The column in which a person confirms what is asked about.
    pub(super) confirming: Option<usize>,
}

/// A field whose column the file does not have.
struct AbsentColumn {
    field: String,
    wanted: WantedHeading,
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
        let (mut absent, mut says_something) = (Vec::new(), false);
        for ColumnRequest { field, from } in wanted {
            let mut name = field.clone();
            let source = match from {
                Origin::Const(value) => Origin::Const(value),
                Origin::Nowhere => Origin::Nowhere,
                Origin::Column(wanted, rule) => match found(&wanted, &plain_headings) {
                    [Some(column), None] => {
                        says_something |= wanted.need != FieldNeed::Every;
                        name.clone_from(&headings[column]);
                        Origin::Column(column, rule)
                    }
                    [Some(first), Some(second)] => {
                        let problem = Problem::new(codes::HEADING_TWICE).with("heading", &headings[first]);
                        let problem = problem.with("first", (first + 1).to_string());
                        problems.push(problem.with("second", (second + 1).to_string()));
                        Origin::Nowhere
                    }
                    [None, _] => {
                        absent.push(AbsentColumn { field, wanted });
                        Origin::Nowhere
                    }
                },
            };
            names.push(name);
            sources.push(source);
        }
        let confirming = confirming(&headings);
        let mut plan = Self { headings, sources, names, absent: Vec::new(), confirming };
        problems.extend(absent.iter().filter_map(|absent| plan.missing(absent, says_something)));
        if !problems.is_empty() {
            return Err(FileStop::File(problems));
        }
        let named = absent.into_iter().filter(|absent| absent.wanted.by_map);
        plan.absent = named.flat_map(|absent| absent.wanted.any_of).collect();
        Ok(plan)
    }

    /// Says that a file cannot do without a column: every row needs it, or no row says anything, or a heading
    /// that nothing reads is most likely the one meant.
    fn missing(&self, absent: &AbsentColumn, says_something: bool) -> Option<Problem> {
        let AbsentColumn { field, wanted: WantedHeading { any_of, need, .. } } = absent;
        let unread: Vec<&str> = self.unmapped().collect();
        let is_misspelt = || any_of.iter().any(|each| nearest(each, unread.iter().copied()).is_some());
        let is_missed = match need {
            FieldNeed::Every => true,
            FieldNeed::New => !says_something || is_misspelt(),
            FieldNeed::Nobody => false,
        };
        let problem = || {
            let problem = Problem::new(codes::HEADING_MISSING).with("heading", any_of.join(" / "));
            problem.with("field", field).near(&any_of[0], &self.headings)
        };
        is_missed.then(problem)
    }

    /// Returns what a row says of a field.
    pub(super) fn said<'a>(&'a self, slot: usize, fields: &'a SplitRow) -> CellText<'a> {
        let (at, rule) = match &self.sources[slot] {
            Origin::Nowhere => return CellText::Nothing,
            Origin::Const(value) => return CellText::Sure(value),
            Origin::Column(at, rule) => (*at, rule),
        };
        let text = trim(fields.get(at));
        if text.is_empty() {
            return if rule.clears { CellText::Cleared } else { CellText::Nothing };
        }
        if rule.values.is_empty() {
            return CellText::Plain(text);
        }
        match (rule.values.get(&plain(text)), &rule.closed) {
            (Some(value), _) => CellText::Sure(value),
            (None, Some(known)) => CellText::Unlisted(text, known),
            (None, None) => CellText::Plain(text),
        }
    }

    /// Returns the heading of a field's column, or the field's own name.
    pub(super) fn name(&self, slot: usize) -> &str {
        &self.names[slot]
    }

    pub(super) fn unmapped(&self) -> impl Iterator<Item = &str> {
        let is_used = |at: usize| {
            self.sources.iter().any(|source| matches!(source, Origin::Column(used, _) if *used == at))
        };
        let headings = self.headings.iter().enumerate();
        let is_unused = move |at: usize| !is_used(at) && self.confirming != Some(at);
        let unused = headings.filter(move |(at, heading)| !heading.is_empty() && is_unused(*at));
        unused.map(|(_, heading)| heading.as_str())
    }
}
