//! The compiled policy: resolved, bounded, immutable. Only `build` makes one.
//!
//! What was typed is in `raw`; here nothing dangles. Names that point inside the policy are
//! indices (`StepIx`, `ExprIx` …); lists keep the order of the file, because order is meaning
//! (`tiers.order`, `next`, `pick`).

use std::collections::BTreeMap;

use crate::calendar::{Calendar, Length, Roll};
use crate::diag::{FileId, SourceMap, Span};
use crate::digest::Digest;
use crate::lang::Lang;
pub use crate::register::{AttributeIx, AttributeKind, LevelIx};
use crate::schedule::Cron;
pub use crate::schedule::{Missed, MissedMode};
use crate::time::{Day, Tz};

/// Declares an index type into one of the policy's lists.
macro_rules! index {
    ($($(#[$doc:meta])* $name:ident;)*) => { $(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub u16);

        impl $name {
            /// Returns the position in the list.
            pub const fn ix(self) -> usize {
                self.0 as usize
            }
        }
    )* };
}

index! {
    /// Position in [`Tiers::order`], 0 the strictest.
    TierIx;
    /// Position in [`Policy::exprs`].
    ExprIx;
    /// Position in [`Workflow::steps`].
    StepIx;
    /// Position in [`Policy::workflows`].
    WorkflowIx;
    /// Position in [`Policy::roles`].
    RoleIx;
}

/// A whole policy under one digest.
#[derive(Clone, Debug)]
pub struct Policy {
    /// The bureau itself.
    pub bureau: Bureau,
    /// The bureau's calendar.
    pub calendar: Calendar,
    /// Problem levels, worst first.
    pub levels: Vec<String>,
    /// What the register knows of a subject, in the order declared.
    pub attributes: Vec<Attribute>,
    /// How imported files map onto the register.
    pub imports: Vec<ImportMap>,
    /// Roles people hold.
    pub roles: Vec<Role>,
    /// Where stations and grids are listed.
    pub places: Places,
    /// By which ways people are told besides the inbox.
    pub notices: Notices,
    /// The tiers, strictest first, with their columns.
    pub tiers: Tiers,
    /// Tables that rules look things up in.
    pub tables: Vec<Table>,
    /// Named numbers with bounds.
    pub params: Vec<Param>,
    /// Statutory clocks.
    pub clocks: Vec<ClockRule>,
    /// Kinds of documents.
    pub documents: Vec<DocumentKind>,
    /// Templates of documents that stand in place of the built-in ones.
    pub templates: Vec<Template>,
    /// Forms, shared ones and those of single workflows.
    pub forms: Vec<Form>,
    /// Workflows, by id.
    pub workflows: Vec<Workflow>,
    /// Rhai sources of `rules/*.rhai`.
    pub scripts: Vec<Script>,
    /// Every expression written in YAML, with the place it stands.
    pub exprs: Vec<Expr>,
    /// What stations may change in the tier table and the parameters.
    pub openings: Vec<Opening>,
    /// Station overlays as loaded and checked; they are not in force yet.
    pub overlays: Vec<Overlay>,
    /// The texts it was built from.
    pub sources: SourceMap,
    /// Digest of each text by its path, sorted; what an overlay's `base` is compared with.
    pub texts: Vec<(String, Digest)>,
    /// The identity: hash of every text, the calendar and the semantics version.
    pub digest: Digest,
}

/// Raised when the engine would answer differently for the same texts.
pub const SEMANTICS_VERSION: u32 = 1;

/// `bureau:` of `bureau.yaml`.
#[derive(Clone, Debug)]
pub struct Bureau {
    /// Stable id.
    pub id: String,
    /// Name people read.
    pub title: String,
    /// The zone every local time is in.
    pub zone: Tz,
    /// Id of the calendar, the stem of its file.
    pub calendar: String,
    /// Who may activate.
    pub activation: Activation,
    /// 机关代字: what official numbers begin with, such as 示 in 示市监责改〔2026〕1号.
    pub organ: String,
    /// Who issues, keeps and voids numbered blanks.
    pub blanks: BlankRoles,
}

/// Roles that look after numbered blanks; where none is named, anybody may.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BlankRoles {
    /// Issues them to stations.
    pub issue: Option<String>,
    /// Keeps a station's stock and signs blanks out.
    pub keep: Option<String>,
    /// Approves that one is voided.
    pub void: Option<String>,
    /// Are told of blanks voided, lost or without their original.
    pub told: Vec<String>,
}

