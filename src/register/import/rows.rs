//! The five kinds of rows, each with its fields, its checks and its digest.

use std::fmt;

use super::cell;
use super::map::{Declared, Field, Plan};
use super::split::Fields;
use super::{CellProblem, Place, Problem, Remark};
use crate::diag::codes;
use crate::digest::Digest;
use crate::policy::ImportKind;
use crate::register::Status;
use crate::time::Day;

/// Marks between the roles of one officer.
const ROLE_MARKS: [char; 7] = ['、', ',', '，', ';', '；', '|', '/'];

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

/// The identity of a row's content: equal rows have equal digests, whatever their columns' order.
///
/// # Shape
/// The first 16 hex digits of a SHA-256 over the canonical values.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RowDigest([u8; 8]);

impl RowDigest {
    fn of(bytes: &[u8]) -> Self {
        let mut first = [0; 8];
        first.copy_from_slice(&Digest::of(bytes).bytes()[..8]);
        Self(first)
    }
}

impl fmt::Display for RowDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", u64::from_be_bytes(self.0))
    }
}

impl fmt::Debug for RowDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RowDigest({self})")
    }
}

impl serde::Serialize for RowDigest {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
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
        let digest = RowDigest([0; 8]);
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
    pub(in crate::register) fn identity(&self, declared: Declared<'_>, scratch: &mut Vec<u8>) -> RowDigest {
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
        let mut row = Self { id, subject, on, result, problems, digest: RowDigest([0; 8]) };
        row.digest = row.identity(cells.declared, cells.scratch);
        Some(row)
    }

    fn key(&self) -> [&str; 2] {
        [&self.subject, &self.id]
    }
}

impl InspectionRow {
    /// Computes the identity of the content; levels without a problem leave no trace.
    pub(in crate::register) fn identity(&self, declared: Declared<'_>, scratch: &mut Vec<u8>) -> RowDigest {
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
        let (id, name, digest) = (id?, name?, RowDigest([0; 8]));
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
    pub(in crate::register) fn identity(&self, scratch: &mut Vec<u8>) -> RowDigest {
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
        let mut row = Self { id: id?, title: title?, digest: RowDigest([0; 8]) };
        row.digest = row.identity(cells.scratch);
        Some(row)
    }

    fn key(&self) -> [&str; 2] {
        ["", &self.id]
    }
}

impl StationRow {
    /// Computes the identity of the content.
    pub(in crate::register) fn identity(&self, scratch: &mut Vec<u8>) -> RowDigest {
        Canon::begin(scratch, "station").put("id", &self.id).put("title", &self.title).end()
    }
}

impl Row for GridRow {
    const KIND: ImportKind = ImportKind::Grids;

    fn fields(_: Declared<'_>) -> Vec<Field> {
        vec![
            field("id", true, &["编号", "片区编号"]),
            field("title", true, &["名称", "片区"]),
            field("station", true, &["工商所", "所属工商所", "管辖所"]),
            field("officer", false, &["主办", "主办人员"]),
            field("backup", false, &["协办", "协办人员"]),
        ]
    }

    fn take(cells: &mut Cells<'_>) -> Option<Self> {
        let (id, title, station) = (cells.id(0), cells.text(1), cells.id(2));
        let (officer, backup) = (cells.maybe(3, cell::id), cells.maybe(4, cell::id));
        let (id, title, station) = (id?, title?, station?);
        let mut row = Self { id, title, station, officer, backup, digest: RowDigest([0; 8]) };
        row.digest = row.identity(cells.scratch);
        Some(row)
    }

    fn key(&self) -> [&str; 2] {
        ["", &self.id]
    }
}

impl GridRow {
    /// Computes the identity of the content.
    pub(in crate::register) fn identity(&self, scratch: &mut Vec<u8>) -> RowDigest {
        let mut canon = Canon::begin(scratch, "grid");
        canon.put("id", &self.id).put("title", &self.title).put("station", &self.station);
        canon.put_some("officer", self.officer.as_deref()).put_some("backup", self.backup.as_deref()).end()
    }
}

fn field(name: &str, required: bool, headings: &'static [&'static str]) -> Field {
    Field { name: name.to_owned(), title: None, required, headings }
}

