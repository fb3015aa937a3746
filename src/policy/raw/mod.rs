//! What was typed: one shape for each kind of file, every leaf that is judged later with its place.
//!
//! Nothing here knows whether a name exists or a number makes sense; `resolve` does. To add a key:
//! one line in its shape (`shapes!`), and its meaning in `resolve`. To add a closed choice: one
//! line in `words!`. Unknown keys are refused with the nearest known one, and every problem of a
//! file is told at once.

mod bureau;
mod calendar;
mod case;
mod course;
pub(super) mod leaf;
mod map;
mod node;
mod opening;
mod overlay;
mod rules;
mod shape;
mod syntax_hints;
mod workflow;

pub(super) use bureau::*;
pub(super) use calendar::*;
pub(super) use case::*;
pub use course::*;
pub(super) use leaf::Loose;
pub use leaf::{At, Id, Word};
pub use map::FreeMap;
pub(super) use map::{Pairs, TextMap};
pub(super) use node::{NodeKind, YamlKey, YamlNode, parse};
pub use opening::*;
pub(super) use overlay::*;
pub(super) use rules::*;
pub use shape::Many;
pub(super) use shape::{MapOr, Shape};
pub(super) use workflow::*;
