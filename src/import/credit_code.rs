//! The check character of the unified social credit code.
//!
//! # Source
//! GB 32100-2015: 18 characters, the last one computed from the others modulo 31.

use std::borrow::Cow;

use super::Problem;
use crate::diag::codes;

/// The characters of a code, each worth its position.
const ALPHABET: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";

/// Registration departments, the first character.
const DEPARTMENTS: &[u8] = b"123456789ANY";

/// Characters 3 to 8 are the code of a region: digits.
const REGION: std::ops::Range<usize> = 2..8;

const LENGTH: usize = 18;

/// Returns the id as a credit code is written, or none when it is some other kind of id.
///
/// Only width and case are ever changed, and case only when the check character agrees.
///
/// # Errors
/// `CREDIT_CODE_WRONG` when it has the shape of a code and another check character.
pub(super) fn check(id: &str) -> Result<Option<Cow<'_, str>>, Problem> {
    if id.len() != LENGTH || !id.is_ascii() {
        return Ok(None);
    }
    let code = if id.bytes().any(|byte| byte.is_ascii_lowercase()) {
        Cow::Owned(id.to_ascii_uppercase())
    } else {
        Cow::Borrowed(id)
    };
    let Some(expected) = check_character(code.as_bytes()) else { return Ok(None) };
    if code.as_bytes()[LENGTH - 1] == expected {
        return Ok(Some(code));
    }
    let problem = Problem::new(codes::CREDIT_CODE_WRONG).value(id).at(LENGTH - 1);
    Err(problem.with("expected", char::from(expected).to_string()))
}

/// Returns the check character that belongs to a code; none when the text has not its shape.
fn check_character(code: &[u8]) -> Option<u8> {
    if !DEPARTMENTS.contains(&code[0]) || !code[REGION].iter().all(u8::is_ascii_digit) {
        return None;
    }
    worth(code[LENGTH - 1])?;
    let (mut sum, mut weight) = (0, 1);
    for letter in &code[..LENGTH - 1] {
        sum = (sum + worth(*letter)? * weight) % ALPHABET.len();
        weight = weight * 3 % ALPHABET.len();
    }
    Some(ALPHABET[(ALPHABET.len() - sum) % ALPHABET.len()])
}

fn worth(letter: u8) -> Option<usize> {
    ALPHABET.iter().position(|known| *known == letter)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_check_character_is_the_one_the_standard_computes() {
        // Published codes of two large companies.
        for code in ["91110000600037341L", "91440300708461136T"] {
            assert_eq!(check(code).ok().flatten().as_deref(), Some(code));
        }
        assert!(check("91440300708461136A").is_err_and(|problem| problem.code.id == "I034"));
    }

    #[test]
    fn case_is_mended_and_other_ids_are_left_alone() {
        assert_eq!(check("91440300708461136t").ok().flatten().as_deref(), Some("91440300708461136T"));
        assert_eq!(check("TOR-9093500").ok().flatten(), None);
        assert_eq!(check("ABCDEFGHJKLMNPQRTU").ok().flatten(), None);
    }
}
