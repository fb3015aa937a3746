//! The bureau: its register's attributes, roles, places and notices.

use strum::IntoStaticStr;

use super::{BackupSchedule, RoleIx};
use crate::diag::Span;
use crate::lang::Lang;
use crate::register::AttributeKind;
use crate::time::Tz;

/// `bureau:` of `bureau.yaml`.
#[derive(Clone, Debug)]
pub struct Bureau {
    /// Stable id.
    pub id: String,
    /// Name people read.
    pub title: String,
    /// The zone every local time is in.
    pub zone: Tz,
    /// What its papers and lists are written in.
    pub language: Lang,
    /// Id of the calendar, the stem of its file.
    pub calendar: String,
    /// Who may activate.
    pub activation: Activation,
    /// 机关代字: what official numbers begin with, such as 示 in 示市监责改〔2026〕1号.
    pub organ: String,
    /// When the daemon makes backups; none: not by itself.
    pub backup: Option<BackupSchedule>,
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
    /// English title; when none is given, a title without Chinese characters, else the id.
    pub title_en: String,
    pub kind: AttributeKind,
    /// A row without it is rejected.
    pub required: bool,
    /// Value for rows without it, written as in a file.
    pub default: Option<String>,
    /// Subjects are visited by it, so that it is a length of time above zero.
    pub is_cycle: bool,
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
    pub span: Span,
}

/// What can be imported.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, IntoStaticStr)]
#[strum(serialize_all = "snake_case", const_into_str)]
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
    /// A column of the file.
    Column(ColumnRule),
    /// Always this value.
    Const(String),
}

/// How the cells of one column are read.
///
/// # Shape
/// `状态`, or `{column: Status, values: {Open: active, Closed: closed}, else: reject, blank: clear}`.
///
/// # Source
/// Policy language, rule 25.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ColumnRule {
    /// Heading of the column.
    pub heading: String,
    /// What cells say, and what is read for each; others are read as they stand.
    pub values: Vec<(String, String)>,
    /// Whether cells that `values` does not name reject their row.
    pub is_closed: bool,
    /// Whether a blank cell clears what the register has; else it changes nothing.
    pub clears: bool,
}

impl ColumnRule {
    /// Makes the plain rule of a column.
    pub const fn plain(heading: String) -> Self {
        Self { heading, values: Vec::new(), is_closed: false, clears: false }
    }
}

#[derive(Clone, Debug)]
pub struct Role {
    /// Name, such as 所长.
    pub id: String,
    /// English title; the id when none is given.
    pub title_en: String,
    pub scope: Scope,
    /// What its holder is the head of; none for ordinary roles.
    pub head: Option<Head>,
}

impl Role {
    /// Returns what it is called in a language.
    pub fn shown(&self, lang: Lang) -> &str {
        match lang {
            Lang::Zh => &self.id,
            Lang::En => &self.title_en,
        }
    }
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
    Grid,
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
    /// What a message begins with, before what happened.
    pub salutation: Option<String>,
    /// What it ends with, in place of the bureau's name.
    pub signature: Option<String>,
    /// The ways out: mail, when any is sent, and each program that is told, in the order of the file.
    pub channels: Vec<ChannelRule>,
}

/// One way out that the policy declares.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChannelRule {
    /// Name of the channel, such as `mail` or `webhook`.
    pub channel: &'static str,
    /// Which of its channel; empty where a bureau has one.
    pub id: String,
    /// Where it begins or ends: the sender of mail, the place at which a program listens.
    pub address: String,
    /// It tells what holders of these roles are told; empty means everything.
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

/// What a notice can be about; the kind of an outbox message is one of these, spaces for hyphens.
pub const NOTICE_KINDS: [&str; 29] = [
    "assigned",
    "told",
    "late-at-opening",
    "nudged",
    "copied",
    "transferred",
    "delegated",
    "signer-added",
    "to-confirm",
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
    "handed-over",
    "late-submission",
    "no-valid-pair",
    "tell",
    "proposed",
    "approved",
    "overtaken",
    "lapsed",
    "backup-late",
];
