use std::io::Cursor;

use exif::experimental::Writer;
use exif::{Field, In, Rational, Tag, Value};
use wubu::forms::{FileContent, FileKind, look};

/// Flaws that this file produces.
pub(super) const CODES: [&str; 3] = ["R057", "R058", "R059"];

fn rational(parts: [(u32, u32); 3]) -> Value {
    Value::Rational(parts.map(|(num, denom)| Rational { num, denom }).to_vec())
}

/// A photo with nothing but its own record: 22°31′15″ S or N, 113°22′30″ E, taken on 2026-03-03.
fn photo(side: &str, seconds_denom: u32) -> Vec<u8> {
    let field = |tag, value| Field { tag, ifd_num: In::PRIMARY, value };
    let fields = [
        field(Tag::GPSLatitude, rational([(22, 1), (31, 1), (15, seconds_denom)])),
        field(Tag::GPSLatitudeRef, Value::Ascii(vec![side.as_bytes().to_vec()])),
        field(Tag::GPSLongitude, rational([(113, 1), (22, 1), (30, 1)])),
        field(Tag::GPSLongitudeRef, Value::Ascii(vec![b"E".to_vec()])),
        field(Tag::DateTimeOriginal, Value::Ascii(vec![b"2026:03:03 09:30:00".to_vec()])),
    ];
    let mut writer = Writer::new();
    for field in &fields {
        writer.push_field(field);
    }
    let mut record = Cursor::new(Vec::new());
    writer.write(&mut record, false).expect("a record");
    let record = record.into_inner();
    let length = u16::try_from(record.len() + 8).expect("a short record").to_be_bytes();
    [&[0xff, 0xd8, 0xff, 0xe1], length.as_slice(), b"Exif\0\0", &record, &[0xff, 0xd9]].concat()
}

#[test]
fn a_photo_tells_where_and_when_it_was_taken() {
    let seen = look("现场.jpg", &photo("N", 1), 0).expect("a photo");
    let at = "2026-03-03T09:30:00".parse().expect("a moment");
    let (lat, lon) = seen.place.expect("a place");
    assert!((lat - 22.520_833).abs() < 1e-6 && (lon - 113.375).abs() < 1e-9, "{lat} {lon}");
    assert_eq!((seen.kind, seen.taken_at), (FileKind::Jpeg, Some(at)));
    let south = look("现场.jpg", &photo("S", 1), 0).expect("a photo").place.expect("a place");
    assert!(south.0 < 0.0);
}

#[test]
fn a_damaged_record_takes_nothing_from_the_photo() {
    let whole = photo("N", 1);
    for end in 4..whole.len() {
        let seen = look("现场.jpg", &whole[..end], 0).expect("still a photo by its first bytes");
        assert_eq!(seen.kind, FileKind::Jpeg);
    }
    let divided_by_nothing = look("现场.jpg", &photo("N", 0), 0).expect("a photo");
    assert_eq!(divided_by_nothing.place, None);
}

#[test]
fn a_file_is_what_its_content_says() {
    let film = |brand: &[u8; 4]| [b"\0\0\0\x18ftyp".as_slice(), brand, b"\0\0\0\0"].concat();
    let files: [(Vec<u8>, Option<FileKind>); 10] = [
        (b"\x89PNG\r\n\x1a\n".to_vec(), Some(FileKind::Png)),
        (b"RIFF\0\0\0\0WEBP".to_vec(), Some(FileKind::Webp)),
        (b"%PDF-1.7".to_vec(), Some(FileKind::Pdf)),
        (film(b"heic"), Some(FileKind::Heic)),
        (film(b"mp42"), Some(FileKind::Mp4)),
        (film(b"qt  "), Some(FileKind::QuickTime)),
        (film(b"crx "), None),
        (b"MZ\x90\0".to_vec(), None),
        (b"<html>".to_vec(), None),
        (Vec::new(), None),
    ];
    for (bytes, kind) in files {
        let seen = look("名称不作数.pdf", &bytes, 0);
        match (seen, kind) {
            (Ok(seen), Some(kind)) => assert_eq!(seen, FileContent { kind, place: None, taken_at: None }),
            (Err(flaw), None) => assert_eq!(super::said(&flaw), " R058"),
            (seen, kind) => panic!("{seen:?} is not {kind:?}"),
        }
    }
}

#[test]
fn a_file_keeps_to_its_size_and_an_order_to_its_number() {
    let mut file = b"%PDF-1.7".to_vec();
    file.resize(20 * 1024 * 1024, b' ');
    assert!(look("正好.pdf", &file, 99).is_ok());
    let full = look("又一个.pdf", &file, 100).expect_err("one too many");
    file.push(b' ');
    let large = look("太大.pdf", &file, 0).expect_err("too large");
    assert_eq!([super::said(&full), super::said(&large)], [" R059", " R057"]);
}
