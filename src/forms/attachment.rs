//! Files attached to an order: what they are, and what they tell of place and time.

use std::io::Cursor;

use chrono::NaiveDateTime;
use exif::{Exif, In, Reader, Tag, Value};
use strum::VariantNames;

use super::flaw::AnswerFlaw;
use crate::diag::codes;
use crate::lang;
use crate::limits;

/// What a file is, by its content and not by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, VariantNames)]
#[strum(serialize_all = "lowercase")]
pub enum FileKind {
    #[strum(serialize = "jpg")]
    Jpeg,
    Png,
    Webp,
    Heic,
    Pdf,
    /// An MPEG-4 film or recording.
    Mp4,
    /// An Apple film.
    #[strum(serialize = "mov")]
    QuickTime,
}

/// What was seen in a file.
#[derive(Clone, Debug, PartialEq)]
pub struct FileContent {
    pub kind: FileKind,
    /// Latitude and longitude that the camera wrote, in degrees.
    pub place: Option<(f64, f64)>,
    /// The local time that the camera wrote.
    pub taken_at: Option<NaiveDateTime>,
}

impl FileKind {
    /// Returns the media type, such as `image/jpeg`.
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Webp => "image/webp",
            Self::Heic => "image/heic",
            Self::Pdf => "application/pdf",
            Self::Mp4 => "video/mp4",
            Self::QuickTime => "video/quicktime",
        }
    }

    /// Recognises a file by its first bytes.
    pub fn of(bytes: &[u8]) -> Option<Self> {
        match bytes {
            [0xff, 0xd8, 0xff, ..] => Some(Self::Jpeg),
            [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => Some(Self::Png),
            [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some(Self::Webp),
            [b'%', b'P', b'D', b'F', b'-', ..] => Some(Self::Pdf),
            [_, _, _, _, b'f', b't', b'y', b'p', a, b, c, d, ..] => match &[*a, *b, *c, *d] {
                b"heic" | b"heix" | b"hevc" | b"heim" | b"heis" | b"mif1" | b"msf1" => Some(Self::Heic),
                b"qt  " => Some(Self::QuickTime),
                b"isom" | b"iso2" | b"iso4" | b"iso5" | b"iso6" | b"mp41" | b"mp42" | b"avc1" | b"M4V "
                | b"M4A " | b"3gp4" | b"3gp5" | b"3gp6" => Some(Self::Mp4),
                _ => None,
            },
            _ => None,
        }
    }
}

/// Looks at a file before it is attached to an order that has `held` already.
///
/// The bytes are not changed; what they tell of place and time is returned, to be kept apart.
///
/// # Errors
/// A [`AnswerFlaw`] when the file is too large, of a kind that is not taken, or one too many.
pub fn look(name: &str, bytes: &[u8], held: usize) -> Result<FileContent, AnswerFlaw> {
    if held >= limits::ATTACHMENTS_PER_ORDER {
        let limit = limits::ATTACHMENTS_PER_ORDER.to_string();
        return Err(AnswerFlaw::new(codes::ATTACHMENTS_TOO_MANY, "", name).with("limit", limit));
    }
    if bytes.len() > limits::ATTACHMENT_BYTES {
        let mebibytes = |bytes: usize| bytes.div_ceil(1024 * 1024).to_string();
        let flaw =
            AnswerFlaw::new(codes::ATTACHMENT_TOO_LARGE, "", name).with("size", mebibytes(bytes.len()));
        return Err(flaw.with("limit", mebibytes(limits::ATTACHMENT_BYTES)));
    }
    let Some(kind) = FileKind::of(bytes) else {
        let known = lang::list(FileKind::VARIANTS);
        return Err(AnswerFlaw::new(codes::ATTACHMENT_KIND, "", name).with("known", known));
    };
    let record = match kind {
        // A damaged record takes nothing away from the photo.
        FileKind::Jpeg | FileKind::Png | FileKind::Webp | FileKind::Heic => {
            Reader::new().read_from_container(&mut Cursor::new(bytes)).ok()
        }
        FileKind::Pdf | FileKind::Mp4 | FileKind::QuickTime => None,
    };
    let place = record.as_ref().and_then(place);
    Ok(FileContent { kind, place, taken_at: record.as_ref().and_then(taken_at) })
}

fn place(record: &Exif) -> Option<(f64, f64)> {
    let lat = degrees(record, Tag::GPSLatitude, Tag::GPSLatitudeRef, b'S')?;
    let lon = degrees(record, Tag::GPSLongitude, Tag::GPSLongitudeRef, b'W')?;
    (lat.abs() <= 90.0 && lon.abs() <= 180.0).then_some((lat, lon))
}

/// Reads degrees, minutes and seconds; `negative` is the side that counts below zero.
fn degrees(record: &Exif, tag: Tag, side: Tag, negative: u8) -> Option<f64> {
    let Value::Rational(parts) = &record.get_field(tag, In::PRIMARY)?.value else { return None };
    let [degrees, minutes, seconds] = parts.get(..3)? else { return None };
    let found = degrees.to_f64() + minutes.to_f64() / 60.0 + seconds.to_f64() / 3600.0;
    let is_negative = match &record.get_field(side, In::PRIMARY)?.value {
        Value::Ascii(texts) => texts.first()?.first()? == &negative,
        _ => return None,
    };
    found.is_finite().then_some(if is_negative { -found } else { found })
}

fn taken_at(record: &Exif) -> Option<NaiveDateTime> {
    let Value::Ascii(texts) = &record.get_field(Tag::DateTimeOriginal, In::PRIMARY)?.value else {
        return None;
    };
    let text = std::str::from_utf8(texts.first()?).ok()?;
    NaiveDateTime::parse_from_str(text.trim_end_matches('\0').trim(), "%Y:%m:%d %H:%M:%S").ok()
}