/// What activates a changed folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Activation {
    /// `run --watch` does, and `apply`.
    Files,
    /// Only `apply` with a second person.
    Approved,
}

/// One attribute of a subject.
#[derive(Clone, Debug)]
pub struct Attribute {
    /// Name in files and rules, such as `industry`.
    pub id: String,
    /// Chinese title, which rules may use instead of the id.
    pub title: String,
    /// English title; the id when none is given.
    pub title_en: String,
    /// What values it takes.
    pub kind: AttributeKind,
    /// A row without it is rejected.
    pub required: bool,
    /// Value for rows without it, written as in a file.
    pub default: Option<String>,
    /// Where it is declared.
    pub span: Span,
}

/// One way to read one kind of file.
#[derive(Clone, Debug)]
pub struct ImportMap {
    /// Which register the rows go to.
    pub kind: ImportKind,
    /// Name chosen with `--map`; `default` otherwise.
    pub id: String,
    /// Field and where its value comes from, in the order declared. A field is a built-in
    /// (`id`, `name`, …), an attribute id, or `problems.<level>`.
    pub fields: Vec<(String, FieldFrom)>,
    /// Where it is declared.
    pub span: Span,
}

/// What can be imported.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ImportKind {
    /// 监管对象
    Subjects,
    /// 检查记录
    Inspections,
    /// 监管人员
    Officers,
    /// 工商所
    Stations,
    /// 片区
    Grids,
}

/// Where an imported field's value comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FieldFrom {
    /// The column with this heading.
    Column(String),
    /// Always this value.
    Const(String),
}

/// A role.
#[derive(Clone, Debug)]
pub struct Role {
    /// Name, such as 所长.
    pub id: String,
    /// English title; the id when none is given.
    pub title_en: String,
    /// How far it reaches.
    pub scope: Scope,
    /// What its holder is the head of; none for ordinary roles.
    pub head: Option<Head>,
}

/// What the holder of a role is the head of: who decides when nobody is left, and who decides a
/// recusal (domain rule S8).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Head {
    /// A station or a section, such as 所长.
    Unit,
    /// The bureau, by division of work, such as 分管局长.
    Deputy,
    /// The bureau itself, such as 机关负责人.
    Principal,
}

/// How far a role reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// One grid.
    Grid,
    /// One station.
    Station,
    /// The whole bureau.
    Bureau,
}

/// Files under `register/` that list stations and grids.
#[derive(Clone, Debug, Default)]
pub struct Places {
    /// CSV of stations, loaded when the release is activated.
    pub stations: Option<String>,
    /// CSV of grids.
    pub grids: Option<String>,
    /// `GeoJSON` outlines of grids.
    pub outlines: Option<String>,
}

/// `notices:` of `bureau.yaml`: what leaves the building. The inbox needs no declaration.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Notices {
    /// Language of what is sent.
    pub language: Lang,
    /// Mail to officers whose address the register knows; none when no mail is sent.
    pub mail: Option<MailRule>,
    /// Programs that are told, in the order of the file.
    pub webhooks: Vec<WebhookRule>,
}

/// `mail:` of `notices:`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MailRule {
    /// Address of the sender.
    pub from: String,
    /// Roles whose holders get mail; empty means everybody with an address.
    pub to: Vec<RoleIx>,
}

/// One of `webhooks:`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebhookRule {
    /// Its id.
    pub id: String,
    /// Where it listens.
    pub url: String,
    /// It is told what holders of these roles are told; empty means everything.
    pub roles: Vec<RoleIx>,
    /// Of these kinds only, words of [`NOTICE_KINDS`]; empty means every kind.
    pub kinds: Vec<String>,
}

