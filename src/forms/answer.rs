//! A whole answer against its form.

use serde_json::{Map, Value};

use super::asked::FormSpec;
use super::flaw::{AnswerFlaw, FieldPlace};
use super::written::is_empty;
use super::{fields, items, problems, rows};
use crate::diag::codes;
use crate::limits;
use crate::policy::{ExprIx, Field, FieldKind, Form};

/// Why an answer cannot be taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unfit<E> {
    /// What is wrong with it, all of it.
    Flaws(Vec<AnswerFlaw>),
    /// A `required_when` could not be decided, which is an incident and no flaw of the answer.
    Rule { field: String, cause: E },
}

/// Checks an answer and returns its canonical form.
///
/// Fields go by id or by title. What is left out and may be is absent, but a table and a
/// list of photos is then empty, so that branches can count their rows. A bad answer to an item that says
/// `if_bad` is a problem, too. `required_when` is asked with the canonical answer.
///
/// # Errors
/// [`Unfit::Flaws`] with every flaw, in the order of the form; [`Unfit::Rule`] when the answer has
/// none and a condition could not be decided.
pub fn check<E>(
    asked: &FormSpec<'_>,
    answer: &Value,
    required_when: &dyn Fn(ExprIx, &Value) -> Result<bool, E>,
) -> Result<Value, Unfit<E>> {
    let whole = |code| AnswerFlaw::new(code, "", &asked.form.title);
    let size = answer.to_string().len();
    if size > limits::FORM_ANSWER_BYTES {
        let flaw = whole(codes::ANSWER_TOO_LARGE).with("size", kibibytes(size));
        return Err(Unfit::Flaws(vec![flaw.with("limit", kibibytes(limits::FORM_ANSWER_BYTES))]));
    }
    let Value::Object(given) = answer else {
        return Err(Unfit::Flaws(vec![whole(codes::ANSWER_SHAPE)]));
    };
    let mut flaws = unknown(asked, given);
    let mut found = Map::new();
    for field in &asked.form.fields {
        let said = find(given, &field.id, &field.title, &mut flaws);
        let read = said.and_then(|said| fields::read(asked, field, said, &mut flaws));
        if let Some(value) = read.or_else(|| blank(asked, field, said, &mut flaws)) {
            flaws.extend(rows::unmatched(asked, field, &value));
            found.insert(field.id.clone(), value);
        }
    }
    problems::enter(asked, &mut found);
    let found = Value::Object(found);
    let (lacks, broken) = lacks(asked.form, given, &found, required_when);
    flaws.extend(lacks);
    match broken {
        _ if !flaws.is_empty() => Err(Unfit::Flaws(flaws)),
        Some((field, cause)) => Err(Unfit::Rule { field, cause }),
        None => Ok(found),
    }
}

fn kibibytes(bytes: usize) -> String {
    bytes.div_ceil(1024).to_string()
}

/// Names the keys that the form does not have.
fn unknown(asked: &FormSpec<'_>, given: &Map<String, Value>) -> Vec<AnswerFlaw> {
    let fields = asked.form.fields.iter().flat_map(|field| [field.id.as_str(), field.title.as_str()]);
    let known: Vec<&str> = fields.collect();
    let strange = given.keys().filter(|key| !known.contains(&key.as_str()));
    let flaw = |key: &String| {
        AnswerFlaw::new(codes::FIELD_NOT_IN_FORM, key.as_str(), &asked.form.title)
            .near(key, known.iter().copied())
    };
    strange.map(flaw).collect()
}

/// Finds a field by id or by title, once.
fn find<'a>(
    given: &'a Map<String, Value>,
    id: &str,
    title: &str,
    flaws: &mut Vec<AnswerFlaw>,
) -> Option<&'a Value> {
    let by_id = given.get(id);
    let by_title = given.get(title).filter(|_| id != title);
    if by_id.is_some() && by_title.is_some() {
        flaws.push(AnswerFlaw::new(codes::FIELD_TWICE, id, title));
    }
    by_id.or(by_title)
}

/// What stands for a field that nothing usable was written in.
fn blank(
    asked: &FormSpec<'_>,
    field: &Field,
    said: Option<&Value>,
    flaws: &mut Vec<AnswerFlaw>,
) -> Option<Value> {
    match field.kind {
        FieldKind::Table(_) | FieldKind::Photo => Some(Value::Array(Vec::new())),
        FieldKind::Items if said.is_none_or(is_empty) => {
            let at = FieldPlace { path: &field.id, title: &field.title };
            Some(items::read(asked, at, None, flaws))
        }
        FieldKind::Items
        | FieldKind::Text
        | FieldKind::Number
        | FieldKind::Date
        | FieldKind::DateTime
        | FieldKind::Length
        | FieldKind::Choice(_)
        | FieldKind::Location
        | FieldKind::Signature => None,
    }
}

/// Names what is not filled and must be, and the first condition that could not be decided.
fn lacks<E>(
    form: &Form,
    given: &Map<String, Value>,
    found: &Value,
    required_when: &dyn Fn(ExprIx, &Value) -> Result<bool, E>,
) -> (Vec<AnswerFlaw>, Option<(String, E)>) {
    let (mut lacks, mut broken) = (Vec::new(), None);
    for field in &form.fields {
        let is_wanted = match field.required_when.map(|when| required_when(when, found)) {
            None => field.required,
            Some(Ok(holds)) => field.required || holds,
            Some(Err(cause)) => {
                broken = broken.or(Some((field.id.clone(), cause)));
                field.required
            }
        };
        let said = [&field.id, &field.title].into_iter().find_map(|key| given.get(key));
        let is_written = said.is_some_and(|said| !is_empty(said));
        let Some(rows) = found.get(&field.id).and_then(Value::as_array) else {
            // What is written and wrong has been named already.
            if is_wanted && !is_written {
                lacks.push(AnswerFlaw::new(codes::FIELD_WANTED, field.id.as_str(), &field.title));
            }
            continue;
        };
        lacks.extend(too_few(field, is_wanted, rows.len()));
    }
    (lacks, broken)
}

/// Counts rows and photos. A least number without a condition always holds.
fn too_few(field: &Field, is_wanted: bool, count: usize) -> Option<AnswerFlaw> {
    let least = field.min.unwrap_or(u32::from(is_wanted));
    let holds = is_wanted || field.required_when.is_none() || count > 0;
    let is_short = u32::try_from(count).is_ok_and(|count| count < least);
    (holds && is_short && field.kind != FieldKind::Items).then(|| {
        let flaw = AnswerFlaw::new(codes::ROWS_TOO_FEW, field.id.as_str(), &field.title);
        let of = if field.kind == FieldKind::Photo { "files" } else { "rows" };
        flaw.with("of", of).with("min", least.to_string()).with("found", count.to_string())
    })
}
