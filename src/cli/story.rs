//! `wubu order show` for people: what the order is, what happened, where it stands, what can be done.

use std::collections::BTreeSet;

use serde_json::Value;

use super::out;
use crate::documents::{AnswerFacts, FieldFacts, ItemFacts};
use crate::engine::{Delegate, TermRequest};
use crate::lang::{self, Lang, with_id};
use crate::office::{
    self, ActionLine, DocumentLine, HistoryLine, OpenPauseLine, OrderStory, PlaceLine, RelatedOrder,
    UnconfirmedLine,
};
use crate::policy::{FieldKind, PARENT_PREFIX, SubjectKind};
use crate::time::Day;

/// Tells an order's story.
pub(super) fn print(lang: Lang, story: &OrderStory) {
    let teller = Teller { lang, story };
    teller.cover();
    out::line("");
    out::line(&lang.word("story-history"));
    for line in &story.history {
        teller.happened(line);
    }
    if !story.places.is_empty() {
        out::line(&lang.word("story-now"));
        for place in &story.places {
            teller.place(place);
        }
        for line in &story.unconfirmed {
            teller.unconfirmed(line);
        }
    }
    teller.terms();
    teller.documents();
    teller.actions();
}

/// Letters of a digest that people are shown.
const SHORT: usize = 12;

struct Teller<'a> {
    lang: Lang,
    story: &'a OrderStory,
}

