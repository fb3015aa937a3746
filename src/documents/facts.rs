//! What a document says: gathered when it is signed off, and kept with it from then on.
//!
//! The same facts give the same bytes, today and in thirty years; what a subject is called
//! later does not change what was signed.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::Edition;
use crate::lang::Lang;
use crate::policy::{self, FieldKind, Form};

/// Everything a template is told, besides the marks of the document itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct DocumentFacts {
    /// Name of the bureau.
    pub bureau: String,
    /// Title of the kind.
    pub title: String,
    /// Model sentences of the kind, one paragraph each.
    pub says: Vec<String>,
    pub station: TitledId,
    pub order: DocumentOrder,
    /// Whom it concerns.
    pub subject: SubjectFacts,
    /// The step that made it.
    pub step: TitledId,
    /// The officers who made it.
    pub officers: Vec<OfficerFacts>,
    /// Who signed it off.
    pub approver: Option<OfficerFacts>,
    /// Answers given on forms, in the order of the steps.
    pub answers: Vec<AnswerFacts>,
    /// The order's other documents, for lists of a file.
    pub documents: Vec<DocumentListing>,
    /// Why it was made, where somebody said so.
    pub reason: Option<String>,
    /// Number of the document it corrects or revokes.
    pub replaces: Option<String>,
    /// What it is written in; Chinese is not written down.
    #[serde(skip_serializing_if = "is_default")]
    pub language: Lang,
    /// The edition of the pages it is printed in; the first is not written down.
    #[serde(skip_serializing_if = "is_default")]
    pub edition: Edition,
}

/// Something with an id and a title.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct TitledId {
    pub id: String,
    pub title: String,
}

/// The order a document belongs to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct DocumentOrder {
    pub id: String,
    /// Number people see.
    pub number: String,
    /// Title of its workflow.
    pub workflow: String,
    /// Tier frozen on it.
    pub tier: String,
    /// First day of its window.
    pub from: String,
    /// Last day of its window.
    pub to: String,
}

/// Whom a document concerns.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SubjectFacts {
    pub id: String,
    pub name: String,
    /// Attributes with their titles, in the order declared; those without a value are left out.
    pub fields: Vec<FieldFacts>,
}

/// One officer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct OfficerFacts {
    pub id: String,
    pub name: String,
    /// Number of the certificate.
    pub certificate: Option<String>,
    /// Role for whose holder he signed, where he does not hold it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stands_for: Option<String>,
}

/// What was answered on one visit of one step.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct AnswerFacts {
    /// Id of the step.
    pub step: String,
    /// Title of the form, or of the step.
    pub title: String,
    pub visit: i64,
    pub on: String,
    /// Items of the checklist.
    pub items: Vec<ItemFacts>,
    /// The other fields.
    pub fields: Vec<FieldFacts>,
}

/// One item of a checklist.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ItemFacts {
    /// What was looked at.
    pub title: String,
    /// What was found.
    pub result: String,
    /// What was noted.
    pub note: Option<String>,
}

/// One field: a value, or the rows of a table.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct FieldFacts {
    pub id: String,
    pub title: String,
    /// The value, as it is written.
    pub value: String,
    /// Headings, for a table.
    pub columns: Vec<String>,
    /// Rows, for a table.
    pub rows: Vec<Vec<String>>,
}

/// One document in a list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct DocumentListing {
    /// Title of its kind.
    pub title: String,
    /// Its number, or the blank's.
    pub number: String,
    /// Day it was made.
    pub on: String,
    /// How long it is kept: `always`, `years30` or `years10`.
    pub keep: String,
}

/// Whose signature a document lacks, or who gave it in another's place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SignatureMark<'a> {
    /// Id of the officer whom the document names.
    pub of: &'a str,
    /// Name of the one who signs instead.
    pub instead: Option<&'a str>,
    pub is_given: bool,
}

