//! Why a rule gave no answer, in codes and places.

use std::sync::Arc;

use rhai::{EvalAltResult, Position};

use crate::diag::{Code, Diagnostic, Span, codes};
use crate::limits;

use super::host::{NativeRefusal, OutOfTime};
use super::unit::SourceUnit;

/// An answer that could not be had. The subject keeps its tier and is listed.
///
/// # Source
/// Policy language rule 14.
#[derive(Clone, Debug, PartialEq)]
pub struct RuleFault {
    /// Which problem.
    pub code: Code,
    /// Where in the script or the expression.
    pub span: Span,
    /// The words the code's text names.
    pub args: Arc<[(&'static str, String)]>,
}

impl RuleFault {
    pub(super) fn new(code: Code, span: Span, args: Vec<(&'static str, String)>) -> Self {
        Self { code, span, args: args.into() }
    }

    /// Returns whether it is no verdict but an evaluation that was told to stop.
    pub fn is_stop(&self) -> bool {
        [codes::RULE_STOPPED, codes::RULE_TIME].contains(&self.code)
    }

    /// Returns it as a diagnostic, which doors know how to show.
    pub fn diagnostic(&self) -> Diagnostic {
        let mut diagnostic = Diagnostic::new(self.code, self.span);
        diagnostic.args = self.args.to_vec();
        diagnostic
    }
}

/// Translates what the interpreter says; none is a panic. `whole` is the place when none is known.
pub(super) fn of(unit: &SourceUnit, whole: Span, error: Option<Box<EvalAltResult>>) -> RuleFault {
    let Some(error) = error else {
        return RuleFault::new(codes::RULE_CRASHED, whole, Vec::new());
    };
    let (inner, at) = innermost(&error, Position::NONE);
    let span = if at.is_none() { whole } else { unit.word(at) };
    let (code, args) = meaning(inner, unit.line(at));
    RuleFault::new(code, span, args)
}

fn innermost(error: &EvalAltResult, outer: Position) -> (&EvalAltResult, Position) {
    let own = error.position();
    let at = if own.is_none() { outer } else { own };
    match error {
        EvalAltResult::ErrorInFunctionCall(_, _, inner, _) => innermost(inner, at),
        _ => (error, at),
    }
}

/// Says what an error means; `line` is the text it happened in.
fn meaning(error: &EvalAltResult, line: &str) -> (Code, Vec<(&'static str, String)>) {
    let what = || vec![("what", line.to_owned())];
    match error {
        EvalAltResult::ErrorRuntime(value, _) => match value.read_lock::<NativeRefusal>() {
            Some(refused) => (refused.code, refused.args.clone()),
            None => (codes::RULE_FAILED, what()),
        },
        EvalAltResult::ErrorTerminated(token, _) if token.is::<OutOfTime>() => {
            (codes::RULE_TIME, vec![("limit", limits::SCRIPT_MILLISECONDS.to_string())])
        }
        EvalAltResult::ErrorTooManyOperations(_) | EvalAltResult::ErrorTerminated(..) => {
            (codes::RULE_BUDGET, vec![("limit", limits::SCRIPT_OPERATIONS.to_string())])
        }
        EvalAltResult::ErrorStackOverflow(_) => {
            (codes::RULE_CALL_DEPTH, vec![("limit", limits::SCRIPT_CALL_DEPTH.to_string())])
        }
        EvalAltResult::ErrorDataTooLarge(..) | EvalAltResult::ErrorTooManyVariables(_) => {
            (codes::RULE_DATA_SIZE, Vec::new())
        }
        EvalAltResult::ErrorArithmetic(..) => (codes::RULE_ARITHMETIC, what()),
        EvalAltResult::Exit(..) => (codes::RULE_NOT_ALLOWED, vec![("word", "exit".to_owned())]),
        // The signature shows what it was called with; `()` is a missing value.
        EvalAltResult::ErrorFunctionNotFound(called, _) if called.contains("()") => {
            (codes::RULE_MISSING, Vec::new())
        }
        // The interpreter's own words are in one language and name its types; the line says more.
        _ => (codes::RULE_FAILED, what()),
    }
}
