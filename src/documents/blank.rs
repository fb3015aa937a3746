//! Blanks: from issue to the file, with the two ways out.

use strum::{IntoStaticStr, VariantNames};

use crate::policy::{BlankRoles, DocumentKind, Policy};

use super::{ActingPerson, Control, Document, DocumentKey, DocumentRefusal, DocumentState};

/// Most blanks of one kind issued at once: a year's stock of a large station.
pub const BLANKS_AT_ONCE: i64 = 10_000;

/// One numbered blank.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Blank {
    /// Its number.
    pub control: Control,
    /// The station it was issued to.
    pub station: String,
    /// Where it is.
    pub state: BlankState,
    /// That somebody wants it voided, while the second person has yet to confirm; any other act ends it.
    pub voiding: Option<VoidRequest>,
}

/// That the keeper of a blank asks another to void it with him.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VoidRequest {
    /// The keeper who asks.
    pub by: String,
    /// Who has to confirm it as himself.
    pub second: String,
    /// Whether the original is kept.
    pub has_original: bool,
}

/// Where a blank is. Its names stand in JSON, in the database and in ids of texts.
#[derive(Clone, Debug, PartialEq, Eq, IntoStaticStr, VariantNames)]
#[strum(serialize_all = "snake_case", const_into_str)]
pub enum BlankState {
    /// In the keeper's stock.
    InStock,
    /// With an officer.
    SignedOut {
        /// The keeper who gave it.
        keeper: String,
        /// The officer who signed for it.
        officer: String,
    },
    /// A document is written on it.
    InUse {
        /// The officer who wrote it.
        officer: String,
        document: DocumentKey,
    },
    /// Its document is in the archive.
    Filed { document: DocumentKey },
    /// Its number is cancelled.
    Voided {
        /// Whether the original was kept.
        has_original: bool,
    },
    /// Nobody knows.
    Lost,
}

impl BlankState {
    /// Returns who has it in hand, when an officer has.
    pub fn holder(&self) -> Option<&str> {
        match self {
            Self::SignedOut { officer, .. } | Self::InUse { officer, .. } => Some(officer),
            Self::InStock | Self::Filed { .. } | Self::Voided { .. } | Self::Lost => None,
        }
    }
}

/// What is done with a blank. Its names stand in records and in ids of texts.
#[derive(Clone, Copy, Debug, IntoStaticStr)]
#[strum(serialize_all = "snake_case", const_into_str)]
pub enum BlankAct<'a> {
    /// An officer signs for it.
    SignOut {
        /// Who gives it.
        keeper: &'a ActingPerson,
        /// Who takes it.
        officer: &'a ActingPerson,
    },
    /// A document is written on it.
    Use {
        /// Who writes.
        officer: &'a ActingPerson,
        document: &'a DocumentKey,
    },
    /// It comes back unused.
    Return {
        /// Who takes it back.
        keeper: &'a ActingPerson,
    },
    /// Its keeper asks another to void it with him, or that one confirms.
    Void {
        /// Who asks or confirms.
        by: &'a ActingPerson,
        /// Who has to confirm.
        with: Option<&'a ActingPerson>,
        /// Whether the original is kept.
        has_original: bool,
        /// The document written on it.
        document: Option<&'a Document>,
    },
    /// The original of a void one is handed in after all.
    HandIn {
        /// Who takes it.
        keeper: &'a ActingPerson,
    },
    /// It is gone.
    #[strum(serialize = "lost")]
    Lose {
        /// Who reports it.
        by: &'a ActingPerson,
        /// The document written on it.
        document: Option<&'a Document>,
    },
    /// Its document goes to the archive.
    File,
}

impl BlankAct<'_> {
    /// Returns the name of the state that a blank is in once it is done; the original that is handed in changes none.
    const fn leads_to(&self) -> &'static str {
        match self {
            Self::SignOut { .. } => "signed_out",
            Self::Use { .. } => "in_use",
            Self::Return { .. } => "in_stock",
            Self::Void { .. } => "voided",
            Self::Lose { .. } => "lost",
            Self::File => "filed",
            Self::HandIn { .. } => "",
        }
    }
}

/// Blanks that are issued together: the numbers of a year from `first` on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BlankLot<'a> {
    pub station: &'a str,
    /// The year they count within.
    pub year: i32,
    /// The first number.
    pub first: i64,
    pub count: i64,
}

/// Issues blanks of a kind to a station.
///
/// # Refusals
/// R080 when the kind is not written on blanks, R081 for a count out of bounds, R078 without the role.
pub fn issue(
    policy: &Policy,
    kind: &DocumentKind,
    lot: BlankLot<'_>,
    by: &ActingPerson,
) -> Result<Vec<Blank>, DocumentRefusal> {
    let BlankLot { station, year, first, count } = lot;
    if !kind.blank {
        return Err(DocumentRefusal::BlankKind { kind: kind.title.clone() });
    }
    if !(1..=BLANKS_AT_ONCE).contains(&count) {
        return Err(DocumentRefusal::BlankCount { count, limit: BLANKS_AT_ONCE });
    }
    wants_role(policy, by, policy.bureau.blanks.issue.as_ref(), station, "issue")?;
    let blank = |n| Blank {
        control: Control { kind: kind.id.clone(), year, n },
        station: station.to_owned(),
        state: BlankState::InStock,
        voiding: None,
    };
    Ok((first..first + count).map(blank).collect())
}

