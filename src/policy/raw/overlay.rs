//! `stations/*/overlay.yaml`.

use super::YamlNode;
use super::leaf::{At, Id, Word};
use super::map::{Pairs, TextMap, shapes};
use crate::time::Day;

shapes! {
    OverlayFile [span] {
        overlay: Id,
        station: Id,
        base: Pairs<Word>,
        valid: Valid,
        reason: String,
        author: String,
        tighten: TextMap<YamlNode>,
        add: TextMap<YamlNode>,
    }
    /// `valid:`
    Valid {
        from: At<Day>,
        to: At<Day>,
    }
}
