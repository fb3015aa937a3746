//! A subject asked directly, on one day; what was read of it is noted for the record.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::calendar::Length;
use crate::policy::LevelIx;
use crate::register::Subject;
use crate::rules::slot::{Slot, SubjectField, SubjectNames};
use crate::rules::value::Val;
use crate::time::Day;

/// The subject of one order.
#[derive(Debug)]
pub(in crate::rules) struct LiveSubject {
    subject: Subject,
    day: Day,
    pub(super) names: Arc<SubjectNames>,
    read: Mutex<BTreeMap<String, serde_json::Value>>,
}

impl LiveSubject {
    pub(in crate::rules) fn new(subject: &Subject, day: Day, names: &Arc<SubjectNames>) -> Self {
        Self { subject: subject.clone(), day, names: Arc::clone(names), read: Mutex::new(BTreeMap::new()) }
    }

    pub(super) const fn day(&self) -> Day {
        self.day
    }

    pub(super) fn field(&self, name: &str, field: SubjectField) -> Val {
        self.noted(Slot::Raw(field), || name.to_owned())
    }

    pub(super) fn problems(&self, period: Length, level: LevelIx) -> Val {
        let name = || format!("problems({period}, {})", self.names.level_name(level));
        self.noted(Slot::Problems(period, level), name)
    }

    pub(super) fn overdue_count(&self, period: Length) -> Val {
        self.noted(Slot::OverdueCount(period), || format!("overdue_count({period})"))
    }

    fn noted(&self, slot: Slot, name: impl FnOnce() -> String) -> Val {
        let value = slot.read(&self.subject, self.day).value();
        self.read.lock().unwrap_or_else(PoisonError::into_inner).insert(name(), value.json());
        value
    }

    /// Returns what was read so far.
    pub(in crate::rules) fn read(&self) -> serde_json::Value {
        let read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        serde_json::Value::Object(read.clone().into_iter().collect())
    }
}
