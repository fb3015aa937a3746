//! Reads the text of a script or an expression; says in policy words why one cannot be read.

use rhai::{AST, Engine, LexError, ParseError, ParseErrorType, Position, Token};

use crate::diag::{Diagnostic, Span, codes};
use crate::limits;

use super::host::{self, FUNCTIONS_MAX, is_forbidden};
use super::unit::{SourceText, SourceUnit, token_end};

/// Typos reported of one text; beyond that they help nobody.
const TYPOS_MAX: usize = 50;

/// Reads a script.
pub(super) fn script(reader: &Engine, text: SourceText) -> Result<SourceUnit, Vec<Diagnostic>> {
    text.read(reader, |text| reader.compile(text))
}

/// Reads an expression.
pub(super) fn expression(reader: &Engine, text: SourceText) -> Result<SourceUnit, Vec<Diagnostic>> {
    text.read(reader, |text| reader.compile_expression(text))
}

impl SourceText {
    fn read(
        self,
        reader: &Engine,
        compile: impl FnOnce(&str) -> Result<AST, ParseError>,
    ) -> Result<SourceUnit, Vec<Diagnostic>> {
        let whole = self.span.inner(0, 0);
        if self.text.len() > limits::SCRIPT_BYTES {
            let limit = (limits::SCRIPT_BYTES / 1024).to_string();
            return Err(vec![Diagnostic::new(codes::SCRIPT_TOO_LARGE, whole).with("limit", limit)]);
        }
        let typos = self.typos(reader);
        if !typos.is_empty() {
            return Err(typos);
        }
        match host::quietly(|| compile(&self.text)) {
            Ok(Ok(ast)) => Ok(SourceUnit::new(self, ast)),
            Ok(Err(error)) => Err(vec![self.refused(error.err_type(), error.position())]),
            Err(_) => Err(vec![Diagnostic::new(codes::SCRIPT_CRASHED, whole)]),
        }
    }

    /// Finds every mark and letter that cannot be meant.
    fn typos(&self, reader: &Engine) -> Vec<Diagnostic> {
        let texts = [&self.text];
        let (tokens, _control) = reader.lex(&texts);
        let mut typos = Vec::new();
        for (token, at) in tokens.take(limits::SCRIPT_BYTES) {
            let start = self.offset(at);
            match token {
                // Only the parser can follow what stands between the braces of such a text.
                Token::InterpolatedString(_) => break,
                Token::LexError(error) => typos.push(self.typo(&error, start)),
                Token::Identifier(word) => typos.extend(self.lookalike(&word, start)),
                Token::Reserved(word) if is_forbidden(&word) => {
                    let problem = Diagnostic::new(codes::SCRIPT_FORBIDDEN, self.word(at));
                    typos.push(problem.with("word", word.as_str()));
                }
                _ => {}
            }
            if typos.len() >= TYPOS_MAX {
                break;
            }
        }
        typos
    }

    fn typo(&self, error: &LexError, start: usize) -> Diagnostic {
        let word = &self.text[start..token_end(&self.text, start)];
        if is_forbidden(word) {
            let place = self.place(start, start + word.len());
            return Diagnostic::new(codes::SCRIPT_FORBIDDEN, place).with("word", word);
        }
        if word == "=" {
            return Diagnostic::new(codes::SCRIPT_ASSIGNS, self.place(start, start + 1));
        }
        if matches!(error, LexError::UnterminatedString) {
            return Diagnostic::new(codes::SCRIPT_OPEN_TEXT, self.place(start, start + 1));
        }
        if matches!(error, LexError::StringTooLong(_)) {
            let limit = (limits::SCRIPT_STRING_BYTES / 1024).to_string();
            return Diagnostic::new(codes::SCRIPT_TOO_LARGE, self.place(start, start + 1))
                .with("limit", limit);
        }
        let found = self.text[start..].chars().next().unwrap_or(' ');
        let place = self.place(start, start + found.len_utf8());
        match ascii_of(found) {
            Some(ascii) => full_width(place, found, ascii),
            None => syntax(self.place(start, start + word.len()), word, ""),
        }
    }

    /// Finds a letter that looks like a Latin one, or a full-width one.
    fn lookalike(&self, word: &str, start: usize) -> Option<Diagnostic> {
        let (at, found) = word.char_indices().find(|(_, c)| ascii_of(*c).is_some() || is_foreign(*c))?;
        let place = self.place(start + at, start + at + found.len_utf8());
        Some(match ascii_of(found) {
            Some(ascii) => full_width(place, found, ascii),
            None => Diagnostic::new(codes::SCRIPT_LOOKALIKE, place)
                .with("found", found.to_string())
                .with("word", word),
        })
    }

