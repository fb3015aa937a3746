//! Moments as they are written.

use proptest::prelude::*;

use wubu::time::Stamp;

proptest! {
    /// A moment is read back as it is written, and a text that is written otherwise is not taken for one.
    #[test]
    fn a_moment_reads_back(micros in -62_135_596_800_000_000_i64..253_402_300_800_000_000, at in 0..27_usize, byte: u8) {
        let stamp = Stamp::from_micros(micros);
        let text = stamp.to_string();
        prop_assert_eq!(Stamp::written(&text), Some(stamp));
        let mut bytes = text.clone().into_bytes();
        bytes[at] = byte;
        let Ok(other) = String::from_utf8(bytes) else { return Ok(()) };
        if let Some(read) = Stamp::written(&other) {
            prop_assert_eq!(read.to_string(), other);
        }
    }
}
