//! The database as the administrator sees it.

use std::collections::BTreeMap;

use crate::office::appraisal::quarantine;
use crate::office::{ActiveRelease, Answer};
use crate::store::{Store, epochs, incidents, ledger, order_list, outbox, reappraisals};

/// What there is to do, counted without going through the register.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DatabaseCounts {
    /// Orders that are open.
    pub open: u64,
    /// Subjects that wait to be appraised.
    pub waiting: u64,
    /// Messages of the outbox that wait to be addressed.
    pub outbox: u64,
    /// Orders that stand still because of a rule.
    pub stuck: u64,
    pub epoch: u64,
    /// Size of the file.
    pub bytes: u64,
}

/// Counts what there is to do.
pub async fn count_database(store: &Store) -> Answer<DatabaseCounts> {
    let count = |count: i64| u64::try_from(count).unwrap_or_default();
    let mut reader = store.read().await?;
    Ok(DatabaseCounts {
        open: count(order_list::open_count(&mut reader).await?),
        waiting: count(reappraisals::count(&mut reader).await?),
        outbox: count(outbox::count_waiting(&mut reader).await?),
        stuck: incidents::list(&mut reader).await?.len() as u64,
        epoch: count(epochs::read(&mut reader).await?.number),
        bytes: store.size().await?,
    })
}

/// Looks whether the database answers.
pub async fn probe_database(store: &Store) -> Answer<()> {
    ledger::entries(&mut store.read().await?).await?;
    Ok(())
}

/// Looks at the database file: what it is, how large, whether it is sound.
///
/// With a release in force, also whether its rules are in quarantine.
pub async fn examine_database(
    store: &Store,
    live: Option<&ActiveRelease>,
) -> Answer<BTreeMap<&'static str, String>> {
    let damage = store.damage().await?;
    let integrity = match damage.as_slice() {
        [] if store.is_served() => "served".to_owned(),
        [] => "ok".to_owned(),
        damage => damage.join("; "),
    };
    let mut reader = store.read().await?;
    let quarantine = match live {
        Some(live) => quarantine::of(&mut reader, &live.policy).await?,
        None => None,
    };
    let quarantine = quarantine.map(|found| format!("{} ({})", found.cause, found.subjects));
    let size = store.size().await?;
    Ok(BTreeMap::from([
        ("quarantine", quarantine.unwrap_or_else(|| "-".to_owned())),
        ("epoch", epochs::read(&mut reader).await?.number.to_string()),
        ("schema", Store::schema().to_string()),
        ("file", store.address().display().to_string()),
        ("bytes", size.to_string()),
        ("integrity", integrity),
        ("subjects", crate::store::subjects::count(&mut reader).await?.to_string()),
        ("orders", order_list::count(&mut reader).await?.to_string()),
        ("waiting", crate::store::reappraisals::count(&mut reader).await?.to_string()),
    ]))
}
