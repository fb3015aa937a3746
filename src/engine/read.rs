//! An act as people write it: a word, and the words it needs.

use std::sync::Arc;

use serde_json::Value;

use super::event::Doing;

/// Words an act can be given besides the one who acts; which of them it needs depends on it.
#[derive(Clone, Debug, Default, PartialEq)]
#[expect(missing_docs, reason = "the names are those of the command line")]
pub struct ActWords {
    pub to: Vec<String>,
    pub reason: Option<String>,
    pub by: Option<String>,
    pub approver: Option<String>,
    pub document: Option<String>,
    pub note: Option<String>,
    pub form: Option<Value>,
    pub attached: Vec<String>,
}

/// A word an act needs and was not given; the name is that of the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WordMissing(pub &'static str);

/// The acts that every step understands, as they are written on the command line.
pub const ACTS: [&str; 15] = [
    "complete",
    "return",
    "claim",
    "transfer",
    "delegate",
    "add-signer",
    "sign",
    "recall",
    "nudge",
    "copy",
    "extend",
    "pause",
    "resume",
    "waive",
    "cancel",
];

/// An act as it was read.
#[derive(Clone, Debug, PartialEq)]
pub struct ReadAct {
    pub doing: Doing,
    /// What was said of it besides, for [`super::Act::note`].
    pub note: Option<String>,
}

/// Acts that have a reason of their own.
const REASONED: [&str; 8] =
    ["return", "transfer", "delegate", "add-signer", "recall", "extend", "pause", "cancel"];
/// Acts that have a note of their own.
const NOTED: [&str; 2] = ["nudge", "copy"];

/// Reads an act: one that every step understands, or an action of the step's own, such as 同意.
///
/// Where an act takes no form, the words may also stand in a form of that name: a file with
/// `{"reason": "…"}` says the same as `--reason`. A reason and a note say the same of an act that has only one of
/// them, and of one that has neither: nothing that is said of an act is lost.
///
/// # Errors
/// [`WordMissing`] when the act needs a word that was not given.
pub fn read_act(action: &str, words: ActWords) -> Result<ReadAct, WordMissing> {
    let mut words = if ACTS[1..].contains(&action) { words.with_form() } else { words };
    let is_said = |text: &String| !text.trim().is_empty();
    (words.reason, words.note) = (words.reason.filter(is_said), words.note.filter(is_said));
    let note = if REASONED.contains(&action) {
        words.reason = words.reason.or_else(|| words.note.take());
        words.note.take()
    } else if NOTED.contains(&action) {
        words.note = words.note.or_else(|| words.reason.take());
        words.reason.take()
    } else {
        let said: Vec<String> = words.reason.take().into_iter().chain(words.note.take()).collect();
        (!said.is_empty()).then(|| said.join(" "))
    };
    Ok(ReadAct { doing: doing(action, words)?, note })
}

/// Reads what is done.
fn doing(action: &str, words: ActWords) -> Result<Doing, WordMissing> {
    let ActWords { to, reason, by, approver, document, note, form, attached } = words;
    let reason_or_empty = || reason.clone().unwrap_or_default();
    let one = |to: Vec<String>| to.into_iter().next().ok_or(WordMissing("to"));
    Ok(match action {
        "complete" => Doing::Complete { action: None, answer: form.map(Arc::new), attached },
        "return" => Doing::Return { reason: reason_or_empty() },
        "claim" => Doing::Claim,
        "transfer" if to.is_empty() => return Err(WordMissing("to")),
        "transfer" => Doing::Transfer { to, reason: reason_or_empty() },
        "delegate" => Doing::Delegate { to: one(to)?, reason: reason_or_empty() },
        "add-signer" => Doing::AddSigner { to: one(to)?, reason: reason_or_empty() },
        "sign" => Doing::Sign,
        "recall" => Doing::Recall { reason: reason_or_empty() },
        "nudge" => Doing::Nudge { note },
        "copy" => Doing::Copy { to: one(to)?, note },
        "extend" => Doing::Extend {
            by,
            reason: reason_or_empty(),
            approver: approver.ok_or(WordMissing("approver"))?,
            document,
            begins_anew: true,
        },
        "pause" => Doing::Pause {
            reason: reason.ok_or(WordMissing("reason"))?,
            document: document.ok_or(WordMissing("document"))?,
            approver: approver.ok_or(WordMissing("approver"))?,
        },
        "resume" => Doing::Resume,
        "waive" => Doing::Waive { document: document.ok_or(WordMissing("document"))? },
        "cancel" => Doing::Cancel { reason: reason_or_empty() },
        own => Doing::Complete { action: Some(own.to_owned()), answer: form.map(Arc::new), attached },
    })
}

impl ActWords {
    /// Takes what is not said otherwise from the form.
    fn with_form(mut self) -> Self {
        let Some(form) = self.form.take() else { return self };
        let text = |name: &str| form.get(name).and_then(Value::as_str).map(str::to_owned);
        self.reason = self.reason.or_else(|| text("reason"));
        self.by = self.by.or_else(|| text("by"));
        self.approver = self.approver.or_else(|| text("approver"));
        self.document = self.document.or_else(|| text("document"));
        self.note = self.note.or_else(|| text("note"));
        if self.to.is_empty() {
            let listed = form.get("to").and_then(Value::as_array);
            let listed = listed.map(|to| to.iter().filter_map(Value::as_str).map(str::to_owned).collect());
            self.to = listed.or_else(|| text("to").map(|to| vec![to])).unwrap_or_default();
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_act_takes_its_words_from_the_line_or_from_the_form() {
        let form = serde_json::json!({"reason": "出差", "to": ["li"]});
        let words = ActWords { form: Some(form), ..ActWords::default() };
        let doing = Doing::Transfer { to: vec!["li".to_owned()], reason: "出差".to_owned() };
        assert_eq!(read_act("transfer", words), Ok(ReadAct { doing, note: None }));
        assert_eq!(read_act("delegate", ActWords::default()), Err(WordMissing("to")));
    }

    #[test]
    fn a_word_no_step_shares_is_the_steps_own_action() {
        let doing = Doing::Complete { action: Some("同意".to_owned()), answer: None, attached: Vec::new() };
        assert_eq!(read_act("同意", ActWords::default()), Ok(ReadAct { doing, note: None }));
    }

    #[test]
    fn whatever_is_said_of_an_act_is_kept() {
        let said = |action: &str, reason: Option<&str>, note: Option<&str>| {
            let [reason, note] = [reason, note].map(|text| text.map(str::to_owned));
            read_act(action, ActWords { reason, note, ..ActWords::default() })
        };
        let kept = |doing: Doing, note: &str| {
            Ok(ReadAct { doing, note: Some(note.to_owned()).filter(|note| !note.is_empty()) })
        };
        let returned = |reason: &str| Doing::Return { reason: reason.to_owned() };
        let nudged = |note: &str| Doing::Nudge { note: Some(note.to_owned()) };
        assert_eq!(said("claim", Some("我去"), None), kept(Doing::Claim, "我去"));
        assert_eq!(said("sign", Some("属实"), Some("已核")), kept(Doing::Sign, "属实 已核"));
        assert_eq!(said("return", None, Some("缺照片")), kept(returned("缺照片"), ""));
        assert_eq!(said("return", Some("缺照片"), Some("急")), kept(returned("缺照片"), "急"));
        assert_eq!(said("nudge", Some("快到期"), None), kept(nudged("快到期"), ""));
        assert_eq!(said("resume", Some(" "), None), kept(Doing::Resume, ""));
    }
}
