//! The database file as the administrator sees it.

use std::collections::BTreeMap;

use crate::office::appraisal::quarantine;
use crate::office::{ActiveRelease, Answer};
use crate::store::{Store, order_list};

/// Looks at the database file: what it is, how large, whether it is sound.
///
/// With a release in force, also whether its rules are in quarantine.
pub async fn examine_database(
    store: &Store,
    live: Option<&ActiveRelease>,
) -> Answer<BTreeMap<&'static str, String>> {
    let damage = store.damage().await?;
    let mut reader = store.read().await?;
    let quarantine = match live {
        Some(live) => quarantine::of(&mut reader, &live.policy).await?,
        None => None,
    };
    let quarantine = quarantine.map(|found| format!("{} ({})", found.cause, found.subjects));
    let size = store.size().await?;
    Ok(BTreeMap::from([
        ("quarantine", quarantine.unwrap_or_else(|| "-".to_owned())),
        ("file", store.address().display().to_string()),
        ("bytes", size.to_string()),
        ("integrity", if damage.is_empty() { "ok".to_owned() } else { damage.join("; ") }),
        ("subjects", crate::store::subjects::count(&mut reader).await?.to_string()),
        ("orders", order_list::count(&mut reader).await?.to_string()),
        ("waiting", crate::store::reappraisals::count(&mut reader).await?.to_string()),
    ]))
}
