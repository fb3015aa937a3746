//! The five kinds of rows, each with its fields and its checks.

use super::cells::Cells;
use super::map::FieldNeed::{Every, New, Nobody};
use super::map::{FieldNeed, RowField, RowSchema};
use super::{FieldChange, Problem, cell, id_cell};
use crate::diag::codes;
use crate::policy::ImportKind;
use crate::register::Status;
use crate::time::Day;

/// A kind of row that files can hold.
///
/// Closed: the five kinds of [`ImportKind`]; what a row is read from cannot be named elsewhere.
pub trait ImportRow: Sized {
    /// Which kind.
    const KIND: ImportKind;

    /// Returns the fields, in the order of their slots; the id first.
    fn fields(declared: RowSchema<'_>) -> Vec<RowField>;

    /// Reads one row; problems go to `cells`, and none is returned when the row cannot be built.
    fn take(cells: &mut Cells<'_>) -> Option<Self>;

    /// Returns what two rows of one file must not share.
    fn key(&self) -> [&str; 2];
}

/// A subject as a file has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubjectRow {
    /// Unified credit code or another id.
    pub id: String,
    pub name: Option<String>,
    /// Station that supervises it, by id or title.
    pub station: Option<String>,
    /// Its grid, by id or title.
    pub grid: FieldChange<String>,
    /// Latitude in degrees, as written; never without the longitude.
    pub lat: FieldChange<String>,
    /// Longitude in degrees, as written.
    pub lon: FieldChange<String>,
    /// Status, when the file says one.
    pub status: Option<Status>,
    /// Day of the status; none when the file does not say, and then the day of the import counts.
    pub status_on: Option<Day>,
    /// Last patrol known from the register alone.
    pub last_patrol: FieldChange<Day>,
    /// Values in the order the policy declares attributes, days as `2026-02-03`, flags as `true` and `false`,
    /// numbers without a sign `+`, texts in NFC.
    pub attributes: Vec<FieldChange<String>>,
}

/// An inspection as a file has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InspectionRow {
    /// Id in its source.
    pub id: String,
    /// Id of the subject.
    pub subject: String,
    /// Day of the visit.
    pub on: Day,
    /// One of the policy's kinds.
    pub kind: FieldChange<String>,
    /// Result as written.
    pub result: FieldChange<String>,
    /// Number of problems by level, worst first, one for each level of the policy.
    pub problems: Vec<FieldChange<u32>>,
}

/// An officer as a file has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OfficerRow {
    pub id: String,
    pub name: Option<String>,
    /// Station, by id or title; those of the bureau itself have none.
    pub station: FieldChange<String>,
    /// Roles, in the order written.
    pub roles: FieldChange<Vec<String>>,
    /// Number of the enforcement certificate.
    pub certificate: FieldChange<String>,
    /// Last day of the certificate.
    pub certified_until: FieldChange<Day>,
    /// Where notices go.
    pub email: Option<String>,
    /// First day of the roles, where the file says one.
    pub from: Option<Day>,
    /// Last day of the roles, likewise.
    pub until: Option<Day>,
    /// From when a role counts that the row gives newly and without its first day; none for always.
    pub since: Option<Day>,
}

/// A station as a file has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StationRow {
    pub id: String,
    /// Name.
    pub title: String,
}

/// A grid as a file has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GridRow {
    pub id: String,
    /// Name.
    pub title: Option<String>,
    /// Its station, by id or title.
    pub station: Option<String>,
    /// Main officer.
    pub officer: FieldChange<String>,
    /// Backup officer.
    pub backup: FieldChange<String>,
}

const SUBJECT_FIELDS: [(&str, FieldNeed); 9] = [
    ("id", Every),
    ("name", New),
    ("station", New),
    ("grid", Nobody),
    ("lat", Nobody),
    ("lon", Nobody),
    ("status", Nobody),
    ("status_on", Nobody),
    ("last_patrol", Nobody),
];
const INSPECTION_FIELDS: [(&str, FieldNeed); 4] =
    [("id", Every), ("subject", Every), ("on", Every), ("result", Nobody)];

impl ImportRow for SubjectRow {
    const KIND: ImportKind = ImportKind::Subjects;

    fn fields(declared: RowSchema<'_>) -> Vec<RowField> {
        let built_in = SUBJECT_FIELDS.iter().map(|(name, need)| field(name, *need));
        let attributes = declared.attributes.iter().map(|attribute| RowField {
            name: attribute.id.clone(),
            title: Some(attribute.title.clone()),
            need: if attribute.required && attribute.default.is_none() { New } else { Nobody },
        });
        built_in.chain(attributes).collect()
    }

