//! One act = load, decide, save, in one transaction.
//!
//! The only floor where the judgement below meets the plant: it reads from the store, asks the
//! pure rooms, and hands their answers back to the store in one piece. It knows no language and
//! prints nothing; what it says is a value that a door renders.
//!
//! Its rooms stand along who asks and when, each knowing only those above it in this list:
//!
//! ```text
//!   fault places folder_stations live context refusal_names authority written_moment order_id find_subject numbering signal_notes  what all of them share
//!   people                                       who there is
//!   outbox                                       what leaves the building
//!   documents                                    what orders print
//!   appraisal                                    tiers, scores, next dates
//!   opening                                      orders are opened
//!   desk                                         people act on orders
//!   signals                                      what happened outside reaches orders
//!   tick                                         time passes
//!   intake                                       files become the register
//!   release                                      policies and calendars come into force
//!   audit                                        the record is read again and compared
//!   backup                                       it is put aside whole, and put back
//!   query                                        what doors show
//!   sample                                       the demo's register
//! ```

mod active_release;
mod appraisal;
mod audit;
mod authority;
mod backup;
mod context;
mod desk;
mod documents;
mod fault;
mod find_order;
mod find_subject;
mod folder_stations;
mod intake;
mod numbering;
mod opening;
mod outbox;
mod people;
mod places;
mod plan;
mod query;
mod refusal_names;
mod release;
mod sample;
mod signal_notes;
mod signals;
mod tick;
mod written_moment;

pub use crate::store::blanks::BlankFilter;
pub use crate::store::documents::DocumentFilter;
pub use crate::store::order_list::OrderFilter;
pub(crate) use active_release::ACTOR;
pub use active_release::{
    ActiveRelease, FolderReport, HoldingFolder, LapsedOverlay, examine, examine_texts, examine_texts_on,
    last_tick, live, load_folder, load_holding, load_shipped, newer,
};
pub use appraisal::quarantine::Quarantine;
pub use audit::export::export;
pub use audit::findings::{Finding, VerifyReport};
pub use audit::repair::{RepairReport, RepairedTable, repair};
pub use audit::verify::verify;
pub use authority::allow_named;
pub use backup::{
    BackupHealth, BackupManifest, BackupOutcome, BackupReport, BackupTry, BackupVerification, BackupWish,
    CopyReport, GivenNumbers, PassedNumbers, RestoreReport, RestoreWish, ScheduledBackup, back_up,
    back_up_as_scheduled, backed_up_database, backup_health, backup_schedule, copy_database, note_numbers,
    note_try, restore, tell_of_alarm,
};
pub(crate) use context::LIST_ROWS;
pub use context::{ActContext, Intent, WrittenMoment};
pub use desk::act::{act, act_many, action_named, order_key, step_named};
pub use desk::attachments::{HandedFile, HandedPapers, Papers, look_at_papers};
pub use desk::bulk::{BulkAct, BulkRefusal, BulkReport, bulk};
pub use desk::request::{ActAnswer, ActWish, AwaitedLine, ConfirmedLine, ShortLine};
pub use desk::retry::{IncidentLine, StuckOrder, incidents, retry};
pub use desk::write_queue::{GROUP_MAX, Queue, QueueReport, WriteQueue};
pub use documents::{
    BlankCommand, BlankIssue, BlankLine, BlankUse, BooksLine, Correction, DocumentCommand, DocumentLine,
    IssuedBlanks, LackLine, Make, MonthBooks, MonthWish, PrintedPage, ServiceLine, ServiceWish, StationBooks,
    UnsignedLine, act_on_document, answers_of, blanks, correct_document, documents, file_order, issue_blanks,
    make_many, missing_of, move_blank, reconcile_month, render_document, use_blank,
};
pub use fault::{Answer, Fault, OfficeFault, OfficeStop};
pub use intake::import::{ImportReport, import};
pub use intake::preview::{ImportPreview, LateSubject, NextMoves};
pub use intake::source::ImportSource;
pub use numbering::{StationTitles, grid_titles, station_titles};
pub use opening::opener::PassedOver;
pub use opening::undated::{OpenByHand, OpenedByHand, open_by_hand};
pub use outbox::{
    AddressReport, Delivery, DeliveryReport, Directory, DirectoryOfficer, InboxFilter, InboxMessage,
    OutboxLine, address, carry, count_on_the_way, deliver, directory, inbox, is_anything_to_deliver,
    list_outbox, prepare, retry_outbox,
};
pub use people::{OfficerLine, OfficerStory, PersonnelFact, officer_story, officers, refuse_stranger};
pub use plan::{
    CountOrList, NamedWeek, OrderReport, PaperChange, PlanFrame, PlanOutcome, PlanReport, PlanTelling,
    PlanWish, ReasonPair, RegisterState, RunningOrders, TierChanges, TriedChange, WeekTotal, find_plan,
    keep_plan, plans, refuse_stale_plan, rehearse,
};
pub use query::blank_form::{BlankForm, blank_form};
pub use query::database::{DatabaseCounts, count_database, examine_database, probe_database};
pub use query::effective::{
    ClauseKind, EffectiveLine, EffectiveText, EffectiveWish, LineOrigin, effective, effective_of_folder,
};
pub use query::history::{ActionLine, HistoryLine};
pub use query::opened_by::OpenedBy;
pub use query::opened_summary::{OpenedSummary, first_opened};
pub use query::order_story::{
    OpenPauseLine, OrderStory, OrderTitles, PlaceLine, RelatedOrder, TermLine, UnconfirmedLine, order_story,
};
pub use query::orders::{OrderLine, orders, orders_of_subject};
pub use query::overlay_name::OverlayName;
pub use query::promotion::{
    AdoptionLine, CaseLine, PromotedText, PromotionLine, PromotionProposal, PromotionReport, PromotionWish,
    StationAdoption, promote,
};
pub use query::subjects::{NextLine, SubjectFilter, SubjectLine, subject, subjects};
pub use query::timeliness::{OnTime, Timeliness, TimelinessLine, TimelinessPeriod};
pub use query::undecided::UndecidedReason;
pub use query::why::{OverlayReason, TermReason, Why, why_order, why_subject};
pub use query::why_not::{
    Alternatives, DateAlternative, InputChange, OfficerStanding, StaffingLine, StaffingPlace,
    SubjectQuestion, TierAlternative, officer_standing,
};
pub use release::activate::{
    ReleaseStory, activate, dropped, release_changes, release_of_number, release_story, releases,
    waits_for_second,
};
pub use release::calendar::{
    CalendarAnswer, CalendarEdit, ProposedCalendar, calendar_year, plan_calendar, propose_calendar,
};
pub use release::date_move::DateMove;
pub use release::migrate::MigratedOrders;
pub use release::propose::{
    ChangeHand, ProposalApproval, ProposalLine, ReleaseAnswer, ReleaseState, allow_apply, apply,
    approve_proposal, begin_approved, import_calendar, list_proposals, rollback,
};
pub use release::shadow::{
    SHADOW_DAYS_MAX, ShadowReport, ShadowWish, begin_shadow, compare_shadows, shadow_report,
};
pub use sample::{SampleCounts, make_sample};
pub use signals::carry::{SignalReport, SignalWish, signal};
pub use signals::personnel::record_personnel;
pub use tick::pass::{Firing, TickReport, accept_clock, clock_accepted, is_due, pass, tick};
pub use written_moment::{note_rehearsal, note_wall_time, refuse_false_moment, refuse_other_clock};
