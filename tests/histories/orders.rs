//! What people do with orders.

use std::sync::Arc;

use serde_json::{Map, Value, json};
use wubu::engine::{Act, Doing};
use wubu::office::{self, ActWish, BlankForm, BulkAct, Intent, OpenByHand, OrderStory, Papers, PlaceLine};
use wubu::policy::{ColumnKind, Field, FieldKind, StepKind, SubjectKind};

use super::life::{Deed, Life};
use crate::cli::root;

/// Photos that there are.
const PHOTOS: [&str; 5] = ["open.png", "shelf.png", "milk.png", "first.png", "second.png"];

/// Somebody opens an order by hand.
pub(super) async fn open(life: &mut Life) -> Option<Deed> {
    let workflows: Vec<(String, SubjectKind)> = life
        .live
        .policy
        .workflows
        .iter()
        .map(|workflow| (workflow.id.clone(), workflow.subject_kind))
        .collect();
    let (workflow, kind) = life.chance.any(&workflows)?;
    let subject = match kind {
        SubjectKind::Officer => life.somebody(&[]).await,
        SubjectKind::Station => life.officers().await.into_iter().find_map(|officer| officer.station)?,
        _ => life.any_subject().await?,
    };
    let due = life.chance.percent(40).then(|| life.day(3));
    let reason = life.chance.percent(50).then(|| life.chance.words());
    let actor = life.chief().await;
    let wish = OpenByHand { workflow, subject, due, reason, actor };
    let opened = office::open_by_hand(life.cx(), &wish).await;
    Some(Deed::of("open", format!("{wish:?}"), opened))
}

/// Whoever has an order in hand does something with it, as far as he may.
pub(super) async fn act(life: &mut Life) -> Option<Deed> {
    let mut orders = life.orders(Some("open")).await;
    // What is about subjects has more to it.
    if life.chance.percent(85) && orders.iter().any(|order| order.tier.is_some()) {
        orders.retain(|order| order.tier.is_some());
    }
    let order = life.chance.any(&orders)?;
    let story = office::order_story(life.cx(), &order.id).await.expect("told");
    if let Some(asked) = life.chance.any(&story.unconfirmed)
        && life.chance.percent(60)
    {
        return sent(life, "sign", &order.id, plain(&asked.officer, Doing::Sign)).await;
    }
    let place = life.chance.any(&story.places)?;
    let holder = life.chance.any(&place.assignees);
    let by = match holder.filter(|_| !life.chance.percent(5)) {
        Some(holder) => holder,
        None => life.somebody(&["法制科", "分管局长", "指挥中心"]).await,
    };
    if life.chance.percent(55) {
        return complete(life, &story, &place, by).await;
    }
    let (kind, doing, by) = beside(life, &order.station, &place, by).await;
    sent(life, kind, &order.id, plain(&by, doing)).await
}

fn plain(by: &str, doing: Doing) -> Act {
    Act { by: by.to_owned(), step: None, visit: None, note: None, doing }
}

/// What is done with an order besides completing it: what it is called, and by whom.
async fn beside(
    life: &mut Life,
    station: &str,
    place: &PlaceLine,
    by: String,
) -> (&'static str, Doing, String) {
    let reason = life.chance.words();
    if place.paused.is_some() && life.chance.percent(50) {
        return ("resume", Doing::Resume, by);
    }
    if place.until.is_some() && life.chance.percent(50) {
        return ("waive", Doing::Waive { document: reason }, by);
    }
    let chief = life.somebody_at(station, &["所长"]).await;
    let other = life.somebody_at(station, &["监管人员", "所长", "指挥中心"]).await;
    let approver = life.somebody(&["分管局长", "所长"]).await;
    match life.chance.below(15) {
        0 => ("claim", Doing::Claim, by),
        1 => ("return", Doing::Return { reason }, by),
        2 => ("recall", Doing::Recall { reason }, by),
        3 => {
            let mut to = vec![other];
            while to.len() < place.assignees.len() && to.len() < 3 {
                to.push(life.somebody_at(station, &["监管人员"]).await);
            }
            ("transfer", Doing::Transfer { to, reason }, chief)
        }
        4 => ("delegate", Doing::Delegate { to: other, reason }, by),
        5 => ("add signer", Doing::AddSigner { to: other, reason }, by),
        6 => ("nudge", Doing::Nudge { note: Some(reason) }, chief),
        7 => ("copy", Doing::Copy { to: other, note: None }, chief),
        8 | 9 => {
            let (by_length, document) = (Some("2 工作日".to_owned()), Some(reason.clone()));
            ("extend", Doing::Extend { by: by_length, reason, approver, document, begins_anew: true }, by)
        }
        10 | 11 => {
            let why = (*life.chance.of(&["鉴定", "检测"])).to_owned();
            ("pause", Doing::Pause { reason: why, document: reason, approver }, by)
        }
        12 => ("resume", Doing::Resume, by),
        13 => ("waive", Doing::Waive { document: reason }, by),
        _ => ("cancel", Doing::Cancel { reason }, chief),
    }
}

