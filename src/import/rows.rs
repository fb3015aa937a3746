//! The five kinds of rows, each with its fields and its checks.

use super::Problem;
use super::cell;
use super::cells::Cells;
use super::map::{RowField, RowSchema};
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
    pub name: String,
    /// Station that supervises it.
    pub station: String,
    pub grid: Option<String>,
    /// Latitude in degrees, as written; never without the longitude.
    pub lat: Option<String>,
    /// Longitude in degrees, as written.
    pub lon: Option<String>,
    /// Status, when the file says one.
    pub status: Option<Status>,
    /// Day of the status; none when the file does not say, and then the day of the import counts.
    pub status_on: Option<Day>,
    /// Last patrol known from the register alone.
    pub last_patrol: Option<Day>,
    /// Values in the order the policy declares attributes, as [`super::read_attribute`] writes them.
    pub attributes: Vec<Option<String>>,
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
    /// One of the policy's kinds, where the file says it.
    pub kind: Option<String>,
    /// Result as written.
    pub result: String,
    /// Number of problems by level, worst first, one for each level of the policy.
    pub problems: Vec<u32>,
}

/// An officer as a file has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OfficerRow {
    pub id: String,
    pub name: String,
    /// Station; none for those of the bureau itself.
    pub station: Option<String>,
    /// Roles, in the order written.
    pub roles: Vec<String>,
    /// Number of the enforcement certificate.
    pub certificate: Option<String>,
    /// Last day of the certificate.
    pub certified_until: Option<Day>,
    /// Where notices go.
    pub email: Option<String>,
    /// First day of the roles, where the file says one.
    pub from: Option<Day>,
    /// Last day of the roles, likewise.
    pub until: Option<Day>,
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
    pub title: String,
    pub station: String,
    /// Main officer.
    pub officer: Option<String>,
    /// Backup officer.
    pub backup: Option<String>,
}

const SUBJECT_FIELDS: [(&str, bool); 9] = [
    ("id", true),
    ("name", true),
    ("station", true),
    ("grid", false),
    ("lat", false),
    ("lon", false),
    ("status", false),
    ("status_on", false),
    ("last_patrol", false),
];
const INSPECTION_FIELDS: [(&str, bool); 4] =
    [("id", true), ("subject", true), ("on", true), ("result", false)];

impl ImportRow for SubjectRow {
    const KIND: ImportKind = ImportKind::Subjects;

    fn fields(declared: RowSchema<'_>) -> Vec<RowField> {
        let built_in = SUBJECT_FIELDS.iter().map(|(name, required)| field(name, *required));
        let attributes = declared.attributes.iter().map(|attribute| RowField {
            name: attribute.id.clone(),
            title: Some(attribute.title.clone()),
            required: attribute.required && attribute.default.is_none(),
        });
        built_in.chain(attributes).collect()
    }

    fn take(cells: &mut Cells<'_>) -> Option<Self> {
        let (id, name, station) = (cells.id(0), cells.text(1), cells.id(2));
        let grid = cells.maybe(3, cell::id);
        let lat = cells.maybe(4, |text| cell::degrees(text, 90.0));
        let lon = cells.maybe(5, |text| cell::degrees(text, 180.0));
        let (has_lat, has_lon) = (!cells.cell(4).is_empty(), !cells.cell(5).is_empty());
        if has_lat != has_lon {
            cells.report(if has_lat { 5 } else { 4 }, Problem::new(codes::PLACE_HALF));
        }
        let status = cells.maybe(6, cell::status);
        let (status_on, last_patrol) = (cells.maybe(7, cell::day), cells.maybe(8, cell::day));
        let attributes = cells.attributes(SUBJECT_FIELDS.len());
        let (id, name, station) = (id?, name?, station?);
        Some(Self { id, name, station, grid, lat, lon, status, status_on, last_patrol, attributes })
    }

    fn key(&self) -> [&str; 2] {
        ["", &self.id]
    }
}

impl ImportRow for InspectionRow {
    const KIND: ImportKind = ImportKind::Inspections;

    fn fields(declared: RowSchema<'_>) -> Vec<RowField> {
        let built_in = INSPECTION_FIELDS.iter().map(|(name, required)| field(name, *required));
        let levels = declared.levels.iter().map(|level| field(&format!("problems.{level}"), false));
        let kind = (!declared.kinds.is_empty()).then(|| field("kind", false));
        built_in.chain(levels).chain(kind).collect()
    }

    fn take(cells: &mut Cells<'_>) -> Option<Self> {
        let (id, subject) = (cells.id(0), cells.id(1));
        let on = cells.must(2, cell::day);
        let result = cells.maybe(3, cell::text).unwrap_or_default();
        let levels = cells.declared.levels.len();
        let problems: Vec<u32> = (0..levels)
            .map(|nth| cells.read(INSPECTION_FIELDS.len() + nth, cell::count).unwrap_or_default())
            .collect();
        let kinds = cells.declared.kinds;
        let kind_at = INSPECTION_FIELDS.len() + levels;
        let kind = match kinds {
            [] => None,
            _ => cells.maybe(kind_at, |text| cell::choice(kinds, text)),
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
            field("id", true),
            field("name", true),
            field("station", false),
            field("roles", false),
            field("certificate", false),
            field("certified_until", false),
            field("email", false),
            field("from", false),
            field("until", false),
        ]
    }

    fn take(cells: &mut Cells<'_>) -> Option<Self> {
        let (id, name) = (cells.must(0, cell::person), cells.text(1));
        let station = cells.maybe(2, cell::id);
        let roles = cells.roles(3);
        let certificate = cells.maybe(4, cell::id);
        let (certified_until, email) = (cells.maybe(5, cell::day), cells.maybe(6, cell::email));
        let (from, until) = (cells.maybe(7, cell::day), cells.maybe(8, cell::day));
        if let (Some(from), Some(until)) = (from, until)
            && until < from
        {
            let problem = Problem::new(codes::POST_BACKWARDS).value(&until.to_string());
            cells.report(8, problem.with("from", from.to_string()));
        }
        if cells.cell(3).is_empty() && (from.is_some() || until.is_some()) {
            cells.report(if from.is_some() { 7 } else { 8 }, Problem::new(codes::POST_WITHOUT_ROLE));
        }
        let (id, name) = (id?, name?);
        Some(Self { id, name, station, roles, certificate, certified_until, email, from, until })
    }

    fn key(&self) -> [&str; 2] {
        ["", &self.id]
    }
}

impl ImportRow for StationRow {
    const KIND: ImportKind = ImportKind::Stations;

    fn fields(_: RowSchema<'_>) -> Vec<RowField> {
        vec![field("id", true), field("title", true)]
    }

    fn take(cells: &mut Cells<'_>) -> Option<Self> {
        let (id, title) = (cells.id(0), cells.text(1));
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
            field("id", true),
            field("title", true),
            field("station", true),
            field("officer", false),
            field("backup", false),
        ]
    }

    fn take(cells: &mut Cells<'_>) -> Option<Self> {
        let (id, title, station) = (cells.id(0), cells.text(1), cells.id(2));
        let (officer, backup) = (cells.maybe(3, cell::person), cells.maybe(4, cell::person));
        let (id, title, station) = (id?, title?, station?);
        Some(Self { id, title, station, officer, backup })
    }

    fn key(&self) -> [&str; 2] {
        ["", &self.id]
    }
}

fn field(name: &str, required: bool) -> RowField {
    RowField { name: name.to_owned(), title: None, required }
}
