//! Putting what happened into lines a person reads: dates, titles and people, no digests.

use std::fmt::Write as _;

use serde_json::{Map, Value, json};

/// Events of an order, as a clerk would call them.
const EVENTS: [(&str, &str); 37] = [
    ("opened", "开出"),
    ("entered", "进入"),
    ("completed", "办结"),
    ("went", "转"),
    ("done", "系统办理"),
    ("ended", "终结"),
    ("bound", "次数已满"),
    ("claimed", "签收"),
    ("returned", "退回"),
    ("recalled", "撤回"),
    ("transferred", "转办"),
    ("delegated", "委派"),
    ("signer-added", "加签"),
    ("signed", "签署"),
    ("to-confirm", "等本人确认"),
    ("confirmed", "确认"),
    ("nudged", "催办"),
    ("copied", "抄送"),
    ("extended", "延期"),
    ("paused", "中止计时"),
    ("held", "暂停办理"),
    ("resumed", "恢复计时"),
    ("waived", "放弃等待"),
    ("cancelled", "撤销"),
    ("wait-over", "等待期满"),
    ("reminded", "提醒"),
    ("escalated", "超期上报"),
    ("late-at-opening", "进入时已超期"),
    ("alarm", "预警"),
    ("clock-ended", "法定期限届满"),
    ("signal", "信号"),
    ("moved", "迁移"),
    ("handed-over", "移交"),
    ("sub-order-ended", "下级单办结"),
    ("stuck", "规则故障，停下"),
    ("retried", "重办"),
    ("date-moved", "改期"),
];

/// What messages are about.
const MESSAGES: [(&str, &str); 19] = [
    ("assigned", "有新任务"),
    ("told", "告知"),
    ("tell", "告知"),
    ("alarm", "预警"),
    ("clock ended", "法定期限届满"),
    ("cancelled", "已撤销"),
    ("blanks back", "请交回空白文书"),
    ("recalled", "已撤回"),
    ("paused", "已暂停"),
    ("resumed", "恢复办理"),
    ("nudged", "催办"),
    ("copied", "抄送"),
    ("signer added", "请签署"),
    ("signed", "已签署"),
    ("to confirm", "请本人确认"),
    ("late at opening", "进入时已超期"),
    ("incident", "规则故障"),
    ("handed over", "已移交他人"),
    ("no-valid-pair", "凑不齐两名持证人员，停止下达"),
];

/// Data of events and messages that readers of a story need not see.
const HIDDEN: [&str; 16] = [
    "policy",
    "decision",
    "facts",
    "inputs",
    "row",
    "visit",
    "step",
    "step_title",
    "title",
    "candidates",
    "excluded",
    "answer",
    "score",
    "calendar",
    "revision",
    "sent",
];

fn named(table: &[(&str, &str)], word: &str) -> String {
    table.iter().find(|(known, _)| *known == word).map_or(word, |(_, title)| title).to_owned()
}

/// Returns a value without its quotes.
pub(super) fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// Returns the date and the minute of a moment.
fn minute(value: &Value) -> String {
    let text = text(value);
    text.get(..16).unwrap_or(&text).replace('T', " ")
}

/// Replaces digests, which say nothing to a reader and change with every letter of the policy.
pub(super) fn scrub(text: &str) -> String {
    let mut out = String::new();
    let mut run = String::new();
    for letter in text.chars().chain([' ']) {
        if letter.is_ascii_hexdigit() {
            run.push(letter);
            continue;
        }
        out.push_str(if run.len() >= 32 { "…" } else { &run });
        run.clear();
        out.push(letter);
    }
    out.trim_end().to_owned()
}

fn list(value: &Value) -> String {
    match value {
        Value::Array(all) => all.iter().map(list).collect::<Vec<_>>().join("、"),
        Value::Object(map) => {
            map.iter().map(|(name, value)| format!("{name}={}", list(value))).collect::<Vec<_>>().join(" ")
        }
        value => scrub(&text(value)),
    }
}

/// Returns the words of a command as they stand in a story.
pub(super) fn words(words: &std::collections::BTreeMap<String, Value>) -> String {
    let first = ["order", "do", "what", "workflow", "name"];
    let placed = first.iter().filter_map(|name| Some(list(words.get(*name)?)));
    let named = words.iter().filter(|(name, _)| !first.contains(&name.as_str()) && *name != "attach");
    placed.chain(named.map(|(name, value)| format!("{name}={}", list(value)))).collect::<Vec<_>>().join(" ")
}

fn data(data: &Value) -> String {
    let Some(data) = data.as_object() else { return String::new() };
    let is_told = |(name, value): &(&String, &Value)| {
        let is_empty =
            value.is_null() || **value == json!([]) || **value == json!(false) || **value == json!("");
        !is_empty && !HIDDEN.contains(&name.as_str())
    };
    let told = data.iter().filter(is_told).map(|(name, value)| format!("{name}={}", list(value)));
    told.collect::<Vec<_>>().join(" ")
}

