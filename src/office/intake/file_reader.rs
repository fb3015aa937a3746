//! A file read and checked in a thread of its own.

use std::fs::File;
use std::io::{self, Read, Seek};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use sha2::{Digest as _, Sha256};

use crate::digest::Digest;
use crate::import::{FileStop, RowBatch, RowReader, RowSchema};
use crate::limits::IMPORT_FILE_BYTES;
use crate::office::intake::import_kinds::StoredRow;
use crate::office::intake::source::{BATCH, ImportSource};
use crate::policy::Policy;

/// What the reading thread says.
pub(crate) enum ReaderMessage<T> {
    Headings(Headings),
    Batch(RowBatch<T>),
    Stopped(FileStop),
}

/// The columns of a file, and those that only the file or only the map has.
pub(crate) struct Headings {
    pub(crate) all: Vec<String>,
    pub(crate) ignored: Vec<String>,
    pub(crate) absent: Vec<String>,
}

/// A file being read in a thread of its own, at most two batches ahead.
pub(crate) struct FileReader<T> {
    pub(crate) messages: Receiver<ReaderMessage<T>>,
    bytes: Arc<AtomicU64>,
}

impl<T: StoredRow> FileReader<T> {
    /// Begins to read; the thread may outlast whoever asked, so it takes a policy of its own.
    pub(crate) fn begin(file: File, policy: Policy, source: &ImportSource) -> Self {
        let (send, messages) = sync_channel(2);
        let bytes = Arc::new(AtomicU64::new(0));
        let counted = CountingReader { inner: file.take(IMPORT_FILE_BYTES + 1), bytes: Arc::clone(&bytes) };
        let map = source.map.clone();
        std::thread::spawn(move || {
            if let Err(stopped) = read_all(counted, &policy, &map, &send) {
                // The receiver is gone only when it has failed itself.
                let _ = send.send(ReaderMessage::Stopped(stopped));
            }
        });
        Self { messages, bytes }
    }

    /// Returns how many bytes are read.
    pub(crate) fn bytes(&self) -> u64 {
        self.bytes.load(Ordering::Relaxed)
    }
}

fn read_all<T: StoredRow>(
    source: impl Read,
    policy: &Policy,
    map: &str,
    send: &SyncSender<ReaderMessage<T>>,
) -> Result<(), FileStop> {
    let declared = RowSchema::from(policy);
    let mut reader = RowReader::<_, T>::open(source, declared, Some(map))?;
    let all = reader.headings().to_vec();
    let ignored = reader.unmapped().map(str::to_owned).collect();
    let absent = reader.absent().to_vec();
    if send.send(ReaderMessage::Headings(Headings { all, ignored, absent })).is_err() {
        return Ok(());
    }
    while let Some(batch) = reader.next_batch(BATCH)? {
        if send.send(ReaderMessage::Batch(batch)).is_err() {
            return Ok(());
        }
    }
    Ok(())
}

struct CountingReader<R> {
    inner: R,
    bytes: Arc<AtomicU64>,
}

impl<R: Read> Read for CountingReader<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.bytes.fetch_add(count as u64, Ordering::Relaxed);
        Ok(count)
    }
}

/// Names the content of a file, and goes back to its start.
pub(crate) fn digest_of(file: &mut File) -> io::Result<Digest> {
    let mut hasher = Sha256::new();
    io::copy(&mut *file, &mut io::BufWriter::with_capacity(1 << 20, Hashing(&mut hasher)))?;
    file.rewind()?;
    Ok(Digest::from_bytes(hasher.finalize().into()))
}

struct Hashing<'a>(&'a mut Sha256);

impl io::Write for Hashing<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
