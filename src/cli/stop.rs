//! Why a command ended without its answer, and saying so.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use super::out;
use crate::diag::{Diagnostic, SourceMap};
use crate::engine::Refusal;
use crate::import::Problem;
use crate::lang::Lang;
use crate::office::OfficeStop;

/// Why a command ended without its answer.
pub(crate) enum CommandStop {
    /// The command line asks for something that is not to be had: exit 2.
    Usage(&'static str, Vec<(&'static str, String)>),
    /// The office ended it: exit 1, or 3 when the environment failed.
    Office(OfficeStop),
}

impl<S: Into<OfficeStop>> From<S> for CommandStop {
    fn from(stop: S) -> Self {
        Self::Office(stop.into())
    }
}

impl CommandStop {
    /// Says that an argument is not written in the form it must have.
    pub(crate) fn unreadable(argument: &'static str, text: &str, form: &str) -> Self {
        let args = [("argument", argument), ("text", text), ("form", form)];
        Self::Usage("U006", args.map(|(name, value)| (name, value.to_owned())).to_vec())
    }

    /// Returns the exit code.
    pub(crate) const fn code(&self) -> u8 {
        match self {
            Self::Office(OfficeStop::Problems(..) | OfficeStop::File(..) | OfficeStop::Refused(_)) => 1,
            Self::Usage(..) => 2,
            Self::Office(OfficeStop::Failed(_)) => 3,
        }
    }

    /// Returns whether another dispatcher has the database.
    pub(crate) fn is_held(&self) -> bool {
        matches!(self, Self::Office(OfficeStop::Failed(fault)) if fault.id.starts_with("fault-held"))
    }

    /// Returns whether the database's server cannot be reached now.
    pub(crate) fn is_lost(&self) -> bool {
        matches!(self, Self::Office(OfficeStop::Failed(fault)) if fault.id == "fault-lost")
    }

    /// Says on stderr why, and what to do.
    pub(crate) fn print(&self, lang: Lang) {
        match self {
            Self::Usage(id, args) => say(lang, id, args),
            Self::Office(stop) => print_stop(stop, lang),
        }
    }
}

/// Refuses to write an answer over a file that does not begin as the answer does, so that no database, policy or paper
/// is lost to a slip.
pub(super) fn refuse_other_file(path: &Path, begins: &str) -> Result<(), CommandStop> {
    let mut first = vec![0; begins.len()];
    let Ok(mut file) = File::open(path) else { return Ok(()) };
    if file.read_exact(&mut first).is_ok() && first == begins.as_bytes() {
        return Ok(());
    }
    Err(CommandStop::Usage("U011", vec![("path", path.display().to_string())]))
}

fn show(sources: &SourceMap, diagnostics: &[Diagnostic], lang: Lang) {
    for diagnostic in diagnostics {
        out::note_problem(diagnostic, sources, lang);
    }
}

fn show_file(path: &str, problems: &[Problem], lang: Lang) {
    for problem in problems {
        let (level, code) = (lang.word("level-error"), problem.code.id);
        out::note(&format!("{level} [{code}]: {path}: {}", problem.text(lang)));
        out::note(&format!("  {}: {}", lang.word("level-help"), problem.help(lang)));
    }
}

/// Says on stderr what is wrong, and what helps.
pub(crate) fn say(lang: Lang, id: &str, args: &[(&str, String)]) {
    out::note(&format!("{} [{id}]: {}", lang.word("level-error"), lang.text(id, args)));
    let help = lang.help(id, args);
    if !help.is_empty() {
        out::note(&format!("  {}: {help}", lang.word("level-help")));
    }
}

/// Says why not, and all that stands behind it, each on its own line.
pub(super) fn refused(refusal: &Refusal, lang: Lang) {
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
pub(crate) fn print_stop(stop: &OfficeStop, lang: Lang) {
    match stop {
        OfficeStop::Refused(refusal) => refused(refusal, lang),
        OfficeStop::Failed(fault) => say(lang, fault.id, &fault.args),
        OfficeStop::Problems(sources, diagnostics) => show(sources, diagnostics, lang),
        OfficeStop::File(path, problems) => show_file(path, problems, lang),
    }
}
