//! What the files of orders lack before they can be archived, for many orders at once.
//!
//! A file is an order with all the orders it opened, and theirs.

use std::collections::{BTreeMap, BTreeSet};

use crate::documents::{self as pure, Blank, Document};
use crate::id::OrderId;
use crate::lang::{CLOSE, OPEN};
use crate::office::{ActiveRelease, Answer};
use crate::store::{Reads, blanks, documents, order_list};

/// Lists what each file lacks; an order whose file is whole is left out.
pub(crate) async fn lacks_of(
    at: &mut impl Reads,
    live: &ActiveRelease,
    orders: &BTreeSet<OrderId>,
) -> Answer<BTreeMap<OrderId, Vec<String>>> {
    if orders.is_empty() {
        return Ok(BTreeMap::new());
    }
    let files = order_list::files_of(at, orders).await?;
    let members: BTreeSet<&OrderId> = files.iter().map(|(_, member)| member).collect();
    let mut papers: BTreeMap<OrderId, (Vec<Document>, Vec<Blank>)> = BTreeMap::new();
    for found in documents::unfinished_of(at, &members).await? {
        papers.entry(found.document.key.order.clone()).or_default().0.push(found.document);
    }
    for found in blanks::signed_out_of(at, &members).await? {
        let Some(key) = found.order else { continue };
        papers.entry(key).or_default().1.push(found.blank);
    }
    let kind_of = |kind: &str| live.policy.document(kind);
    let mut lacks: BTreeMap<OrderId, Vec<String>> = BTreeMap::new();
    for (file, member) in files {
        let Some((documents, blanks)) = papers.get(&member) else { continue };
        let found = pure::missing(documents, blanks, kind_of);
        let told = found.into_iter().map(|lack| format!("{}{OPEN}{}{CLOSE}", lack.what, lack.detail));
        let told: Vec<String> = told.collect();
        if !told.is_empty() {
            lacks.entry(file).or_default().extend(told);
        }
    }
    Ok(lacks)
}