/// Returns which order it is.
pub(super) fn heading(order: &Value) -> String {
    let due = text(&order["due"]);
    let tier = order["tier"].as_str().map(|tier| format!("，{tier}级")).unwrap_or_default();
    format!(
        "{} {} {}（至 {due}{tier}）",
        text(&order["number"]),
        text(&order["workflow"]),
        text(&order["subject"])
    )
}

/// Returns one line of a history.
pub(super) fn line(order: &Value, line: &Value) -> String {
    let step = line["step"].as_str().map(|step| format!("[{step}]")).unwrap_or_default();
    let event = named(&EVENTS, line["event"].as_str().unwrap_or_default());
    let parts = [minute(&line["at"]), text(&line["actor"]), format!("{event}{step}"), data(&line["data"])];
    let _ = order;
    parts.join(" ").trim_end().to_owned()
}

/// Returns where an order stands, a line for each step it is at.
pub(super) fn stands(order: &Value) -> Vec<String> {
    let places = order["places"].as_array().cloned().unwrap_or_default();
    if order["state"] != "open" || places.is_empty() {
        return vec![named(
            &[("open", "办理中"), ("done", "已办结"), ("cancelled", "已撤销")],
            &text(&order["state"]),
        )];
    }
    let terms = order["terms"].as_array().cloned().unwrap_or_default();
    let place = |place: &Value| {
        let mut line = text(&place["title"]);
        let mut add = |name: &str, value: String| {
            if !value.is_empty() {
                let _ = write!(line, "，{name} {value}");
            }
        };
        let known = |value: &Value| if value.is_null() { String::new() } else { list(value) };
        let at = |value: &Value| if value.is_null() { String::new() } else { minute(value) };
        add("第几次", Some(known(&place["visit"])).filter(|visit| visit != "1").unwrap_or_default());
        add("等到", at(&place["until"]));
        add("期限", known(&place["due"]));
        for term in terms.iter().filter(|term| term["step"] == place["step"] && term["fired"].is_null()) {
            if term["kind"] == "clock" {
                add("法定期限到", at(&term["fires_at"]));
            }
        }
        add("经办", known(&place["assignees"]));
        add("人手不足", if place["short"] == true { "由负责人处理".to_owned() } else { String::new() });
        add("停在", known(&place["cause"]));
        line
    };
    places.iter().map(place).collect()
}

/// Returns who is told what.
pub(super) fn message(addressee: &str, kind: &str, order: &str, body: &Map<String, Value>) -> String {
    let step = body.get("step_title").or_else(|| body.get("title")).map(text).unwrap_or_default();
    let said = data(&Value::Object(body.clone()));
    let line = format!("{addressee}：{order} {step} {} {said}", named(&MESSAGES, kind));
    line.split_whitespace().collect::<Vec<_>>().join(" ").replace("： ", "：")
}

/// Returns whether what a story wants is found; a map may hold more, and a list is all there is.
pub(super) fn holds(wanted: &Value, found: &Value) -> bool {
    match (wanted, found) {
        (Value::Object(wanted), found) => wanted.iter().all(|(name, value)| holds(value, &get(found, name))),
        (Value::Array(wanted), Value::Array(found)) => {
            wanted.len() == found.len()
                && wanted.iter().zip(found).all(|(wanted, found)| holds(wanted, found))
        }
        (Value::String(wanted), Value::String(found)) => {
            wanted == found || (found.contains('T') && minute(&json!(found)) == wanted.replace('T', " "))
        }
        (wanted, found) => wanted == found,
    }
}

/// Returns of what is found what a story asks for.
pub(super) fn pick(wanted: &Value, found: &Value) -> Value {
    match (wanted, found) {
        (Value::Object(wanted), found) => {
            let picked = wanted.iter().map(|(name, value)| (name.clone(), pick(value, &get(found, name))));
            Value::Object(picked.collect())
        }
        (Value::Array(wanted), Value::Array(found)) if !wanted.is_empty() => {
            let last = wanted.len() - 1;
            Value::Array(
                found.iter().enumerate().map(|(at, found)| pick(&wanted[at.min(last)], found)).collect(),
            )
        }
        (_, found) => found.clone(),
    }
}

/// Finds a field: of an order also those of the step it stands at, such as `until`; `count` is how
/// many a list has; `due-term` and the like are the ends of its terms.
fn get(found: &Value, name: &str) -> Value {
    if let (Value::Array(all), "count") = (found, name) {
        return json!(all.len());
    }
    if let Some(value) = found.get(name) {
        return value.clone();
    }
    if let Some(kind) = name.strip_suffix("-ends") {
        let terms = found["terms"].as_array();
        let term = terms.into_iter().flatten().rfind(|term| term["kind"] == kind && term["fired"].is_null());
        return term.map_or(Value::Null, |term| term["fires_at"].clone());
    }
    found["places"].get(0).and_then(|place| place.get(name)).cloned().unwrap_or(Value::Null)
}
