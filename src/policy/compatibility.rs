//! What texts of the first version mean, which are those without `semantics: 2`.
//!
//! A bureau of the second version says what its words mean. Folders and stored releases of before say
//! nothing of it, and go on to mean what they did: all that they leave to the program stands here, and
//! no other Rust file knows a word of a bureau. `wubu check --fix` writes these words out into the files
//! themselves; nothing is ever added here.
//!
//! Not all of the second version's rules are matters of wording. That the second of two officers confirms as
//! himself (rule 35) is one of who may put a name under a record, and holds for texts of both versions from the
//! program that knows it on; what was handed in before stands as it was recorded.

use super::model::{ActionEffect, Field, FieldKind, InspectionRule, ItemAnswers, NumberRule, Restart};

/// The action that sends back.
const RETURNS: &str = "退回";

/// Returns what an action does: all but 退回 sign off what waits for whoever chooses them.
pub(super) fn action_effect(id: &str) -> ActionEffect {
    if id == RETURNS { ActionEffect::Returns } else { ActionEffect::Approves }
}

/// Returns what items of checklists are answered with.
pub(super) fn answers() -> ItemAnswers {
    let [good, bad, none] = ["符合", "不符合", "不适用"].map(str::to_owned);
    ItemAnswers { good, bad, none }
}

/// The field of a form's checklist that declares none; one that has another field of its id has none.
pub(super) fn checklist(fields: &[Field]) -> Option<Field> {
    let field = Field {
        id: "items".to_owned(),
        title: "检查项目".to_owned(),
        kind: FieldKind::Items,
        required: false,
        required_when: None,
        min: None,
        for_each: None,
    };
    (!fields.iter().any(|known| known.id == field.id)).then_some(field)
}

/// What an upgrade calls the inspections of a bureau that had one kind.
pub(super) const INSPECTION_KIND: &str = "patrol";

/// Returns where the form of a step that says no more than `records: inspection` has what was found.
pub(super) fn inspection() -> InspectionRule {
    let [arrived, problems, level] = ["arrived", "problems", "level"].map(str::to_owned);
    InspectionRule { kind: None, arrived, problems, level }
}

/// Returns what numbers of orders look like: they show the year, and count on beyond it.
pub(super) fn order_number() -> NumberRule {
    NumberRule { text: "{station}〔{year}〕{seq}号".to_owned(), restart: Restart::Never }
}

/// What numbers of documents look like; those stored without a text of their own are so written.
pub const DOCUMENT_NUMBER: &str = "{organ}{prefix}〔{year}〕{seq}号";

/// Returns what numbers of documents look like.
pub(super) fn document_number() -> NumberRule {
    NumberRule { text: DOCUMENT_NUMBER.to_owned(), restart: Restart::Yearly }
}
