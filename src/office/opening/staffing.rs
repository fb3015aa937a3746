//! Grids for which no order goes out, because too few certified officers are left for it.

use std::collections::BTreeMap;

use serde_json::json;

use crate::dispatch::DueCandidate;
use crate::engine::{Addressee, OutboxMessage};
use crate::office::Answer;
use crate::office::opening::opener::Opener;
use crate::office::outbox::tell_beside_orders;
use crate::people::NoPair;
use crate::policy::{Head, Policy};
use crate::store::Tx;

/// What a message says that is about no order.
const KIND: &str = "no-valid-pair";

/// By station and grid, why nobody is there and which subjects wait.
type ByGrid<'a> = BTreeMap<(&'a str, Option<&'a str>), (&'a NoPair, Vec<&'a str>)>;

/// Subjects named in one message; of more their number is told.
const NAMED_MAX: usize = 3;

/// Tells the heads of the station and the deputy heads of the bureau of skips that are new: once for
/// each grid, however many subjects wait in it.
pub(crate) async fn tell(tx: &mut Tx, opener: &Opener<'_>, new: &[(&DueCandidate, &NoPair)]) -> Answer<()> {
    let workflow = opener.workflow;
    let mut by_home: BTreeMap<&str, ByGrid<'_>> = BTreeMap::new();
    for (candidate, no_pair) in new {
        let grid = (candidate.station.as_str(), candidate.grid.as_deref());
        let of_home = by_home.entry(&candidate.home).or_default();
        let (_, subjects) = of_home.entry(grid).or_insert_with(|| (no_pair, Vec::new()));
        subjects.push(&candidate.subject);
    }
    for (home, grids) in by_home {
        let mut told = Vec::new();
        for ((station, grid), (no_pair, subjects)) in grids {
            let step = workflow.step(&no_pair.step);
            let more = (subjects.len() > NAMED_MAX).then_some("…");
            let some: Vec<&str> = subjects.iter().take(NAMED_MAX).copied().chain(more).collect();
            let title = opener.titles.get(station).map_or(station, String::as_str);
            let place: Vec<&str> = [Some(title), grid].into_iter().flatten().collect();
            let body = json!({
                "order": place.join(" "),
                "workflow": workflow.id, "step": no_pair.step, "step_title": step.map(|step| &step.title),
                "station": station, "grid": grid, "subjects": subjects.len(), "some": some,
                "needed": no_pair.shortfall.needed, "left": no_pair.shortfall.left,
            });
            told.extend(heads(opener.cx.policy(), station).into_iter().map(|addressee| OutboxMessage {
                kind: KIND.to_owned(),
                addressee: addressee.to_string(),
                body: body.to_string(),
            }));
        }
        tell_beside_orders(tx, home, &told, opener.cx.now).await?;
    }
    Ok(())
}

fn heads(policy: &Policy, station: &str) -> Vec<Addressee> {
    let heads = policy.roles.iter().filter(|role| matches!(role.head, Some(Head::Unit | Head::Deputy)));
    heads.map(|role| Addressee::of_role(role, station)).collect()
}
