//! Something the engine asks: a function of the bureau's script, or an expression.

use std::sync::Arc;

use rhai::AST;

use super::tree::Tree;
use super::unit::SourceUnit;
use super::walk::NameUse;
use crate::diag::Span;

/// Something the engine asks.
pub(super) struct EntryPoint {
    pub(super) unit: Arc<SourceUnit>,
    /// Compiled under strict names, to be run.
    pub(super) ast: AST,
    /// The function to call; none for an expression.
    pub(super) function: Option<&'static str>,
    pub(super) tree: Option<Tree>,
    pub(super) locals: usize,
    /// What it reads of the names it starts from.
    pub(super) reads: Vec<NameUse>,
}

impl EntryPoint {
    /// Returns where it stands: the body of the function, or the expression.
    pub(super) fn place(&self) -> Span {
        let function = self.function.and_then(|name| self.unit.function(name, 1));
        function.map_or(self.unit.span, |function| self.unit.body(function))
    }
}
