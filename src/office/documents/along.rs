//! Documents that move along with a step: whoever completes a duty signs off what lies before him,
//! and a step that is a service seals and serves.

use std::collections::{BTreeMap, BTreeSet};

use super::super::{Live, Stop};
use super::papers::{DocumentDeed, ServiceWish, change};
use super::{kind_of, order_of};
use crate::documents::{DocumentState, ServiceWay};
use crate::engine::{Act, Change, Doing, Effect, Happened, Key, Recorded};
use crate::people::Roster;
use crate::policy::{Approver, DocumentAt, DocumentKind};
use crate::store::documents::Found;
use crate::store::{Tx, documents, order_list};
use crate::time::Stamp;

/// Lets documents of these orders' files move as the completions among the changes say.
///
/// # Source
/// Domain §2.1: official numbers at sign-off, approval before service, seal and service recorded.
pub(in super::super) async fn move_along(
    tx: &mut Tx,
    live: &Live,
    roster: &Roster,
    changes: &[&Change],
    now: Stamp,
) -> Result<(), Stop> {
    let completions: Vec<Completion<'_>> =
        changes.iter().filter_map(|change| completion(live, roster, change, now)).collect();
    let files: BTreeSet<Key> = completions.iter().map(|done| done.key.clone()).collect();
    if files.is_empty() {
        return Ok(());
    }
    let mut members: BTreeMap<Key, BTreeSet<Key>> = BTreeMap::new();
    for (file, member) in order_list::files_of(tx, &files).await? {
        members.entry(file).or_default().insert(member);
    }
    for Completion { key, number, by, approves, serves } in completions {
        let members: BTreeSet<&Key> = members.get(&key).into_iter().flatten().collect();
        for found in documents::unfinished_of(tx, &members).await? {
            let kind = kind_of(live, &found.document.kind)?;
            if is_before(&found, kind, by, &approves) {
                deed(tx, live, found, &[DocumentDeed::Approve], (by, now)).await?;
            } else if serves.contains(&found.document.kind.as_str()) {
                // The completion of the service step is the proof of service.
                let receipt = Some(number.to_owned());
                let wish = ServiceWish { to: None, way: ServiceWay::Direct, on: None, receipt };
                match found.document.state {
                    DocumentState::Sealed => {
                        deed(tx, live, found, &[DocumentDeed::Serve(wish)], (by, now)).await?;
                    }
                    DocumentState::Signed | DocumentState::Approved => {
                        let deeds = [DocumentDeed::Seal, DocumentDeed::Serve(wish)];
                        deed(tx, live, found, &deeds, (by, now)).await?;
                    }
                    DocumentState::Draft
                    | DocumentState::Submitted
                    | DocumentState::Served
                    | DocumentState::Filed
                    | DocumentState::Voided => {}
                }
            }
        }
    }
    Ok(())
}

/// Somebody completed a duty that documents may move along with.
struct Completion<'a> {
    key: Key,
    /// The order's number.
    number: &'a str,
    by: &'a str,
    /// Roles with which this person signs documents off.
    approves: BTreeSet<&'a str>,
    /// Kinds that are served by the step.
    serves: BTreeSet<&'a str>,
}

fn completion<'a>(live: &'a Live, roster: &Roster, change: &'a Change, now: Stamp) -> Option<Completion<'a>> {
    let Happened::Event(Recorded::Act(Act { by, doing: Doing::Complete { .. }, .. })) = &change.happened
    else {
        return None;
    };
    // What is sent back is not signed off.
    if change.outcome.said.iter().any(|said| said.event == "returned" || said.data["action"] == "退回") {
        return None;
    }
    let today = now.day_in(live.policy.bureau.zone);
    let officer = roster.officers.get(by);
    let roles = live.policy.documents.iter().filter_map(|kind| match &kind.approver {
        Approver::Roles(roles) => Some(roles),
        Approver::Nobody | Approver::Officers => None,
    });
    let held = roles.flatten().filter(|role| officer.is_some_and(|officer| officer.holds(role, today)));
    let approves: BTreeSet<&str> = held.map(String::as_str).collect();
    let serves: BTreeSet<&str> = change
        .outcome
        .effects
        .iter()
        .filter_map(|effect| match effect {
            Effect::Document { kind, at: DocumentAt::Serve, .. } => Some(kind.as_str()),
            Effect::Document { .. } | Effect::Open(_) | Effect::Inspection { .. } | Effect::Set { .. } => {
                None
            }
        })
        .collect();
    let (key, number) = (change.key.clone(), change.outcome.next.cover.number.as_str());
    (!approves.is_empty() || !serves.is_empty()).then_some(Completion { key, number, by, approves, serves })
}

/// Whether a document waits for the signature of somebody who holds these roles.
fn is_before(found: &Found, kind: &DocumentKind, by: &str, roles: &BTreeSet<&str>) -> bool {
    let waits = matches!(found.document.state, DocumentState::Draft | DocumentState::Submitted);
    let is_asked = matches!(&kind.approver, Approver::Roles(asked) if asked.iter().any(|role| roles.contains(role.as_str())));
    waits && is_asked && !found.document.made.by.iter().any(|maker| maker == by)
}

async fn deed(
    tx: &mut Tx,
    live: &Live,
    found: Found,
    deeds: &[DocumentDeed],
    (by, now): (&str, Stamp),
) -> Result<(), Stop> {
    let key = found.document.key.clone();
    let order = order_of(tx, live, (&key.home, key.seq), now).await?;
    let mut next = Some(found);
    for deed in deeds {
        let Some(found) = next.take() else { return Ok(()) };
        Box::pin(change(tx, live, found, &order, deed, by, now)).await?;
        next = documents::find(tx, &key).await?;
    }
    Ok(())
}
