//! What makes two rows the same row: their values, whatever the file looked like.

use std::fmt;

use crate::digest::Digest;
use crate::time::Day;

/// The identity of a row's content: equal rows have equal digests, whatever their columns' order.
///
/// # Shape
/// The first 16 hex digits of a SHA-256 over the canonical values.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RowDigest([u8; 8]);

impl RowDigest {
    fn of(bytes: &[u8]) -> Self {
        let mut first = [0; 8];
        first.copy_from_slice(&Digest::of(bytes).bytes()[..8]);
        Self(first)
    }
}

impl fmt::Display for RowDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", u64::from_be_bytes(self.0))
    }
}

impl fmt::Debug for RowDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RowDigest({self})")
    }
}

impl serde::Serialize for RowDigest {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// Named values written end to end, each with its length, so that no two contents look alike.
pub(super) struct Canon<'a>(&'a mut Vec<u8>);

impl<'a> Canon<'a> {
    pub(super) fn begin(scratch: &'a mut Vec<u8>, kind: &str) -> Self {
        scratch.clear();
        let mut canon = Self(scratch);
        canon.bytes(kind.as_bytes());
        canon
    }

    fn bytes(&mut self, bytes: &[u8]) {
        let length = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
        self.0.extend_from_slice(&length.to_be_bytes());
        self.0.extend_from_slice(bytes);
    }

    pub(super) fn put(&mut self, name: &str, value: &str) -> &mut Self {
        self.bytes(name.as_bytes());
        self.bytes(value.as_bytes());
        self
    }

    pub(super) fn put_some(&mut self, name: &str, value: Option<&str>) -> &mut Self {
        if let Some(value) = value {
            self.put(name, value);
        }
        self
    }

    pub(super) fn put_day(&mut self, name: &str, day: Option<Day>) -> &mut Self {
        use chrono::Datelike as _;
        if let Some(day) = day {
            self.bytes(name.as_bytes());
            self.bytes(&day.num_days_from_ce().to_be_bytes());
        }
        self
    }

    pub(super) fn end(&self) -> RowDigest {
        RowDigest::of(self.0)
    }
}
