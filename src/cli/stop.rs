//! Why a command ended without its answer, and saying so.

use super::out;
use crate::diag::{Diagnostic, SourceMap, render};
use crate::engine::Refusal;
use crate::import::Problem;
use crate::lang::Lang;
use crate::office::{self, Fault, OfficeFault};

/// Why a command ended without its answer.
pub(crate) enum CommandStop {
    /// The command line asks for something that is not to be had: exit 2.
    Usage(&'static str, Vec<(&'static str, String)>),
    /// The policy has problems: exit 1.
    Problems(Box<SourceMap>, Vec<Diagnostic>),
    /// A file as a whole cannot be taken: exit 1.
    File(String, Vec<Problem>),
    /// The lawful no: exit 1.
    Refused(Refusal),
    /// The environment failed: exit 3.
    Failed(Fault),
}

impl From<OfficeFault> for CommandStop {
    fn from(fault: OfficeFault) -> Self {
        Self::Failed(fault.into())
    }
}

impl From<Fault> for CommandStop {
    fn from(fault: Fault) -> Self {
        Self::Failed(fault)
    }
}

impl From<office::OfficeStop> for CommandStop {
    fn from(stop: office::OfficeStop) -> Self {
        match stop {
            office::OfficeStop::Refused(refusal) => Self::Refused(refusal),
            office::OfficeStop::Failed(fault) => Self::Failed(fault),
            office::OfficeStop::Problems(sources, diagnostics) => Self::Problems(sources, diagnostics),
            office::OfficeStop::File(path, problems) => Self::File(path, problems),
        }
    }
}

impl CommandStop {
    /// Returns the exit code.
    pub(crate) const fn code(&self) -> u8 {
        match self {
            Self::Problems(..) | Self::File(..) | Self::Refused(_) => 1,
            Self::Usage(..) => 2,
            Self::Failed(_) => 3,
        }
    }

    /// Says on stderr why, and what to do.
    pub(crate) fn print(&self, lang: Lang) {
        match self {
            Self::Usage(id, args) => say(lang, id, args),
            Self::Refused(refusal) => refused(refusal, lang),
            Self::Failed(fault) => say(lang, fault.id, &fault.args),
            Self::File(path, problems) => show_file(path, problems, lang),
            Self::Problems(sources, diagnostics) => show(sources, diagnostics, lang),
        }
    }
}

fn show(sources: &SourceMap, diagnostics: &[Diagnostic], lang: Lang) {
    for diagnostic in diagnostics {
        out::note(&render::terminal(diagnostic, sources, lang, out::colour()));
    }
}

fn show_file(path: &str, problems: &[Problem], lang: Lang) {
    for problem in problems {
        let (level, code) = (lang.word("level-error"), problem.code.id);
        out::note(&format!("{level} [{code}]: {path}: {}", problem.text(lang)));
        out::note(&format!("  {}: {}", lang.word("level-help"), problem.help(lang)));
    }
}

fn say(lang: Lang, id: &str, args: &[(&str, String)]) {
    out::note(&format!("{} [{id}]: {}", lang.word("level-error"), lang.text(id, args)));
    let help = lang.help(id, args);
    if !help.is_empty() {
        out::note(&format!("  {}: {help}", lang.word("level-help")));
    }
}

/// Says why not, and all that stands behind it, each on its own line.
fn refused(refusal: &Refusal, lang: Lang) {
    say(lang, refusal.id, &refusal.args);
    for part in &refusal.parts {
        out::note(&format!("  - [{}] {}", part.id, lang.text(part.id, &part.args)));
        let help = lang.help(part.id, &part.args);
        if !help.is_empty() {
            out::note(&format!("    {}: {help}", lang.word("level-help")));
        }
    }
}

/// Says on stderr why an act of the office ended.
pub(crate) fn print_stop(stop: &office::OfficeStop, lang: Lang) {
    match stop {
        office::OfficeStop::Refused(refusal) => refused(refusal, lang),
        office::OfficeStop::Failed(fault) => say(lang, fault.id, &fault.args),
        office::OfficeStop::Problems(sources, diagnostics) => show(sources, diagnostics, lang),
        office::OfficeStop::File(path, problems) => show_file(path, problems, lang),
    }
}