    fn refused(&self, error: &ParseErrorType, at: Position) -> Diagnostic {
        let end = self.text.trim_end().len();
        let start = if at.is_none() { end } else { self.offset(at).min(end) };
        let place = self.place(start, token_end(&self.text, start).min(end).max(start));
        let found = self.text[start..token_end(&self.text, start).min(end).max(start)].to_owned();
        match error {
            ParseErrorType::Reserved(word) => {
                Diagnostic::new(codes::SCRIPT_FORBIDDEN, place).with("word", word.as_str())
            }
            ParseErrorType::BadInput(error) => self.typo(error, start),
            ParseErrorType::ExprTooDeep => Diagnostic::new(codes::SCRIPT_TOO_DEEP, place)
                .with("limit", limits::SCRIPT_EXPRESSION_DEPTH.to_string()),
            ParseErrorType::TooManyFunctions => {
                Diagnostic::new(codes::SCRIPT_TOO_MANY, place).with("limit", FUNCTIONS_MAX.to_string())
            }
            ParseErrorType::LiteralTooLarge(..) => Diagnostic::new(codes::SCRIPT_TOO_LARGE, place)
                .with("limit", (limits::SCRIPT_STRING_BYTES / 1024).to_string()),
            ParseErrorType::FnDuplicatedDefinition(name, _) => {
                Diagnostic::new(codes::SCRIPT_TWICE, place).with("name", name.as_str())
            }
            ParseErrorType::MissingToken(..) if found == "=" || self.assigns(start) => {
                Diagnostic::new(codes::SCRIPT_ASSIGNS, place)
            }
            ParseErrorType::MissingToken(wanted, _) if wanted == ";" => self.unended(start),
            ParseErrorType::MissingToken(wanted, _) => syntax(place, &found, wanted),
            ParseErrorType::MismatchedType(..) if self.assigns(start) => {
                Diagnostic::new(codes::SCRIPT_ASSIGNS, place)
            }
            ParseErrorType::UnexpectedEOF => syntax(place, &found, "}"),
            _ => syntax(place, &found, ""),
        }
    }

    /// Says that the statement before this place has no semicolon, where it ends.
    fn unended(&self, start: usize) -> Diagnostic {
        let before = self.text[..start].trim_end();
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        let end = before[line_start..].find("//").map_or(before.len(), |at| line_start + at);
        let end = self.text[..end].trim_end().len();
        let last = self.text[..end].char_indices().next_back().map_or(end, |(at, _)| at);
        let found = Diagnostic::new(codes::SCRIPT_SYNTAX, self.place(last, end));
        found.with("found", &self.text[last..end]).with("wanted", ";").with("expects", "semicolon")
    }

    /// Returns whether the condition at this place is written with one `=`.
    fn assigns(&self, start: usize) -> bool {
        let line_start = self.text[..start].rfind('\n').map_or(0, |at| at + 1);
        let line = self.text[line_start..].lines().next().unwrap_or_default();
        let Some(condition) = line.find("if ").map(|at| &line[at..]) else { return false };
        let condition = condition.split('{').next().unwrap_or_default();
        let bare = condition.replace("==", "").replace("!=", "").replace("<=", "").replace(">=", "");
        bare.contains('=')
    }
}

fn full_width(place: Span, found: char, ascii: char) -> Diagnostic {
    let problem = Diagnostic::new(codes::SCRIPT_FULL_WIDTH, place).with("found", found.to_string());
    problem.with("ascii", ascii.to_string())
}

fn syntax(place: Span, found: &str, wanted: &str) -> Diagnostic {
    let expects = if wanted.is_empty() { "no" } else { "yes" };
    let problem = Diagnostic::new(codes::SCRIPT_SYNTAX, place).with("found", found);
    problem.with("wanted", wanted).with("expects", expects)
}

/// Returns the ASCII mark that a full-width one stands for.
fn ascii_of(c: char) -> Option<char> {
    match c {
        '\u{3000}' => Some(' '),
        '“' | '”' | '„' => Some('"'),
        '‘' | '’' => Some('\''),
        '、' => Some(','),
        '。' => Some('.'),
        '【' => Some('['),
        '】' => Some(']'),
        '《' => Some('<'),
        '》' => Some('>'),
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0),
        _ => None,
    }
}

/// Greek and Cyrillic have letters that no eye tells from Latin ones.
const fn is_foreign(c: char) -> bool {
    matches!(c, '\u{370}'..='\u{3ff}' | '\u{400}'..='\u{52f}')
}