    fn take(cells: &mut Cells<'_>) -> Option<Self> {
        let (id, name) = (cells.subject_id(0), cells.text(1));
        let (station, grid) = (cells.of_new(2, id_cell::place), cells.field(3, id_cell::place));
        let lat = cells.field(4, |text| cell::degrees(text, 90.0));
        let lon = cells.field(5, |text| cell::degrees(text, 180.0));
        let (lacks_lat, lacks_lon) = (cells.is_blank(4), cells.is_blank(5));
        if lacks_lat != lacks_lon {
            cells.report(if lacks_lat { 4 } else { 5 }, Problem::new(codes::PLACE_HALF));
        }
        let status = cells.maybe(6, cell::status);
        let (status_on, last_patrol) = (cells.maybe(7, cell::day), cells.field(8, cell::day));
        let attributes = cells.attributes(SUBJECT_FIELDS.len());
        Some(Self { id: id?, name, station, grid, lat, lon, status, status_on, last_patrol, attributes })
    }

    fn key(&self) -> [&str; 2] {
        ["", &self.id]
    }
}

impl ImportRow for InspectionRow {
    const KIND: ImportKind = ImportKind::Inspections;

    fn fields(declared: RowSchema<'_>) -> Vec<RowField> {
        let built_in = INSPECTION_FIELDS.iter().map(|(name, need)| field(name, *need));
        let levels = declared.levels.iter().map(|level| field(&format!("problems.{level}"), Nobody));
        let kind = (!declared.kinds.is_empty()).then(|| field("kind", Nobody));
        built_in.chain(levels).chain(kind).collect()
    }

    fn take(cells: &mut Cells<'_>) -> Option<Self> {
        let id = cells.id(0);
        let subject = cells.must(1, |text| id_cell::subject_id(text).map(|read| read.id));
        let on = cells.must(2, cell::day);
        let result = cells.field(3, cell::text);
        let levels = cells.declared.levels.len();
        let problems =
            (0..levels).map(|nth| cells.field(INSPECTION_FIELDS.len() + nth, cell::count)).collect();
        let kinds = cells.declared.kinds;
        let kind_at = INSPECTION_FIELDS.len() + levels;
        let kind = match kinds {
            [] => FieldChange::Keep,
            _ => cells.field(kind_at, |text| cell::choice(kinds, text)),
        };
        let (id, subject, on) = (id?, subject?, on?);
        Some(Self { id, subject, on, kind, result, problems })
    }

    fn key(&self) -> [&str; 2] {
        [&self.subject, &self.id]
    }
}

impl ImportRow for OfficerRow {
    const KIND: ImportKind = ImportKind::Officers;

    fn fields(_: RowSchema<'_>) -> Vec<RowField> {
        vec![
            field("id", Every),
            field("name", New),
            field("station", Nobody),
            field("roles", Nobody),
            field("certificate", Nobody),
            field("certified_until", Nobody),
            field("email", Nobody),
            field("from", Nobody),
            field("until", Nobody),
        ]
    }

    fn take(cells: &mut Cells<'_>) -> Option<Self> {
        let (id, name) = (cells.id(0), cells.text(1));
        let station = cells.field(2, id_cell::place);
        let roles = cells.roles(3);
        let certificate = cells.field(4, id_cell::id);
        let (certified_until, email) = (cells.field(5, cell::day), cells.maybe(6, cell::email));
        let (from, until) = (cells.maybe(7, cell::day), cells.maybe(8, cell::day));
        if let (Some(from), Some(until)) = (from, until)
            && until < from
        {
            let problem = Problem::new(codes::POST_BACKWARDS).value(&until.to_string());
            cells.report(8, problem.with("from", from.to_string()));
        }
        if cells.is_blank(3) && (from.is_some() || until.is_some()) {
            cells.report(if from.is_some() { 7 } else { 8 }, Problem::new(codes::POST_WITHOUT_ROLE));
        }
        let id = id?;
        Some(Self { id, name, station, roles, certificate, certified_until, email, from, until, since: None })
    }

    fn key(&self) -> [&str; 2] {
        ["", &self.id]
    }
}

impl ImportRow for StationRow {
    const KIND: ImportKind = ImportKind::Stations;

    fn fields(_: RowSchema<'_>) -> Vec<RowField> {
        vec![field("id", Every), field("title", Every)]
    }

    fn take(cells: &mut Cells<'_>) -> Option<Self> {
        let (id, title) = (cells.id(0), cells.must(1, cell::text));
        Some(Self { id: id?, title: title? })
    }

    fn key(&self) -> [&str; 2] {
        ["", &self.id]
    }
}

impl ImportRow for GridRow {
    const KIND: ImportKind = ImportKind::Grids;

    fn fields(_: RowSchema<'_>) -> Vec<RowField> {
        vec![
            field("id", Every),
            field("title", New),
            field("station", New),
            field("officer", Nobody),
            field("backup", Nobody),
        ]
    }

    fn take(cells: &mut Cells<'_>) -> Option<Self> {
        let (id, title, station) = (cells.id(0), cells.text(1), cells.of_new(2, id_cell::place));
        let (officer, backup) = (cells.field(3, id_cell::id), cells.field(4, id_cell::id));
        Some(Self { id: id?, title, station, officer, backup })
    }

    fn key(&self) -> [&str; 2] {
        ["", &self.id]
    }
}

fn field(name: &str, need: FieldNeed) -> RowField {
    RowField { name: name.to_owned(), title: None, need }
}