impl Teller<'_> {
    fn cover(&self) {
        let OrderStory { line, parent, sub_orders, .. } = self.story;
        let say = |name: &str, value: &str| {
            if !value.is_empty() {
                out::line(&format!("{}: {value}", self.lang.word(name)));
            }
        };
        out::line(&format!("{} {}  {}", self.story.titles.noun, line.number, line.id));
        say(about(self.story.subject_kind), &format!("{} {}", line.subject, line.name));
        say("head-workflow", &format!("{} {}", self.workflow(&line.workflow), line.workflow));
        say("head-station", &line.station_title);
        say("head-tier", line.tier.as_deref().unwrap_or(""));
        say("head-score", line.score.as_deref().unwrap_or(""));
        say("head-step", &line.step_title);
        say("head-state", &self.lang.word(&format!("state-{}", line.state)));
        say("head-window", &format!("{} … {}", line.scheduled_for, line.due));
        say("head-nominal", line.nominal.as_deref().filter(|nominal| is_day(nominal)).unwrap_or(""));
        let is_somebodys = |place: &PlaceLine| !["orders", "parts"].contains(&place.state);
        if self.story.places.iter().any(is_somebodys) {
            say("head-assignees", &self.people(&line.assignees));
        }
        say("head-policy", line.policy.get(..SHORT).unwrap_or(&line.policy));
        say("story-parent", &self.lang.list(parent.iter().map(|id| self.related(id))));
        say("story-sub-orders", &self.lang.list(sub_orders.iter().map(|id| self.related(id))));
    }

    /// Names another order by its number, whether it is open, and who has it.
    fn related(&self, id: &str) -> String {
        let Some(found) = self.story.related.iter().find(|related| related.id == id) else {
            return id.to_owned();
        };
        let RelatedOrder { id, number, is_open, assignees } = found;
        let yes = |is: bool| if is { "yes" } else { "no" }.to_owned();
        let people = self.people(assignees);
        let args = [("number", number.clone()), ("id", id.clone()), ("open", yes(*is_open))];
        let people = [("some", yes(!assignees.is_empty())), ("people", people)];
        self.lang.text("story-related", &[args.as_slice(), people.as_slice()].concat())
    }

    /// Writes one line of the history, and below it what was found and who was passed over.
    fn happened(&self, line: &HistoryLine) {
        let at = out::minute(&line.at);
        out::line(&format!("  {at}  {}", self.sentence(line)));
        let below = |text: String| out::line(&format!("                    {text}"));
        // What came too late is kept as it was handed in.
        let sent = line.data.pointer("/sent/act/doing/complete/answer");
        if let Some(answer) = line.data.get("answer").or(sent) {
            self.answer(line.step.as_deref(), answer).into_iter().for_each(below);
        }
        let excluded = line.data.get("excluded").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        let excluded: Vec<String> = excluded.iter().filter_map(|pair| self.excluded(pair)).collect();
        if !excluded.is_empty() {
            below(self.lang.text("told-excluded", &[("people", lang::list(excluded))]));
        }
        if line.data.get("short").and_then(Value::as_bool) == Some(true) {
            let people = line.data.get("assignees").and_then(Value::as_array).map(|all| texts(all));
            below(self.lang.text("told-short", &[("people", self.people(&people.unwrap_or_default()))]));
        }
    }

    fn sentence(&self, line: &HistoryLine) -> String {
        let data = &line.data;
        let text = |name: &str| said(data.get(name));
        let step = line.step.as_deref().map(|step| self.step(step)).unwrap_or_default();
        let is_step = matches!(line.event.as_str(), "went" | "bound");
        let to = match data.get(if line.event == "bound" { "then" } else { "to" }) {
            Some(Value::String(to)) if is_step => self.step(to),
            Some(Value::String(to)) => self.person(to),
            Some(Value::Array(to)) => self.people(&texts(to)),
            _ => String::new(),
        };
        let named = data.get("assignees").or_else(|| data.get("officers"));
        let assignees = named.and_then(Value::as_array).map(|all| texts(all));
        let what = text("what");
        let what = if what.is_empty() { what } else { self.lang.word(&format!("confirmed-{what}")) };
        let is_duty = line.step.as_ref().is_some_and(|step| self.story.titles.duties.contains(step));
        let id = match line.event.as_str() {
            "late" if step.is_empty() => "told-late-order".to_owned(),
            "to-confirm" if data.get("anew").is_some() => "told-to-confirm-anew".to_owned(),
            "opened" if !is_day(&text("nominal")) => "told-opened-undated".to_owned(),
            "date-moved" if text("from").is_empty() => "told-date-set".to_owned(),
            "entered" if !text("due").is_empty() && !is_duty => "told-entered-step-due".to_owned(),
            event @ ("entered" | "migrated") if !text("due").is_empty() => format!("told-{event}-due"),
            "entered" if !is_duty => "told-entered-step".to_owned(),
            "completed" if !text("action").is_empty() => "told-completed-action".to_owned(),
            "went" if !text("say").is_empty() => "told-went-say".to_owned(),
            event => format!("told-{event}"),
        };
        let id = if self.lang.has(&id).0 { id } else { "told-other".to_owned() };
        let mut args: Vec<(&str, String)> =
            ["nominal", "due", "level", "say", "visits", "from", "clock", "by", "release"]
                .map(|name| (name, text(name)))
                .into();
        args.push(("action", self.completed_with(line)));
        args.push(("cause", out::cause(self.lang, &text("cause"))));
        args.push(("signal", out::signal(self.lang, &text("signal"))));
        args.push(("who", self.person(&line.actor)));
        args.push(("step", step));
        args.push(("what", what));
        args.push(("field", self.field(&text("field"))));
        args.push(("workflow", self.workflow(&text("workflow"))));
        args.push(("to", to));
        args.push(("people", self.people(&assignees.unwrap_or_default())));
        args.push(("approver", self.person(&text("approver"))));
        args.push(("event", line.event.clone()));
        let mut sentence = self.lang.text(&id, &args);
        let because = text("because");
        let because = if because.is_empty() { because } else { self.lang.word(&format!("moved-{because}")) };
        // A late submission is recorded with the code of why it came too late, which its own sentence says.
        let reason =
            if line.event == "late" { String::new() } else { out::signal(self.lang, &text("reason")) };
        let reason: Vec<String> =
            [reason, text("note"), because].into_iter().filter(|said| !said.is_empty()).collect();
        let reason = reason.join(" ");
        if !reason.is_empty() {
            sentence.push_str(&self.lang.text("told-reason", &[("reason", reason)]));
        }
        sentence.push_str(&self.in_place(data));
        let of = data.get("of").and_then(Value::as_array).map(|of| texts(of)).unwrap_or_default();
        if !of.is_empty() {
            sentence.push_str(&self.lang.text("told-reason", &[("reason", self.lang.list(of))]));
        }
        if let Some(written) = text("written").get(..16) {
            sentence.push_str(&self.lang.text("told-written", &[("written", written.replace('T', " "))]));
        }
        if !text("document").is_empty() {
            sentence.push_str(&self.lang.text("told-document", &[("document", text("document"))]));
        }
        sentence
    }

    /// Says in whose place a step was completed, and by what paper.
    fn in_place(&self, data: &Value) -> String {
        let Some(in_place) = data.get("in_place") else { return String::new() };
        let mut text = self.lang.text("told-in-place", &[("of", self.person(&said(in_place.get("of"))))]);
        let document = said(in_place.get("document"));
        if !document.is_empty() {
            text.push_str(&self.lang.text("told-document", &[("document", document)]));
        }
        text
    }

    /// Says what a step was completed with, as the policy calls it.
    fn completed_with(&self, line: &HistoryLine) -> String {
        let action = (line.step.clone().unwrap_or_default(), said(line.data.get("action")));
        self.story.titles.actions.get(&action).cloned().unwrap_or(action.1)
    }

    fn excluded(&self, pair: &Value) -> Option<String> {
        let (who, why) = (pair.get(0)?.as_str()?, pair.get(1)?.as_str()?);
        let why = out::exclusion(self.lang, why);
        Some(self.lang.text("told-why", &[("who", self.person(who)), ("why", why)]))
    }

    /// Says what a form holds: its checklist on one line, then field by field.
    fn answer(&self, step: Option<&str>, answer: &Value) -> Vec<String> {
        let form = step.and_then(|step| self.story.titles.forms.get(step));
        let (Some(form), Some(said)) = (form, answer.as_object()) else { return Vec::new() };
        let AnswerFacts { items, fields, .. } = AnswerFacts::of(form, said, self.lang);
        let say = |field: &str, value: String| {
            self.lang.text("told-answer", &[("field", field.to_owned()), ("value", value)])
        };
        let item = |ItemFacts { title, result, note }: &ItemFacts| {
            [title.as_str(), result, note.as_deref().unwrap_or_default()].join(" ").trim_end().to_owned()
        };
        let items = (!items.is_empty()).then(|| {
            say(
                &self.lang.word("told-items"),
                items.iter().map(item).collect::<Vec<_>>().join(&self.lang.word("told-cell")),
            )
        });
        items
            .into_iter()
            .chain(fields.iter().map(|field| say(&field.title, value(self.lang, field))))
            .collect()
    }

    fn place(&self, place: &PlaceLine) {
        let args = [
            ("step", place.title.clone()),
            ("visit", place.visit.to_string()),
            ("people", self.people(&place.assignees)),
            ("until", place.until.as_deref().map(out::beginning).unwrap_or_default()),
            ("cause", place.cause.as_deref().map(|cause| out::cause(self.lang, cause)).unwrap_or_default()),
        ];
        let mut text = self.lang.text(&format!("story-places-{}", place.state), &args);
        let when = match (&place.paused, place.due) {
            (Some(OpenPauseLine { from, reason }), _) => {
                let args = [("from", from.to_string()), ("reason", out::signal(self.lang, reason))];
                Some(self.lang.text("story-paused", &args))
            }
            (None, due) => due.map(|due| self.left(due)),
        };
        for Delegate { from, to } in &place.delegates {
            let args = [("from", self.person(from)), ("to", self.person(to))];
            text.push_str(&self.lang.text("story-delegate", &args));
        }
        if !place.signers.is_empty() {
            text.push_str(&self.lang.text("story-signers", &[("people", self.people(&place.signers))]));
        }
        if let Some(when) = when {
            text.push_str("  ");
            text.push_str(&when);
        }
        out::line(&format!("  {text}"));
    }

    fn unconfirmed(&self, line: &UnconfirmedLine) {
        let args = [
            ("step", self.step(&line.step)),
            ("visit", line.visit.to_string()),
            ("what", self.lang.word(&format!("confirmed-{}", line.what))),
            ("officer", self.person(&line.officer)),
        ];
        let mut text = self.lang.text("story-unconfirmed", &args);
        if let Some(TermRequest { length, from, until, proof, anew: _ }) = &line.asked {
            let day = |day: &Option<Day>| day.map(|day| day.to_string()).unwrap_or_default();
            let args = [
                ("by_law", if length.is_some() { "no" } else { "yes" }.to_owned()),
                ("length", length.clone().unwrap_or_default()),
                ("from", day(from)),
                ("until", day(until)),
                ("reason", line.reason.clone().unwrap_or_default()),
            ];
            text.push_str(&self.lang.text(&format!("story-asked-{}", line.what), &args));
            if let Some(document) = proof {
                text.push_str(&self.lang.text("told-document", &[("document", document)]));
            }
        }
        let args = [
            ("order", self.story.line.id.clone()),
            ("step", line.step.clone()),
            ("officer", line.officer.clone()),
        ];
        out::line(&format!("  {text}"));
        out::line(&format!("    {}", self.lang.text("story-sign", &args)));
    }

    /// Returns what a signal says that the engine itself gives; any other text as it is.
    /// Says how many days are left until the end of a day.
    fn left(&self, day: Day) -> String {
        let left = (day - self.story.today).num_days();
        let id = if left < 0 { "story-overdue" } else { "story-due" };
        let count = match left.abs() {
            0 => "none",
            1 => "one",
            _ => "many",
        };
        let days = left.abs().to_string();
        self.lang.text(id, &[("day", day.to_string()), ("count", count.to_owned()), ("days", days)])
    }

    fn terms(&self) {
        out::line(&self.lang.word("story-terms"));
        for term in &self.story.terms {
            let fired = term.fired.as_deref().map(out::minute);
            // A rung of a ladder is known by its own moment; the day its step is due stands beside it.
            let (kind, day) = match (term.kind, term.level) {
                ("overdue", level) => {
                    let id = if level == 0 { "term-reminder" } else { "term-level" };
                    (self.lang.text(id, &[("level", level.to_string())]), out::beginning(&term.fires_at))
                }
                (kind, _) => (self.lang.word(&format!("term-{kind}")), term.end.to_string()),
            };
            let source = term.source.as_deref().map(|source| self.field(source));
            let source = source.map(|field| self.lang.text("term-source", &[("field", field)]));
            let of = if term.of.is_empty() { String::new() } else { self.lang.list(&term.of) };
            let of = if of.is_empty() { of } else { self.lang.text("told-reason", &[("reason", of)]) };
            // The window is the order's, whichever step it began with.
            let own = if term.kind == "window" { String::new() } else { self.step(&term.step) };
            let step = [own, source.unwrap_or_default(), of].concat();
            let step = if step.is_empty() { step } else { format!("{step}  ") };
            let state = match fired {
                Some(at) => self.lang.text("term-fired", &[("at", at)]),
                None if term.kind == "overdue" => String::new(),
                None => self.left(term.end),
            };
            out::line(format!("  {day}  {kind}  {step}{state}").trim_end());
        }
    }

    fn documents(&self) {
        if self.story.documents.is_empty() {
            return;
        }
        out::line(&self.lang.word("story-documents"));
        for document in &self.story.documents {
            let number = document.number.as_deref().or(document.control.as_deref()).unwrap_or("-");
            let mut state = self.lang.word(&format!("paper-{}", document.state));
            let waits = self.story.unconfirmed.iter().filter(|asked| {
                asked.what == "completion"
                    && asked.step == document.step
                    && i64::from(asked.visit) == document.visit
            });
            let waits: Vec<String> = waits.map(|asked| self.person(&asked.officer)).collect();
            let of_one_step =
                |other: &&DocumentLine| (&other.kind, &other.step) == (&document.kind, &document.step);
            // What was done anew left a paper of each time.
            if self.story.documents.iter().filter(of_one_step).count() > 1 {
                let visit = document.visit.to_string();
                state.push_str(&self.lang.text("story-paper-visit", &[("visit", visit)]));
            }
            if !document.signed_by.is_empty() {
                let roles = lang::list(&document.signed_by);
                state.push_str(&self.lang.text("story-paper-signed-by", &[("roles", roles)]));
            }
            if !waits.is_empty() {
                state.push_str(&self.lang.text("story-paper-waits", &[("people", lang::list(waits))]));
            }
            let made = document.made_at.get(..10).unwrap_or_default();
            out::line(&format!("  {}  {made}  {}  {number}  {state}", document.id, document.title));
        }
    }

    fn actions(&self) {
        if self.story.actions.is_empty() {
            return;
        }
        out::line(&self.lang.word("story-actions"));
        // What the same people may do stands in one line.
        let mut by_whom: Vec<(String, Vec<String>)> = Vec::new();
        for action in &self.story.actions {
            let called = self.action(&action.action, action.title.as_deref());
            let who = self.who_may(action);
            match by_whom.iter_mut().find(|(known, _)| *known == who) {
                Some((_, actions)) => actions.push(called),
                None => by_whom.push((who, vec![called])),
            }
        }
        // Nothing is approved before (R124).
        let asked = self.story.unconfirmed.iter().filter(|asked| asked.what == "completion");
        let asked: BTreeSet<&str> = asked.map(|asked| asked.officer.as_str()).collect();
        if !asked.is_empty() {
            let people = lang::list(asked.into_iter().map(|officer| self.person(officer)));
            out::line(&format!("  {}", self.lang.text("story-approve-after", &[("people", people)])));
        }
        for (roles, actions) in by_whom {
            let args = [("actions", self.lang.list(actions)), ("roles", roles)];
            out::line(&format!("  {}", self.lang.text("story-action", &args)));
        }
    }

    /// Says who may do something: its roles, and who of them has the step in hand.
    fn who_may(&self, action: &ActionLine) -> String {
        let roles = lang::list(action.roles.iter().map(|role| self.person(role)));
        let place = self.story.places.iter().find(|place| place.step == action.step);
        let is_others = ["cancel", "retry", "sign"].contains(&action.action.as_str());
        let holders = place.map(|place| &place.assignees).filter(|people| !people.is_empty() && !is_others);
        let Some(holders) = holders.filter(|holders| **holders != action.roles) else {
            return self.lang.list([roles]);
        };
        // Those who have it for lack of anybody else hold other posts.
        if place.is_some_and(|place| place.short) {
            return self.people(holders);
        }
        let holders = lang::list(holders.iter().map(|id| self.person(id)));
        self.lang.list([format!("{roles}{}{holders}{}", lang::OPEN, lang::CLOSE)])
    }

    /// What an act is called, and what is typed for it; an action of the step's own is called as the
    /// policy calls it.
    fn action(&self, typed: &str, title: Option<&str>) -> String {
        let beside = |called: &str| match self.lang {
            Lang::Zh => format!("{called} {typed}"),
            Lang::En => with_id(called, typed),
        };
        if let Some(title) = title {
            return beside(title);
        }
        let word = format!("act-{typed}");
        if !self.lang.has(&word).0 {
            return typed.to_owned();
        }
        let called = self.lang.word(&word);
        if called == typed { called } else { beside(&called) }
    }

    fn workflow(&self, id: &str) -> String {
        self.story.titles.workflows.get(id).cloned().unwrap_or_else(|| id.to_owned())
    }

    fn step(&self, id: &str) -> String {
        self.story.titles.steps.get(id).cloned().unwrap_or_else(|| id.to_owned())
    }

    /// Names a field of a form as people see it: the step, and the heading of the field.
    fn field(&self, source: &str) -> String {
        let own = Some(source).filter(|source| !source.starts_with(PARENT_PREFIX));
        let Some((step, field)) = own.and_then(|source| source.split_once('.')) else {
            return source.to_owned();
        };
        let (field, column) = field.split_once('.').unwrap_or((field, ""));
        let form = self.story.titles.forms.get(step);
        let known = form.and_then(|form| form.fields.iter().find(|known| known.id == field));
        let columns = known.map(|known| &known.kind).map(|kind| match kind {
            FieldKind::Table(columns) => columns.as_slice(),
            _ => &[],
        });
        let column = columns.and_then(|columns| columns.iter().find(|known| known.id == column));
        let title = column.map(|known| &known.title).or(known.map(|known| &known.title));
        let title = title.map_or(field, String::as_str);
        self.lang.text("story-field", &[("step", self.step(step)), ("field", title.to_owned())])
    }

    fn person(&self, id: &str) -> String {
        match self.story.titles.people.get(id) {
            Some(name) => format!("{name} {id}"),
            None if id == office::ACTOR => self.lang.word("the-engine"),
            None => id.to_owned(),
        }
    }

    fn people(&self, ids: &[String]) -> String {
        if ids.is_empty() {
            return self.lang.word("told-nobody");
        }
        self.lang.list(ids.iter().map(|id| self.person(id)))
    }
}