/// Says whether mail can go to an address or come from it: one `@`, something on both sides, no empty
/// part of the host.
pub fn is_mail_address(text: &str) -> bool {
    text.split_once('@').is_some_and(|(name, host)| {
        let is_plain = |part: &str| {
            !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric() || "._+-".contains(c))
        };
        is_plain(name) && is_plain(host) && host.split('.').all(|label| !label.is_empty())
    })
}

/// What a notice can be about; an errand's kind is one of these, spaces for hyphens.
pub const NOTICE_KINDS: [&str; 19] = [
    "assigned",
    "told",
    "late-at-opening",
    "nudged",
    "copied",
    "transferred",
    "delegated",
    "signer-added",
    "returned",
    "recalled",
    "extended",
    "paused",
    "resumed",
    "cancelled",
    "blanks-back",
    "incident",
    "signed",
    "alarm",
    "clock-ended",
];

/// The tier table.
#[derive(Clone, Debug)]
pub struct Tiers {
    /// Tiers, strictest first.
    pub order: Vec<Tier>,
    /// The file it stands in.
    pub file: FileId,
}

/// One tier.
#[derive(Clone, Debug)]
pub struct Tier {
    /// Id, such as 甲.
    pub id: String,
    /// Title, such as 高风险.
    pub title: String,
    /// English title; the id when none is given.
    pub title_en: String,
    /// Colour word for screens.
    pub colour: Option<String>,
    /// Shape word, so that colour is never the only sign.
    pub shape: Option<String>,
    /// How often it is patrolled.
    pub cycle: Length,
    /// Items every patrol of it covers.
    pub items: Vec<String>,
    /// Further lengths by name, such as `correction_term`.
    pub lengths: BTreeMap<String, Length>,
    /// Where it is declared.
    pub span: Span,
    /// Where its cycle is written.
    pub cycle_span: Span,
}

/// A table that rules look things up in.
#[derive(Clone, Debug)]
pub struct Table {
    /// Id, such as `industries`.
    pub id: String,
    /// Title people read.
    pub title: String,
    /// Name of the key column.
    pub key: String,
    /// Whether a key that is not listed is looked up by its longest listed prefix.
    pub prefix: bool,
    /// The other columns with their types.
    pub columns: Vec<(String, CellKind)>,
    /// Rows by key; cells in the order of `columns`.
    pub rows: BTreeMap<String, TableRow>,
    /// The file it stands in.
    pub file: FileId,
}

/// One row of a table.
#[derive(Clone, Debug)]
pub struct TableRow {
    /// Cells in the order of the table's columns.
    pub cells: Vec<Cell>,
    /// Where the row stands.
    pub span: Span,
}

/// The type of a table's column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CellKind {
    /// Text.
    Text,
    /// Whole number.
    Integer,
    /// Decimal.
    Decimal,
    /// Yes or no.
    Flag,
}

/// One cell of a table.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// Nothing is written there.
    Missing,
    /// Text.
    Text(String),
    /// Whole number.
    Integer(i64),
    /// Decimal, finite.
    Decimal(f64),
    /// Yes or no.
    Flag(bool),
}

impl Table {
    /// Returns the row of a key: the exact one, else by longest prefix where the table says so.
    pub fn find(&self, key: &str) -> Option<&TableRow> {
        if let Some(row) = self.rows.get(key) {
            return Some(row);
        }
        if !self.prefix {
            return None;
        }
        key.char_indices().rev().find_map(|(at, _)| self.rows.get(&key[..at]))
    }
}

/// A number with a name and a bound.
#[derive(Clone, Debug)]
pub struct Param {
    /// Name used in `param("…")`.
    pub id: String,
    /// Value in force.
    pub value: f64,
    /// Whether it was written without a decimal point, and so is a whole number to rules.
    pub whole: bool,
    /// Unit for display.
    pub unit: Option<String>,
    /// Bounds for stations.
    pub station: Option<(f64, f64)>,
    /// What it means, in a sentence.
    pub says: Option<String>,
    /// Where the value is written.
    pub span: Span,
}

