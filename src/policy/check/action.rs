//! Does an action that sends work back say so? By its name alone it may only lead forward.
//!
//! # Source
//! Policy language, rule 29.

use super::super::model::{Action, Branch, Policy, Semantics, Step, StepIx, Workflow};
use super::{leads_to, part};
use crate::diag::Diagnostic;
use crate::diag::codes::ACTION_BACKWARD;

pub(super) fn check(policy: &Policy, workflow: &Workflow, out: &mut Vec<Diagnostic>) {
    if policy.semantics < Semantics::Second {
        return;
    }
    for (at, step) in workflow.steps.iter().enumerate() {
        for action in step.kind.actions().iter().filter(|action| action.is_short) {
            let backward = rows_of(policy, step, action).find(|row| goes_back(workflow, at, row.go));
            if let Some(row) = backward {
                let wrong = Diagnostic::new(ACTION_BACKWARD, action.span).with("action", &action.id);
                let to = &workflow.steps[row.go.ix()].title;
                out.push(wrong.with("to", to).related(row.span, "label-row"));
            }
        }
    }
}

/// Returns whether a step stands before another in the file and leads to it.
pub(in crate::policy) fn goes_back(workflow: &Workflow, from: usize, to: StepIx) -> bool {
    let at = StepIx(u16::try_from(from).unwrap_or(u16::MAX));
    if to.ix() > from || part::is_join(workflow, at, to) {
        return false;
    }
    let (mut seen, mut open) = (vec![false; workflow.steps.len()], vec![to.ix()]);
    while let Some(at) = open.pop() {
        if at == from {
            return true;
        }
        if !std::mem::replace(&mut seen[at], true) {
            open.extend(leads_to(workflow, at).into_iter().map(StepIx::ix));
        }
    }
    false
}

/// Returns the rows that choosing an action leads to: those whose condition asks for it, else the default.
pub(in crate::policy) fn rows_of<'a>(
    policy: &'a Policy,
    step: &'a Step,
    action: &'a Action,
) -> impl Iterator<Item = &'a Branch> {
    let asks = |row: &&Branch| {
        row.when.is_some_and(|when| asks_for(&policy.exprs[when.ix()].text, &action.id) == Some(true))
    };
    let own: Vec<&Branch> = step.next.iter().filter(asks).collect();
    let is_default = own.is_empty();
    let default = step.next.iter().filter(move |row| is_default && row.when.is_none());
    own.into_iter().chain(default)
}

/// Returns whether a condition asks for an action, as `action == "x"`, `"x" == action`, `action != "y"` and
/// `action in ["x", "y"]` do; none where it asks for none at all.
fn asks_for(condition: &str, action: &str) -> Option<bool> {
    let words = words(condition);
    let is_name = |at: usize| {
        let before = at.checked_sub(1).map(|before| words[before]);
        words[at] == "action" && before != Some(".") && words.get(at + 1) != Some(&".")
    };
    let places: Vec<usize> = (0..words.len()).filter(|at| is_name(*at)).collect();
    let is_it = |word: Option<&&str>| word.is_some_and(|word| unquoted(word) == Some(action));
    let asked = |at: &usize| match (words.get(at + 1).copied(), at.checked_sub(1).map(|before| words[before]))
    {
        (Some("=="), _) => is_it(words.get(at + 2)),
        (_, Some("==")) => is_it(at.checked_sub(2).and_then(|at| words.get(at))),
        (Some("!="), _) => !is_it(words.get(at + 2)),
        (_, Some("!=")) => !is_it(at.checked_sub(2).and_then(|at| words.get(at))),
        (Some("in"), _) => {
            let list = words[at + 2..].iter().take_while(|word| **word != "]");
            list.into_iter().any(|word| is_it(Some(word)))
        }
        _ => true,
    };
    (!places.is_empty()).then(|| places.iter().any(asked))
}

/// Cuts a condition into names, quoted texts and marks.
fn words(condition: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let mut rest = condition.trim_start();
    while let Some(first) = rest.chars().next() {
        let end = match first {
            '"' | '\'' | '`' => rest[1..].find(first).map_or(rest.len(), |at| at + 2),
            c if c.is_alphanumeric() || c == '_' => {
                rest.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(rest.len())
            }
            _ => match rest.get(..2) {
                Some("==" | "!=" | "<=" | ">=" | "&&" | "||") => 2,
                _ => first.len_utf8(),
            },
        };
        words.push(&rest[..end]);
        rest = rest[end..].trim_start();
    }
    words
}

fn unquoted(word: &str) -> Option<&str> {
    let quote = word.chars().next().filter(|c| matches!(c, '"' | '\'' | '`'))?;
    word.strip_prefix(quote)?.strip_suffix(quote)
}

#[cfg(test)]
mod tests {
    use super::asks_for;

    #[test]
    fn a_condition_asks_for_an_action_in_every_way_it_is_written() {
        for (condition, asks) in [
            (r#"action == "back""#, Some(true)),
            (r#"action == "on""#, Some(false)),
            (r#""back" == action && count > 0"#, Some(true)),
            (r#"action != "on""#, Some(true)),
            (r#"action in ["on", "back"]"#, Some(true)),
            (r#"action in ["on"]"#, Some(false)),
            (r#"check.action == "back""#, None),
            ("count > 0", None),
        ] {
            assert_eq!(asks_for(condition, "back"), asks, "{condition}");
        }
    }
}
