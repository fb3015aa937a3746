//! `workflows/*.yaml` and `workflows/forms/*.yaml`.

use super::leaf::{Id, Loose, Word, words};
use super::map::{Pairs, shapes};
use super::shape::{Many, Shape, expected};
use super::{At, NodeKind, YamlNode};
use crate::calendar::{Length, Roll};
use crate::diag::Diagnostic;
use crate::policy::model::{DocumentAt, FieldKind, MissedMode, Overlap, Running, StationChange, SubjectKind};
use crate::time::Day;

words! {
    SubjectKind: "subject" => SubjectKind::Subject, "station" => SubjectKind::Station,
        "grid" => SubjectKind::Grid, "officer" => SubjectKind::Officer, "bureau" => SubjectKind::Bureau;
    Roll: "forward" => Roll::Forward, "backward" => Roll::Backward, "none" => Roll::None;
    MissedMode: "none" => MissedMode::None, "once" => MissedMode::Once, "all" => MissedMode::All;
    Overlap: "skip" => Overlap::Skip, "queue" => Overlap::Queue, "allow" => Overlap::Allow;
    DocumentAt: "enter" => DocumentAt::Enter, "complete" => DocumentAt::Complete,
        "serve" => DocumentAt::Serve;
    StationChange: "shorten" => StationChange::Shorten, "add" => StationChange::Add, "add-or-earlier" => StationChange::AddOrEarlier,
        "lower" => StationChange::Lower, "raise" => StationChange::Raise;
    Running: "keep" => Running::Keep;
    Days: "工作日" => Days::WorkDays, "workdays" => Days::WorkDays, "每日" => Days::All, "all" => Days::All;
    Records: "inspection" => Records::Inspection;
    SignalDo: "cancel" => SignalDo::Cancel, "chief" => SignalDo::Chief, "open" => SignalDo::Open;
    // What it offers and which columns it has, keys of their own say.
    FieldKind: "text" => FieldKind::Text, "number" => FieldKind::Number, "date" => FieldKind::Date,
        "datetime" => FieldKind::DateTime, "choice" => FieldKind::Choice(Vec::new()),
        "items" => FieldKind::Items, "table" => FieldKind::Table(Vec::new()), "photo" => FieldKind::Photo,
        "location" => FieldKind::Location, "signature" => FieldKind::Signature;
}

/// `days:` of a trigger.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::policy) enum Days {
    All,
    WorkDays,
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
}