/// A statutory clock.
#[derive(Clone, Debug)]
pub struct ClockRule {
    /// Id, such as `clue_verification`.
    pub id: String,
    /// Title people read.
    pub title: String,
    /// Lengths by the day of the event, oldest first.
    pub versions: Vec<ClockVersion>,
    /// What happens when the end is a rest day.
    pub roll: Roll,
    /// Whether an internal warning date is computed before the legal end.
    pub alarm: Option<Roll>,
    /// Extension, if the law knows one.
    pub extend: Option<Extension>,
    /// Lawful reasons for a pause and the document each needs.
    pub pauses: Vec<(String, String)>,
    /// Where it is declared.
    pub span: Span,
}

/// One version of a clock.
#[derive(Clone, Debug)]
pub struct ClockVersion {
    /// First day of events it governs.
    pub from: Day,
    /// How long.
    pub length: Length,
    /// The article it comes from.
    pub basis: String,
}

/// How a clock may be extended.
#[derive(Clone, Debug)]
pub struct Extension {
    /// By how much.
    pub by: Length,
    /// How many times.
    pub times: u32,
    /// Who approves.
    pub role: Option<String>,
    /// Whether it must be granted by the raw or by the rolled end.
    pub before: ExtendBefore,
}

/// Until when an extension can be granted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExtendBefore {
    /// The end as counted.
    RawEnd,
    /// The end after rolling off a rest day.
    End,
}

/// A kind of document.
#[derive(Clone, Debug)]
pub struct DocumentKind {
    /// Id, such as `reg.order`.
    pub id: String,
    /// Title people read.
    pub title: String,
    /// Whether it carries an official number.
    pub numbered: bool,
    /// 字: what stands between the organ and the year of its number; none when it carries none.
    pub prefix: Option<String>,
    /// Which of the three categories it belongs to.
    pub category: Category,
    /// Who signs it off.
    pub approver: Approver,
    /// How it reaches whom it concerns.
    pub served: Served,
    /// How long the archive keeps it.
    pub keep: Keep,
    /// Whether it is written on a numbered blank drawn from stock.
    pub blank: bool,
    /// Model sentences for its body, one paragraph a line.
    pub says: Option<String>,
    /// Where it is declared.
    pub span: Span,
}

/// A template that stands in place of the built-in one: `rules/templates/<kind>.html`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    /// Id of the kind of document.
    pub kind: String,
    /// The file.
    pub file: FileId,
}

/// Which of the three categories a kind of document belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Category {
    /// 行政处罚
    Penalty,
    /// 行政指导
    Guidance,
    /// 区域监管
    Supervision,
    /// Registered beside the 47.
    Other,
}

impl Category {
    /// Returns the stable name used in JSON and by templates.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Penalty => "penalty",
            Self::Guidance => "guidance",
            Self::Supervision => "supervision",
            Self::Other => "other",
        }
    }
}

/// Who signs a document off.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Approver {
    /// Nobody: it is complete when it is made.
    Nobody,
    /// The officers who made it, two of them.
    Officers,
    /// Somebody who holds one of these roles.
    Roles(Vec<String>),
}

/// How a document reaches whom it concerns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Served {
    /// 送达: sealed, and served with proof of service.
    Delivered,
    /// 当场: signed or handed over on the spot.
    OnSpot,
    /// 移送: sealed, and sent to another agency.
    Agency,
    /// 内部: stays in the bureau.
    Internal,
}

/// How long the archive keeps a document.
///
/// # Source
/// 机关文件材料归档范围和文书档案保管期限规定 (国家档案局令8).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Keep {
    /// 永久
    Always,
    /// 30 年
    Years30,
    /// 10 年
    Years10,
}

impl Keep {
    /// Returns the stable name used in JSON and by templates.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Always => "always",
            Self::Years30 => "years30",
            Self::Years10 => "years10",
        }
    }
}

impl Served {
    /// Returns the stable name used by templates.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Delivered => "delivered",
            Self::OnSpot => "on_spot",
            Self::Agency => "agency",
            Self::Internal => "internal",
        }
    }
}

