//! `stations/*/overlay.yaml`.

use super::leaf::{At, Id, Word};
use super::shape::{Headed, Pairs, shapes};
use super::{Loose, Node};
use crate::time::Day;

shapes! {
    /// The whole file.
    OverlayFile [span] {
        overlay: Id,
        station: Id,
        base: Pairs<Word>,
        valid: Valid,
        reason: Word,
        author: Word,
        tighten: Headed<Loose>,
        add: Headed<Node>,
    }
    /// `valid:`
    Valid {
        from: At<Day>,
        to: At<Day>,
    }
}
