//! The five kinds of rows, each with its fields, its checks and its digest.

use super::Problem;
use super::cell;
use super::cells::Cells;
use super::identity::{Canon, RowDigest};
use super::map::{Declared, Field};
use crate::diag::codes;
use crate::policy::ImportKind;
use crate::register::Status;
use crate::time::Day;

/// A kind of row that files can hold.
///
/// Closed: the five kinds of [`ImportKind`].
pub trait Row: Sized + sealed::Sealed {
    /// Which kind.
    const KIND: ImportKind;

    /// Returns the fields, in the order of their slots; the id first.
    fn fields(declared: Declared<'_>) -> Vec<Field>;

    /// Reads one row; problems go to `cells`, and none is returned when the row cannot be built.
    fn take(cells: &mut Cells<'_>) -> Option<Self>;

    /// Returns what two rows of one file must not share.
    fn key(&self) -> [&str; 2];
}

mod sealed {
    pub trait Sealed {}
    impl Sealed for super::SubjectRow {}
    impl Sealed for super::InspectionRow {}
    impl Sealed for super::OfficerRow {}
    impl Sealed for super::StationRow {}
    impl Sealed for super::GridRow {}
}

/// A subject as a file has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubjectRow {
    /// Unified credit code or another id.
    pub id: String,
    /// Name.
    pub name: String,
    /// Station that supervises it.
    pub station: String,
    /// Grid.
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
    /// Identity of the content.
    pub digest: RowDigest,
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
    /// Result as written.
    pub result: String,
    /// Number of problems by level, worst first, one for each level of the policy.
    pub problems: Vec<u32>,
    /// Identity of the content.
    pub digest: RowDigest,
}

/// An officer as a file has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OfficerRow {
    /// Id.
    pub id: String,
    /// Name.
    pub name: String,
    /// Station; none for those of the bureau itself.
    pub station: Option<String>,
    /// Roles, in the order written.
    pub roles: Vec<String>,
    /// Number of the enforcement certificate.
    pub certificate: Option<String>,
    /// Last day of the certificate.
    pub certified_until: Option<Day>,
    /// Identity of the content.
    pub digest: RowDigest,
}

/// A station as a file has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StationRow {
    /// Id.
    pub id: String,
    /// Name.
    pub title: String,
    /// Identity of the content.
    pub digest: RowDigest,
}

/// A grid as a file has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GridRow {
    /// Id.
    pub id: String,
    /// Name.
    pub title: String,
    /// Its station.
    pub station: String,
    /// Main officer.
    pub officer: Option<String>,
    /// Backup officer.
    pub backup: Option<String>,
    /// Identity of the content.
    pub digest: RowDigest,
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

impl Row for SubjectRow {
    const KIND: ImportKind = ImportKind::Subjects;