/// A form.
#[derive(Clone, Debug)]
pub struct Form {
    /// Id, such as `patrol`.
    pub id: String,
    /// Title people read.
    pub title: String,
    /// Whether the items come from the tier.
    pub items_from_tier: bool,
    /// Items listed in the form itself.
    pub items: Vec<Item>,
    /// Fields in order.
    pub fields: Vec<Field>,
    /// Workflow it belongs to; none when shared.
    pub workflow: Option<String>,
    /// Where it is declared.
    pub span: Span,
}

/// The Chinese name of a form's own checklist, which has no title of its own.
pub const CHECKLIST: &str = "检查项目";

/// A checklist item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// Id.
    pub id: String,
    /// What is checked.
    pub title: String,
    /// Legal basis.
    pub basis: Option<String>,
    /// Id in the published list.
    pub published_item_id: Option<String>,
    /// What the officer is told to do when it is found wanting.
    pub if_bad: Option<String>,
}

/// A field of a form.
#[derive(Clone, Debug)]
pub struct Field {
    /// Name in expressions.
    pub id: String,
    /// Title people read.
    pub title: String,
    /// What it takes.
    pub kind: FieldKind,
    /// Must be filled.
    pub required: bool,
    /// Must be filled when this holds.
    pub required_when: Option<ExprIx>,
    /// Least number of photos or rows.
    pub min: Option<u32>,
}

/// What a field takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FieldKind {
    /// Text.
    Text,
    /// A number.
    Number,
    /// A day.
    Date,
    /// A day and a time.
    DateTime,
    /// One of a list.
    Choice(Vec<String>),
    /// 符合 / 不符合 / 不适用.
    Items,
    /// Rows; each column has a name, a title and, for choices, its list.
    Table(Vec<(String, String, Vec<String>)>),
    /// Photos.
    Photo,
    /// A place.
    Location,
    /// A signature.
    Signature,
}

/// A Rhai source.
#[derive(Clone, Debug)]
pub struct Script {
    /// File it is the text of.
    pub file: FileId,
    /// The station whose slot it fills; none for the bureau's own.
    pub station: Option<String>,
}

/// An expression in a YAML file.
#[derive(Clone, Debug)]
pub struct Expr {
    /// The text, without YAML quotes.
    pub text: String,
    /// Where the text stands (inside the quotes).
    pub span: Span,
    /// Which names it may use.
    pub place: ExprPlace,
}

/// Where an expression stands, which decides the names it may use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ExprPlace {
    /// `start[].when`: `subject` and `tier`.
    Start(WorkflowIx),
    /// `facts`: everything of the order; the name is the fact's own.
    Fact(WorkflowIx),
    /// `steps.*.next[].when`: facts, steps, `order`, `subject`, `tier`, `station`, `action`, `today`.
    Branch(WorkflowIx),
    /// `forms.*.fields.*.required_when`: the form's own fields.
    Form,
}

/// One workflow.
#[derive(Clone, Debug)]
pub struct Workflow {
    /// Id, the stem of its file.
    pub id: String,
    /// Title people read.
    pub title: String,
    /// What one run of it is called on screen.
    pub noun: String,
    /// What one run is about.
    pub subject_kind: SubjectKind,
    /// Orders opened from this day use this text.
    pub effective: Day,
    /// What happens to open orders when the text changes.
    pub running: Running,
    /// Triggers that start orders.
    pub start: Vec<Trigger>,
    /// Named once, usable in every branch; in dependency order.
    pub facts: Vec<(String, ExprIx)>,
    /// Steps in the order of the file; the first is the entry.
    pub steps: Vec<Step>,
    /// Signals from outside.
    pub signals: Vec<Signal>,
    /// What stations may change here.
    pub openings: Vec<Opening>,
    /// The file it stands in.
    pub file: FileId,
}

impl Workflow {
    /// Returns whether a signal opens orders of this workflow.
    pub fn opens_on(&self, signal: &str) -> bool {
        self.signals.iter().any(|known| known.on == signal && known.act == SignalAct::Open)
    }
}

/// What happens to open orders when a workflow's text changes (`running:`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Running {
    /// They finish under the text they began with.
    Keep,
}

/// What one run of a workflow is about (`for:`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SubjectKind {
    /// 监管对象
    Subject,
    /// 工商所
    Station,
    /// 片区
    Grid,
    /// 监管人员
    Officer,
    /// 分局
    Bureau,
}

