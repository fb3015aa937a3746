//! Acts on orders: asked for by people and signals, carried out in groups, one transaction each.

pub(crate) mod act;
pub(crate) mod attachments;
pub(crate) mod bulk;
pub(crate) mod clerk;
pub(crate) mod late;
pub(crate) mod queue;
pub(crate) mod recall_blanks;
pub(crate) mod request;
pub(crate) mod retry;
pub(crate) mod subjects;
