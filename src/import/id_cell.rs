//! An id taken out of what a spreadsheet or a keyboard dressed it in.
//!
//! # Shape
//! `'0012`, `="0012"`, `“0012”`, `００１２`, `0012` with marks that do not show, and blanks around it are all
//! `0012`. `12.0` and `1.2E+1` are `12`, because every digit is there; where digits were lost, which a
//! spreadsheet does from the sixteenth on, the id is refused.

use std::borrow::Cow;

use super::cell::{CellResult, is_private, refuse_error_value};
use super::credit_code::{self, CodeReading};
use super::{Assurance, Problem};
use crate::diag::codes;
use crate::id::person_id;
use crate::lang::dates::all_digits;
use crate::lang::spellings;

/// Digits that a spreadsheet keeps of a number.
///
/// # Source
/// IEEE 754 double precision holds every whole number of fifteen decimal digits.
const NUMBER_DIGITS: usize = 15;

/// Digits from which on a number is no name with a letter in it.
const LONG_NUMBER: usize = 10;

/// Marks that programs and people put around text: apostrophes and quotation marks, of both widths.
const QUOTES: [char; 11] = ['\'', '"', '`', '´', '‘', '’', '“', '”', '′', '‚', '„'];

/// An id, and what a person may have to answer for before it is taken.
pub(super) struct ReadId {
    pub(super) id: String,
    pub(super) doubt: Option<(Problem, Assurance)>,
}

/// Reads an id: any text that a person can retype without a doubt.
pub(super) fn id(cell: &str) -> CellResult<String> {
    checked(undressed(cell)?)
}

/// Reads the id of a subject, whose blanks are taken out where that makes a credit code, and which is looked
/// at as one where it has the length of one.
pub(super) fn subject_id(cell: &str) -> CellResult<ReadId> {
    let bare = undressed(cell)?;
    if !bare.bytes().all(|byte| byte.is_ascii_alphanumeric())
        && let Some(code) = code_within(&bare)?
    {
        return Ok(ReadId { id: code, doubt: None });
    }
    let id = checked(bare)?;
    if is_unfilled(&id) {
        return Err(Problem::new(codes::ID_UNFILLED).value(&id));
    }
    let reading = credit_code::read(&id);
    let is_misspelt = matches!(reading, CodeReading::Other) && has_letters_for_digits(&id);
    if is_misspelt || is_cut(&id) || is_number_with_marks(&id) {
        let problem = Problem::new(codes::ID_DAMAGED).value(&id);
        return match reading {
            CodeReading::Doubtful(..) => Err(problem),
            CodeReading::Right(_) | CodeReading::Other => {
                Ok(ReadId { id, doubt: Some((problem, Assurance::KnownOrConfirmed)) })
            }
        };
    }
    let (respelt, doubt) = match reading {
        CodeReading::Other | CodeReading::Right(Cow::Borrowed(_)) => (None, None),
        CodeReading::Right(Cow::Owned(code)) => (Some(code), None),
        CodeReading::Doubtful(code, problem) => (Some(code), Some((problem, Assurance::KnownOrConfirmed))),
    };
    Ok(ReadId { id: respelt.unwrap_or(id), doubt })
}

/// Words that people write where they know no id.
const UNFILLED: [&str; 7] = ["none", "na", "nil", "null", "tbd", "unknown", "todo"];

/// Returns whether a text stands where an id was not known: a word that says so, or marks alone.
fn is_unfilled(id: &str) -> bool {
    let is_word = UNFILLED.iter().any(|word| word.eq_ignore_ascii_case(id)) || spellings::UNFILLED.is(id);
    is_word || !id.chars().any(char::is_alphanumeric)
}

/// Returns whether it is a long number that somebody wrote a unit behind or commas into.
fn is_number_with_marks(id: &str) -> bool {
    let digits = id.chars().filter(char::is_ascii_digit).count();
    let is_mark = |letter: char| letter == ',' || !letter.is_ascii();
    digits >= LONG_NUMBER
        && digits < id.chars().count()
        && id.starts_with(|first: char| first.is_ascii_digit())
        && id.chars().all(|letter| letter.is_ascii_digit() || is_mark(letter))
}

/// Returns the credit code that stands among blanks; with other marks in it a person has to write it plainly.
fn code_within(bare: &str) -> CellResult<Option<String>> {
    let plain: String = bare.chars().filter(|letter| letter.is_alphanumeric()).collect();
    let CodeReading::Right(code) = credit_code::read(&plain) else { return Ok(None) };
    if bare.chars().all(|letter| letter.is_alphanumeric() || letter.is_whitespace()) {
        return Ok(Some(code.into_owned()));
    }
    Err(Problem::new(codes::CREDIT_CODE_MARKED).value(bare).with("nearest", code))
}

/// Reads what names a station or a grid: its id or its title, which may hold blanks.
pub(super) fn place(cell: &str) -> CellResult<String> {
    let name = undressed(cell)?;
    refuse_error_value(&name)?;
    if name.chars().any(char::is_whitespace) { Ok(name) } else { checked(name) }
}