    fn fields(declared: Declared<'_>) -> Vec<Field> {
        let built_in = SUBJECT_FIELDS.iter().map(|(name, required)| field(name, *required, &[]));
        let attributes = declared.attributes.iter().map(|attribute| Field {
            name: attribute.id.clone(),
            title: Some(attribute.title.clone()),
            required: attribute.required && attribute.default.is_none(),
            headings: &[],
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
        let digest = RowDigest::default();
        let mut row =
            Self { id, name, station, grid, lat, lon, status, status_on, last_patrol, attributes, digest };
        row.digest = row.identity(cells.declared, cells.scratch);
        Some(row)
    }

    fn key(&self) -> [&str; 2] {
        ["", &self.id]
    }
}

impl SubjectRow {
    /// Computes the identity of the content. A value that is not known leaves no trace, so an
    /// attribute that is declared later changes no row that lacks it.
    pub(in crate::import) fn identity(&self, declared: Declared<'_>, scratch: &mut Vec<u8>) -> RowDigest {
        let mut canon = Canon::begin(scratch, "subject");
        canon.put("id", &self.id).put("name", &self.name).put("station", &self.station);
        canon.put_some("grid", self.grid.as_deref()).put_some("lat", self.lat.as_deref());
        canon.put_some("lon", self.lon.as_deref()).put_some("status", self.status.map(Status::name));
        canon.put_day("status_on", self.status_on).put_day("last_patrol", self.last_patrol);
        for (attribute, value) in declared.attributes.iter().zip(&self.attributes) {
            canon.put_some(&attribute.id, value.as_deref());
        }
        canon.end()
    }
}

impl Row for InspectionRow {
    const KIND: ImportKind = ImportKind::Inspections;

    fn fields(declared: Declared<'_>) -> Vec<Field> {
        let built_in = INSPECTION_FIELDS.iter().map(|(name, required)| field(name, *required, &[]));
        let levels = declared.levels.iter().map(|level| field(&format!("problems.{level}"), false, &[]));
        built_in.chain(levels).collect()
    }

    fn take(cells: &mut Cells<'_>) -> Option<Self> {
        let (id, subject) = (cells.id(0), cells.id(1));
        let on = cells.must(2, cell::day);
        let result = cells.maybe(3, cell::text).unwrap_or_default();
        let levels = cells.declared.levels.len();
        let problems: Vec<u32> = (0..levels)
            .map(|nth| cells.read(INSPECTION_FIELDS.len() + nth, cell::count).unwrap_or_default())
            .collect();
        let (id, subject, on) = (id?, subject?, on?);
        let mut row = Self { id, subject, on, result, problems, digest: RowDigest::default() };
        row.digest = row.identity(cells.declared, cells.scratch);
        Some(row)
    }

    fn key(&self) -> [&str; 2] {
        [&self.subject, &self.id]
    }
}

impl InspectionRow {
    /// Computes the identity of the content; levels without a problem leave no trace.
    pub(in crate::import) fn identity(&self, declared: Declared<'_>, scratch: &mut Vec<u8>) -> RowDigest {
        let mut canon = Canon::begin(scratch, "inspection");
        canon.put("id", &self.id).put("subject", &self.subject).put_day("on", Some(self.on));
        canon.put("result", &self.result);
        for (level, count) in declared.levels.iter().zip(&self.problems).filter(|(_, count)| **count > 0) {
            canon.put(level, &count.to_string());
        }
        canon.end()
    }
}

impl Row for OfficerRow {
    const KIND: ImportKind = ImportKind::Officers;

    fn fields(_: Declared<'_>) -> Vec<Field> {
        vec![
            field("id", true, &["编号", "工号"]),
            field("name", true, &["姓名"]),
            field("station", false, &["工商所", "所属工商所"]),
            field("roles", false, &["岗位", "角色", "职务"]),
            field("certificate", false, &["执法证号"]),
            field("certified_until", false, &["执法证有效期至"]),
        ]
    }

    fn take(cells: &mut Cells<'_>) -> Option<Self> {
        let (id, name, station) = (cells.id(0), cells.text(1), cells.maybe(2, cell::id));
        let roles = cells.roles(3);
        let certificate = cells.maybe(4, cell::id);
        let certified_until = cells.maybe(5, cell::day);
        let (id, name, digest) = (id?, name?, RowDigest::default());
        let mut row = Self { id, name, station, roles, certificate, certified_until, digest };
        row.digest = row.identity(cells.scratch);
        Some(row)
    }

    fn key(&self) -> [&str; 2] {
        ["", &self.id]
    }
}

impl OfficerRow {
    /// Computes the identity of the content.
    pub(in crate::import) fn identity(&self, scratch: &mut Vec<u8>) -> RowDigest {
        let mut canon = Canon::begin(scratch, "officer");
        canon.put("id", &self.id).put("name", &self.name).put_some("station", self.station.as_deref());
        for role in &self.roles {
            canon.put("role", role);
        }
        canon.put_some("certificate", self.certificate.as_deref());
        canon.put_day("certified_until", self.certified_until).end()
    }
}

impl Row for StationRow {
    const KIND: ImportKind = ImportKind::Stations;

    fn fields(_: Declared<'_>) -> Vec<Field> {
        vec![field("id", true, &["编号", "工商所编号"]), field("title", true, &["名称", "工商所"])]
    }

    fn take(cells: &mut Cells<'_>) -> Option<Self> {
        let (id, title) = (cells.id(0), cells.text(1));
        Some(Self::new(id?, title?))
    }

    fn key(&self) -> [&str; 2] {
        ["", &self.id]
    }
}

impl StationRow {
    /// Makes the row with its identity.
    pub fn new(id: String, title: String) -> Self {
        let digest = Canon::begin(&mut Vec::new(), "station").put("id", &id).put("title", &title).end();
        Self { id, title, digest }
    }
}

impl Row for GridRow {
    const KIND: ImportKind = ImportKind::Grids;

    fn fields(_: Declared<'_>) -> Vec<Field> {
        vec![
            field("id", true, &["编号", "片区编号"]),
            field("title", true, &["名称", "片区"]),
            field("station", true, &["工商所", "所属工商所", "管辖所"]),
            field("officer", false, &["主办", "主办人员", "主责人员"]),
            field("backup", false, &["协办", "协办人员", "后备人员"]),
        ]
    }

    fn take(cells: &mut Cells<'_>) -> Option<Self> {
        let (id, title, station) = (cells.id(0), cells.text(1), cells.id(2));
        let (officer, backup) = (cells.maybe(3, cell::id), cells.maybe(4, cell::id));
        let (id, title, station) = (id?, title?, station?);
        let mut row = Self { id, title, station, officer, backup, digest: RowDigest::default() };
        row.digest = row.identity(cells.scratch);
        Some(row)
    }

    fn key(&self) -> [&str; 2] {
        ["", &self.id]
    }
}

impl GridRow {
    /// Computes the identity of the content.
    pub(in crate::import) fn identity(&self, scratch: &mut Vec<u8>) -> RowDigest {
        let mut canon = Canon::begin(scratch, "grid");
        canon.put("id", &self.id).put("title", &self.title).put("station", &self.station);
        canon.put_some("officer", self.officer.as_deref()).put_some("backup", self.backup.as_deref()).end()
    }
}

fn field(name: &str, required: bool, headings: &'static [&'static str]) -> Field {
    Field { name: name.to_owned(), title: None, required, headings }
}
