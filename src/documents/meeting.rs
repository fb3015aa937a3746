//! The page that a meeting decides by: one file, without anything from outside, for A4.
//!
//! It says no word of its own: whoever fills it in knows the reader's language. Nothing is kept of it, so
//! the page has no editions.

use serde::Serialize;

use super::PrintFault;
use super::print::{bare_environment, render};
use crate::lang::Lang;

/// What every such page begins with, so that it is known again.
pub const MEETING_MARK: &str = "<!DOCTYPE html>\n<!-- wubu meeting -->\n";

/// What stands on the page.
#[derive(Clone, Debug, Serialize)]
pub struct MeetingPage {
    pub language: Lang,
    pub title: String,
    /// Name and text of what the head of the page says.
    pub facts: Vec<MeetingFact>,
    pub sections: Vec<MeetingSection>,
    /// Who signs, each on a line of his own.
    pub signatures: Vec<String>,
    /// What stands between a name and a date on a signature's line.
    pub date: String,
    /// What is added on pages of its own.
    pub annex: MeetingSection,
}

/// A line of the head.
#[derive(Clone, Debug, Serialize)]
pub struct MeetingFact {
    pub name: String,
    pub text: String,
}

/// A section; what it does not have is left out.
#[derive(Clone, Debug, Default, Serialize)]
pub struct MeetingSection {
    pub title: String,
    /// Sentences, one paragraph each.
    pub lines: Vec<String>,
    pub chart: Option<MeetingChart>,
    pub table: Option<MeetingTable>,
    /// Texts before and after.
    pub texts: Vec<MeetingText>,
    /// How what stands above was counted.
    pub note: Option<String>,
}

/// Shares as bars, in groups of equally many.
#[derive(Clone, Debug, Serialize)]
pub struct MeetingChart {
    /// What it shows, for those who cannot see it.
    pub title: String,
    groups: Vec<MeetingGroup>,
}

impl MeetingChart {
    /// Makes a chart; none without a group.
    pub fn of(title: &str, groups: Vec<MeetingGroup>) -> Option<Self> {
        (!groups.is_empty()).then(|| Self { title: title.to_owned(), groups })
    }
}

/// Bars that are compared.
#[derive(Clone, Debug, Serialize)]
pub struct MeetingGroup {
    pub title: String,
    pub bars: Vec<MeetingBar>,
}

/// One bar.
#[derive(Clone, Debug, Serialize)]
pub struct MeetingBar {
    /// Which of the kinds that are told apart.
    pub kind: &'static str,
    pub name: String,
    /// How much of a full bar, 0 to 1000.
    pub per_mille: i64,
    pub value: String,
}

/// A table.
#[derive(Clone, Debug, Serialize)]
pub struct MeetingTable {
    pub head: Vec<String>,
    pub rows: Vec<Vec<String>>,
}

/// Lines of one file.
#[derive(Clone, Debug, Serialize)]
pub struct MeetingText {
    /// The file and the line.
    pub place: String,
    pub old: Vec<String>,
    pub new: Vec<String>,
}

/// Prints the page.
///
/// # Errors
/// [`PrintFault`] when it is longer than a page may be.
pub fn print_meeting(page: &MeetingPage) -> Result<String, PrintFault> {
    let mut templates = bare_environment();
    templates.add_template("meeting", include_str!("templates/meeting.html"))?;
    let body = render(&templates.get_template("meeting")?, page)?;
    Ok(format!("{MEETING_MARK}{body}"))
}
