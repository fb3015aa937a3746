//! How an act ends without its answer.

use std::borrow::Borrow;
use std::fmt::Display;
use std::io;

use crate::diag::{Diagnostic, SourceMap, reasons, said_of_file};
use crate::documents::{DocumentRefusal, PrintFault};
use crate::engine::Refusal;
use crate::import::Problem;
use crate::people::PeopleRefusal;
use crate::{files, store};

/// Something broke; for operators.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Id of its text, `F…`.
    pub id: &'static str,
    /// The words its text names.
    pub args: Vec<(&'static str, String)>,
    /// Whether it would meet every other act too: the database is busy, full, damaged or read-only.
    pub is_everyones: bool,
}

reasons! {
    /// What breaks in the office itself and at its doors.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub enum OfficeFault {
        /// A policy folder cannot be read.
        FolderUnreadable = "F001" { file: String, cause: String },
        /// A file cannot be written.
        FileUnwritable = "F002" { file: String, cause: String },
        /// A file cannot be read.
        FileUnreadable = "F003" { file: String, cause: String },
        /// The folder has no calendar of that id that lists years.
        NoSuchCalendar = "F004" { calendar: String, known: String },
        /// A template failed on a document that the check of templates could not foresee.
        Unprintable = "F005" { template: String, line: usize, cause: String },
        /// The office is closing; nothing was done.
        Closing = "F006",
        /// Another program listens where the HTTP door is to be.
        PortTaken = "F007" { address: String, cause: String },
        /// Something that cannot be, happened.
        Impossible = "F900" { cause: String },
    }
}

impl From<PrintFault> for OfficeFault {
    fn from(PrintFault { template, line, cause }: PrintFault) -> Self {
        Self::Unprintable { template, line, cause }
    }
}

impl OfficeFault {
    /// Names a file that cannot be read, and why.
    pub fn unreadable(file: impl Display, cause: impl Borrow<io::Error>) -> Self {
        Self::FileUnreadable { file: file.to_string(), cause: said_of_file(cause.borrow()) }
    }

    /// Names a file that cannot be written, and why.
    pub fn unwritable(file: impl Display, cause: impl Borrow<io::Error>) -> Self {
        Self::FileUnwritable { file: file.to_string(), cause: said_of_file(cause.borrow()) }
    }

    /// Says what cannot be.
    pub fn impossible(cause: impl Display) -> Self {
        Self::Impossible { cause: cause.to_string() }
    }
}

impl From<OfficeFault> for Fault {
    fn from(fault: OfficeFault) -> Self {
        Self { id: fault.id(), args: fault.args(), is_everyones: false }
    }
}

impl From<store::StoreFault> for Fault {
    fn from(fault: store::StoreFault) -> Self {
        use store::StoreFault as F;
        let is_everyones = matches!(
            fault,
            F::Busy
                | F::Collided
                | F::Lost { .. }
                | F::Full
                | F::ReadOnly
                | F::Unopened { .. }
                | F::Disk { .. }
                | F::Corrupt { .. }
        );
        Self { id: fault.id(), args: fault.args(), is_everyones }
    }
}

impl From<files::FolderFault> for Fault {
    fn from(fault: files::FolderFault) -> Self {
        let files::FolderFault { path, cause } = fault;
        let (file, cause) = (path.display().to_string(), said_of_file(&cause));
        OfficeFault::FolderUnreadable { file, cause }.into()
    }
}

impl From<files::FileFault> for Fault {
    fn from(fault: files::FileFault) -> Self {
        match fault {
            files::FileFault::Unread { path, cause } => OfficeFault::unreadable(path.display(), cause),
            files::FileFault::Unwritten { path, cause } => OfficeFault::unwritable(path.display(), cause),
        }
        .into()
    }
}

/// How often what collided with others is begun anew, from loading on.
const TRIES: u32 = 5;

/// Does something again while it collides with what others write; each time everything is read anew.
pub(crate) async fn again_when_collided<T>(mut work: impl AsyncFnMut() -> Answer<T>) -> Answer<T> {
    for _ in 1..TRIES {
        match work().await {
            Err(OfficeStop::Failed(fault)) if fault.id == store::StoreFault::Collided.id() => {}
            done => return done,
        }
    }
    work().await
}

/// What an act of the office ends with: its answer, or why there is none.
pub type Answer<T> = Result<T, OfficeStop>;

/// Why an act ended without its answer.
#[derive(Debug)]
pub enum OfficeStop {
    /// The lawful no.
    Refused(Refusal),
    /// Something broke.
    Failed(Fault),
    /// A file as a whole cannot be taken.
    File(String, Vec<Problem>),
    /// The policy has problems.
    Problems(Box<SourceMap>, Vec<Diagnostic>),
}

impl From<Refusal> for OfficeStop {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<PeopleRefusal> for OfficeStop {
    fn from(refusal: PeopleRefusal) -> Self {
        Self::Refused(refusal.into())
    }
}

impl From<DocumentRefusal> for OfficeStop {
    fn from(refusal: DocumentRefusal) -> Self {
        Self::Refused(refusal.into())
    }
}

impl<F: Into<Fault>> From<F> for OfficeStop {
    fn from(fault: F) -> Self {
        Self::Failed(fault.into())
    }
}

/// Writes the words of a text as a JSON object.
pub(crate) fn as_map<S: serde::Serializer>(
    args: &[(&'static str, String)],
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.collect_map(args.iter().map(|(name, value)| (*name, value)))
}
