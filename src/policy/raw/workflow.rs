//! `workflows/*.yaml` and `workflows/forms/*.yaml`.

use super::leaf::{Id, Loose, Word, words};
use super::map::{Pairs, TextMap, shapes};
use super::opening::StationOpening;
use super::shape::{Many, MapOr, Shape, expected};
use super::{At, NodeKind, YamlNode};
use crate::calendar::{Length, Roll};
use crate::diag::Diagnostic;
use crate::lang::spellings::{EVERY_DAY, WORKDAYS};
use crate::policy::model::{ColumnKind, DocumentAt, FieldKind, MissedMode, OpenTerms, Overlap, SubjectKind};
use crate::time::Day;

words! {
    SubjectKind: "subject" => Self::Subject, "station" => Self::Station,
        "grid" => Self::Grid, "officer" => Self::Officer, "bureau" => Self::Bureau;
    Roll: "forward" => Self::Forward, "backward" => Self::Backward, "none" => Self::None;
    MissedMode: "none" => Self::None, "once" => Self::Once, "all" => Self::All;
    Overlap: "skip" => Self::Skip, "skip-until-visited" => Self::SkipUntilVisited, "queue" => Self::Queue, "allow" => Self::Allow;
    DocumentAt: "enter" => Self::Enter, "complete" => Self::Complete,
        "serve" => Self::Serve;
    RunningWord: "keep" => Self::Keep, "migrate" => Self::Migrate;
    OpenTerms: "keep" => Self::Keep, "recount" => Self::Recount;
    RollingAnchor: "rolling" => RollingAnchor;
    Days: WORKDAYS.zh() => Self::WorkDays, WORKDAYS.plain => Self::WorkDays,
        EVERY_DAY.zh() => Self::All, EVERY_DAY.plain => Self::All;
    Records: "inspection" => Self::Inspection;
    SignalDo: "cancel" => Self::Cancel, "chief" => Self::Chief, "open" => Self::Open,
        "hold" => Self::Hold, "resume" => Self::Resume;
    ColumnKind: "text" => Self::Any, "date" => Self::Date, "length" => Self::Length;
    // What it offers and which columns it has, keys of their own say.
    FieldKind: "text" => Self::Text, "number" => Self::Number, "date" => Self::Date,
        "datetime" => Self::DateTime, "length" => Self::Length, "choice" => Self::Choice(Vec::new()),
        "items" => Self::Items, "table" => Self::Table(Vec::new()), "photo" => Self::Photo,
        "location" => Self::Location, "signature" => Self::Signature;
}

/// `days:` of a trigger.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::policy) enum Days {
    All,
    WorkDays,
}

/// `running:` by its word alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::policy) enum RunningWord {
    Keep,
    Migrate,
}

/// `records:` of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::policy) enum Records {
    Inspection,
}

/// `do:` of a signal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::policy) enum SignalDo {
    Cancel,
    /// Duties that somebody leaves behind are the chief's to give.
    Chief,
    /// An order of this workflow is opened.
    Open,
    /// Open orders wait.
    Hold,
    /// Orders that wait because a signal said so go on.
    Resume,
}

