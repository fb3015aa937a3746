//! The wording of messages: plain text in the bureau's language, no more than is needed.

use serde::{Serialize, Serializer};
use serde_json::{Map, Value};

use super::{Message, MessageItem, Recipient};
use crate::lang::Lang;
use crate::lang::visible::{on_one_line, visible};
use crate::policy::NOTICE_KINDS;

/// Writes messages of one bureau.
#[derive(Clone, Debug)]
pub struct MessageTemplate {
    /// Language of what is sent.
    pub lang: Lang,
    /// The bureau's name.
    pub bureau: String,
    /// What a message begins with, where the bureau says it.
    pub salutation: Option<String>,
    /// What it ends with, in place of the bureau's name.
    pub signature: Option<String>,
}

#[derive(Serialize)]
struct MessageJson<'a> {
    key: &'a str,
    bureau: &'a str,
    subject: String,
    text: String,
    errands: ItemsJson<'a>,
}

struct ItemsJson<'a> {
    template: &'a MessageTemplate,
    items: &'a [MessageItem],
}

#[derive(Serialize)]
struct ItemJson<'a> {
    key: &'a str,
    order: &'a str,
    kind: &'a str,
    addressee: &'a str,
    to: &'a [Recipient],
    body: &'a Map<String, Value>,
    text: String,
}

impl<'m> Serialize for ItemsJson<'m> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let item = |item: &'m MessageItem| {
            let MessageItem { key, order, kind, addressee, to, body, names: _ } = item;
            ItemJson { key, order, kind, addressee, to, body, text: self.template.what(item) }
        };
        serializer.collect_seq(self.items.iter().map(item))
    }
}

impl MessageTemplate {
    /// Returns the subject line: the order when there is one, how many when there are more.
    pub fn subject(&self, items: &[MessageItem]) -> String {
        match items {
            [item] => {
                let what = self.what(item);
                let order = self.heading(item);
                self.lang.text("notice-subject-one", &[("order", order), ("what", what)])
            }
            _ => self.lang.text("notice-subject-many", &[("count", items.len().to_string())]),
        }
    }

    /// Returns the text: each item in order, with its key, then who sends it.
    pub fn text(&self, items: &[MessageItem]) -> String {
        let mut parts: Vec<String> = Vec::with_capacity(items.len() + 3);
        parts.extend(self.salutation.as_deref().map(lines));
        if items.len() > 1 {
            parts.push(self.lang.text("notice-several", &[("count", items.len().to_string())]));
        }
        let with_key = |item: &MessageItem, text: String| {
            [text, self.lang.text("notice-key", &[("key", &item.key)])].join("\n")
        };
        let items = items.iter().zip(1..).map(|(item, at)| with_key(item, self.item(item, at, items.len())));
        parts.extend(items);
        parts.push(match &self.signature {
            Some(signature) => lines(signature),
            None => self.lang.text("notice-foot", &[("bureau", &self.bureau)]),
        });
        parts.join("\n\n")
    }

    /// Returns what the inbox shows: the items alone, without the keys by which programs know them.
    pub fn shown(&self, items: &[MessageItem]) -> String {
        let shown = items.iter().zip(1..).map(|(item, at)| self.item(item, at, items.len()));
        shown.collect::<Vec<_>>().join("\n\n")
    }

    /// Returns what a webhook gets: the same facts as fields, and the text. Each is made as it is written,
    /// because a message to a head may tell of thousands of orders.
    pub fn json<'a>(&'a self, message: &'a Message) -> impl Serialize + use<'a> {
        MessageJson {
            key: &message.key,
            bureau: &self.bureau,
            subject: self.subject(&message.items),
            text: self.text(&message.items),
            errands: ItemsJson { template: self, items: &message.items },
        }
    }

    fn item(&self, item: &MessageItem, at: usize, of: usize) -> String {
        let about = [Some(self.heading(item)), text(&item.body, "subject")];
        let about: Vec<String> = about.into_iter().flatten().collect();
        let mut lines = vec![about.join(" "), self.step(item)];
        let said = |name: &str| {
            let said = text(&item.body, name)?;
            Some(if name == "by" { named(item, &said) } else { said })
        };
        lines.extend(
            ["since", "due", "by", "reason", "note", "blank", "blanks", "month"]
                .into_iter()
                .filter_map(|name| Some(self.lang.text(&format!("notice-{name}"), &[(name, said(name)?)]))),
        );
        lines.extend(self.asked(item));
        lines.extend(self.terms(item));
        let because = text(&item.body, "because").map(|cause| format!("moved-{cause}"));
        let because = because.filter(|id| self.lang.has(id).0).map(|id| self.lang.word(&id));
        lines.extend(["from", "to"].into_iter().filter_map(|name| {
            let cause = because.clone().unwrap_or_default();
            let people = item.body.get(name)?.as_array()?.iter().filter_map(Value::as_str);
            let args = [(name, self.lang.list(people.map(|id| named(item, id)))), ("cause", cause)];
            because.is_some().then(|| self.lang.text(&format!("notice-moved-{name}"), &args))
        }));
        if let Some(some) = item.body.get("some").and_then(Value::as_array) {
            let some = self.lang.list(some.iter().filter_map(Value::as_str));
            let count = |name| (name, text(&item.body, name).unwrap_or_default());
            let args = [("some", some), count("subjects"), count("needed"), count("left")];
            lines.push(self.lang.text("notice-no-pair", &args));
        }
        if item.body.get("late").and_then(Value::as_bool) == Some(true) {
            lines.push(self.lang.word("notice-late"));
        }
        lines.retain(|line| !line.is_empty());
        let number = if of > 1 { format!("{at}. ") } else { String::new() };
        format!("{number}{}", lines.join("\n"))
    }