/// Returns a code of a table as it was before a spreadsheet dressed it.
pub(super) fn code(cell: &str) -> CellResult<String> {
    let code = undressed(cell)?;
    refuse_error_value(&code)?;
    Ok(match code.split_once('.') {
        Some((whole, zeros)) if all_digits(whole) && is_zeros(zeros) => whole.to_owned(),
        _ => code,
    })
}

/// Takes off what stands around a text so that it stays text.
fn undressed(cell: &str) -> CellResult<String> {
    if let Some(at) = cell.chars().position(|letter| letter == char::REPLACEMENT_CHARACTER) {
        return Err(Problem::new(codes::TEXT_LOST).at(at));
    }
    // Breaks of lines and tabs are blanks, and no letters that do not show.
    let is_broken = |letter: char| letter.is_whitespace() && letter != ' ';
    let spaced: Cow<'_, str> = if cell.chars().any(is_broken) {
        cell.chars().map(|letter| if is_broken(letter) { ' ' } else { letter }).collect::<String>().into()
    } else {
        cell.into()
    };
    let id = person_id(&spaced);
    let is_dressed = |letter: char| letter == '=' || QUOTES.contains(&letter);
    if !id.starts_with(is_dressed) && !id.ends_with(is_dressed) {
        return Ok(id);
    }
    let quoted = id.trim_start_matches(QUOTES).trim_start();
    let formula = quoted.strip_prefix('=').map(str::trim_start);
    let bare = formula.unwrap_or(quoted).trim_matches(QUOTES).trim();
    // Only the formula that is a text, or a number with all its digits, stands for that.
    let is_text = |formula: &str| formula.starts_with('"') && formula.ends_with('"') || all_digits(formula);
    if formula.is_some_and(|formula| !is_text(formula.trim_end_matches('\'')))
        || bare.contains(['"', '=', '&'])
    {
        return Err(Problem::new(codes::ID_FORMULA).value(&id));
    }
    if bare.is_empty() {
        return Err(Problem::new(codes::CELL_BLANK));
    }
    Ok(bare.to_owned())
}

/// Refuses what nobody could retype, and gives the digits of a number back so far as they are all there.
fn checked(id: String) -> CellResult<String> {
    refuse_error_value(&id)?;
    for (at, letter) in id.chars().enumerate() {
        if letter.is_ascii_graphic() {
            continue;
        }
        if letter.is_whitespace() {
            return Err(Problem::new(codes::ID_SPACED).value(&id).at(at));
        }
        if is_private(letter) {
            return Err(Problem::new(codes::ID_INVISIBLE).at(at).point(letter));
        }
    }
    if !id.starts_with(|first: char| first.is_ascii_digit()) || all_digits(&id) {
        return Ok(id);
    }
    let whole = match id.split_once('.') {
        Some((whole, zeros)) if all_digits(whole) && is_zeros(zeros) => {
            Some(if whole.len() <= NUMBER_DIGITS { Digits::All(whole.to_owned()) } else { Digits::Lost })
        }
        _ => powered(&id),
    };
    match whole {
        Some(Digits::All(digits)) => return Ok(digits),
        Some(Digits::Lost) => return Err(Problem::new(codes::ID_DAMAGED).value(&id)),
        None => {}
    }
    let mut groups = id.split(',');
    let is_first = groups.next().is_some_and(|first| all_digits(first) && first.len() <= 3);
    if is_first && groups.all(|group| group.len() == 3 && all_digits(group)) {
        return Err(Problem::new(codes::NUMBER_GROUPED).value(&id));
    }
    Ok(id)
}

/// What a spreadsheet left of a number.
enum Digits {
    All(String),
    Lost,
}

/// Reads `9.13E+17`: the digits where all of them stand there, nothing where some are lost; none when it is no
/// such number. `1E5` is an id.
fn powered(id: &str) -> Option<Digits> {
    let (mantissa, exponent) = id.split_once(['E', 'e'])?;
    let power = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
    let (whole, part) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let is_number = all_digits(whole) && part.bytes().all(|byte| byte.is_ascii_digit());
    let is_marked = mantissa.contains('.') || exponent.starts_with('+');
    if !is_number || !is_marked || !all_digits(power) {
        return None;
    }
    let digits = format!("{whole}{part}");
    let is_all = !exponent.starts_with('-') && power.parse() == Ok(part.len());
    Some(if is_all && digits.len() <= NUMBER_DIGITS { Digits::All(digits) } else { Digits::Lost })
}

/// A number of ten digits and more in which letters stand that are typed for 0 and 1.
fn has_letters_for_digits(id: &str) -> bool {
    let is_look_alike = |byte: u8| b"OoIl".contains(&byte);
    id.len() >= LONG_NUMBER
        && !all_digits(id)
        && id.bytes().all(|byte| byte.is_ascii_digit() || is_look_alike(byte))
        && id.bytes().filter(|byte| is_look_alike(*byte)).count() <= 2
}

/// More digits than a number holds, and nothing but zeros where it holds none.
fn is_cut(id: &str) -> bool {
    id.len() > NUMBER_DIGITS && all_digits(id) && id[NUMBER_DIGITS..].bytes().all(|byte| byte == b'0')
}

fn is_zeros(part: &str) -> bool {
    !part.is_empty() && part.bytes().all(|byte| byte == b'0')
}
