//! Acts on orders: asked for by people and signals, carried out in groups, one transaction each.

pub(crate) mod act;
pub(crate) mod act_executor;
mod acted_on;
pub(crate) mod attachments;
pub(crate) mod bulk;
pub(crate) mod late;
pub(crate) mod recall_blanks;
pub(crate) mod request;
pub(crate) mod retry;
pub(crate) mod subjects;
pub(crate) mod write_queue;