/// Returns the heading under which stands what an order is about.
const fn about(kind: SubjectKind) -> &'static str {
    match kind {
        SubjectKind::Subject => "head-subject",
        SubjectKind::Officer => "head-person",
        SubjectKind::Station => "head-station-subject",
        SubjectKind::Grid => "head-grid-subject",
        SubjectKind::Bureau => "head-bureau-subject",
    }
}

/// Returns whether a nominal date is one: orders that others opened are counted instead.
fn is_day(nominal: &str) -> bool {
    nominal.parse::<Day>().is_ok()
}

fn texts(values: &[Value]) -> Vec<String> {
    values.iter().filter_map(Value::as_str).map(str::to_owned).collect()
}

/// Writes a value as one says it.
fn said(value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    }
}

/// Writes what a field of a form holds: rows one after the other, each column after its heading.
fn value(lang: Lang, FieldFacts { value, columns, rows, .. }: &FieldFacts) -> String {
    let row = |row: &Vec<String>| {
        let cells = columns.iter().zip(row).filter(|(_, cell)| !cell.is_empty());
        cells
            .map(|(column, cell)| format!("{column} {cell}"))
            .collect::<Vec<_>>()
            .join(&lang.word("told-cell"))
    };
    if rows.is_empty() {
        // A moment is filled in as RFC 3339 writes it.
        let is_moment = chrono::NaiveDateTime::parse_from_str(value, "%Y-%m-%dT%H:%M").is_ok();
        if value.is_empty() {
            return lang.word("told-none");
        }
        if is_moment { out::minute(value) } else { value.clone() }
    } else {
        rows.iter().map(row).collect::<Vec<_>>().join(&lang.word("told-row"))
    }
}
