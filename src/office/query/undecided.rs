//! Why the rules have no answer for a subject: what is wrong, where, and which of its data are not there.

use serde::Serialize;

use crate::explain::place;
use crate::office::appraisal::quarantine;
use crate::policy::Policy;
use crate::rules::{RuleFault, Trace, Val};

/// Why the rules have no answer.
#[derive(Clone, Debug, Serialize)]
pub struct UndecidedReason {
    /// Code and place, as it is kept with the subject: `S104 rules/risk.rhai:12`.
    pub cause: String,
    pub code: &'static str,
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// What stands there.
    pub text: String,
    /// Names of what the rules read of the subject and it does not have.
    pub missing: Vec<String>,
    /// The words of the code's text.
    #[serde(skip)]
    pub args: Vec<(&'static str, String)>,
}

impl UndecidedReason {
    pub(crate) fn of(policy: &Policy, fault: &RuleFault, trace: &Trace) -> Self {
        let at = place(policy, fault.span, String::new());
        let missing = trace.inputs.iter().filter(|(_, value)| *value == Val::Missing);
        Self {
            cause: quarantine::cause(policy, fault),
            code: fault.code.id,
            file: at.file,
            line: at.line,
            text: at.text,
            missing: missing.map(|(name, _)| name.clone()).collect(),
            args: fault.args.to_vec(),
        }
    }
}
