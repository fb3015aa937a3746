//! `bureau.yaml`.

use super::leaf::{Id, Loose, Word, words};
use super::map::{FixedKeys, Pairs, TextMap, shapes};
use super::shape::{Many, MapOr, Shape};
use super::{At, NodeKind, YamlNode};
use crate::diag::Diagnostic;
use crate::diag::Span;
use crate::diag::codes::UNKNOWN_KEY;
use crate::lang::Lang;
use crate::policy::model::{Activation, AttributeKind, Head, Restart, Scope};

words! {
    Activation: "files" => Self::Files, "approved" => Self::Approved;
    Head: "unit" => Self::Unit, "deputy" => Self::Deputy, "principal" => Self::Principal;
    Restart: "never" => Self::Never, "yearly" => Self::Yearly;
    Lang: "zh" => Self::Zh, "en" => Self::En;
    BackupDepth: "heads" => Self::Heads, "whole" => Self::Whole;
    OtherValues: "keep" => Self::Keep, "reject" => Self::Reject;
    BlankCells: "keep" => Self::Keep, "clear" => Self::Clear;
    Scope: "grid" => Self::Grid, "station" => Self::Station, "bureau" => Self::Bureau;
    // The table, the choices and the unit, keys of their own say.
    AttributeKind: "text" => Self::Text, "code" => Self::Code { table: String::new() },
        "choice" => Self::Choice { of: Vec::new() }, "flag" => Self::Flag,
        "integer" => Self::Integer { unit: None }, "length" => Self::Length, "decimal" => Self::Decimal { unit: None },
        "date" => Self::Date;
}

shapes! {
    BureauFile {
        semantics: Option<At<i64>>,
        bureau: BureauShape,
        problem_levels: Vec<Id>,
        inspection_kinds: Vec<Id>,
        answers: Option<AnswersShape>,
        order_number: Option<NumberShape>,
        document_number: Option<NumberShape>,
        subject: Option<SubjectShape>,
        imports: Option<Imports>,
        roles: Pairs<RoleShape>,
        powers: Pairs<PowerShape>,
        administrator: Option<AdministratorShape>,
        stations: Option<StationPlaces>,
        grids: Option<GridPlaces>,
        notices: Option<NoticesShape>,
        backup: Option<BackupShape>,
    }
    /// `bureau:`
    BureauShape {
        id: Id,
        title: String,
        zone: Word,
        language: Option<At<Lang>>,
        calendar: Id,
        activation: Option<Activation>,
        organ: Option<Word>,
        blanks: Option<BlankRolesShape>,
    }
    /// `answers:`
    AnswersShape [span] {
        good: Word,
        bad: Word,
        none: Word,
    }
    /// `order_number:` or `document_number:`, in full.
    FullNumber {
        text: Word,
        restart: Option<Restart>,
    }
    /// `blanks:` of the bureau.
    BlankRolesShape {
        issue: Option<Word>,
        keep: Option<Word>,
        void: Option<Word>,
        told: Many<Word>,
    }
    /// `subject:`
    SubjectShape {
        attributes: Pairs<AttributeShape>,
    }
    AttributeShape {
        title: Word,
        title_en: Option<String>,
        kind("type"): At<AttributeKind>,
        table: Option<Id>,
        of: Vec<Word>,
        unit: Option<Word>,
        required: bool,
        default: Option<Loose>,
    }
    /// `imports:`, one entry for each kind of file.
    Imports {
        subjects: Pairs<TextMap<FromShape>>,
        inspections: Pairs<TextMap<FromShape>>,
        officers: Pairs<TextMap<FromShape>>,
        stations: Pairs<TextMap<FromShape>>,
        grids: Pairs<TextMap<FromShape>>,
    }
    /// `{const: x}`
    Constant {
        value("const"): Loose,
    }
    /// `{column: x, values: {…}, else: reject, blank: clear}`
    ColumnShape {
        column: String,
        values: TextMap<Loose>,
        otherwise("else"): Option<OtherValues>,
        blank: Option<BlankCells>,
    }
    RoleShape {
        scope: Scope,
        head: Option<Head>,
        title_en: Option<String>,
    }
    /// One of `powers:`, in full.
    FullPower {
        by: Many<Word>,
        persons: Option<At<i64>>,
    }
    /// `administrator:` who is no officer.
    NamedAdministrator {
        name: Word,
    }
    /// `stations:`
    StationPlaces {
        file: Word,
    }
    /// `grids:`
    GridPlaces {
        file: Word,
        outlines: Option<Word>,
    }
    /// `notices:`
    NoticesShape {
        language: Option<Lang>,
        salutation: Option<Word>,
        signature: Option<Word>,
        mail: Option<MailShape>,
        webhooks: Vec<WebhookShape>,
    }
    /// `mail:`
    MailShape {
        from: Word,
        to: Many<Id>,
    }
    /// `backup:`
    BackupShape [span] {
        folder: Option<Word>,
        at: Many<Word>,
        keep: Option<BackupKeepShape>,
        verify: Option<BackupDepth>,
        alarm_after: Option<At<i64>>,
    }
    /// `keep:` of `backup:`
    BackupKeepShape {
        daily: Option<At<i64>>,
        weekly: Option<At<i64>>,
        monthly: Option<At<i64>>,
    }
    /// One of `webhooks:`
    WebhookShape {
        id: Id,
        url: Word,
        roles: Many<Id>,
        kinds: Many<Word>,
    }
}

/// `verify:` of `backup:`: how far a backup is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::policy) enum BackupDepth {
    Heads,
    Whole,
}

/// `else:` of a column: what becomes of a cell that `values` does not name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::policy) enum OtherValues {
    Keep,
    Reject,
}

/// `blank:` of a column: what a blank cell does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::policy) enum BlankCells {
    Keep,
    Clear,
}

/// Who has a power, in full or as a list.
pub(in crate::policy) type PowerShape = MapOr<FullPower, Many<Word>>;

/// An officer by id, or somebody by name.
pub(in crate::policy) type AdministratorShape = MapOr<NamedAdministrator, Word>;

/// How numbers look, with when they begin anew or by their text alone.
pub(in crate::policy) type NumberShape = MapOr<FullNumber, Word>;

/// Where an imported field comes from: a column's heading, a fixed value, or for `problems` one
/// of these for each level.
#[derive(Clone, Debug)]
pub(in crate::policy) enum FromShape {
    Heading(String),
    Column(ColumnShape, Span),
    Const(Loose),
    Each(Vec<(Word, Self)>),
}

impl Shape for FromShape {
    fn read(node: &YamlNode, out: &mut Vec<Diagnostic>) -> Option<Self> {
        let NodeKind::Map(pairs) = &node.kind else {
            return String::read(node, out).map(Self::Heading);
        };
        let has = |name: &str| pairs.iter().any(|(key, _)| key.text == name);
        if has("const") {
            return Constant::read(node, out).map(|constant| Self::Const(constant.value));
        }
        if has("column") {
            return ColumnShape::read(node, out).map(|column| Self::Column(column, node.span));
        }
        let each = TextMap::<Self>::read(node, out)?.0;
        for (level, from) in &each {
            if let Self::Each(_) = from {
                let known = Constant::KEYS.iter().chain(ColumnShape::KEYS).copied();
                out.push(
                    Diagnostic::new(UNKNOWN_KEY, level.span)
                        .with("key", level.text())
                        .with_nearest("", known),
                );
            }
        }
        Some(Self::Each(each))
    }
}
