//! The chains as lines that others can check without this program.

use std::io::{self, Write};

use serde::Serialize;

use crate::digest::Digest;
use crate::ledger::{ChainHead, Entry};
use crate::office::Answer;
use crate::store::{Store, ledger};
use crate::time::Stamp;

/// Entries read at a time.
const PAGE: i64 = 500;

/// One entry as it is written; docs/reliability.md describes it.
#[derive(Serialize)]
struct EntryLine<'a> {
    chain: &'a str,
    seq: i64,
    at: Stamp,
    actor: &'a str,
    kind: &'a str,
    /// As it is stored, to the byte: the hash covers it so.
    body: &'a str,
    /// Hash of the entry before; zeros before the first.
    prev: Digest,
    hash: Digest,
}

/// Writes the entries from a moment on, one a line, chain by chain and each in order; returns how many.
///
/// # Errors
/// When the database refuses, or `out` takes no more.
pub async fn export(store: &Store, since: Option<Stamp>, out: &mut impl Write) -> Answer<io::Result<u64>> {
    let mut reader = store.read().await?;
    let mut written = 0;
    for (chain, _) in ledger::chains(&mut reader).await? {
        let mut head = ChainHead::START;
        loop {
            let entries = ledger::read(&mut reader, &chain, head.seq, PAGE).await?;
            if entries.is_empty() {
                break;
            }
            for entry in &entries {
                let before = std::mem::replace(&mut head, ChainHead { seq: entry.seq, hash: entry.hash });
                if since.is_some_and(|since| entry.at < since) {
                    continue;
                }
                if let Err(stopped) = write(entry, before.hash, out) {
                    return Ok(Err(stopped));
                }
                written += 1;
            }
        }
    }
    Ok(out.flush().map(|()| written))
}

fn write(entry: &Entry, before: Digest, out: &mut impl Write) -> io::Result<()> {
    let Entry { chain, seq, at, actor, kind, body, prev, hash } = entry;
    let prev = prev.0.unwrap_or(before);
    let line = EntryLine { chain, seq: *seq, at: *at, actor, kind, body, prev, hash: *hash };
    serde_json::to_writer(&mut *out, &line)?;
    out.write_all(b"\n")
}