    /// What is asked for, and what to do about it.
    fn asked(&self, item: &MessageItem) -> Vec<String> {
        let is_open = item.kind == "to confirm" && !is_settled(item);
        let Some(what) = text(&item.body, "what").filter(|_| is_open) else { return Vec::new() };
        let mut lines = Vec::new();
        if let Some(asked) = item.body.get("asked").and_then(Value::as_object) {
            let by_law = if asked.contains_key("length") { "no" } else { "yes" };
            let mut args: Vec<(&str, String)> =
                ["length", "from", "until"].map(|name| (name, text(asked, name).unwrap_or_default())).into();
            args.push(("by_law", by_law.to_owned()));
            lines.push(self.lang.text(&format!("notice-asked-{what}"), &args));
            lines.extend(
                text(asked, "proof").map(|proof| self.lang.text("notice-proof", &[("proof", proof)])),
            );
            if asked.contains_key("anew") {
                lines.push(self.lang.word("notice-anew"));
            }
        }
        // One officer is asked; who reads it with others knows himself.
        let own = match &item.to[..] {
            [one] => one.id.clone(),
            _ => self.lang.word("notice-own-id"),
        };
        let args = [
            ("order", item.order.clone()),
            ("step", text(&item.body, "step").unwrap_or_default()),
            ("own", own),
        ];
        lines.push(self.lang.text("notice-sign", &args));
        lines
    }

    /// What one of several terms is for, and each of them where there are some.
    fn terms(&self, item: &MessageItem) -> Vec<String> {
        let list = |of: Option<&Value>| {
            let of = of.and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
            self.lang.list(of.iter().filter_map(Value::as_str))
        };
        let of = list(item.body.get("of"));
        let one = (!of.is_empty()).then(|| self.lang.text("notice-of", &[("of", of)]));
        let each = item.body.get("terms").and_then(Value::as_array).into_iter().flatten().map(|term| {
            let due = term.get("due").and_then(Value::as_str).unwrap_or_default();
            self.lang.text("notice-term", &[("due", due.to_owned()), ("of", list(term.get("of")))])
        });
        one.into_iter().chain(each).collect()
    }

    /// What it is about: the order, the release, or whose matter it is.
    fn heading(&self, item: &MessageItem) -> String {
        let release =
            text(&item.body, "release").map(|n| self.lang.text("notice-release", &[("release", n)]));
        release.or_else(|| text(&item.body, "order")).unwrap_or_else(|| item.order.clone())
    }

    /// The step and what happened to it.
    fn step(&self, item: &MessageItem) -> String {
        let what = self.what(item);
        match text(&item.body, "step_title").or_else(|| text(&item.body, "step")) {
            Some(step) => self.lang.text("notice-step", &[("step", step), ("what", what)]),
            None => what,
        }
    }

    /// What happened, in a few words.
    fn what(&self, item: &MessageItem) -> String {
        let kind = item.kind.replace(' ', "-");
        let about = text(&item.body, "about").map(|about| format!("notice-about-{about}"));
        if let Some(about) = about.filter(|about| self.lang.has(about).0) {
            return self.lang.word(&about);
        }
        if let Some(confirmed) = text(&item.body, "confirmed") {
            return self.lang.word(&format!("notice-confirmed-{confirmed}"));
        }
        if is_settled(item) {
            return self.lang.word("notice-settled");
        }
        let request = text(&item.body, "what").map(|what| format!("notice-confirm-{what}"));
        if let Some(request) = request.filter(|id| kind == "to-confirm" && self.lang.has(id).0) {
            return self.lang.word(&request);
        }
        match (kind.as_str(), item.body.get("level").and_then(Value::as_i64)) {
            ("told" | "late-at-opening", Some(..=0)) => self.lang.word("notice-reminder"),
            ("told", Some(level)) => self.lang.text("notice-level", &[("level", level.to_string())]),
            (known, _) if NOTICE_KINDS.contains(&known) => self.lang.word(&format!("notice-kind-{known}")),
            _ => self.lang.text("notice-other", &[("kind", &item.kind)]),
        }
    }
}

/// Returns what a bureau says of itself, its lines ended alike, with nothing in it that a reader does not see.
fn lines(text: &str) -> String {
    visible(&text.replace("\r\n", "\n")).into_owned()
}

/// Where an inbox says of a request that nobody waits for an answer any more.
pub const SETTLED: &str = "settled";

/// Returns an officer's name with the id behind it; the id alone where nobody knows the name.
fn named(item: &MessageItem, id: &str) -> String {
    let name = item.names.get(id).filter(|name| *name != id);
    name.map_or_else(|| id.to_owned(), |name| format!("{} {id}", on_one_line(name)))
}

fn is_settled(item: &MessageItem) -> bool {
    item.body.get(SETTLED).and_then(Value::as_bool) == Some(true)
}

/// Returns a field as text on one line, with nothing in it that a reader does not see; an empty one is as good
/// as none.
fn text(body: &Map<String, Value>, name: &str) -> Option<String> {
    let text = match body.get(name)? {
        Value::String(text) => {
            on_one_line(&text.split_whitespace().collect::<Vec<_>>().join(" ")).into_owned()
        }
        Value::Number(number) => number.to_string(),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => String::new(),
    };
    Some(text).filter(|text| !text.is_empty())
}