/// The cells of one row as fields, and where their problems go.
pub struct Cells<'a> {
    pub(super) declared: Declared<'a>,
    pub(super) plan: &'a Plan,
    pub(super) fields: &'a Fields,
    pub(super) place: Place,
    pub(super) problems: &'a mut Vec<CellProblem>,
    pub(super) remarks: &'a mut Vec<Remark>,
    pub(super) scratch: &'a mut Vec<u8>,
}

impl<'a> Cells<'a> {
    fn cell(&self, slot: usize) -> &'a str {
        cell::trim(self.plan.cell(slot, self.fields))
    }

    fn report(&mut self, slot: usize, problem: Problem) {
        self.problems.push(CellProblem { column: Some(self.plan.name(slot).to_owned()), problem });
    }

    fn read<T>(&mut self, slot: usize, read: impl FnOnce(&str) -> Result<T, Problem>) -> Option<T> {
        read(self.cell(slot)).map_err(|problem| self.report(slot, problem)).ok()
    }

    /// Reads a cell that may be blank.
    fn maybe<T>(&mut self, slot: usize, read: impl FnOnce(&str) -> Result<T, Problem>) -> Option<T> {
        if self.cell(slot).is_empty() { None } else { self.read(slot, read) }
    }

    /// Reads a cell that must not be blank.
    fn must<T>(&mut self, slot: usize, read: impl FnOnce(&str) -> Result<T, Problem>) -> Option<T> {
        if self.cell(slot).is_empty() {
            self.report(slot, Problem::new(codes::CELL_BLANK));
            return None;
        }
        self.read(slot, read)
    }

    fn id(&mut self, slot: usize) -> Option<String> {
        self.must(slot, cell::id)
    }

    /// Reads a text that people see, and remarks what does not show in it.
    fn text(&mut self, slot: usize) -> Option<String> {
        let text = self.must(slot, cell::text)?;
        if let Some(letter) = cell::hidden(&text) {
            let problem = Problem::new(codes::TEXT_INVISIBLE).point(letter);
            let problem = CellProblem { column: Some(self.plan.name(slot).to_owned()), problem };
            self.remarks.push(Remark { place: self.place, problem });
        }
        Some(text)
    }

    fn attributes(&mut self, first_slot: usize) -> Vec<Option<String>> {
        let declared = self.declared;
        let read = |(nth, attribute)| {
            self.read(first_slot + nth, |text| cell::read_attribute(attribute, declared.tables, text))
                .flatten()
        };
        declared.attributes.iter().enumerate().map(read).collect()
    }

    fn roles(&mut self, slot: usize) -> Vec<String> {
        let known: Vec<String> = self.declared.roles.iter().map(|role| role.id.clone()).collect();
        let mut roles = Vec::new();
        for role in self.cell(slot).split(ROLE_MARKS).map(str::trim).filter(|role| !role.is_empty()) {
            if known.is_empty() || known.iter().any(|each| each == role) {
                roles.push(role.to_owned());
            } else {
                self.report(slot, Problem::new(codes::ROLE_UNKNOWN).value(role).near(role, &known));
            }
        }
        roles
    }
}

/// Named values written end to end, each with its length, so that no two contents look alike.
struct Canon<'a>(&'a mut Vec<u8>);

impl<'a> Canon<'a> {
    fn begin(scratch: &'a mut Vec<u8>, kind: &str) -> Self {
        scratch.clear();
        let mut canon = Self(scratch);
        canon.bytes(kind.as_bytes());
        canon
    }

    fn bytes(&mut self, bytes: &[u8]) {
        let length = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
        self.0.extend_from_slice(&length.to_be_bytes());
        self.0.extend_from_slice(bytes);
    }

    fn put(&mut self, name: &str, value: &str) -> &mut Self {
        self.bytes(name.as_bytes());
        self.bytes(value.as_bytes());
        self
    }

    fn put_some(&mut self, name: &str, value: Option<&str>) -> &mut Self {
        if let Some(value) = value {
            self.put(name, value);
        }
        self
    }

    fn put_day(&mut self, name: &str, day: Option<Day>) -> &mut Self {
        use chrono::Datelike as _;
        if let Some(day) = day {
            self.bytes(name.as_bytes());
            self.bytes(&day.num_days_from_ce().to_be_bytes());
        }
        self
    }

    fn end(&self) -> RowDigest {
        RowDigest::of(self.0)
    }
}
