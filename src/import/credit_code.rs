//! The unified social credit code: which ids are read as one, and whether one can be.
//!
//! # Source
//! GB 32100-2015: 18 characters, the last one computed from the others modulo 31; five letters that are
//! mistaken for digits or for each other are never used.

use std::borrow::Cow;

use super::Problem;
use crate::diag::codes;
use crate::lang::spellings::has_han;

/// The characters of a code, each worth its position.
const ALPHABET: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";

/// Registration departments, the first character.
const DEPARTMENTS: &[u8] = b"123456789ANY";

/// Characters 3 to 8 are the code of a region: digits.
const REGION: std::ops::Range<usize> = 2..8;

const LENGTH: usize = 18;

/// Fewest digits of an id that is looked at as a code: the six of a region, some of which may be mistyped.
const DIGITS_MIN: usize = 6;

/// What is typed for a digit or a letter by mistake.
const MISTAKEN: [(char, char); 5] = [('I', '1'), ('O', '0'), ('Z', '2'), ('S', '5'), ('V', 'U')];

/// What an id is as a credit code.
pub(super) enum CodeReading<'a> {
    /// Some other kind of id.
    Other,
    /// A code, as codes are written.
    Right(Cow<'a, str>),
    /// It has the length of a code and cannot be one: as it would be written, and why.
    Doubtful(String, Problem),
}

/// Reads an id as a credit code, where it has the length of one.
///
/// Only case is ever changed.
pub(super) fn read(id: &str) -> CodeReading<'_> {
    // Most ids are decided here, without a look at each letter.
    if id.len() < LENGTH || id.len() > LENGTH * 2 || !is_of_that_length(id) {
        return CodeReading::Other;
    }
    let code = if id.bytes().all(|byte| byte.is_ascii_digit() || byte.is_ascii_uppercase()) {
        Cow::Borrowed(id)
    } else {
        Cow::Owned(id.to_uppercase())
    };
    match problem(&code) {
        None => CodeReading::Right(code),
        Some(problem) => CodeReading::Doubtful(code.into_owned(), problem.value(id)),
    }
}

/// Letters and digits as many as a code has, enough of them digits; Chinese characters make another id.
fn is_of_that_length(id: &str) -> bool {
    id.chars().count() == LENGTH
        && id.chars().all(char::is_alphanumeric)
        && !has_han(id)
        && id.bytes().filter(u8::is_ascii_digit).count() >= DIGITS_MIN
}

/// Says why 18 letters and digits are no code.
fn problem(code: &str) -> Option<Problem> {
    let illegal = code.chars().enumerate().find(|(at, letter)| {
        let byte = u8::try_from(*letter).ok();
        let is_right = byte.is_some_and(|byte| match at {
            0 => DEPARTMENTS.contains(&byte),
            at if REGION.contains(at) => byte.is_ascii_digit(),
            _ => worth(byte).is_some(),
        });
        !is_right
    });
    if let Some((at, letter)) = illegal {
        let meant = MISTAKEN.iter().find(|(wrong, _)| *wrong == letter).map(|(_, meant)| meant.to_string());
        let problem = Problem::new(codes::CREDIT_CODE_LETTER).at(at).with("letter", letter.to_string());
        let problem = problem.with("is_meant", if meant.is_some() { "yes" } else { "no" });
        return Some(problem.with("meant", meant.unwrap_or_default()));
    }
    let expected = check_character(code.as_bytes());
    let problem = || Problem::new(codes::CREDIT_CODE_WRONG).at(LENGTH - 1);
    (code.as_bytes()[LENGTH - 1] != expected)
        .then(|| problem().with("expected", char::from(expected).to_string()))
}

/// Returns the check character that belongs to a code.
fn check_character(code: &[u8]) -> u8 {
    let (mut sum, mut weight) = (0, 1);
    for letter in &code[..LENGTH - 1] {
        sum = (sum + worth(*letter).unwrap_or_default() * weight) % ALPHABET.len();
        weight = weight * 3 % ALPHABET.len();
    }
    ALPHABET[(ALPHABET.len() - sum) % ALPHABET.len()]
}

fn worth(letter: u8) -> Option<usize> {
    ALPHABET.iter().position(|known| *known == letter)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code_of(id: &str) -> Result<Option<String>, &'static str> {
        match read(id) {
            CodeReading::Other => Ok(None),
            CodeReading::Right(code) => Ok(Some(code.into_owned())),
            CodeReading::Doubtful(_, problem) => Err(problem.code.id),
        }
    }

    #[test]
    fn the_check_character_is_the_one_the_standard_computes() {
        // Published codes of two large companies.
        for code in ["91110000600037341L", "91440300708461136T"] {
            assert_eq!(code_of(code), Ok(Some(code.to_owned())));
        }
        assert_eq!(code_of("91440300708461136A"), Err("I034"));
    }

    #[test]
    fn letters_that_no_code_has_are_told() {
        for code in ["91370100MA3FGHIJ2K", "9144O300708461136T", "I1440300708461136T", "91440300708461136S"] {
            assert_eq!(code_of(code), Err("I067"), "{code}");
        }
        assert_eq!(code_of("9144030070846113６T".replace('６', "А").as_str()), Err("I067"));
    }

    #[test]
    fn case_is_mended_and_other_ids_are_left_alone() {
        assert_eq!(code_of("91440300708461136t"), Ok(Some("91440300708461136T".to_owned())));
        for other in ["TOR-9093500", "ABCDEFGHJKLMNPQRTU", "9144030070846113", "9144030070846113一T"] {
            assert_eq!(code_of(other), Ok(None), "{other}");
        }
    }
}
