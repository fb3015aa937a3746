//! The register's door: files people make, good and bad, and what becomes of them.

mod corpus;
mod declared;
mod good;
mod history;
mod order;
mod property;
mod sample;
