//! Powers: what may be done beside the steps of an order, and by whom.

use std::collections::BTreeMap;

use strum::{EnumIter, EnumString, IntoEnumIterator as _, IntoStaticStr};

use super::{Head, RoleIx};
use crate::lang::Lang;

/// What somebody may do beside the steps of an order. Its names are the keys of `powers:`.
///
/// To add one: a variant, its row in [`Power::by_default`], its text `power-<name>` in both languages, and
/// the place that asks for it; the table in `docs/powers.md` and its tests follow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, EnumIter, EnumString, IntoStaticStr)]
#[strum(serialize_all = "kebab-case", const_into_str)]
pub enum Power {
    /// Lay down a post or duty.
    Post,
    /// Lay down a leave.
    Leave,
    /// Lay down that somebody leaves.
    Departure,
    /// Lay down that authority is handed on.
    Delegation,
    /// Lay down a recusal.
    Conflict,
    /// Lay down where notices go.
    Address,
    /// Import subjects and inspections.
    Import,
    /// Import officers, stations and grids.
    ImportStaff,
    /// Put the folder's policy into force, or propose it.
    Apply,
    /// Approve a proposed policy.
    Approve,
    /// Go back to an earlier release, or propose it.
    Rollback,
    /// Import a calendar.
    Calendar,
    /// Give a signal.
    Signal,
    /// Open an order by hand.
    Open,
    /// Let orders that stand still go on.
    Retry,
    /// Issue blanks to a station.
    Issue,
    /// Sign blanks out, take them back and void them.
    Keep,
    /// Report a blank lost.
    Lost,
    /// Close the books of a month.
    CloseMonth,
    /// Make a document by hand, or lay it before its approver.
    Draft,
    /// Sign a document off, send it back or void it.
    SignOff,
    /// Seal a document.
    Seal,
    /// Record the service of a document.
    Serve,
    /// File documents.
    File,
    /// Correct a document that was signed off.
    Correct,
    /// Accept the clock.
    AcceptClock,
    /// Work derived tables out anew from the record.
    Repair,
    /// Remind whoever has a duty.
    Nudge,
    /// Send somebody a copy.
    Copy,
    /// Hand in files with an act.
    Attach,
}

/// Who has a power.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PowerHolder {
    /// Who holds this role, as far as the role reaches.
    Role(RoleIx),
    /// Heads of at least this rank, as far as their role reaches.
    Head(Head),
    /// Who holds any role that reaches the whole bureau.
    Bureau,
    /// Any officer of the station, and of the bureau.
    Staff,
    /// Who has or had a duty of the order.
    Party,
    /// The officer it is about.
    Oneself,
    /// The administrator.
    Administrator,
}

/// The words for holders that are no roles.
pub const HOLDER_WORDS: [(&str, PowerHolder); 8] = [
    ("head", PowerHolder::Head(Head::Unit)),
    ("deputy", PowerHolder::Head(Head::Deputy)),
    ("principal", PowerHolder::Head(Head::Principal)),
    ("bureau", PowerHolder::Bureau),
    ("staff", PowerHolder::Staff),
    ("party", PowerHolder::Party),
    ("oneself", PowerHolder::Oneself),
    ("administrator", PowerHolder::Administrator),
];

/// In whose name operators act without one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Administrator {
    /// An officer of the register, by id.
    Officer(String),
    /// Somebody whom the register need not have, by name.
    Named(String),
}

impl Administrator {
    /// Returns the administrator of a bureau that names none.
    pub fn of(language: Lang) -> Self {
        Self::Named(language.word("system-administrator"))
    }

    /// Returns whether an officer is it.
    pub fn is(&self, id: &str) -> bool {
        match self {
            Self::Officer(officer) => officer == id,
            Self::Named(_) => false,
        }
    }

    /// Returns what the record says: the id, or the name.
    pub fn recorded(&self) -> &str {
        match self {
            Self::Officer(said) | Self::Named(said) => said,
        }
    }
}

/// Who has which power, and with how many persons.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Powers(BTreeMap<Power, PowerRow>);

/// Who has one power.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PowerRow {
    pub holders: Vec<PowerHolder>,
    /// What one proposes, another approves.
    pub takes_two: bool,
}

impl Powers {
    /// Makes the table that holds where `powers:` says nothing, with the rows that it says in their place.
    pub fn with(rows: impl IntoIterator<Item = (Power, PowerRow)>) -> Self {
        let by_default = |power: Power| PowerRow { holders: power.by_default().to_vec(), takes_two: false };
        let mut all: BTreeMap<_, _> = Power::iter().map(|power| (power, by_default(power))).collect();
        all.extend(rows);
        Self(all)
    }

    /// Returns who has a power.
    pub fn holders(&self, power: Power) -> &[PowerHolder] {
        self.0.get(&power).map_or(&[], |row| row.holders.as_slice())
    }

    /// Returns whether the bureau wants two persons for it, whatever `activation` says.
    pub fn takes_two(&self, power: Power) -> bool {
        self.0.get(&power).is_some_and(|row| row.takes_two)
    }
}

impl Default for Powers {
    fn default() -> Self {
        Self::with([])
    }
}

impl Power {
    /// Returns who has it where a policy does not say: the safe default.
    ///
    /// # Source
    /// Policy language, rule 31; domain rules S3, S4, S8, S12, S13.
    pub const fn by_default(self) -> &'static [PowerHolder] {
        use PowerHolder::{Administrator, Bureau, Head as AtLeast, Oneself, Party, Staff};
        const HEAD: PowerHolder = AtLeast(Head::Unit);
        match self {
            Self::Post | Self::Departure | Self::Delegation | Self::Conflict => &[HEAD, Administrator],
            Self::Leave | Self::Address => &[HEAD, Oneself, Administrator],
            Self::ImportStaff | Self::AcceptClock | Self::Repair => &[AtLeast(Head::Deputy), Administrator],
            Self::Import | Self::Apply | Self::Rollback | Self::Calendar => &[Bureau, Administrator],
            Self::Approve => &[AtLeast(Head::Deputy)],
            Self::Signal | Self::Open | Self::CloseMonth | Self::Correct => &[HEAD, Bureau],
            Self::Retry => &[HEAD, Bureau, Administrator],
            Self::Issue => &[Bureau],
            Self::Keep | Self::Lost | Self::SignOff | Self::Seal | Self::Draft => &[Staff],
            Self::Serve | Self::Nudge | Self::Copy => &[Party, HEAD, Bureau],
            // Whoever keeps the files is no party; whose duty was handed on meanwhile must not lose what was
            // done.
            Self::File | Self::Attach => &[Party, Staff],
        }
    }

    /// Returns whether one person can propose what another approves.
    pub const fn can_take_two(self) -> bool {
        matches!(self, Self::Apply | Self::Rollback | Self::Calendar)
    }

    /// Returns whether it may be used while nobody is registered: what brings the register and the policy.
    pub const fn is_for_beginnings(self) -> bool {
        matches!(self, Self::Import | Self::ImportStaff | Self::Apply | Self::AcceptClock | Self::Repair)
    }

    /// Returns whether a head has it over those below him alone. A recusal is decided as the law says.
    pub const fn is_over_people(self) -> bool {
        matches!(self, Self::Post | Self::Departure | Self::Delegation | Self::Leave | Self::Address)
    }

    /// Returns whether nobody may use it on himself.
    pub const fn is_barred_to_oneself(self) -> bool {
        matches!(self, Self::Post | Self::Departure | Self::Delegation | Self::Conflict)
    }
}
