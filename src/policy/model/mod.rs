//! The compiled policy: resolved, bounded, immutable. Only `resolve` makes one.
//!
//! What was typed is in `raw`; here nothing dangles. Names that point inside the policy are
//! indices (`StepIx`, `ExprIx` …); lists keep the order of the file, because order is meaning
//! (`tiers.order`, `next`, `pick`).
//!
//! A file holds the shapes of one part of a policy; the whole, and what may stand anywhere in it, is
//! here. To add a shape: its part's file, what is typed in `raw`, and its meaning in `resolve`.

mod backup;
mod bureau;
mod clock;
mod document;
mod form;
mod number;
mod overlay;
mod power;
mod standing;
mod step;
mod tables;
mod trigger;
mod workflow;

pub use backup::*;
pub use bureau::*;
pub use clock::*;
pub use document::*;
pub use form::*;
pub use number::*;
pub use overlay::*;
pub use power::*;
pub use standing::*;
pub use step::*;
pub use tables::*;
pub use trigger::*;
pub use workflow::*;

pub use super::raw::StationOpening;
use crate::calendar::{Calendar, LocalCalendar};
use crate::diag::{FileId, SourceMap, Span};
use crate::digest::Digest;
pub use crate::register::{AttributeIx, AttributeKind, LevelIx};
pub use crate::schedule::{MissedMode, MissedPolicy};

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
    /// Which version of the language its texts are written in.
    pub semantics: Semantics,
    pub bureau: Bureau,
    pub calendar: Calendar,
    /// Problem levels, worst first.
    pub levels: Vec<String>,
    /// Kinds of inspections; one that names none is of the first.
    pub inspection_kinds: Vec<String>,
    /// What items of checklists are answered with.
    pub answers: ItemAnswers,
    /// What numbers of orders look like.
    pub order_number: NumberRule,
    /// What numbers of documents look like.
    pub document_number: NumberRule,
    /// What the register knows of a subject, in the order declared.
    pub attributes: Vec<Attribute>,
    /// How imported files map onto the register.
    pub imports: Vec<ImportMap>,
    pub roles: Vec<Role>,
    /// Who may do what beside the steps of orders.
    pub powers: Powers,
    /// In whose name operators act without one.
    pub administrator: Administrator,
    /// Where stations and grids are listed.
    pub places: Places,
    pub notices: Notices,
    /// The tiers, strictest first, with their columns.
    pub tiers: Tiers,
    pub tables: Vec<Table>,
    pub params: Vec<Param>,
    pub clocks: Vec<ClockRule>,
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
    pub openings: Vec<StationOpening>,
    /// What every later release has to have, too, in the order of the files.
    pub standing: Vec<StandingItem>,
    /// Overlays of all stations, as loaded and checked.
    pub overlays: Vec<Overlay>,
    /// The station whose own text this is; none in the bureau's.
    pub station: Option<String>,
    /// Which lines of this text a station's overlays changed; none in the bureau's.
    pub changed: Vec<ChangedLine>,
    /// The texts it was built from.
    pub sources: SourceMap,
    /// Digest of each text by its path, sorted; what an overlay's `base` is compared with.
    pub texts: Vec<(String, Digest)>,
    /// The version: hash of the effective text, the calendar and the semantics version. What stations
    /// change of a text is in the digest of their own alone.
    pub digest: Digest,
    /// The identity of the whole folder, the texts of all stations included; it names a release.
    pub whole: Digest,
}

/// `semantics:` of `bureau.yaml`: raised when the same texts would mean something else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Semantics {
    /// Texts that do not say: what they leave out, `compatibility` says.
    #[default]
    First = 1,
    /// The bureau says what its words mean.
    Second = 2,
}

impl Semantics {
    /// The newest, which new folders are written in.
    pub const NEWEST: Self = Self::Second;
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

impl Policy {
    /// Returns the bureau's calendar in the bureau's zone.
    pub fn local_calendar(&self) -> LocalCalendar<'_> {
        LocalCalendar { calendar: &self.calendar, zone: self.bureau.zone }
    }

    /// Returns the form of that id: the workflow's own, else a shared one.
    pub fn form(&self, workflow: &str, id: &str) -> Option<&Form> {
        let own = |form: &&Form| form.id == id && form.workflow.as_deref() == Some(workflow);
        let shared = |form: &&Form| form.id == id && form.workflow.is_none();
        self.forms.iter().find(own).or_else(|| self.forms.iter().find(shared))
    }

    /// Returns the kind of document of that id.
    pub fn document(&self, id: &str) -> Option<&DocumentKind> {
        self.documents.iter().find(|kind| kind.id == id)
    }

    /// Returns whether an inspection is of one of these kinds.
    pub fn is_of_kind(&self, kinds: &[String], kind: Option<&str>) -> bool {
        let kind = kind.or(self.inspection_kinds.first().map(String::as_str));
        kind.is_some_and(|kind| kinds.iter().any(|known| known == kind))
    }

    /// Returns the role at a position.
    pub fn role(&self, role: RoleIx) -> &Role {
        &self.roles[role.ix()]
    }

    pub fn workflow(&self, id: &str) -> Option<&Workflow> {
        self.workflows.iter().find(|workflow| workflow.id == id)
    }

    /// Returns the workflows that open orders of another one.
    pub fn parents_of(&self, workflow: &str) -> impl Iterator<Item = &Workflow> {
        self.workflows.iter().filter(move |known| known.opens(workflow))
    }

    /// Returns the tier of that id with its index.
    pub fn tier(&self, id: &str) -> Option<(TierIx, &Tier)> {
        let at = self.tiers.order.iter().position(|tier| tier.id == id)?;
        Some((TierIx(u16::try_from(at).ok()?), &self.tiers.order[at]))
    }

    /// Returns what a code stands for: the first text of its row.
    pub fn code_title(&self, table: &str, code: &str) -> Option<&str> {
        let table = self.tables.iter().find(|known| known.id == table)?;
        let at = table.columns.iter().position(|(_, kind)| *kind == CellKind::Text)?;
        match table.find(code)?.cells.get(at)? {
            Cell::Text(title) => Some(title),
            Cell::Missing | Cell::Integer(_) | Cell::Decimal(_) | Cell::Flag(_) => None,
        }
    }

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