/// Completes a step, with what it asks for; now and then one that is over, or an order that has moved on.
async fn complete(life: &mut Life, story: &OrderStory, place: &PlaceLine, by: String) -> Option<Deed> {
    let id = story.line.id.clone();
    let over = life.chance.any(&over(life, story)).filter(|_| life.chance.percent(25));
    let step = over.clone().unwrap_or_else(|| place.step.clone());
    let workflow = life.live.policy.workflow(&story.line.workflow)?;
    let kind = workflow.step(&step).map(|step| step.kind.clone());
    let action = match &kind {
        Some(StepKind::Duty { actions, .. }) => life.chance.any(actions).map(|action| action.id),
        _ => None,
    };
    let key = office::order_key(life.cx(), &id).await.expect("its key");
    let (mut form, mut papers) = (None, Papers::default());
    if let Some(blank) = office::blank_form(life.cx(), &id, Some(&step)).await.ok().flatten() {
        form = Some(filled(life, &id, &blank));
        papers = Papers {
            form: form.clone(),
            beside: root().join("tests/data/kept/papers"),
            named: Vec::new(),
            step: Some(step.clone()),
            by: by.clone(),
        };
    }
    let handed = office::look_at_papers(life.cx(), &key, papers).await;
    let handed = match handed {
        Ok(handed) => handed,
        Err(stop) => return Some(Deed::of("complete", format!("{id} {step} by {by}"), Err::<(), _>(stop))),
    };
    let (answer, attached, files) = (handed.form.clone().map(Arc::new), handed.attached, handed.files);
    let name = match (&over, &action, &form) {
        (Some(_), ..) => "late",
        (None, Some(_), _) => "decide",
        (None, None, Some(_)) if !files.is_empty() => "hand in files",
        (None, None, Some(_)) => "fill",
        (None, None, None) => "complete",
    };
    let by_whom = by.clone();
    let act = Act {
        by,
        step: life.chance.percent(50).then_some(step.clone()).or(over.clone()),
        visit: over.map(|_| 1),
        note: life.chance.percent(10).then(|| life.chance.words()),
        doing: Doing::Complete { action, answer, attached },
    };
    let key_of = life.chance.percent(50).then(|| life.chance.new_name("e\u{301}"));
    let wish = ActWish { order: key, act, key: key_of, version: None, files };
    let deed = send(life, name, wish).await;
    if deed.is_done() {
        life.done = Some((id.clone(), by_whom));
        keep_rows(life, &id, &step, handed.form.as_ref());
    }
    Some(deed)
}

/// The steps with a form that an order has left.
fn over(life: &Life, story: &OrderStory) -> Vec<String> {
    let here = |step: &str| story.places.iter().any(|place| place.step == step);
    let Some(workflow) = life.live.policy.workflow(&story.line.workflow) else { return Vec::new() };
    let has_form = |kind: &StepKind| matches!(kind, StepKind::Duty { form: Some(_), .. });
    let steps = workflow.steps.iter().filter(|step| has_form(&step.kind) && !here(&step.id));
    let was_done = |step: &str| story.history.iter().any(|line| json!(line)["step"] == *step);
    steps.map(|step| step.id.clone()).filter(|step| was_done(step)).collect()
}

async fn sent(life: &mut Life, kind: &'static str, id: &str, act: Act) -> Option<Deed> {
    let order = office::order_key(life.cx(), id).await.expect("its key");
    let key = life.chance.percent(50).then(|| life.chance.new_name("键"));
    Some(send(life, kind, ActWish { order, act, key, version: None, files: Vec::new() }).await)
}

async fn send(life: &mut Life, kind: &'static str, wish: ActWish) -> Deed {
    let Act { by, step, doing, .. } = &wish.act;
    let told = format!("{} {step:?} {doing:?} by {by} key {:?}", wish.order, wish.key);
    if wish.key.is_some() {
        life.keyed = Some(wish.clone());
    }
    Deed::of(kind, told, office::act(life.cx(), wish).await)
}

/// Sends the newest act once more under its key, or another under the same; or takes the newest completion back.
pub(super) async fn again(life: &mut Life) -> Option<Deed> {
    if life.chance.percent(35)
        && let Some((id, by)) = life.done.take()
    {
        let reason = life.chance.words();
        return sent(life, "recall", &id, plain(&by, Doing::Recall { reason })).await;
    }
    let mut wish = life.keyed.clone()?;
    let kind = if life.chance.percent(70) { "again" } else { "key used anew" };
    if kind == "key used anew" {
        wish.act.note = Some(life.chance.words());
    }
    // Whoever sends it anew has the files looked at anew.
    wish.files.iter_mut().for_each(|file| file.about.at = life.now);
    let told = format!("{} key {:?}", wish.order, wish.key);
    let answer = office::act(life.cx(), wish).await;
    let is_first = answer.as_ref().is_ok_and(|answer| !answer.repeated);
    Some(Deed::of(if is_first { "again, for the first time" } else { kind }, told, answer))
}

