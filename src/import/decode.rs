//! Bytes of a file made into text, whatever program wrote them.

use std::io::Read;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{CoderResult, Decoder as Coder, DecoderResult, Encoding};

use super::{FileStop, Problem};
use crate::diag::codes;
use crate::limits::IMPORT_FILE_BYTES;

/// Bytes read at a time, and looked at to tell the encoding.
const CHUNK_BYTES: usize = 64 * 1024;

/// Bytes beyond ASCII from which on an encoding is told without a hint.
const SURE_BYTES: usize = 512;

/// Text of a file, chunk by chunk.
pub(super) struct Decoder<R> {
    source: R,
    coder: Coder,
    /// Whether the encoding was told; only ASCII so far, which is the same in all but UTF-16, needs no telling.
    is_told: bool,
    /// Bytes read and not decoded yet.
    pending: Vec<u8>,
    taken: u64,
    bytes_max: u64,
    lines: u64,
    ended: bool,
}

impl<R: Read> Decoder<R> {
    pub(super) fn new(source: R) -> Self {
        Self {
            source,
            coder: encoding_rs::UTF_8.new_decoder_without_bom_handling(),
            is_told: false,
            pending: Vec::with_capacity(2 * CHUNK_BYTES),
            taken: 0,
            bytes_max: IMPORT_FILE_BYTES,
            lines: 0,
            ended: false,
        }
    }

    /// Appends more text to `out`; false when the file has ended.
    pub(super) fn fill(&mut self, out: &mut String) -> Result<bool, FileStop> {
        if self.ended {
            return Ok(false);
        }
        let is_first = self.taken == 0;
        self.read_chunk()?;
        if is_first {
            self.begin()?;
        }
        if !self.is_told && !self.pending.is_ascii() {
            self.tell()?;
        }
        self.decode(out).map(|()| true)
    }

    /// Reads up to a chunk behind what is pending; a short one is the last.
    fn read_chunk(&mut self) -> Result<(), FileStop> {
        let want = (CHUNK_BYTES as u64).min(self.bytes_max + 1 - self.taken);
        let got = self.source.by_ref().take(want).read_to_end(&mut self.pending).map_err(FileStop::Broke)?;
        self.taken += got as u64;
        if self.taken > self.bytes_max {
            let limit = (self.bytes_max >> 30).to_string();
            return Err(Problem::new(codes::IMPORT_TOO_LARGE).with("limit", limit).into());
        }
        self.ended = (got as u64) < want;
        Ok(())
    }

    /// Looks at the first bytes: marks of an encoding, and files that are no text.
    fn begin(&mut self) -> Result<(), FileStop> {
        let head = self.pending.as_slice();
        if head.starts_with(&[0xEF, 0xBB, 0xBF]) {
            self.code(encoding_rs::UTF_8, 3);
        } else if head.starts_with(&[0xFF, 0xFE]) {
            self.code(encoding_rs::UTF_16LE, 2);
        } else if head.starts_with(&[0xFE, 0xFF]) {
            self.code(encoding_rs::UTF_16BE, 2);
        } else if head.starts_with(&[0x84, 0x31, 0x95, 0x33]) {
            self.code(encoding_rs::GB18030, 4);
        } else if head.starts_with(b"PK\x03\x04") || head.starts_with(&[0xD0, 0xCF, 0x11, 0xE0]) {
            return Err(Problem::new(codes::WORKBOOK).into());
        } else if is_web_page(head) {
            return Err(Problem::new(codes::WEB_PAGE).into());
        } else if head.contains(&0) {
            return Err(Problem::new(codes::NOT_TEXT).into());
        }
        Ok(())
    }

    fn code(&mut self, encoding: &'static Encoding, mark_bytes: usize) {
        self.coder = encoding.new_decoder_without_bom_handling();
        self.is_told = true;
        self.pending.drain(..mark_bytes);
    }

    /// Tells the encoding at the first byte that is not ASCII.
    fn tell(&mut self) -> Result<(), FileStop> {
        let first = self.pending.iter().position(|byte| !byte.is_ascii()).unwrap_or(0);
        if self.pending.len() - first < CHUNK_BYTES && !self.ended {
            self.read_chunk()?;
        }
        let encoding = encoding_of(&self.pending[first..], self.ended).map_err(|other| {
            let line = self.lines + 1 + count_lines(&self.pending[..first]);
            let problem = Problem::new(codes::ENCODING_UNKNOWN).with("encoding", other.name());
            problem.with("line", line.to_string())
        })?;
        self.code(encoding, 0);
        Ok(())
    }

