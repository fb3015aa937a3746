//! Everything that must hold, in one binary.

mod dates;
mod register;
mod store;
mod tidy;
