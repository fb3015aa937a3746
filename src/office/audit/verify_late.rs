//! Late submissions, each as its entry says it; and the bytes of files.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::digest::Digest;
use crate::files;
use crate::forms;
use crate::ledger::{Body, Entry, composed};
use crate::limits::ATTACHMENT_BYTES;
use crate::office::Answer;
use crate::office::audit::findings::VerifyReport;
use crate::store::ReadTx;
use crate::store::attachments::{self, Attachment};
use crate::store::checksums::Sum;
use crate::store::submissions::{self, Submission};

/// Rows read at a time.
const ROWS: usize = 2_000;

/// Returns a part of the sum of a home's late submissions, as an entry of one says it.
pub(crate) fn told(entry: &Entry, body: &Body) -> Digest {
    let Body::SubmittedLate { answered: _, event, key, order, reason, step, visit, written } = body else {
        return Digest::of(entry.body.as_bytes());
    };
    let (order, visit, at) = (order.to_string(), visit.to_string(), entry.at.to_string());
    let written = written.as_deref().unwrap_or("");
    digest([&order, key, step, &visit, &entry.actor, &at, written, reason, event])
}

/// Texts are composed, as entries have them.
fn digest(columns: [&str; 9]) -> Digest {
    let columns = columns.map(composed);
    Digest::of_parts("wubu-late", columns.iter().map(|column| column.as_bytes()))
}

/// Compares late submissions with what the ledger says.
pub(crate) async fn compare(
    reader: &mut ReadTx,
    told: BTreeMap<String, Sum>,
    done: &mut VerifyReport,
) -> Answer<()> {
    let mut found: BTreeMap<String, Sum> = BTreeMap::new();
    let mut all = submissions::all(reader);
    loop {
        let rows = all.next_rows(ROWS).await?;
        if rows.is_empty() {
            break;
        }
        for Submission { order, key, step, visit, actor, at, written, reason, body } in rows {
            let (seq, visit, at) = (order.seq.to_string(), visit.to_string(), at.to_string());
            let written = written.map(|at| at.to_string()).unwrap_or_default();
            let row = digest([&seq, &key, &step, &visit, &actor, &at, &written, &reason, &body]);
            found.entry(order.home).or_default().add(row);
        }
    }
    let homes: BTreeSet<&String> = found.keys().chain(told.keys()).collect();
    for home in homes.into_iter().filter(|home| found.get(*home) != told.get(*home)) {
        done.find("V009", vec![("table", "submission".to_owned()), ("station", home.clone())]);
    }
    Ok(())
}

/// Looks at the bytes of every file that orders have: they give the digest that the record names, and what is
/// kept of the file is what they say.
pub(crate) async fn verify_files(reader: &mut ReadTx, folder: &Path, done: &mut VerifyReport) -> Answer<()> {
    let mut all = attachments::all(reader);
    loop {
        let rows = all.next_rows(ROWS).await?;
        if rows.is_empty() {
            return Ok(());
        }
        for (file, lon) in rows {
            let is_whole = lon.as_ref() == file.place.as_ref().map(|(_, lon)| lon);
            if !is_whole || !is_as_kept(folder, &file) {
                let args = vec![("order", file.order.to_string()), ("file", file.name)];
                done.find("V012", args);
            }
        }
    }
}

fn is_as_kept(folder: &Path, file: &Attachment) -> bool {
    let Attachment { digest, name, kind, bytes: length, place, taken_at, .. } = file;
    let path = files::kept_at(folder, digest);
    let Ok(bytes) = files::read_file(&path, ATTACHMENT_BYTES + 1) else { return false };
    let seen = forms::look(name, &bytes, 0).ok();
    let is_seen = seen.is_some_and(|seen| {
        let seen_place = seen.place.map(|(lat, lon)| (lat.to_string(), lon.to_string()));
        let seen_at = seen.taken_at.map(|at| at.to_string());
        (seen.kind.media_type(), &seen_place, &seen_at) == (kind, place, taken_at)
    });
    is_seen
        && Digest::of(&bytes).to_string() == *digest
        && i64::try_from(bytes.len()).is_ok_and(|n| n == *length)
}

#[cfg(test)]
mod tests {
    use super::digest;

    #[test]
    fn a_key_of_letters_and_marks_apart_is_the_composed_one_of_the_entry() {
        let row = |key| digest(["1", key, "patrol", "1", "P01", "", "", "R012", "{}"]);
        assert_eq!(row("e\u{301}"), row("\u{e9}"));
        assert_ne!(row("e"), row("\u{e9}"));
    }
}
