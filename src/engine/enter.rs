//! Entering a step: somebody is chosen, its terms begin, and what happens by itself happens.

use serde_json::json;

use super::answer_term;
use super::history::HistoryEvent;
use super::order::{ActiveStep, Changes, Duty, StepCompletion, StepStatus};
use super::outcome::{Child, ChildOpening, Effect, StaffChoice};
use super::rung::Rung;
use super::tell::{MessageText, of_level};
use super::term::{TermKind, TermRow};
use super::timing::{self, Timing};
use super::work::{StepVisit, StepWork};
use super::{ActResult, Refusal, RefusalCode};
use crate::limits::VISITS_PER_STEP;
use crate::people::{self, ExcludedOfficer};
use crate::policy::{DocumentAt, Step, StepDocument, StepIx, StepKind, SubjectKind, Who};
use crate::time::Stamp;

impl StepWork<'_> {
    /// Enters a step, or where its bound on visits leads instead.
    ///
    /// # Source
    /// Policy language, rules 2 (every loop has a bound), 15 and 19.
    pub(super) fn enter(&mut self, at: StepIx, from: Option<&str>, within: Option<&str>) -> ActResult {
        let at = self.bounded(at, within);
        let step = self.step(at);
        // A part that comes to its own `parallel` is over.
        if within == Some(step.id.as_str()) {
            return self.join(&step.id);
        }
        let visit = self.visits(at) + 1;
        if visit > VISITS_PER_STEP {
            let refusal = Refusal::new(RefusalCode::TooDeep).with("workflow", &self.workflow.id);
            return Err(refusal.with("limit", VISITS_PER_STEP.to_string()));
        }
        let record = self.record(&step.id);
        (record.visits, record.is_cancelled) = (visit, false);
        let at_visit = StepVisit { step, visit };
        self.documents(at_visit, DocumentAt::Enter, None);
        let text = MessageText::new("told", step, None, json!({}));
        for who in &step.tell {
            self.post(self.meant_by(*who, step, None), &text);
        }
        let mut place = ActiveStep {
            step: step.id.clone(),
            visit,
            entered_at: self.now,
            from: from.map(str::to_owned),
            within: within.map(str::to_owned),
            standing: StepStatus::Parts,
            due: None,
            answers: answer_term::read(self.policy, step, visit, &self.out.next.record),
            changes: Changes::default(),
        };
        match &step.kind {
            StepKind::Duty { who, .. } => {
                let duty = self.choose(at_visit, who);
                place.standing = StepStatus::Duty(duty);
                self.begin(step, place)
            }
            StepKind::SubOrder { run, wait } => {
                for workflow in run {
                    let by = if *wait { ChildOpening::Awaited } else { ChildOpening::Beside };
                    self.child(at_visit, workflow, by);
                }
                if *wait {
                    place.standing = StepStatus::Orders(run.clone());
                    return self.begin(step, place);
                }
                self.pass_by_itself(at, place)
            }
            StepKind::Automatic { start, set, draw: _ } => {
                if let Some(workflow) = start {
                    self.child(at_visit, workflow, ChildOpening::Beside);
                }
                for (attribute, value) in set {
                    let effect = Effect::Set { attribute: attribute.clone(), value: value.clone() };
                    self.out.effects.push(effect);
                }
                self.pass_by_itself(at, place)
            }
            StepKind::Parallel(parts) => {
                self.begin(step, place)?;
                self.beginning.push(step.id.clone());
                for part in parts {
                    self.enter(*part, from, Some(&step.id))?;
                }
                self.beginning.pop();
                self.join(&step.id)
            }
            StepKind::End => self.finish(step, place),
        }
    }

    /// Follows the bounds on visits to a step that may still be entered, or to the join of a part.
    fn bounded(&mut self, mut at: StepIx, within: Option<&str>) -> StepIx {
        while let Some(visits) = self.step(at).visits
            && self.visits(at) >= visits.at_most
            && within != Some(self.step(at).id.as_str())
        {
            let (step, then) = (self.step(at), self.step(visits.then));
            let event = HistoryEvent::Bound { visits: visits.at_most, then: then.id.clone() };
            self.record_history(Some(&step.id), event);
            at = visits.then;
        }
        at
    }

    fn visits(&self, at: StepIx) -> u32 {
        self.out.next.record.steps.get(&self.step(at).id).map_or(0, |record| record.visits)
    }

    /// A step the engine does: it is done at once, and leads on.
    fn pass_by_itself(&mut self, at: StepIx, place: ActiveStep) -> ActResult {
        let step = self.step(at);
        self.documents(StepVisit { step, visit: place.visit }, DocumentAt::Complete, None);
        self.record_history(Some(&step.id), HistoryEvent::Done { visit: place.visit });
        let passed = StepCompletion { done_by: Vec::new(), at: self.now, action: None, answer: None };
        self.passed(&step.id, passed);
        self.go_on(at, place, None)
    }

    /// Puts a place where it is, with its terms.
    fn begin(&mut self, step: &Step, mut place: ActiveStep) -> ActResult {
        let cover = &self.out.next.cover;
        let timing = timing::timing(self.policy, step, cover, &place)?;
        place.due = timing.due;
        if let Some(until) = timing.until.filter(|until| *until > self.now)
            && let StepStatus::Duty(duty) = place.standing
        {
            place.standing = StepStatus::Waiting { until, duty };
        }
        let assignees = place.duty().map(|duty| duty.assignees.clone()).unwrap_or_default();
        let event = HistoryEvent::Entered { visit: place.visit, due: place.due, assignees };
        self.record_history(Some(&step.id), event);
        for term in answer_term::missing(step, &place) {
            let event = HistoryEvent::TermMissing { visit: place.visit, field: term.source.to_string() };
            self.record_history(Some(&step.id), event);
        }
        if matches!(place.standing, StepStatus::Duty(_)) {
            self.assigned(step, &place);
        }
        self.first_terms(step, &place, &timing);
        self.push(place);
        Ok(())
    }

    /// Writes the terms of a visit that begins. Of rungs already past only the highest is told,
    /// marked late at opening.
    ///
    /// # Source
    /// Policy language, rule 19.
    pub(super) fn first_terms(&mut self, step: &Step, place: &ActiveStep, timing: &Timing) {
        let is_past = |row: &&TermRow| row.kind == TermKind::Overdue && row.fires_at <= self.now;
        let highest = |term: u32| {
            let of_term = timing.rows.iter().filter(is_past).filter(|row| row.rung().term == term);
            of_term.map(|row| (row.fires_at, row.level)).max()
        };
        let mut rows = Vec::with_capacity(timing.rows.len());
        let mut late = Vec::new();
        for row in &timing.rows {
            if !is_past(&row) {
                rows.push(row.clone());
            } else if highest(row.rung().term) == Some((row.fires_at, row.level)) {
                rows.push(TermRow { fired_at: Some(self.now), ..row.clone() });
                late.push(row.rung());
            }
        }
        for Rung { term, level, .. } in late {
            let told = step.overdue.iter().filter(|rung| rung.level == level);
            let ended = timing.ends.get(term as usize);
            let text = MessageText::new("late at opening", step, Some(place), of_level(level, ended));
            for who in told.flat_map(|rung| &rung.tell) {
                self.post(self.meant_by(*who, step, Some(place)), &text);
            }
            let of = ended.map(|ended| ended.of.clone()).unwrap_or_default();
            self.record_history(Some(&step.id), HistoryEvent::LateAtOpening { level, of });
        }
        self.out.terms.extend(rows);
    }

    /// Chooses who does a duty, or follows a choice that was made.
    pub(super) fn choose(&mut self, at: StepVisit<'_>, who: &Who) -> Duty {
        let chosen = self.given(at).map_or_else(|| self.chosen(at, who), StaffChoice::followed);
        let duty = Duty { assignees: chosen.officers.clone(), is_short: chosen.is_short, ..Duty::default() };
        self.out.choices.push(chosen);
        duty
    }

    /// The choice that was made for a visit, where this is a replay.
    pub(super) fn given(&self, at: StepVisit<'_>) -> Option<&StaffChoice> {
        let is_meant = |chosen: &&StaffChoice| {
            chosen.part.is_duty() && chosen.step == at.step.id && chosen.visit == at.visit
        };
        self.ground.given?.iter().find(is_meant)
    }

    /// Chooses by rule 15; a step that is done again goes first to those who did it.
    fn chosen(&self, at: StepVisit<'_>, who: &Who) -> StaffChoice {
        let avoid = self.avoided(who);
        let mut wanted = self.wanted(who, &avoid);
        if let (true, Some(passed)) = (wanted.same_as.is_empty(), self.out.next.passed(&at.step.id)) {
            wanted.same_as = &passed.done_by;
        }
        let choice = people::choose(self.on_today(), &wanted);
        StaffChoice {
            officers: choice.chosen,
            candidates: choice.candidates.iter().collect(),
            excluded: choice.excluded.into_iter().map(|(id, why)| (id, why.into_str().to_owned())).collect(),
            is_short: choice.shortfall.is_some(),
            ..StaffChoice::of(&at.step.id, at.visit)
        }
    }

    /// Who must not do a duty because of what they did on this order.
    pub(super) fn avoided(&self, who: &Who) -> Vec<ExcludedOfficer> {
        let done = who.avoid.iter().flat_map(|at| self.done_by(*at).iter().map(|officer| (*at, officer)));
        done.map(|(at, officer)| ExcludedOfficer {
            officer: officer.clone(),
            because: self.step(at).id.clone(),
        })
        .collect()
    }

    /// Opens orders of another workflow.
    pub(super) fn child(&mut self, at: StepVisit<'_>, workflow: &str, by: ChildOpening) {
        let StepVisit { step, visit } = at;
        let Some(known) = self.policy.workflow(workflow) else { return };
        let cover = &self.out.next.cover;
        let whom = match known.subject_kind {
            SubjectKind::Officer => self.in_hand(step),
            SubjectKind::Station => vec![cover.station.clone()],
            SubjectKind::Grid => cover.grid.iter().cloned().collect(),
            SubjectKind::Bureau => vec![self.policy.bureau.id.clone()],
            SubjectKind::Subject => vec![cover.subject.clone()],
        };
        let due_on = self.clock_end(step);
        let (awaited, term) = match by {
            ChildOpening::Awaited => (true, 0),
            ChildOpening::Beside => (false, 0),
            ChildOpening::Term(term) => (false, term),
        };
        for subject in whom {
            self.out.effects.push(Effect::Open(Child {
                workflow: workflow.to_owned(),
                subject_kind: known.subject_kind,
                subject,
                step: step.id.clone(),
                visit,
                term,
                awaited,
                due_on,
            }));
        }
    }

    /// The officers who have a step in hand, else those who had the one before.
    fn in_hand(&self, step: &Step) -> Vec<String> {
        let place = self.places().iter().find(|place| place.step == step.id);
        place.and_then(ActiveStep::duty).map(|duty| duty.assignees.clone()).unwrap_or_default()
    }

    /// The end of the clock an automatic step names: the window of the order it starts.
    fn clock_end(&self, step: &Step) -> Option<crate::time::Day> {
        let rule = self.policy.clocks.iter().find(|rule| Some(&rule.id) == step.clock.as_ref())?;
        let by = self.policy.local_calendar();
        let answer =
            crate::terms::clock_end(rule, self.now, crate::terms::ClockChanges::default(), by).ok()?;
        Some(answer.end.day_in(by.zone))
    }

    /// Makes or serves the step's documents of a moment; those of one action only where it was chosen.
    pub(super) fn documents(&mut self, visit: StepVisit<'_>, at: DocumentAt, action: Option<&str>) {
        let StepVisit { step, visit } = visit;
        let is_meant =
            |of: &&StepDocument| of.at == at && (of.action.is_none() || of.action.as_deref() == action);
        for document in step.documents.iter().filter(is_meant) {
            self.out.effects.push(Effect::Document {
                kind: document.kind.clone(),
                step: step.id.clone(),
                visit,
                at,
            });
        }
    }

    /// Whether a place may be completed now: a wait that is over needs no timer to say so.
    pub(super) fn settle(&mut self, step: &str) {
        let now: Stamp = self.now;
        if let Some(place) = self.place_mut(step)
            && let StepStatus::Waiting { until, duty } = &place.standing
            && *until <= now
        {
            place.standing = StepStatus::Duty(duty.clone());
        }
    }
}
