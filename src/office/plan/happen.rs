//! What is tried, and how it happens on a copy.

use std::fs::File;

use crate::engine::{Refusal, RefusalCode};
use crate::office::active_release::live;
use crate::office::intake::import::import;
use crate::office::intake::source::ImportSource;
use crate::office::release::activate::{NewRelease, StartedRelease, start};
use crate::office::release::calendar::put_calendar_in_force;
use crate::office::release::date_move::DateMove;
use crate::office::release::migrate::MigratedOrders;
use crate::office::{ActContext, ActiveRelease, Answer, OfficeFault, WrittenMoment};
use crate::store::Store;
use crate::store::releases::Hands;
use crate::time::Stamp;

/// What is tried, as if it happened now.
pub enum TriedChange {
    /// A policy comes into force.
    Policy(ActiveRelease),
    /// A calendar comes into force, as part of the policy.
    Calendar(ActiveRelease),
    /// A file is taken into the register.
    Import(ImportSource),
}

/// When what is tried happens.
#[derive(Clone, Copy)]
pub(super) struct TriedMoment {
    pub(super) now: Stamp,
    pub(super) written: Option<WrittenMoment>,
}

/// A copy on which what is tried has happened.
pub(super) struct ChangedCopy {
    pub(super) store: Store,
    /// The release in force then.
    pub(super) active: ActiveRelease,
    /// Open orders that went over to it.
    pub(super) migrated: Vec<MigratedOrders>,
    /// Open orders whose dates a calendar moved.
    pub(super) dates: Vec<DateMove>,
}

/// Lets what is tried happen on a copy.
pub(super) async fn happen(store: Store, change: TriedChange, moment: TriedMoment) -> Answer<ChangedCopy> {
    let TriedMoment { now, written } = moment;
    let before = live(&store).await?.ok_or_else(|| Refusal::new(RefusalCode::NoRelease))?;
    let actor = before.policy.administrator.recorded().to_owned();
    let hands = Hands { actor: &actor, approver: None, number: None, plan: None, reason: None };
    match change {
        TriedChange::Policy(proposed) => {
            let StartedRelease { active, migrated } = start(&store, proposed, &actor, now).await?;
            Ok(ChangedCopy { store, active, migrated, dates: Vec::new() })
        }
        TriedChange::Calendar(proposed) => {
            let new = NewRelease { before: Some(&before), proposed, hands };
            let (active, dates) = put_calendar_in_force(&store, new, now).await?;
            Ok(ChangedCopy { store, active, migrated: Vec::new(), dates })
        }
        TriedChange::Import(source) => {
            let file = File::open(&source.path);
            let file = file.map_err(|error| OfficeFault::unreadable(source.path.display(), error))?;
            let source = ImportSource { is_trial: false, ..source };
            let cx = ActContext::new(&store, &before, now).written(written);
            import(cx, &source, file, |_, _| {}).await?;
            Ok(ChangedCopy { store, active: before, migrated: Vec::new(), dates: Vec::new() })
        }
    }
}
