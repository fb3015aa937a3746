//! One act = load, decide, save, in one transaction.
//!
//! The only floor where the judgement below meets the plant: it reads from the store, asks the
//! pure rooms, and hands their answers back to the store in one piece. It knows no language and
//! prints nothing; what it says is a value that a door renders.
//!
//! One file per act: `release` (activate), `take` (import) with `aside` and `spool`, `appraise`,
//! `tick` with `dispatch`, `open` (by hand, periodic), `act` and `bulk` through `desk` and `clerk`,
//! `signal`, `retry`, `ask` (read models), `story` (one order's whole history), `why`, `documents`,
//! `errands` (what leaves the building), `calendar`, `verify`, `sample`.

mod act;
mod appraise;
mod aside;
mod ask;
mod bulk;
mod calendar;
mod clerk;
mod desk;
mod dispatch;
mod documents;
mod errands;
mod fault;
mod files;
mod hand_back;
mod kinds;
mod late;
mod open;
mod opening;
mod people;
mod quarantine;
mod release;
mod replay;
mod retell;
mod retry;
mod ring;
mod sample;
mod signal;
mod spool;
mod staff;
mod story;
mod take;
mod tick;
mod told;
mod trail;
mod verify;
mod why;

pub use act::{ActAnswer, ActWish, act, act_many, order_key};
pub use ask::{
    ActionLine, HistoryLine, NextLine, OrderFilter, OrderLine, OrderStory, PlaceLine, SubjectFilter,
    SubjectLine, TermLine, Titles, examine_database, order_story, orders, subject, subjects,
};
pub use bulk::{BulkAct, BulkRefusal, Done, bulk};
pub use calendar::{
    CalendarAnswer, Move, ProposedCalendar, calendar_year, import_calendar, plan_calendar, propose_calendar,
};
pub use desk::{Desk, GROUP_MAX, Queue, Served};
pub use documents::{
    BlankDeed, BlankFilter, BlankLine, BooksLine, DocumentDeed, DocumentFilter, DocumentLine, Issued,
    LackLine, Make, MonthBooks, Printed, ServiceLine, ServiceWish, StationBooks, act_on_document, answers_of,
    blanks, correct_document, documents, file_order, issue_blanks, make_many, missing_of, move_blank,
    reconcile_month, render_document, use_blank, verify_documents,
};
pub use errands::{
    Addressed, Delivered, Directory, ErrandLine, GridPeople, InboxMessage, Intent, Officer, address, carry,
    deliver, directory, errands, inbox, is_anything_to_deliver, prepare, retry_errands,
};
pub use fault::{Fault, Stop};
pub use files::{KeptPapers, Papers, keep_papers};
pub use open::{OpenByHand, Opened, open_by_hand};
pub use people::{
    ConflictLine, DelegationLine, LayDown, LeaveLine, OfficerLine, OfficerStory, PostLine, lay_down,
    officer_story, officers,
};
pub use quarantine::Quarantine;
pub use release::{
    Examined, Live, ReleaseLine, activate, apply, examine, examine_texts, live, load_folder, load_shipped,
    releases, wants_approval,
};
pub use retry::{IncidentLine, StuckOrder, incidents, retry};
pub use sample::{Made, make_sample};
pub use signal::{Signalled, signal};
pub use take::{Imported, Source, import};
pub use tick::{Firing, TickReport, accept_clock, clock_accepted, is_due, last_tick, pass, tick};
pub use told::{Told, first_opened};
pub use verify::{Finding, Verified, verify};
pub use why::{Why, why_order, why_subject};
