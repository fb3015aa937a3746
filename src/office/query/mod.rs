//! What doors show. Reads only.

pub(crate) mod blank_form;
pub(crate) mod database;
pub(crate) mod effective;
pub(crate) mod history;
pub(crate) mod opened_by;
pub(crate) mod opened_summary;
pub(crate) mod order_story;
pub(crate) mod orders;
pub(crate) mod overlay_name;
pub(crate) mod promotion;
pub(crate) mod subjects;
pub(crate) mod timeliness;
pub(crate) mod undecided;
pub(crate) mod why;
pub(crate) mod why_not;
