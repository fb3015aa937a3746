//! The register's door: files people make, good and bad, and what becomes of them.

mod corpus;
mod declared;
mod good;
mod history;
mod mangler;
mod order;
mod partial;
mod property;
mod sample;