impl DocumentFacts {
    /// Says beside the names of officers whose signature is missing, and who gave it instead.
    #[must_use]
    pub fn with_marks(mut self, marks: &[SignatureMark<'_>]) -> Self {
        let lang = self.language;
        for officer in &mut self.officers {
            let Some(mark) = marks.iter().find(|mark| mark.of == officer.id) else { continue };
            let id = match (mark.instead, mark.is_given) {
                (None, true) => continue,
                (None, false) => "signature-missing",
                (Some(_), true) => "signature-instead",
                (Some(_), false) => "signature-instead-missing",
            };
            let args = [("name", officer.name.as_str()), ("other", mark.instead.unwrap_or_default())];
            officer.name = lang.text(id, &args.map(|(name, said)| (name, said.to_owned())));
        }
        self
    }
}

impl AnswerFacts {
    /// Puts a form's answer under the titles of the form.
    ///
    /// # Shape
    /// As it was checked: `{"items": [{"id": "…", "title": "商品质量", "result": "不符合", "note": "过期"}],
    /// "arrived": "…", "problems": [{"item": "…", "level": "…"}]}`, or the checklist as a map from item to
    /// result, and fields by their titles, as they may be handed in; what the form does not know is left out.
    pub fn of(form: &Form, answer: &Map<String, Value>, lang: Lang) -> Self {
        let said = |known: &policy::Field| answer.get(&known.id).or_else(|| answer.get(&known.title));
        let items = match form.checklist().and_then(said) {
            Some(Value::Object(items)) => items.iter().map(|(id, said)| item(form, id, said, lang)).collect(),
            Some(Value::Array(items)) => {
                items.iter().map(|said| item(form, &named(said, lang), said, lang)).collect()
            }
            _ => Vec::new(),
        };
        let others = form.fields.iter().filter(|known| known.kind != FieldKind::Items);
        let fields = others.filter_map(|known| {
            said(known).filter(|said| !said.is_null()).map(|said| field(known, said, lang))
        });
        Self { title: form.title.clone(), items, fields: fields.collect(), ..Self::default() }
    }
}

/// What a row of a checklist is about.
fn named(row: &Value, lang: Lang) -> String {
    row.get("id").or_else(|| row.get("item")).map(|named| plain(named, lang)).unwrap_or_default()
}

fn item(form: &Form, id: &str, said: &Value, lang: Lang) -> ItemFacts {
    let plain = |value: &Value| plain(value, lang);
    let known = form.items.iter().find(|known| known.id == id).map(|known| known.title.clone());
    let title = known.or_else(|| said.get("title").map(plain)).unwrap_or_else(|| id.to_owned());
    let (result, note) = match said {
        Value::Object(said) => (said.get("result").map(plain), said.get("note").map(plain)),
        said => (Some(plain(said)), None),
    };
    ItemFacts { title, result: result.unwrap_or_default(), note }
}

fn field(known: &policy::Field, said: &Value, lang: Lang) -> FieldFacts {
    let plain = |value: &Value| plain(value, lang);
    let mut field = FieldFacts { id: known.id.clone(), title: known.title.clone(), ..FieldFacts::default() };
    match (&known.kind, said) {
        (FieldKind::Table(columns), Value::Array(rows)) => {
            field.columns = columns.iter().map(|column| column.title.clone()).collect();
            let cell = |row: &Value, id: &str, title: &str| {
                row.get(id).or_else(|| row.get(title)).map(&plain).unwrap_or_default()
            };
            let row = |row| columns.iter().map(|column| cell(row, &column.id, &column.title)).collect();
            field.rows = rows.iter().map(row).collect();
        }
        // How many there are; which, the record says.
        (FieldKind::Photo | FieldKind::Signature, files) => {
            let count = files.as_array().map_or(1, Vec::len).to_string();
            field.value = lang.text("told-files", &[("count", count)]);
        }
        (_, said) => field.value = plain(said),
    }
    field
}

/// Writes a value as people read it.
fn plain(value: &Value, lang: Lang) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(items) => lang.list(items.iter().map(|item| plain(item, lang))),
        Value::Object(parts) => lang.list(parts.values().map(|part| plain(part, lang))),
        Value::Bool(_) | Value::Number(_) => value.to_string(),
    }
}

pub(super) fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::diag::{SourceMap, Span};

    fn form() -> Form {
        let field = |id: &str, title: &str, kind: FieldKind| policy::Field {
            id: id.to_owned(),
            title: title.to_owned(),
            kind,
            required: false,
            required_when: None,
            min: None,
            for_each: None,
        };
        let column = |id: &str, title: &str| policy::TableColumn {
            id: id.to_owned(),
            title: title.to_owned(),
            kind: policy::ColumnKind::Any,
        };
        let problems = FieldKind::Table(vec![column("item", "项目"), column("note", "说明")]);
        Form {
            id: "visit".to_owned(),
            title: "巡查记录".to_owned(),
            items_from_tier: true,
            items: Vec::new(),
            fields: vec![
                field("items", "检查项目", FieldKind::Items),
                field("arrived", "到场时间", FieldKind::DateTime),
                field("problems", "问题", problems),
                field("photos", "照片", FieldKind::Photo),
            ],
            workflow: None,
            span: Span::new(SourceMap::default().add("visit.yaml", String::new()), 0, 0),
        }
    }

    #[test]
    fn what_was_checked_and_what_was_handed_in_read_the_same() {
        let checked = json!({"items": [{"id": "主体资格", "title": "主体资格", "result": "符合"}],
            "arrived": "2026-03-02T09:00", "problems": [{"item": "标签", "note": "不全"}], "photos": ["ab".repeat(32)]});
        let handed_in = json!({"检查项目": {"主体资格": "符合"}, "到场时间": "2026-03-02T09:00",
            "问题": [{"项目": "标签", "说明": "不全"}], "照片": ["ab".repeat(32)]});
        let read = |said: &Value| AnswerFacts::of(&form(), said.as_object().expect("an object"), Lang::Zh);
        let answer = read(&checked);
        assert_eq!(answer, read(&handed_in));
        assert_eq!((answer.items[0].title.as_str(), answer.items[0].result.as_str()), ("主体资格", "符合"));
        assert_eq!(answer.fields[1].rows, [["标签", "不全"]]);
        assert_eq!(answer.fields[2].value, "1 份");
    }
}