shapes! {
    /// One workflow.
    WorkflowShape [span] {
        id("workflow"): Id,
        title: Word,
        noun: Option<Word>,
        subject_kind("for"): At<SubjectKind>,
        effective: At<Day>,
        running: Option<At<Running>>,
        start: Vec<TriggerShape>,
        facts: Pairs<Word>,
        steps: Pairs<StepShape>,
        signals: Vec<SignalShape>,
        forms: Pairs<FormShape>,
        station_may: Vec<OpeningShape>,
    }
    /// One trigger.
    TriggerShape [span] {
        id: Id,
        title: Option<Word>,
        cron: Word,
        days: Option<At<Days>>,
        recur: Option<RecurShape>,
        when: Option<Word>,
        missed: Option<MissedShape>,
        overlap: Option<At<Overlap>>,
        pick: Many<Word>,
        at_most: Option<Word>,
    }
    /// `recur:`
    RecurShape [span] {
        since: Word,
        every: Word,
        anchor: Option<AnchorShape>,
        first: Option<At<Length>>,
        raised: Option<At<Length>>,
        roll: Option<At<Roll>>,
        lead: Option<At<Length>>,
    }
    /// `{fixed: 31}`
    FixedAnchor {
        fixed: At<i64>,
    }
    /// `missed:`
    MissedShape {
        mode: At<MissedMode>,
        within: Option<At<Length>>,
    }
    /// One step, of whatever kind.
    StepShape {
        title: Option<Word>,
        who: Option<WhoShape>,
        form: Option<Id>,
        actions: Many<Word>,
        records: Option<At<Records>>,
        run: Many<Id>,
        start: Option<Id>,
        set: Pairs<Loose>,
        draw: Option<Word>,
        notify: Many<Word>,
        parallel: Vec<Id>,
        wait: Option<Wait>,
        due: Option<Word>,
        roll: Option<At<Roll>>,
        visits: Option<VisitsShape>,
        overdue: Vec<OverdueRowShape>,
        documents: Vec<StepDocumentShape>,
        clock: Option<Id>,
        tell: Many<Word>,
        next: Vec<BranchShape>,
        end: Option<At<bool>>,
    }
    /// `who:`
    WhoShape [span] {
        role: Option<Word>,
        duty: Option<Word>,
        same_as: Option<Id>,
        station: Option<Word>,
        officers: Option<At<i64>>,
        certified: Option<At<bool>>,
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
    /// One document of a step.
    StepDocumentShape {
        kind: Id,
        at: Option<At<DocumentAt>>,
    }
    /// One row of `next`.
    BranchShape {
        when: Option<Word>,
        go: Id,
        say: Option<Word>,
    }
    /// One signal from outside.
    SignalShape [span] {
        on: Id,
        act("do"): Option<At<SignalDo>>,
        go: Option<Id>,
        start: Option<Id>,
    }
    /// One row of `station_may`.
    OpeningShape {
        path: Word,
        change: At<StationChange>,
        floor: Option<At<Length>>,
    }
    /// A file of shared forms.
    FormsFile {
        forms: Pairs<FormShape>,
    }
    /// One form.
    FormShape {
        title: Word,
        items: Option<Items>,
        fields: Pairs<FieldShape>,
    }
    /// One checklist item.
    FullItem {
        id: Id,
        title: Word,
        basis: Option<Word>,
        published_item_id: Option<Word>,
        if_bad: Option<Word>,
    }
    /// One field of a form.
    FieldShape {
        title: Word,
        kind("type"): At<FieldKind>,
        of: Vec<Word>,
        columns: Pairs<Column>,
        required: Option<At<bool>>,
        required_when: Option<Word>,
        min: Option<At<i64>>,
    }
    /// A column of a table that offers a choice.
    ChoiceColumn {
        title: Option<Word>,
        one_of: Vec<Word>,
    }
}

/// `anchor:`, either `rolling` or `{fixed: 31}`.
#[derive(Clone, Debug)]
pub(in crate::policy) enum AnchorShape {
    Rolling,
    Fixed(At<i64>),
}

words! { AnchorShape: "rolling" => AnchorShape::Rolling; }

impl Shape for AnchorShape {
    fn read(node: &YamlNode, out: &mut Vec<Diagnostic>) -> Option<Self> {
        match &node.kind {
            NodeKind::Map(_) => FixedAnchor::read(node, out).map(|anchor| Self::Fixed(anchor.fixed)),
            NodeKind::Scalar(_) | NodeKind::List(_) => At::<Self>::read(node, out).map(|at| at.value),
        }
    }
}

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

/// `items:` of a form, either `tier.items` or a list.
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

/// A checklist item, by its title alone or in full.
#[derive(Clone, Debug)]
pub(in crate::policy) enum ItemShape {
    Title(Word),
    Full(FullItem),
}

impl Shape for ItemShape {
    fn read(node: &YamlNode, out: &mut Vec<Diagnostic>) -> Option<Self> {
        match &node.kind {
            NodeKind::Map(_) => FullItem::read(node, out).map(Self::Full),
            NodeKind::Scalar(_) | NodeKind::List(_) => Word::read(node, out).map(Self::Title),
        }
    }
}

/// A column of a form's table, by its title alone or with a choice.
#[derive(Clone, Debug)]
pub(in crate::policy) enum Column {
    Title(Word),
    Choice(ChoiceColumn),
}

impl Shape for Column {
    fn read(node: &YamlNode, out: &mut Vec<Diagnostic>) -> Option<Self> {
        match &node.kind {
            NodeKind::Map(_) => ChoiceColumn::read(node, out).map(Self::Choice),
            NodeKind::Scalar(_) | NodeKind::List(_) => Word::read(node, out).map(Self::Title),
        }
    }
}
