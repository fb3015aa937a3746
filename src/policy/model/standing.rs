//! Standing items: what the founding policy makes mandatory (`always: true`).

use crate::diag::Span;

/// Something that every later release has to have, too.
///
/// # Source
/// Policy language, rule 34.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StandingItem {
    /// Address made of ids, such as `five-step.steps.revisit` or `tiers.甲.items.主体资格`.
    pub address: String,
    /// What people call it.
    pub title: String,
    pub span: Span,
}
