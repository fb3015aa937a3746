//! Bytes of a file made into text, whatever program wrote them.

use std::io::Read;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{CoderResult, Decoder as Coder, DecoderResult, Encoding};

use super::{FileStop, Problem};
use crate::diag::codes;
use crate::limits::IMPORT_FILE_BYTES;

/// Bytes read at a time, and looked at to tell the encoding.
const CHUNK_BYTES: usize = 64 * 1024;

/// Longest UTF-8 sequence, which a chunk may cut.
const SEQUENCE_BYTES: usize = 4;

/// Bytes beyond ASCII from which on an encoding is told without a hint.
const SURE_BYTES: usize = 512;

/// Text of a file, chunk by chunk.
pub(super) struct Decoder<R> {
    source: R,
    state: DecoderState,
    /// Bytes read and not decoded yet: a cut sequence, or a sample that is still too short.
    pending: Vec<u8>,
    taken: u64,
    bytes_max: u64,
    lines: u64,
    ended: bool,
}

enum DecoderState {
    /// Nothing was read.
    Start,
    /// Only ASCII so far, which is the same in every encoding but UTF-16.
    Ascii,
    Utf8,
    Coded(&'static Encoding, Box<Coder>),
}

impl<R: Read> Decoder<R> {
    pub(super) fn new(source: R) -> Self {
        let pending = Vec::with_capacity(2 * CHUNK_BYTES);
        Self {
            source,
            state: DecoderState::Start,
            pending,
            taken: 0,
            bytes_max: IMPORT_FILE_BYTES,
            lines: 0,
            ended: false,
        }
    }

    /// Returns the name of the encoding as far as it is known.
    pub(super) fn encoding(&self) -> &'static str {
        match &self.state {
            DecoderState::Start | DecoderState::Ascii | DecoderState::Utf8 => "UTF-8",
            DecoderState::Coded(encoding, _) if *encoding == encoding_rs::GBK => encoding_rs::GB18030.name(),
            DecoderState::Coded(encoding, _) => encoding.name(),
        }
    }

    /// Appends more text to `out`; false when the file has ended.
    pub(super) fn fill(&mut self, out: &mut String) -> Result<bool, FileStop> {
        if self.ended {
            return Ok(false);
        }
        self.read_chunk()?;
        if matches!(self.state, DecoderState::Start) {
            self.begin()?;
        }
        if matches!(self.state, DecoderState::Ascii) && !self.pending.is_ascii() {
            self.settle()?;
        }
        let before = out.len();
        match &mut self.state {
            DecoderState::Start | DecoderState::Ascii | DecoderState::Utf8 => self.take_utf8(out)?,
            DecoderState::Coded(..) => self.take_coded(out)?,
        }
        self.lines += count_lines(&out.as_bytes()[before..]);
        Ok(true)
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
        self.state = DecoderState::Ascii;
        let head = self.pending.as_slice();
        if head.starts_with(&[0xEF, 0xBB, 0xBF]) {
            self.state = DecoderState::Utf8;
            self.pending.drain(..3);
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
        self.state = DecoderState::Coded(encoding, Box::new(encoding.new_decoder_without_bom_handling()));
        self.pending.drain(..mark_bytes);
    }

    /// Tells the encoding at the first byte that is not ASCII.
    fn settle(&mut self) -> Result<(), FileStop> {
        let first = self.pending.iter().position(|byte| !byte.is_ascii()).unwrap_or(0);
        if self.pending.len() - first < CHUNK_BYTES && !self.ended {
            self.read_chunk()?;
        }
        match tell(&self.pending[first..], self.ended) {
            EncodingNotice::Utf8 => self.state = DecoderState::Utf8,
            EncodingNotice::Coded(encoding) => self.code(encoding, 0),
            EncodingNotice::Other(name) => {
                let line = self.lines + 1 + count_lines(&self.pending[..first]);
                let problem = Problem::new(codes::ENCODING_UNKNOWN);
                return Err(problem.with("encoding", name).with("line", line.to_string()).into());
            }
        }
        Ok(())
    }

    fn take_utf8(&mut self, out: &mut String) -> Result<(), FileStop> {
        let (text, damaged) = match std::str::from_utf8(&self.pending) {
            Ok(text) => (text, false),
            Err(error) => {
                let good = std::str::from_utf8(&self.pending[..error.valid_up_to()]);
                (good.unwrap_or_default(), error.error_len().is_some() || self.ended)
            }
        };
        if damaged {
            return Err(self.damaged(count_lines(text.as_bytes())));
        }
        out.push_str(text);
        let done = text.len();
        self.pending.drain(..done);
        debug_assert!(self.pending.len() < SEQUENCE_BYTES, "only a cut sequence stays behind");
        Ok(())
    }

    fn take_coded(&mut self, out: &mut String) -> Result<(), FileStop> {
        let DecoderState::Coded(_, coder) = &mut self.state else { return Ok(()) };
        let before = out.len();
        let room = coder.max_utf8_buffer_length_without_replacement(self.pending.len());
        out.reserve(room.unwrap_or(CHUNK_BYTES * SEQUENCE_BYTES));
        let mut done = 0;
        loop {
            let (result, read) =
                coder.decode_to_string_without_replacement(&self.pending[done..], out, self.ended);
            done += read;
            match result {
                DecoderResult::InputEmpty => break,
                DecoderResult::OutputFull => out.reserve(CHUNK_BYTES),
                DecoderResult::Malformed(..) => {
                    return Err(self.damaged(count_lines(&out.as_bytes()[before..])));
                }
            }
        }
        self.pending.clear();
        Ok(())
    }

    fn damaged(&self, lines: u64) -> FileStop {
        let line = self.lines + lines + 1;
        let problem = Problem::new(codes::ENCODING_DAMAGED);
        problem.with("encoding", self.encoding()).with("line", line.to_string()).into()
    }
}

enum EncodingNotice {
    Utf8,
    Coded(&'static Encoding),
    Other(&'static str),
}

fn tell(sample: &[u8], whole: bool) -> EncodingNotice {
    if is_mostly_utf8(sample, whole) {
        return EncodingNotice::Utf8;
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
        return EncodingNotice::Coded(encoding_rs::GB18030);
    }
    EncodingNotice::Other(guess.name())
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
    out.reserve(coder.max_utf8_buffer_length(sample.len()).unwrap_or(CHUNK_BYTES * SEQUENCE_BYTES));
    let (result, _, lossy) = coder.decode_to_string(sample, &mut out, whole);
    // Private-use characters are what Western bytes become when they are read as GBK.
    result == CoderResult::InputEmpty && !lossy && !out.contains(super::cell::is_private)
}

fn is_web_page(head: &[u8]) -> bool {
    let text: Vec<u8> = head
        .iter()
        .copied()
        .skip_while(u8::is_ascii_whitespace)
        .take(64)
        .map(|b| b.to_ascii_lowercase())
        .collect();
    [b"<html".as_slice(), b"<!doctype", b"<table", b"<?xml", b"<head", b"<meta"]
        .iter()
        .any(|mark| text.starts_with(mark))
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