/// Does one act on a blank.
///
/// # Refusals
/// R074 when it does not fit the blank's state; R075, R076, R077, R078 and R185 for the separation of duties;
/// R069 when the document on it was served.
///
/// # Source
/// Domain report §2.1 and §5 S4: the keeper is not the officer who uses the blank, and does
/// not void it alone: the second confirms as himself. Who reports a loss has it in hand or keeps the stock.
pub fn act_on_blank(policy: &Policy, blank: Blank, act: BlankAct<'_>) -> Result<Blank, DocumentRefusal> {
    let BlankRoles { keep, void, .. } = &policy.bureau.blanks;
    let Blank { control, station, state, voiding } = blank;
    let wants =
        |who: &ActingPerson, role: Option<&String>| wants_role(policy, who, role, &station, act.into_str());
    let unfit = |state: &BlankState| DocumentRefusal::BlankState {
        blank: control.to_string(),
        state: state.into_str(),
        act: act.into_str(),
        again: if act.leads_to() == state.into_str() { "yes" } else { "no" },
    };
    let state = match (act, state) {
        (BlankAct::SignOut { keeper, officer }, BlankState::InStock) => {
            wants(keeper, keep.as_ref())?;
            sign_out(&station, keeper, officer)?
        }
        (BlankAct::Use { officer, document }, BlankState::SignedOut { keeper, officer: holder }) => {
            let holder = BlankHolder { keeper: &keeper, officer: &holder };
            holder.uses(&control, officer)?;
            BlankState::InUse { officer: officer.id.clone(), document: document.clone() }
        }
        (BlankAct::Return { keeper }, BlankState::SignedOut { .. }) => {
            wants(keeper, keep.as_ref())?;
            BlankState::InStock
        }
        (
            BlankAct::Void { by, with, has_original, document },
            state @ (BlankState::InStock | BlankState::SignedOut { .. } | BlankState::InUse { .. }),
        ) => {
            refuse_served(document)?;
            if let Some(asked) = voiding.filter(|asked| asked.second == by.id && with.is_none()) {
                wants(by, void.as_ref())?;
                BlankState::Voided { has_original: asked.has_original }
            } else {
                wants(by, keep.as_ref())?;
                let with = second(by, with, &state)?;
                wants(with, void.as_ref())?;
                let voiding = VoidRequest { by: by.id.clone(), second: with.id.clone(), has_original };
                return Ok(Blank { control, station, state, voiding: Some(voiding) });
            }
        }
        (BlankAct::HandIn { keeper }, BlankState::Voided { has_original: false }) => {
            wants(keeper, keep.as_ref())?;
            BlankState::Voided { has_original: true }
        }
        (
            BlankAct::Lose { by, document },
            state @ (BlankState::InStock | BlankState::SignedOut { .. } | BlankState::InUse { .. }),
        ) => {
            refuse_served(document)?;
            if state.holder() != Some(by.id.as_str()) {
                wants(by, keep.as_ref())?;
            }
            BlankState::Lost
        }
        (BlankAct::File, BlankState::InUse { document, .. }) => BlankState::Filed { document },
        (_, state) => return Err(unfit(&state)),
    };
    Ok(Blank { control, station, state, voiding: None })
}

fn sign_out(
    station: &str,
    keeper: &ActingPerson,
    officer: &ActingPerson,
) -> Result<BlankState, DocumentRefusal> {
    if officer.station.as_deref().is_some_and(|own| own != station) {
        let (person, station) = (officer.id.clone(), station.to_owned());
        return Err(DocumentRefusal::OtherStaff { person, station });
    }
    if keeper.id == officer.id {
        return Err(DocumentRefusal::KeeperUses { person: officer.id.clone() });
    }
    Ok(BlankState::SignedOut { keeper: keeper.id.clone(), officer: officer.id.clone() })
}

/// Whose hand a blank is in, and whose it came from.
struct BlankHolder<'a> {
    keeper: &'a str,
    officer: &'a str,
}

impl BlankHolder<'_> {
    fn uses(&self, control: &Control, officer: &ActingPerson) -> Result<(), DocumentRefusal> {
        if officer.id == self.keeper {
            return Err(DocumentRefusal::KeeperUses { person: officer.id.clone() });
        }
        if officer.id != self.officer {
            return Err(DocumentRefusal::NotTheHolder {
                blank: control.to_string(),
                person: officer.id.clone(),
                holder: self.officer.to_owned(),
            });
        }
        Ok(())
    }
}

/// Returns the second person, who is neither the first nor the one who holds the blank.
fn second<'p>(
    by: &ActingPerson,
    with: Option<&'p ActingPerson>,
    state: &BlankState,
) -> Result<&'p ActingPerson, DocumentRefusal> {
    let second = with.filter(|with| with.id != by.id && state.holder() != Some(with.id.as_str()));
    second.ok_or_else(|| DocumentRefusal::SecondPerson { person: by.id.clone() })
}

fn refuse_served(document: Option<&Document>) -> Result<(), DocumentRefusal> {
    match document {
        Some(document) if matches!(document.state, DocumentState::Served | DocumentState::Filed) => {
            Err(DocumentRefusal::ServedStands { document: document.key.to_string() })
        }
        Some(_) | None => Ok(()),
    }
}

fn wants_role(
    policy: &Policy,
    who: &ActingPerson,
    role: Option<&String>,
    station: &str,
    act: &'static str,
) -> Result<(), DocumentRefusal> {
    match role {
        Some(role) if !who.holds(policy, role, station) => {
            Err(DocumentRefusal::RoleWanted { person: who.id.clone(), role: role.clone(), act })
        }
        Some(_) | None => Ok(()),
    }
}
