//! How somebody is told that the register has no subject of an id, with the one that was probably meant.

use crate::diag::nearest;
use crate::engine::{Refusal, RefusalCode};
use crate::office::OfficeStop;
use crate::store::{Reads, subjects};

/// Says that no subject is called so; the ids beside it in the register are looked at, as it is typed and in
/// capitals.
pub(crate) async fn no_such_subject(at: &mut impl Reads, id: &str) -> OfficeStop {
    let capitals = id.to_uppercase();
    let mut known = Vec::new();
    for typed in [id, &capitals] {
        match subjects::near(at, typed).await {
            Ok(found) => known.extend(found),
            Err(fault) => return fault.into(),
        }
    }
    let same = known.iter().find(|known| known.to_uppercase() == capitals).map(String::as_str);
    let nearest = same.or_else(|| nearest(id, known.iter().map(String::as_str)));
    let refusal = Refusal::new(RefusalCode::NoSuchSubject).with("subject", id);
    let is_near = if nearest.is_some() { "yes" } else { "no" };
    refusal.with("near", is_near).with("nearest", nearest.unwrap_or_default()).into()
}
