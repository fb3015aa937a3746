//! The one integration-test binary: every folder beside this file is a module.

mod store;
