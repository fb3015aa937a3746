//! An overlay as people are told of it.

use serde::Serialize;

use crate::policy::Overlay;
use crate::time::Day;

/// Which overlay says something, and on whose word.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OverlayName {
    pub overlay: String,
    pub from: Day,
    pub to: Day,
    pub reason: String,
    pub author: String,
}

impl OverlayName {
    pub(crate) fn of(overlay: &Overlay) -> Self {
        let (from, to) = overlay.valid;
        let Overlay { id, reason, author, .. } = overlay;
        Self { overlay: id.clone(), from, to, reason: reason.clone(), author: author.clone() }
    }
}