shapes! {
    WorkflowShape [span] {
        id("workflow"): Id,
        title: String,
        noun: Option<String>,
        subject_kind("for"): SubjectKind,
        effective: Day,
        running: Option<RunningShape>,
        window: Option<Word>,
        start: Vec<TriggerShape>,
        facts: Pairs<Word>,
        steps: Pairs<StepShape>,
        signals: Vec<SignalShape>,
        forms: Pairs<FormShape>,
        station_may: Vec<StationOpening>,
    }
    /// `running:`, with how open orders go over.
    MigrateShape {
        migrate: Pairs<Id>,
        terms: Option<OpenTerms>,
    }
    TriggerShape [span] {
        id: Id,
        title: Option<String>,
        cron: Word,
        days: Option<Days>,
        recur: Option<RecurShape>,
        when: Option<Word>,
        missed: Option<MissedShape>,
        overlap: Option<Overlap>,
        pick: Many<Word>,
        at_most: Option<Word>,
        always: bool,
    }
    /// `recur:`
    RecurShape [span] {
        since: SinceShape,
        every: Word,
        anchor: Option<AnchorShape>,
        first: Option<At<Length>>,
        raised: Option<At<Length>>,
        roll: Option<Roll>,
        lead: Option<At<Length>>,
    }
    /// `{fixed: 31}`
    FixedAnchor {
        fixed: At<i64>,
    }
    /// `missed:`
    MissedShape {
        mode: MissedMode,
        within: Option<At<Length>>,
    }
    StepShape {
        title: Option<String>,
        who: Option<WhoShape>,
        form: Option<Id>,
        actions: Many<ActionShape>,
        records: Option<RecordsShape>,
        run: Many<Id>,
        start: Option<Id>,
        set: Pairs<Loose>,
        draw: Option<Word>,
        notify: Many<Word>,
        parallel: Vec<Id>,
        wait: Option<Wait>,
        due: Many<DueShape>,
        roll: Option<Roll>,
        visits: Option<VisitsShape>,
        overdue: Vec<OverdueRowShape>,
        documents: Vec<StepDocumentShape>,
        clock: Option<Id>,
        tell: Many<Word>,
        next: Vec<BranchShape>,
        end: bool,
        always: bool,
    }
    /// An action that says what it does.
    FullAction {
        id: Word,
        title: Option<String>,
        approves: bool,
        returns: Option<At<bool>>,
    }
    /// `records:` of a step, in full.
    InspectionShape [span] {
        inspection: Id,
        arrived: Id,
        problems: Id,
        level: Id,
    }
    /// `since:` of inspections of some kinds.
    LastShape [span] {
        last: Many<Id>,
    }
    /// `who:`
    WhoShape [span] {
        role: Option<Word>,
        duty: Option<Word>,
        same_as: Option<Id>,
        station: Option<Word>,
        officers: Option<At<i64>>,
        certified: bool,
        avoid: Many<Word>,
    }
    /// `visits:`
    VisitsShape {
        at_most: At<i64>,
        then: Id,
    }
    /// One row of `overdue`.
    OverdueRowShape {
        after: At<Length>,
        level: At<i64>,
        tell: Many<Word>,
        start: Option<Id>,
    }
    StepDocumentShape {
        kind: Id,
        at: Option<DocumentAt>,
        action: Option<Word>,
    }
    /// One row of `next`.
    BranchShape {
        when: Option<Word>,
        go: Id,
        say: Option<String>,
    }
    /// One signal from outside.
    SignalShape [span] {
        on: Id,
        act("do"): Option<At<SignalDo>>,
        go: Option<Id>,
        start: Option<Id>,
    }
    /// A file of shared forms.
    FormsFile {
        forms: Pairs<FormShape>,
    }
    FormShape {
        title: String,
        items: Option<Items>,
        fields: Pairs<FieldShape>,
    }
    FullItem {
        id: Id,
        title: String,
        basis: Option<String>,
        published_item_id: Option<String>,
        if_bad: Option<Word>,
        always: bool,
    }
    FieldShape {
        title: String,
        kind("type"): At<FieldKind>,
        of: Vec<Word>,
        columns: Pairs<Column>,
        for_each: Option<Word>,
        required: bool,
        required_when: Option<Word>,
        min: Option<At<i64>>,
    }
    /// A column of a table that offers a choice, or takes nothing but days or lengths of time.
    FullColumn {
        title: Option<String>,
        one_of: Vec<String>,
        kind("type"): Option<At<ColumnKind>>,
    }
    /// One of `due:`, with what each choice of a form means.
    DueByShape [span] {
        by: Word,
        terms: TextMap<At<Length>>,
        otherwise("else"): Option<Word>,
    }
}

/// `running:`, by its word alone or with how open orders go over.
pub(in crate::policy) type RunningShape = MapOr<MigrateShape, RunningWord>;

/// `records:`, with what its form calls things or by its word alone.
pub(in crate::policy) type RecordsShape = MapOr<InspectionShape, At<Records>>;

/// `since:`, the last inspection of some kinds or a date of the subject.
pub(in crate::policy) type SinceShape = MapOr<LastShape, Word>;

/// One of `actions:`, saying what it does or by its name alone.
pub(in crate::policy) type ActionShape = MapOr<FullAction, Word>;

impl ActionShape {
    /// Returns its name.
    pub(in crate::policy) const fn id(&self) -> &Word {
        match self {
            Self::Map(FullAction { id, .. }) | Self::Other(id) => id,
        }
    }
}

/// `anchor:`, either `{fixed: 31}` or `rolling`.
pub(in crate::policy) type AnchorShape = MapOr<FixedAnchor, RollingAnchor>;

/// The word for an anchor that moves with the visits.
#[derive(Clone, Copy, Debug)]
pub(in crate::policy) struct RollingAnchor;

/// `wait:`, whether sub-orders are waited for, or what is waited for by visit.
#[derive(Clone, Debug)]
pub(in crate::policy) enum Wait {
    ForOrders(At<bool>),
    Lengths(Vec<Word>),
}

impl Shape for Wait {
    fn read(node: &YamlNode, out: &mut Vec<Diagnostic>) -> Option<Self> {
        match &node.kind {
            NodeKind::Scalar(scalar) if scalar.plain && matches!(scalar.text.as_str(), "true" | "false") => {
                At::<bool>::read(node, out).map(Self::ForOrders)
            }
            NodeKind::Scalar(_) | NodeKind::List(_) => {
                Many::read(node, out).map(|many| Self::Lengths(many.0))
            }
            NodeKind::Map(_) => {
                out.push(expected(node, "text"));
                None
            }
        }
    }
}

/// `items:` of a form, either `tier.items` or a list, in which `tier.items` may stand, too.
#[derive(Clone, Debug)]
pub(in crate::policy) enum Items {
    OfTier(Word),
    Listed(Vec<ItemShape>),
}

impl Shape for Items {
    fn read(node: &YamlNode, out: &mut Vec<Diagnostic>) -> Option<Self> {
        match &node.kind {
            NodeKind::Scalar(_) => Word::read(node, out).map(Self::OfTier),
            NodeKind::List(_) | NodeKind::Map(_) => Vec::read(node, out).map(Self::Listed),
        }
    }
}

/// A checklist item, in full or by its title alone.
pub(in crate::policy) type ItemShape = MapOr<FullItem, String>;

/// A column of a form's table, in full or by its title alone.
pub(in crate::policy) type Column = MapOr<FullColumn, String>;

/// One of `due:`, by the choices of a form or as one word.
pub(in crate::policy) type DueShape = MapOr<DueByShape, Word>;