impl SubjectKind {
    /// Returns the word used in files, tables and JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Subject => "subject",
            Self::Station => "station",
            Self::Grid => "grid",
            Self::Officer => "officer",
            Self::Bureau => "bureau",
        }
    }

    /// Returns the kind with that word.
    pub fn named(name: &str) -> Option<Self> {
        let all = [Self::Subject, Self::Station, Self::Grid, Self::Officer, Self::Bureau];
        all.into_iter().find(|kind| kind.name() == name)
    }
}

/// What starts orders.
#[derive(Clone, Debug)]
pub struct Trigger {
    /// Id, such as `cycle`.
    pub id: String,
    /// Title people read.
    pub title: String,
    /// When it fires.
    pub cron: Cron,
    /// A firing on a rest day moves to the next working day.
    pub workdays_only: bool,
    /// When the next order of a subject falls due; none for plain periodic triggers.
    pub recur: Option<Recur>,
    /// Who is meant.
    pub when: Option<ExprIx>,
    /// What happens to firings that were missed.
    pub missed: Missed,
    /// What happens when the subject still has an open order of this workflow.
    pub overlap: Overlap,
    /// Order of picking; always total, ending in the subject's id.
    pub pick: Vec<Pick>,
    /// Most orders per officer and period.
    pub at_most: Option<Cap>,
    /// Where it is declared.
    pub span: Span,
}

/// When the next order of a subject falls due.
#[derive(Clone, Debug)]
pub struct Recur {
    /// Counted from.
    pub since: Since,
    /// How often.
    pub every: Every,
    /// From the last visit, or always a day of the month.
    pub anchor: Anchor,
    /// For a subject never patrolled, counted from registration.
    pub first: Option<Length>,
    /// Rule 8a; 10 working days when not written.
    pub raised: Length,
    /// What happens when the nominal day is a rest day.
    pub roll: Roll,
    /// Issue date = nominal − lead, rolled back to a working day; none: the due day itself.
    pub lead: Option<Length>,
    /// Where `recur` stands.
    pub span: Span,
    /// Where `every` stands.
    pub every_span: Span,
}

/// What a cycle is counted from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Since {
    /// `subject.last_patrol`.
    LastPatrol,
    /// A date attribute.
    Attribute(AttributeIx),
}

/// How often.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Every {
    /// `tier.cycle`.
    TierCycle,
    /// The same for all.
    Length(Length),
}

/// What the cycle keeps to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Anchor {
    /// Counted from the last visit.
    Rolling,
    /// Always this day of the month, clamped to the month's end.
    Fixed(u32),
}

/// What happens when a subject still has an open order of this workflow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Overlap {
    /// No new order; recorded with the reason.
    Skip,
    /// The new order waits for the end of the old.
    Queue,
    /// Both run.
    Allow,
}

/// One key of the order of picking.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pick {
    /// What is compared.
    pub key: PickKey,
    /// Largest first.
    pub descending: bool,
}

/// What the order of picking compares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PickKey {
    /// Days past the due day.
    Overdue,
    /// The score.
    Score,
    /// The tier; ascending is strictest first.
    Tier,
    /// The due day.
    Due,
    /// The subject's id.
    SubjectId,
}

/// `at_most: 40 per officer per month`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cap {
    /// How many.
    pub count: u32,
    /// For each what.
    pub per: CapPer,
    /// In which local calendar period.
    pub period: CapPeriod,
}

/// Whose orders a cap counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CapPer {
    /// The grid's main officer.
    Officer,
    /// The grid.
    Grid,
    /// The station.
    Station,
    /// Each subject by itself.
    Subject,
}

/// The local calendar period of a cap.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CapPeriod {
    /// Day.
    Day,
    /// Monday to Sunday.
    Week,
    /// Month.
    Month,
    /// Year.
    Year,
}

