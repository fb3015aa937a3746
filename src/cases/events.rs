//! What came about since the act before: who was told, what fired, which orders were opened.

use serde_json::{Map, Value};

use crate::engine::{Addressee, ChangeCause, NoAddressee, OrderChange, TermKind, TermRow};
use crate::lang::Lang;
use crate::lang::spellings::ASSIGNEES;
use crate::policy::WantedTerm;
use crate::time::{Stamp, Tz};

/// What came about since the act before.
#[derive(Clone, Debug, Default)]
pub(super) struct CaseEvents {
    /// Kind of notice, and who was told.
    pub(super) told: Vec<(String, String)>,
    pub(super) fired: Vec<CaseFiring>,
    /// Workflows of the orders that were opened.
    pub(super) opened: Vec<String>,
}

/// One term that fired, and did something.
#[derive(Clone, Debug)]
pub(super) struct CaseFiring {
    pub(super) workflow: String,
    pub(super) row: TermRow,
    pub(super) at: Stamp,
}

impl CaseEvents {
    pub(super) fn take(&mut self, change: &OrderChange, lang: Lang) {
        if matches!(change.happened, ChangeCause::Opened(_)) {
            self.opened.push(change.outcome.next.cover.workflow.clone());
        }
        let told = change.outcome.outbox.iter();
        self.told.extend(
            told.map(|message| (message.kind.replace(' ', "-"), addressee(&message.addressee, lang))),
        );
    }
}

/// Names an addressee as policy staff do: an officer by id, a role by its name.
fn addressee(text: &str, lang: Lang) -> String {
    match text.parse() {
        Ok(Addressee::Officer(name) | Addressee::Role { role: name, .. }) => name,
        Ok(Addressee::Grid(_) | Addressee::Duty { .. } | Addressee::Station(_)) | Err(NoAddressee) => {
            ASSIGNEES.of(lang).to_owned()
        }
    }
}

impl CaseFiring {
    /// Tells what of it `wanted` names; all of it where nothing was wanted.
    pub(super) fn told(&self, wanted: Option<&WantedTerm>, zone: Tz) -> Value {
        let is_wanted = |named: fn(&WantedTerm) -> bool| wanted.is_none_or(named);
        let mut told = Map::new();
        let mut say = |is_wanted: bool, key: &str, value: Value| {
            if is_wanted {
                told.insert(key.to_owned(), value);
            }
        };
        let at = self.at.local_in(zone);
        say(is_wanted(|row| row.at.is_some()), "at", moment(at));
        say(is_wanted(|row| row.order.is_some()), "order", self.workflow.as_str().into());
        say(is_wanted(|row| row.step.is_some()), "step", self.row.step.as_str().into());
        say(is_wanted(|row| row.term.is_some()), "term", self.row.kind.into_str().into());
        let level = (self.row.kind == TermKind::Overdue).then_some(self.row.rung().level);
        say(is_wanted(|row| row.level.is_some()), "level", level.into());
        Value::Object(told)
    }
}

/// Tells a term that was wanted in the same words.
pub(super) fn wanted(row: &WantedTerm) -> Value {
    let WantedTerm { order, step, term, level, at } = row;
    let text = |named: &crate::policy::Word| Value::from(named.value.as_str());
    let told = [
        ("at", at.map(moment)),
        ("order", order.as_ref().map(text)),
        ("step", step.as_ref().map(text)),
        ("term", term.as_ref().map(text)),
        ("level", level.map(|level| level.value.into())),
    ];
    Value::Object(told.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value?))).collect())
}

/// Writes a moment by the bureau's clock as cases do.
pub(super) fn moment(local: chrono::NaiveDateTime) -> Value {
    local.format("%Y-%m-%dT%H:%M").to_string().into()
}
