//! Checklists: one answer for each item.

use serde_json::{Map, Value};

use super::asked::FormSpec;
use super::flaw::{AnswerFlaw, FieldPlace};
use super::written::{shown, text};
use crate::diag::codes;
use crate::lang::spellings::{ITEM, NOTE, RESULT, Spelling};
use crate::policy::{Form, Item, ItemAnswers};

/// Puts together the items of a form on one order: those of the tier frozen on it, those listed
/// in the form, and those that the station or merged orders add; each id once, the first stays.
pub fn items_of(form: &Form, tier: &[String], added: &[Item]) -> Vec<Item> {
    let of_tier = tier.iter().filter(|_| form.items_from_tier).cloned().map(Item::titled);
    let mut items: Vec<Item> = Vec::new();
    for item in of_tier.chain(form.items.iter().cloned()).chain(added.iter().cloned()) {
        if !items.iter().any(|known| known.id == item.id) {
            items.push(item);
        }
    }
    items
}

/// Reads the answers to a checklist: a map from item to result, or a list of rows.
///
/// # Shape
/// The canonical one is a list in the order of the items, each `{id, title, result}` with `note`
/// where there is one.
pub(super) fn read(
    asked: &FormSpec<'_>,
    at: FieldPlace<'_>,
    given: Option<&Value>,
    flaws: &mut Vec<AnswerFlaw>,
) -> Value {
    let FieldPlace { path, title } = at;
    let items = asked.items;
    let rows = match given {
        None | Some(Value::Null) => Vec::new(),
        Some(Value::Object(map)) => map.iter().map(|(id, said)| (Some(id.clone()), said)).collect(),
        Some(Value::Array(rows)) => rows.iter().map(|row| (named(row), row)).collect(),
        Some(_) => {
            flaws.push(at.flaw(codes::LIST_WANTED));
            return Value::Array(Vec::new());
        }
    };
    let mut answers: Vec<Option<Map<String, Value>>> = vec![None; items.len()];
    for (place, (id, said)) in rows.iter().enumerate() {
        let id = id.as_deref().unwrap_or_default();
        let path = format!("{path}.{}", if id.is_empty() { (place + 1).to_string() } else { id.to_owned() });
        let Some(at) = items.iter().position(|item| item.id == id || item.title == id) else {
            let known = items.iter().map(|item| item.title.as_str());
            flaws.push(AnswerFlaw::new(codes::ITEM_UNKNOWN, path, title).near(id, known));
            continue;
        };
        if answers[at].is_some() {
            flaws.push(AnswerFlaw::new(codes::FIELD_TWICE, path, &items[at].title));
            continue;
        }
        answers[at] = Some(one(asked, &items[at], &path, said, flaws));
    }
    let mut list = Vec::new();
    for (item, answer) in items.iter().zip(answers) {
        if let Some(answer) = answer {
            list.push(Value::Object(answer));
        } else {
            let path = format!("{path}.{}", item.id);
            let flaw = AnswerFlaw::new(codes::ITEM_UNANSWERED, path, &item.title);
            flaws.push(may_be(flaw, asked.answers));
        }
    }
    Value::Array(list)
}

/// The item a row of a list names.
fn named(row: &Value) -> Option<String> {
    let item = || ITEM.offered(ITEM.zh()).find_map(|key| row.get(key)?.as_str());
    let named = ["id", "title"].iter().find_map(|key| row.get(key)?.as_str()).or_else(item)?;
    Some(named.to_owned())
}

/// Names what an item can be answered with.
fn may_be(flaw: AnswerFlaw, answers: &ItemAnswers) -> AnswerFlaw {
    let ItemAnswers { good, bad, none } = answers;
    flaw.with("good", good.as_str()).with("bad", bad.as_str()).with("none", none.as_str())
}

fn one(
    asked: &FormSpec<'_>,
    item: &Item,
    path: &str,
    said: &Value,
    flaws: &mut Vec<AnswerFlaw>,
) -> Map<String, Value> {
    let (result, note) = match said {
        Value::Object(row) => {
            let find = |word: Spelling| word.offered(word.zh()).find_map(|key| row.get(key));
            (find(RESULT).unwrap_or(&Value::Null), find(NOTE))
        }
        said => (said, None),
    };
    let mut answer = Map::new();
    answer.insert("id".to_owned(), Value::from(item.id.as_str()));
    answer.insert("title".to_owned(), Value::from(item.title.as_str()));
    let is_one = |result: &&str| asked.answers.all().iter().any(|known| known == result);
    if let Some(result) = result.as_str().map(str::trim).filter(is_one) {
        answer.insert("result".to_owned(), Value::from(result));
    } else {
        let known = asked.answers.all().into_iter().map(String::as_str);
        let flaw = AnswerFlaw::new(codes::ITEM_RESULT, path, &item.title).near(&shown(result), known);
        flaws.push(may_be(flaw, asked.answers));
    }
    if let Some(note) = note.filter(|note| !note.is_null()) {
        match text(note) {
            Some(note) => drop(answer.insert("note".to_owned(), Value::from(note))),
            None => flaws.push(AnswerFlaw::new(codes::TEXT_WANTED, format!("{path}.note"), &item.title)),
        }
    }
    answer
}
