//! A subject asked directly, on one day; what was read of it is noted for the record.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::PolicyData;
use crate::register::Subject;
use crate::rules::slot::Slot;
use crate::rules::value::Val;
use crate::time::Day;

/// The subject of one order.
#[derive(Debug)]
pub(in crate::rules) struct LiveSubject {
    subject: Subject,
    pub(super) day: Day,
    pub(super) data: Arc<PolicyData>,
    read: Mutex<BTreeMap<String, serde_json::Value>>,
}

impl LiveSubject {
    pub(in crate::rules) fn new(subject: &Subject, day: Day, data: &Arc<PolicyData>) -> Self {
        Self { subject: subject.clone(), day, data: Arc::clone(data), read: Mutex::new(BTreeMap::new()) }
    }

    /// Returns an input, and notes it under a name.
    pub(super) fn ask(&self, slot: Slot, name: String) -> Val {
        let value = slot.read(&self.subject, self.day).value();
        self.read.lock().unwrap_or_else(PoisonError::into_inner).insert(name, value.json());
        value
    }

    /// Returns what was read so far.
    pub(in crate::rules) fn read(&self) -> serde_json::Value {
        let read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        serde_json::Value::Object(read.clone().into_iter().collect())
    }
}
