//! The bureau's own judgement: scripts that give a tier and a score, conditions that say who is meant.
//!
//! Only this room names the script language. It knows nothing of dates to come, orders or
//! people; it answers, for a batch of subjects on a day, what the scripts say, from which
//! inputs, and on which day time alone will change an input; and, of the record of one order,
//! which way it goes next (`branch`).
//!
//! ```text
//!  text ── read ──▶ unit ── walk ──▶ slots (inputs) + tree ──▶ judge ──▶ Judgement
//!             │              │                 │                 │
//!         S001–S007      S008–S038     interpreter (host)      memo by inputs
//! ```
//!
//! A script never sees the subject itself, only its prepared inputs, so equal inputs give equal
//! answers and are asked once. The interpreter is the reference; the typed tree answers where
//! it is sure and is held to the interpreter by a differential test. To add a function that
//! scripts may call: see the head of `host/functions.rs`, which lists them.

mod alternative;
mod branch;
mod compile;
mod entry;
mod fault;
mod host;
mod judge;
mod kind;
mod read;
mod slot;
mod trace;
mod tree;
mod unit;
mod value;
mod walk;

use std::collections::BTreeMap;
use std::ops::Deref;
use std::sync::{Arc, Mutex};

use crate::diag::Span;
use crate::policy::{TierIx, WorkflowIx};
use crate::register::Subject;
use crate::time::Day;

pub use alternative::{InputAlternative, WantedAnswer};
pub use branch::{
    BranchChoice, Inputs, OrderFacts, ParentRecord, StepCompletion, StepRecord, again, together,
};
pub use fault::RuleFault;
pub use judge::Executor;
pub use trace::Trace;
pub use tree::DecidingLine;
pub use value::Val;

use entry::EntryPoint;
use judge::Memo;

/// Compiled rules, ready to be asked.
pub struct Rules {
    compiled: Arc<CompiledRules>,
    memo: Memo,
    /// What stations' own numbers and scripts made of the texts so far.
    of_stations: Mutex<BTreeMap<StationReading, Arc<CompiledRules>>>,
}

/// What of a station's text the rules depend on: its scripts and the numbers that all scripts read.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct StationReading {
    /// The station, where it has scripts of its own.
    scripts_of: Option<String>,
    /// The parameters' bits, in their order.
    numbers: Vec<u64>,
}

/// What the texts came to; shared by all stations that ask nothing else.
struct CompiledRules {
    engine: rhai::Engine,
    /// Scripts that give tier and score: the bureau's.
    bureau: Entries,
    /// The station's own, where its text has some and the bureau opens their slots.
    station: Entries,
    whens: Vec<(WorkflowIx, usize)>,
    conditions: Vec<EntryPoint>,
    expressions: branch::Expressions,
    slots: Arc<slot::Slots>,
    data: Arc<host::PolicyData>,
}

/// The functions that are asked of scripts.
#[derive(Default)]
struct Entries {
    tier: Option<EntryPoint>,
    score: Option<EntryPoint>,
}

/// Runs what asks rules many times on the threads on which they are asked.
pub fn on_threads<T: Send>(ask: impl FnOnce() -> T + Send) -> T {
    host::threads().install(ask)
}

impl std::fmt::Debug for Rules {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Rules")
            .field("slots", &self.compiled.slots)
            .field("whens", &self.compiled.whens)
            .finish_non_exhaustive()
    }
}

/// What the rules say of one set of inputs.
#[derive(Clone, Debug, PartialEq)]
pub struct Evaluation {
    pub tier: Result<TierIx, RuleFault>,
    pub score: Result<f64, RuleFault>,
    /// Whether each trigger's condition holds, in the order of [`Rules::whens`].
    pub when: Vec<Result<bool, RuleFault>>,
    /// What the bureau's scripts answer where the station's own is stricter.
    pub overruled: Overruled,
    /// Why a script of the station's own has no answer, where the bureau's stands alone because of it.
    pub station_fault: Option<RuleFault>,
    /// What was asked and answered; equal inputs share one.
    pub inputs: Arc<Decision>,
}

impl Evaluation {
    /// Returns whether some of it was told to stop, so that it is no verdict.
    pub(super) fn is_stopped(&self) -> bool {
        let faults = [self.tier.as_ref().err(), self.score.as_ref().err(), self.station_fault.as_ref()];
        let faults = faults.into_iter().flatten();
        faults.chain(self.when.iter().filter_map(|when| when.as_ref().err())).any(RuleFault::is_stop)
    }
}

/// What the bureau's scripts say of a subject whose station has a stricter answer.
///
/// # Source
/// Policy language §4: the engine computes both and takes the stricter one.
#[derive(Clone, Copy, Debug, PartialEq, Default)]
pub struct Overruled {
    pub tier: Option<TierIx>,
    pub score: Option<f64>,
}

/// What the rules say of one subject on one day.
#[derive(Clone, Debug, PartialEq)]
pub struct Judgement {
    answer: Arc<Evaluation>,
    /// The first later day on which time alone changes an input.
    pub changes_on: Option<Day>,
}

impl Deref for Judgement {
    type Target = Evaluation;

    fn deref(&self) -> &Evaluation {
        &self.answer
    }
}

/// What decided: the inputs with their values and the answers, kept once for all with equal inputs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// First 16 hex digits of the digest of `body`.
    pub id: String,
    /// JSON `{policy, tier, score, inputs}` with sorted inputs; `bureau` with the tier or score that a
    /// station's own script made stricter.
    pub body: String,
}

impl Rules {
    fn of(compiled: Arc<CompiledRules>) -> Self {
        Self { compiled, memo: Memo::default(), of_stations: Mutex::default() }
    }

    /// Returns the triggers that have a condition, in the order of the files.
    pub fn whens(&self) -> &[(WorkflowIx, usize)] {
        &self.compiled.whens
    }

    /// Returns the first day after `day` on which time alone changes an input of this subject.
    pub fn changes_on(&self, subject: &Subject, day: Day) -> Option<Day> {
        self.compiled.slots.changes_on(subject, day)
    }

    /// Returns the functions of the station's own that are asked beside the bureau's, with the places of them.
    pub fn of_station(&self) -> impl Iterator<Item = (&'static str, Span)> {
        let Entries { tier, score } = &self.compiled.station;
        let place = |entry: &Option<EntryPoint>| entry.as_ref().map(EntryPoint::place);
        let own = [("tier", place(tier)), ("score", place(score))];
        own.into_iter().filter_map(|(name, place)| Some((name, place?)))
    }

    /// Returns how many sets of inputs were evaluated so far.
    pub fn evaluations(&self) -> u64 {
        self.memo.evaluations()
    }
}
