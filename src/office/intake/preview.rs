//! What a file would change, seen while it is written and before that is undone.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::appraise::{Appraisal, NextState};
use crate::office::appraisal::appraise::{AppraisalDay, appraise_now};
use crate::office::{ActContext, Answer};
use crate::plan::OrderCounts;
use crate::register::Subject;
use crate::store::reading::HomeStretch;
use crate::store::{Reads, Tx, reading, reappraisals};
use crate::time::Day;

/// Subjects compared at a time.
const BATCH: i64 = 5_000;

/// What a file would change besides its own rows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ImportPreview {
    /// How many subjects would go from one tier to another; none before for those who are new.
    pub tiers: Vec<(Option<String>, Option<String>, u64)>,
    /// How many would have another next date.
    pub next: NextMoves,
    /// The orders of the days ahead that would change, where dispatch has begun.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub orders: Option<OrderCounts>,
}

/// How many subjects would have another next date.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct NextMoves {
    /// An earlier one.
    pub earlier: u64,
    /// A later one.
    pub later: u64,
    /// None, and had one or are new.
    pub none: u64,
    /// One that has passed by the day of the import already, and had none or a later one.
    pub late: u64,
    /// The one that was due first of these.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first: Option<LateSubject>,
}

/// A subject that is late as soon as it is imported.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LateSubject {
    pub id: String,
    pub name: String,
    pub due: Day,
}

/// What an appraisal comes to.
type Verdict = (Option<String>, Option<Day>);

/// Takes all marks away in a transaction that is undone later, so that those left then are of the file.
pub(super) async fn forget_marks(tx: &mut Tx) -> Answer<()> {
    reappraisals::clear_all(tx).await?;
    Ok(())
}

/// Appraises every subject that the transaction marked, as it was before and as it would be.
pub(super) async fn compare(cx: ActContext<'_>, tx: &mut Tx) -> Answer<ImportPreview> {
    let as_of = AppraisalDay::of(cx.store, cx.live, cx.today).await?;
    let mut moves: BTreeMap<(Option<String>, Option<String>), u64> = BTreeMap::new();
    let mut preview = ImportPreview::default();
    // The register as it is: what is not committed is not seen from here.
    let mut reader = cx.store.read().await?;
    loop {
        let marked = reading::marked(tx, cx.policy(), &HomeStretch::whole(), BATCH).await?;
        if marked.is_empty() {
            break;
        }
        let keys: Vec<(String, String)> =
            marked.iter().map(|found| (found.subject.home.clone(), found.subject.id.clone())).collect();
        let ids: Vec<String> = marked.iter().map(|found| found.subject.id.clone()).collect();
        let named =
            |found: &reading::AppraisedSubject| (found.subject.id.clone(), found.subject.name.clone());
        let names: BTreeMap<String, String> = marked.iter().map(named).collect();
        let stored = reading::of_ids(&mut reader, cx.policy(), ids.iter().map(String::as_str)).await?;
        let before = verdicts(cx, &mut reader, stored, as_of).await?;
        for (id, (tier, due)) in verdicts(cx, tx, marked, as_of).await? {
            let known = before.get(&id);
            let (was_tier, was_due) = known.cloned().unwrap_or_default();
            if was_tier != tier {
                *moves.entry((was_tier, tier)).or_default() += 1;
            }
            if let Some(due) = due.filter(|due| *due < cx.today && was_due.is_none_or(|was| was > *due)) {
                let next = &mut preview.next;
                next.late += 1;
                if next.first.as_ref().is_none_or(|known| due < known.due) {
                    let name = names.get(&id).cloned().unwrap_or_default();
                    next.first = Some(LateSubject { id: id.clone(), name, due });
                }
            }
            match (was_due, due) {
                (Some(was), Some(due)) if due < was => preview.next.earlier += 1,
                (Some(was), Some(due)) if due > was => preview.next.later += 1,
                (Some(_), None) => preview.next.none += 1,
                (None, None) if known.is_none() => preview.next.none += 1,
                _ => {}
            }
        }
        let keys: Vec<(&str, &str)> = keys.iter().map(|(home, id)| (&**home, &**id)).collect();
        reappraisals::clear(tx, &keys).await?;
    }
    preview.tiers = moves.into_iter().map(|((from, to), count)| (from, to, count)).collect();
    Ok(preview)
}

/// Appraises subjects as of a day; gives the tier of each and the first day it is due.
async fn verdicts(
    cx: ActContext<'_>,
    at: &mut impl Reads,
    found: Vec<reading::AppraisedSubject>,
    as_of: AppraisalDay,
) -> Answer<BTreeMap<String, Verdict>> {
    let (subjects, answers) = appraise_now(at, cx.live, found, as_of).await?;
    let verdict = |(subject, answer): (Subject, &Appraisal)| {
        let tier = answer.tier.map(|tier| cx.policy().tiers.order[tier.ix()].id.clone());
        let due = answer.next.iter().filter_map(|next| match &next.state {
            NextState::Due { dates, .. } => Some(dates.due),
            NextState::None(_) => None,
        });
        (subject.id, (tier, due.min()))
    };
    Ok(subjects.into_iter().zip(&answers).map(verdict).collect())
}
