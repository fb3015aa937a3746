//! `bureau.yaml`.

use super::leaf::{Id, Loose, Word, words};
use super::shape::{Headed, Many, Pairs, Shape, shapes};
use super::{At, Node, NodeKind};
use crate::diag::Diagnostic;
use crate::diag::codes::UNKNOWN_KEY;
use crate::lang::Lang;
use crate::policy::model::{Activation, Head, Scope};

words! {
    Activation: "files" => Activation::Files, "approved" => Activation::Approved;
    Head: "unit" => Head::Unit, "deputy" => Head::Deputy, "principal" => Head::Principal;
    Lang: "zh" => Lang::Zh, "en" => Lang::En;
    Scope: "grid" => Scope::Grid, "station" => Scope::Station, "bureau" => Scope::Bureau;
    AttributeType: "text" => AttributeType::Text, "code" => AttributeType::Code,
        "choice" => AttributeType::Choice, "flag" => AttributeType::Flag,
        "integer" => AttributeType::Integer, "decimal" => AttributeType::Decimal,
        "date" => AttributeType::Date;
}

/// The word behind `type:` of an attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::policy) enum AttributeType {
    Text,
    Code,
    Choice,
    Flag,
    Integer,
    Decimal,
    Date,
}

shapes! {
    /// The whole file.
    BureauFile {
        bureau: Bureau,
        problem_levels: Vec<Id>,
        subject: Option<SubjectShape>,
        imports: Option<Imports>,
        roles: Pairs<Role>,
        stations: Option<StationPlaces>,
        grids: Option<GridPlaces>,
        notices: Option<Notices>,
    }
    /// `bureau:`
    Bureau {
        id: Id,
        title: Word,
        zone: Word,
        calendar: Id,
        activation: Option<At<Activation>>,
        organ: Option<Word>,
        blanks: Option<BlankRoles>,
    }
    /// `blanks:` of the bureau.
    BlankRoles {
        issue: Option<Word>,
        keep: Option<Word>,
        void: Option<Word>,
        told: Many<Word>,
    }
    /// `subject:`
    SubjectShape {
        attributes: Pairs<Attribute>,
    }
    /// One attribute.
    Attribute {
        title: Word,
        title_en: Option<Word>,
        kind("type"): At<AttributeType>,
        table: Option<Id>,
        of: Vec<Word>,
        unit: Option<Word>,
        required: Option<At<bool>>,
        default: Option<Loose>,
    }
    /// `imports:`, one entry for each kind of file.
    Imports {
        subjects: Pairs<Headed<From>>,
        inspections: Pairs<Headed<From>>,
        officers: Pairs<Headed<From>>,
        stations: Pairs<Headed<From>>,
        grids: Pairs<Headed<From>>,
    }
    /// `{const: x}`
    Constant {
        value("const"): Loose,
    }
    /// One role.
    Role {
        scope: At<Scope>,
        head: Option<At<Head>>,
        title_en: Option<Word>,
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
    Notices {
        language: Option<At<Lang>>,
        mail: Option<Mail>,
        webhooks: Vec<Webhook>,
    }
    /// `mail:`
    Mail {
        from: Word,
        to: Many<Id>,
    }
    /// One of `webhooks:`
    Webhook {
        id: Id,
        url: Word,
        roles: Many<Id>,
        kinds: Many<Word>,
    }
}

/// Where an imported field comes from: a column's heading, a fixed value, or for `problems` one
/// of these for each level.
#[derive(Clone, Debug)]
pub(in crate::policy) enum From {
    Column(Word),
    Const(Loose),
    Each(Vec<(Word, Self)>),
}

impl Shape for From {
    fn read(node: &Node, out: &mut Vec<Diagnostic>) -> Option<Self> {
        let NodeKind::Map(pairs) = &node.kind else {
            return Word::read(node, out).map(Self::Column);
        };
        if pairs.iter().any(|(key, _)| key.text == "const") {
            return Constant::read(node, out).map(|constant| Self::Const(constant.value));
        }
        let each = Headed::<Self>::read(node, out)?.0;
        for (level, from) in &each {
            if let Self::Each(_) = from {
                let known = Constant::KEYS.iter().copied();
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