    fn decode(&mut self, out: &mut String) -> Result<(), FileStop> {
        let before = out.len();
        let room = self.coder.max_utf8_buffer_length_without_replacement(self.pending.len());
        out.reserve(room.unwrap_or(CHUNK_BYTES));
        let mut done = 0;
        loop {
            let rest = &self.pending[done..];
            let (result, read) = self.coder.decode_to_string_without_replacement(rest, out, self.ended);
            done += read;
            match result {
                DecoderResult::InputEmpty => break,
                DecoderResult::OutputFull => out.reserve(CHUNK_BYTES),
                DecoderResult::Malformed(..) => {
                    let line = self.lines + count_lines(&out.as_bytes()[before..]) + 1;
                    let problem = Problem::new(codes::ENCODING_DAMAGED);
                    let problem = problem.with("encoding", self.coder.encoding().name());
                    return Err(problem.with("line", line.to_string()).into());
                }
            }
        }
        self.pending.clear();
        self.lines += count_lines(&out.as_bytes()[before..]);
        Ok(())
    }
}

/// Returns the encoding of a sample; as an error, one that is not read.
fn encoding_of(sample: &[u8], whole: bool) -> Result<&'static Encoding, &'static Encoding> {
    if is_mostly_utf8(sample, whole) {
        return Ok(encoding_rs::UTF_8);
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(sample, whole);
    // A long sample speaks for itself; in a short one, Chinese is what is expected.
    let wide = sample.iter().filter(|byte| !byte.is_ascii()).count();
    let hint = (wide < SURE_BYTES).then_some(b"cn".as_slice());
    let guess = detector.guess(hint, Utf8Detection::Deny);
    // Short samples of GBK are easily taken for a Western encoding; what reads as GB18030
    // without a fault, in a file meant for a Chinese register, is GB18030.
    let is_gb = guess == encoding_rs::GBK || guess == encoding_rs::GB18030;
    if is_gb || (guess.is_single_byte() && reads_as_gb18030(sample, whole)) {
        return Ok(encoding_rs::GB18030);
    }
    Err(guess)
}

/// Returns whether the sample is UTF-8, damaged in few places at most: a damaged file is then
/// named with its line, instead of being read as something else.
fn is_mostly_utf8(sample: &[u8], whole: bool) -> bool {
    match std::str::from_utf8(sample) {
        Ok(_) => true,
        Err(error) if error.error_len().is_none() && !whole => true,
        Err(_) => {
            let text = String::from_utf8_lossy(sample);
            let (mut wide, mut lost) = (0_usize, 0_usize);
            for letter in text.chars().filter(|letter| !letter.is_ascii()) {
                if letter == char::REPLACEMENT_CHARACTER {
                    lost += 1;
                } else {
                    wide += usize::from(letter.len_utf8() >= 3);
                }
            }
            wide > 4 * lost
        }
    }
}

fn reads_as_gb18030(sample: &[u8], whole: bool) -> bool {
    let mut coder = encoding_rs::GB18030.new_decoder_without_bom_handling();
    let mut out = String::new();
    out.reserve(coder.max_utf8_buffer_length(sample.len()).unwrap_or_default());
    let (result, _, lossy) = coder.decode_to_string(sample, &mut out, whole);
    // Private-use characters are what Western bytes become when they are read as GBK.
    result == CoderResult::InputEmpty && !lossy && !out.contains(super::cell::is_private)
}

fn is_web_page(head: &[u8]) -> bool {
    let text = head.trim_ascii_start();
    let marks = [b"<html".as_slice(), b"<!doctype", b"<table", b"<?xml", b"<head", b"<meta"];
    marks.iter().any(|mark| text.get(..mark.len()).is_some_and(|start| start.eq_ignore_ascii_case(mark)))
}

fn count_lines(bytes: &[u8]) -> u64 {
    bytes.iter().map(|byte| u64::from(*byte == b'\n')).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_over_the_limit_is_stopped_and_one_at_the_limit_is_not() {
        let text = "行".repeat(50_000);
        for (bytes_max, is_stopped) in [(150_000, false), (149_999, true)] {
            let mut decoder = Decoder::new(text.as_bytes());
            decoder.bytes_max = bytes_max;
            let mut out = String::new();
            let end = loop {
                match decoder.fill(&mut out) {
                    Ok(true) => {}
                    Ok(false) => break false,
                    Err(FileStop::File(problems)) => break problems[0].code == codes::IMPORT_TOO_LARGE,
                    Err(FileStop::Broke(error)) => panic!("memory broke: {error}"),
                }
            };
            assert_eq!(end, is_stopped);
            assert!(is_stopped || out == text);
        }
    }
}
