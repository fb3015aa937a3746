//! The one integration-test binary.

mod dates;
mod policy;