/// One step of a workflow.
#[derive(Clone, Debug)]
pub struct Step {
    /// Id, such as `patrol`.
    pub id: String,
    /// Title people read.
    pub title: String,
    /// What it is.
    pub kind: StepKind,
    /// Bound on visits.
    pub visits: Option<Visits>,
    /// When it is due.
    pub due: Option<DueRule>,
    /// Rolling of `due` and `wait` in natural days or months; none unless written.
    pub roll: Roll,
    /// What is waited for before the step's own term starts, by visit.
    pub wait: Vec<LengthRef>,
    /// Reminders and escalation levels.
    pub overdue: Vec<OverdueRow>,
    /// Documents made here.
    pub documents: Vec<StepDocument>,
    /// The step is an inspection: it moves `last_patrol`.
    pub records_inspection: bool,
    /// A statutory clock that starts here.
    pub clock: Option<String>,
    /// Who is told on entry.
    pub tell: Vec<Addressee>,
    /// Where it goes next; the last row has no condition, unless the step ends the order.
    pub next: Vec<Branch>,
    /// Completing it closes the order.
    pub ends: bool,
    /// Where it is declared.
    pub span: Span,
}

/// What a step is.
#[derive(Clone, Debug)]
pub enum StepKind {
    /// A duty of a person.
    Duty {
        /// Whose.
        who: Who,
        /// Form to fill, by id.
        form: Option<String>,
        /// Actions to choose among.
        actions: Vec<String>,
    },
    /// Orders of other workflows, waited for unless `wait` is false.
    SubOrder {
        /// Their workflows, by id.
        run: Vec<String>,
        /// Whether the step waits for their end.
        wait: bool,
    },
    /// Something the engine does by itself.
    Automatic {
        /// Workflow started beside this order.
        start: Option<String>,
        /// Attributes set: name and value as written.
        set: Vec<(String, String)>,
        /// A draw to be made.
        draw: Option<String>,
    },
    /// Steps that all have to be done.
    Parallel(Vec<StepIx>),
    /// Nothing but the end.
    End,
}

/// Who does a duty.
#[derive(Clone, Debug)]
pub struct Who {
    /// How the person is found.
    pub by: WhoBy,
    /// How many officers.
    pub officers: u32,
    /// All must hold a valid certificate.
    pub certified: bool,
    /// Who must not: `conflicts` or `<step>.done_by`.
    pub avoid: Vec<String>,
}

/// How the person for a duty is found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WhoBy {
    /// Role at the subject's station, or bureau-wide.
    Role(RoleIx),
    /// The officers of the subject's grid.
    GridDuty,
    /// A duty by name, of the duties table.
    Duty(String),
    /// The people of another step.
    SameAs(StepIx),
}

/// Bound on visits of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Visits {
    /// At most so many, the first included.
    pub at_most: u32,
    /// Where it goes instead of one more.
    pub then: StepIx,
}

/// When a step is due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DueRule {
    /// A length from entry (or from the end of `wait`).
    After(LengthRef),
    /// `order.window.to`.
    WindowEnd,
}

/// A length written out, or a column of the tier.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LengthRef {
    /// Written out.
    Fixed(Length),
    /// `tier.<name>`.
    Tier(String),
}

/// One row of `overdue`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OverdueRow {
    /// Counted from the due day; negative is a reminder.
    pub after: Length,
    /// Escalation level.
    pub level: u32,
    /// Who is told.
    pub tell: Vec<Addressee>,
    /// Workflow started.
    pub start: Option<String>,
    /// Where it is declared.
    pub span: Span,
}

/// Who is told something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Addressee {
    /// 经办人: the step's assignees.
    Assignees,
    /// Everyone with the role at the subject's station, or bureau-wide.
    Role(RoleIx),
}

/// A document a step makes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StepDocument {
    /// Kind, by id.
    pub kind: String,
    /// When.
    pub at: DocumentAt,
}

/// When a step makes a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DocumentAt {
    /// On entering.
    Enter,
    /// On completing.
    Complete,
    /// Completing the step seals and serves what was made and signed off before.
    Serve,
}

/// One row of `next`.
#[derive(Clone, Debug)]
pub struct Branch {
    /// Condition; none on the last row.
    pub when: Option<ExprIx>,
    /// Where to.
    pub go: StepIx,
    /// What the record says.
    pub say: Option<String>,
    /// Where it is declared.
    pub span: Span,
}

