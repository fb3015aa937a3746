//! Taking files into the register.

pub(crate) mod external_sort;
pub(crate) mod file_reader;
pub(crate) mod import;
pub(crate) mod import_kinds;
pub(crate) mod listed_people;
pub(crate) mod preview;
pub(crate) mod source;