/// The same act on many orders.
pub(super) async fn bulk(life: &mut Life) -> Option<Deed> {
    let (by, reason) = (life.chief().await, life.chance.words());
    let act = match life.chance.below(6) {
        0 => BulkAct::Cancel { reason },
        1 | 2 => BulkAct::Retry,
        _ => BulkAct::Reassign { to: vec![life.somebody(&["监管人员", "所长"]).await], reason },
    };
    let officer = Some(life.somebody(&["监管人员", "指挥中心"]).await);
    let filter = office::OrderFilter { officer, ..office::OrderFilter::default() };
    let done = office::bulk(life.cx(), &act, &filter, Intent::Done(&by)).await;
    Some(Deed::of("bulk", format!("{act:?} by {by}"), done))
}

/// What stands still is tried again.
pub(super) async fn retry(life: &mut Life) -> Option<Deed> {
    let by = life.chief().await;
    if office::incidents(&life.store, &life.live).await.expect("read").is_empty() {
        return None;
    }
    let done = office::retry(life.cx(), None, Intent::Done(&by)).await;
    Some(Deed::of("retry", by.clone(), done))
}

/// Fills a form.
fn filled(life: &mut Life, order: &str, blank: &BlankForm) -> Value {
    let mut form = Map::new();
    for field in &blank.form.fields {
        let is_wanted = field.required || field.kind == FieldKind::Items || field.for_each.is_some();
        if is_wanted || life.chance.percent(60) {
            let value = value(life, order, blank, field);
            form.insert(field.id.clone(), value);
        }
    }
    Value::Object(form)
}

fn value(life: &mut Life, order: &str, blank: &BlankForm, field: &Field) -> Value {
    let photo = |life: &mut Life| json!(*life.chance.of(&PHOTOS));
    match &field.kind {
        FieldKind::Text => json!(life.chance.words()),
        FieldKind::Number => json!(life.chance.below(20)),
        FieldKind::Date => json!(life.today()),
        FieldKind::DateTime => {
            let arrived = life.now.plus(-chrono::TimeDelta::minutes(20));
            json!(arrived.local_in(wubu::time::Tz::Asia__Shanghai).format("%Y-%m-%dT%H:%M").to_string())
        }
        FieldKind::Length => json!("3 自然日"),
        FieldKind::Choice(of) => json!(life.chance.of(of)),
        FieldKind::Items => {
            let answer = |life: &mut Life| {
                let is_bad = life.chance.percent(15);
                json!(if is_bad { &blank.answers.bad } else { &blank.answers.good })
            };
            blank.items.iter().map(|item| (item.title.clone(), answer(life))).collect()
        }
        FieldKind::Table(columns) => {
            let of_each = field.for_each.as_ref().map(|source| {
                let key = (order.to_owned(), format!("{}.{}", source.step, source.field));
                life.rows.get(&key).cloned().unwrap_or_default()
            });
            let count = life.chance.below(3);
            let rows = of_each.unwrap_or_else(|| vec![Value::Null; usize::try_from(count).expect("small")]);
            let row = |given: Value| -> Value {
                let cell = |column: &wubu::policy::TableColumn| {
                    let known = given.get(&column.id).filter(|_| field.for_each.is_some());
                    let value = match (&column.kind, known) {
                        (_, Some(known)) => known.clone(),
                        (ColumnKind::Choice(of), None) => json!(life.chance.of(of)),
                        (ColumnKind::Date, None) => json!(life.today()),
                        (ColumnKind::Length, None) => json!("3 自然日"),
                        (ColumnKind::Any, None) => match blank.items.first() {
                            Some(item) if column.id == "item" => json!(item.title),
                            _ => json!(life.chance.words()),
                        },
                    };
                    (column.id.clone(), value)
                };
                columns.iter().map(cell).collect::<Map<String, Value>>().into()
            };
            rows.into_iter().map(row).collect()
        }
        FieldKind::Photo => json!([photo(life)]),
        FieldKind::Signature => photo(life),
        FieldKind::Location => json!({"lat": "39.9", "lon": "116.4"}),
    }
}

/// Keeps the tables of a form that was handed in, for the forms that answer them row by row.
fn keep_rows(life: &mut Life, order: &str, step: &str, form: Option<&Value>) {
    let fields = form.and_then(Value::as_object).into_iter().flatten();
    for (field, value) in fields.filter(|(_, value)| value.is_array()) {
        let rows = value.as_array().cloned().unwrap_or_default();
        life.rows.insert((order.to_owned(), format!("{step}.{field}")), rows);
    }
}