/// A signal from outside that cancels, moves or starts orders, or lays duties before the chief (`on:`).
#[derive(Clone, Debug)]
pub struct Signal {
    /// Its name, such as `subject.closed`.
    pub on: String,
    /// What it does.
    pub act: SignalAct,
    /// Where it is declared.
    pub span: Span,
}

/// What a signal does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SignalAct {
    /// Cancels the order.
    Cancel,
    /// Moves the order to a step.
    Go(StepIx),
    /// Starts an order of a workflow.
    Start(String),
    /// Duties that somebody leaves behind are the chief's to give.
    Chief,
    /// Opens an order of this workflow for the subject it is about.
    Open,
}

/// One row of `station_may`.
#[derive(Clone, Debug)]
pub struct Opening {
    /// Path with `*` for any id, such as `steps.*.due`.
    pub path: String,
    /// What may be done.
    pub change: Change,
    /// Bound no station may pass.
    pub floor: Option<Length>,
    /// Where it is declared.
    pub span: Span,
}

/// What a station may do with an opened path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// Make a length shorter.
    Shorten,
    /// Add to a list.
    Add,
    /// Add rows, or make them earlier.
    AddOrEarlier,
    /// Lower a number.
    Lower,
    /// Raise a number.
    Raise,
}

/// One station's overlay, as loaded and checked.
#[derive(Clone, Debug)]
pub struct Overlay {
    /// Its id.
    pub id: String,
    /// The station.
    pub station: String,
    /// First and last day it is in force.
    pub valid: (Day, Day),
    /// Digest prefixes of the texts it was checked against.
    pub base: Vec<(String, String)>,
    /// Why.
    pub reason: String,
    /// Whose.
    pub author: String,
    /// What it tightens or adds, in the order of the file.
    pub changes: Vec<OverlayChange>,
    /// Where it is declared.
    pub span: Span,
}

/// One change of an overlay.
#[derive(Clone, Debug, PartialEq)]
pub struct OverlayChange {
    /// Address made of ids, such as `five-step.steps.revisit.due`.
    pub address: String,
    /// The new value.
    pub value: OverlayValue,
    /// Where the address is written.
    pub span: Span,
}

/// What an overlay puts at an address.
#[derive(Clone, Debug, PartialEq)]
pub enum OverlayValue {
    /// A shorter length.
    Length(Length),
    /// A stricter number.
    Number(f64),
    /// More checklist items.
    Items(Vec<Item>),
    /// More rows of `overdue`, or earlier ones.
    Overdue(Vec<OverdueRow>),
}

impl Policy {
    /// Returns the form of that id: the workflow's own, else a shared one.
    pub fn form(&self, workflow: &str, id: &str) -> Option<&Form> {
        let own = |form: &&Form| form.id == id && form.workflow.as_deref() == Some(workflow);
        let shared = |form: &&Form| form.id == id && form.workflow.is_none();
        self.forms.iter().find(own).or_else(|| self.forms.iter().find(shared))
    }

    /// Returns the workflow of that id.
    pub fn workflow(&self, id: &str) -> Option<&Workflow> {
        self.workflows.iter().find(|workflow| workflow.id == id)
    }

    /// Returns the tier of that id with its index.
    pub fn tier(&self, id: &str) -> Option<(TierIx, &Tier)> {
        let at = self.tiers.order.iter().position(|tier| tier.id == id)?;
        Some((TierIx(u16::try_from(at).ok()?), &self.tiers.order[at]))
    }

    /// Returns every recurring trigger with its workflow.
    pub fn recurring(&self) -> impl Iterator<Item = (&Workflow, &Trigger, &Recur)> {
        self.workflows.iter().flat_map(|workflow| {
            workflow
                .start
                .iter()
                .filter_map(move |trigger| Some((workflow, trigger, trigger.recur.as_ref()?)))
        })
    }

    /// Returns the attribute of that id or Chinese title.
    pub fn attribute(&self, name: &str) -> Option<AttributeIx> {
        let at = self.attributes.iter().position(|a| a.id == name || a.title == name)?;
        u16::try_from(at).ok().map(AttributeIx)
    }
}
