//! Text that policy staff wrote, made into one checked, immutable value.

mod model;

pub use model::*;
