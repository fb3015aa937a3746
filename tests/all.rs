//! Everything that must hold, in one binary.

mod tidy;
