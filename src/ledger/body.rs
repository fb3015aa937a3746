//! What entries say, kind by kind. A batch is one entry with rows in compact lists.

use serde_json::Value;

use super::rows::{
    AppraisalChange, FiredTerm, OpenedCommon, OpenedOrder, OutcomeRecord, SkippedCandidate, TermMove, acted,
    late, opened_by_order, sum,
};
use super::{Choices, DocumentBody, Entry, Json, PeopleAct, PersonnelImport};

/// What one entry says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Body {
    /// A file was imported into the register: what it was and what it changed here.
    Imported {
        /// `subjects`, `inspections`, `officers`, `stations` or `grids`.
        what: String,
        /// Digest of the file.
        file: String,
        /// Rows new to this station.
        added: i64,
        /// Rows that changed.
        changed: i64,
        /// Rows that were as before.
        unchanged: i64,
        /// Rows of this kind the station has now, and the sum of their digests.
        now: (i64, String),
    },
    /// Tiers were decided anew, or a due date was raised.
    AppraisalsChanged {
        /// The day they were decided on.
        on: String,
        /// Digest of the policy.
        policy: String,
        changes: Vec<AppraisalChange>,
    },
    /// Orders were opened.
    OrdersOpened {
        /// What they share.
        common: OpenedCommon,
        orders: Vec<OpenedOrder>,
        /// Who was chosen for what, each choice once.
        choices: Choices,
    },
    /// An order was opened by another one, or by an act.
    OrderOpened {
        /// What a batch would share.
        common: OpenedCommon,
        order: Box<OpenedOrder>,
        /// The order that opened it and where in it, as JSON; none when nobody waits for it.
        parent: Option<String>,
        /// What the engine said of it.
        told: OutcomeRecord,
    },
    /// Something happened to an order.
    Acted {
        /// Running number of the order.
        order: i64,
        /// Its version after.
        version: i64,
        /// What happened, as JSON that a replay reads.
        event: String,
        /// What the engine said of it.
        told: OutcomeRecord,
        /// Digest of the policy it is pinned to from here on, where that changed.
        policy: Option<String>,
        /// Rows that a table of the home station has now, and the sum of their digests, for those
        /// tables that this changed last in its transaction.
        now: Vec<(String, i64, String)>,
    },
    /// Something was handed in for an order that had moved on.
    SubmittedLate {
        /// Running number of the order.
        order: i64,
        /// The sender's key.
        key: String,
        /// The step it was meant for.
        step: String,
        /// Which visit of it; 0 when the sender did not say.
        visit: i64,
        /// Id of the refusal it would have met.
        reason: String,
        /// What was handed in, as JSON.
        event: String,
    },
    /// Candidates did not become orders, for reasons that begin here.
    Skipped { workflow: String, trigger: String, on: String, candidates: Vec<SkippedCandidate> },
    /// A firing was evaluated.
    Occurrence {
        workflow: String,
        trigger: String,
        /// The instant meant.
        nominal: String,
        /// `fired`, `missed` or `skipped`.
        outcome: String,
        /// Why, when it did not simply fire.
        reason: Option<String>,
        /// Orders it opened.
        opened: i64,
    },
    /// A release became active.
    Released {
        number: i64,
        /// Digest of the whole.
        policy: String,
        /// Path and digest of each text.
        files: Vec<(String, String)>,
        /// Who approved it, where somebody did.
        approved_by: Option<String>,
    },
    /// A rule version failed for too many subjects and decides nothing new from here on.
    Quarantined {
        /// Digest of the policy.
        policy: String,
        /// Code and place of the failure.
        cause: String,
        /// Subjects it failed for.
        subjects: i64,
    },
    /// Terms fired.
    TermsFired {
        terms: Vec<FiredTerm>,
        /// Who was chosen for what, each choice once.
        choices: Choices,
    },
    /// A calendar moved open dates.
    CalendarMoved {
        /// Id of the calendar.
        calendar: String,
        revision: String,
        /// Each moved term.
        moves: Vec<TermMove>,
    },
    /// Something was laid down about an officer.
    People { officer: String, act: PeopleAct },
    /// A file laid down posts of officers, or where their notices go.
    PeopleLaid(PersonnelImport),
    /// What was given up for a cause is tried again.
    ErrandsRetried {
        /// The cause named; it stands for those below it.
        cause: String,
        /// Errands that found nobody.
        errands: i64,
        /// Messages that did not arrive.
        notices: i64,
    },
    /// Something was done with documents or blanks.
    Document(DocumentBody),
}

/// A body that is not of its kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotABody;

impl Body {
    /// Returns the stable name of the kind.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Imported { .. } => "register.imported",
            Self::AppraisalsChanged { .. } => "appraisals.changed",
            Self::OrdersOpened { .. } => "orders.opened",
            Self::OrderOpened { .. } => "order.opened",
            Self::Acted { .. } => "order.acted",
            Self::SubmittedLate { .. } => "order.late",
            Self::Skipped { .. } => "candidates.skipped",
            Self::Occurrence { .. } => "occurrence.evaluated",
            Self::Released { .. } => "release.activated",
            Self::Quarantined { .. } => "rules.quarantined",
            Self::TermsFired { .. } => "terms.fired",
            Self::CalendarMoved { .. } => "calendar.moved",
            Self::People { officer: _, act } => act.kind(),
            Self::PeopleLaid(_) => PersonnelImport::KIND,
            Self::ErrandsRetried { .. } => "errands.retried",
            Self::Document(document) => document.kind(),
        }
    }

    /// Returns the body as a canonical value.
    pub fn json(&self) -> Json<'_> {
        match self {
            Self::Imported { what, file, added, changed, unchanged, now } => {
                imported([what, file], [*added, *changed, *unchanged], now)
            }
            Self::AppraisalsChanged { on, policy, changes } => Json::map([
                ("on", Json::text(on)),
                ("policy", Json::text(policy)),
                ("rows", rows(changes, AppraisalChange::json)),
            ]),
            Self::OrdersOpened { common, orders, choices } => {
                common.json([("rows", rows(orders, OpenedOrder::json)), ("choices", choices.json())])
            }
            Self::OrderOpened { common, order, parent, told } => {
                opened_by_order(common, order, parent.as_deref(), told)
            }
            Self::Acted { order, version, event, told, policy, now } => {
                acted((*order, *version), event, told, policy.as_deref(), now)
            }
            Self::SubmittedLate { order, key, step, visit, reason, event } => {
                late((*order, *visit), [key, step, reason, event])
            }
            Self::Skipped { workflow, trigger, on, candidates } => Json::map([
                ("workflow", Json::text(workflow)),
                ("trigger", Json::text(trigger)),
                ("on", Json::text(on)),
                ("rows", rows(candidates, |c| texts([&c.subject, &c.nominal, &c.reason]))),
            ]),
            Self::Occurrence { workflow, trigger, nominal, outcome, reason, opened } => Json::map([
                ("workflow", Json::text(workflow)),
                ("trigger", Json::text(trigger)),
                ("nominal", Json::text(nominal)),
                ("outcome", Json::text(outcome)),
                ("reason", Json::maybe(reason.as_deref())),
                ("opened", Json::Int(*opened)),
            ]),
            Self::Released { number, policy, files, approved_by } => Json::map([
                ("number", Json::Int(*number)),
                ("policy", Json::text(policy)),
                ("files", rows(files, |(path, digest)| texts([path, digest]))),
                ("approved_by", Json::maybe(approved_by.as_deref())),
            ]),
            Self::Quarantined { policy, cause, subjects } => Json::map([
                ("policy", Json::text(policy)),
                ("cause", Json::text(cause)),
                ("subjects", Json::Int(*subjects)),
            ]),
            Self::TermsFired { terms, choices } => {
                Json::map([("rows", rows(terms, FiredTerm::json)), ("choices", choices.json())])
            }
            Self::CalendarMoved { calendar, revision, moves } => Json::map([
                ("calendar", Json::text(calendar)),
                ("revision", Json::text(revision)),
                ("rows", rows(moves, |m| texts([&m.order, &m.what, &m.from, &m.to]))),
            ]),
            Self::People { officer, act } => act.json(officer),
            Self::PeopleLaid(laid) => laid.json(),
            Self::ErrandsRetried { cause, errands, notices } => retried(cause, [*errands, *notices]),
            Self::Document(document) => document.json(),
        }
    }
}

impl Entry {
    /// Reads what the entry says.
    ///
    /// # Errors
    /// [`NotABody`] when its text does not have the shape of its kind.
    pub fn read(&self) -> Result<Body, NotABody> {
        let value: Value = serde_json::from_str(&self.body).map_err(|_| NotABody)?;
        read(self, &value).ok_or(NotABody)
    }
}

fn imported<'a>(
    [what, file]: [&'a String; 2],
    [added, changed, unchanged]: [i64; 3],
    now: &'a (i64, String),
) -> Json<'a> {
    Json::map([
        ("what", Json::text(what)),
        ("file", Json::text(file)),
        ("added", Json::Int(added)),
        ("changed", Json::Int(changed)),
        ("unchanged", Json::Int(unchanged)),
        ("now", Json::List(vec![Json::Int(now.0), Json::text(&now.1)])),
    ])
}

fn retried(cause: &str, [errands, notices]: [i64; 2]) -> Json<'_> {
    Json::map([
        ("cause", Json::text(cause)),
        ("errands", Json::Int(errands)),
        ("notices", Json::Int(notices)),
    ])
}

fn read(entry: &Entry, body: &Value) -> Option<Body> {
    let text = |key: &str| body.get(key)?.as_str().map(str::to_owned);
    let int = |key: &str| body.get(key)?.as_i64();
    let rows = |key: &str| body.get(key)?.as_array();
    Some(match entry.kind.as_str() {
        "register.imported" => Body::Imported {
            what: text("what")?,
            file: text("file")?,
            added: int("added")?,
            changed: int("changed")?,
            unchanged: int("unchanged")?,
            now: (body["now"][0].as_i64()?, body["now"][1].as_str()?.to_owned()),
        },
        "appraisals.changed" => Body::AppraisalsChanged {
            on: text("on")?,
            policy: text("policy")?,
            changes: rows("rows")?.iter().map(AppraisalChange::read).collect::<Option<_>>()?,
        },
        "orders.opened" => {
            let common = OpenedCommon::read(body)?;
            let order = |row| OpenedOrder::read(&entry.chain, &common, row);
            let orders = rows("rows")?.iter().map(order).collect::<Option<_>>()?;
            Body::OrdersOpened { common, orders, choices: Choices::read(body.get("choices")?)? }
        }
        "order.opened" | "order.acted" | "order.late" => read_of_order(entry, body)?,
        "candidates.skipped" => Body::Skipped {
            workflow: text("workflow")?,
            trigger: text("trigger")?,
            on: text("on")?,
            candidates: read_texts(rows("rows")?, |[subject, nominal, reason]| SkippedCandidate {
                subject,
                nominal,
                reason,
            })?,
        },
        "occurrence.evaluated" => Body::Occurrence {
            workflow: text("workflow")?,
            trigger: text("trigger")?,
            nominal: text("nominal")?,
            outcome: text("outcome")?,
            reason: text("reason"),
            opened: int("opened")?,
        },
        "release.activated" => Body::Released {
            number: int("number")?,
            policy: text("policy")?,
            files: read_texts(rows("files")?, |[path, digest]| (path, digest))?,
            approved_by: text("approved_by"),
        },
        "rules.quarantined" => {
            Body::Quarantined { policy: text("policy")?, cause: text("cause")?, subjects: int("subjects")? }
        }
        "terms.fired" => Body::TermsFired {
            terms: rows("rows")?.iter().map(FiredTerm::read).collect::<Option<_>>()?,
            choices: Choices::read(body.get("choices")?)?,
        },
        "calendar.moved" => Body::CalendarMoved {
            calendar: text("calendar")?,
            revision: text("revision")?,
            moves: read_texts(rows("rows")?, |[order, what, from, to]| TermMove { order, what, from, to })?,
        },
        "errands.retried" => {
            Body::ErrandsRetried { cause: text("cause")?, errands: int("errands")?, notices: int("notices")? }
        }
        PersonnelImport::KIND => Body::PeopleLaid(PersonnelImport::read(body)?),
        kind if kind.starts_with("document.") => Body::Document(DocumentBody::read(kind, body)?),
        kind => Body::People { officer: text("officer")?, act: PeopleAct::read(kind, body)? },
    })
}

/// Reads what is about one order.
fn read_of_order(entry: &Entry, body: &Value) -> Option<Body> {
    let text = |key: &str| body.get(key)?.as_str().map(str::to_owned);
    let int = |key: &str| body.get(key)?.as_i64();
    Some(match entry.kind.as_str() {
        "order.opened" => {
            let common = OpenedCommon::read(body)?;
            let order = Box::new(OpenedOrder::read(&entry.chain, &common, &body["row"])?);
            let told = OutcomeRecord { choices: text("choices")?, said: text("said")? };
            Body::OrderOpened { common, order, parent: text("parent"), told }
        }
        "order.acted" => Body::Acted {
            order: int("order")?,
            version: int("version")?,
            event: text("event")?,
            told: OutcomeRecord { choices: text("choices")?, said: text("said")? },
            policy: text("policy"),
            now: body.get("now")?.as_array()?.iter().map(sum).collect::<Option<_>>()?,
        },
        "order.late" => Body::SubmittedLate {
            order: int("order")?,
            key: text("key")?,
            step: text("step")?,
            visit: int("visit")?,
            reason: text("reason")?,
            event: text("event")?,
        },
        _ => return None,
    })
}

fn rows<'a, T>(rows: &'a [T], json: impl Fn(&'a T) -> Json<'a>) -> Json<'a> {
    Json::List(rows.iter().map(json).collect())
}

fn texts<const N: usize>(texts: [&String; N]) -> Json<'_> {
    Json::List(texts.into_iter().map(Json::text).collect())
}

fn read_texts<T, const N: usize>(rows: &[Value], make: impl Fn([String; N]) -> T) -> Option<Vec<T>> {
    rows.iter()
        .map(|row| {
            let cells: Vec<String> =
                row.as_array()?.iter().map(|cell| cell.as_str().map(str::to_owned)).collect::<Option<_>>()?;
            <[String; N]>::try_from(cells).ok().map(&make)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::LaidPost;
    use super::*;
    use crate::engine::{OrderHeader, OrderOrigin};
    use crate::id::OrderId;
    use crate::policy::SubjectKind;
    use crate::time::Stamp;

    fn text(text: &str) -> String {
        text.to_owned()
    }

    fn order(trigger: &str, seq: i64) -> OpenedOrder {
        let day = "2026-03-13".parse().expect("a day");
        let header = OrderHeader {
            id: OrderId { home: text("东门"), seq },
            number: text("七"),
            workflow: text("five-step"),
            subject_kind: SubjectKind::Subject,
            subject: text("甲店"),
            station: text("西门"),
            grid: None,
            tier: Some(text("甲")),
            scheduled_for: day,
            issued_at: Stamp::from_micros(1_773_394_200_123_456),
            due_on: day,
        };
        let origin = OrderOrigin {
            trigger: text(trigger),
            nominal: text("2026-03-15"),
            policy: text("p"),
            is_provisional: true,
            ..OrderOrigin::default()
        };
        OpenedOrder { header, origin, step_due: Some(day), choices: Vec::new() }
    }

    fn common(trigger: &str) -> OpenedCommon {
        let OpenedOrder { header, origin, .. } = order(trigger, 0);
        OpenedCommon::of(&header, &origin, "issue")
    }

    fn one_of_each() -> Vec<Body> {
        vec![
            Body::Imported {
                what: text("subjects"),
                file: text("ab"),
                added: 3,
                changed: 2,
                unchanged: 1,
                now: (6, text("ff")),
            },
            Body::AppraisalsChanged {
                on: text("2026-03-13"),
                policy: text("p"),
                changes: vec![AppraisalChange {
                    subject: text("甲店"),
                    from: Some(text("乙")),
                    to: Some(text("甲")),
                    decision: Some(text("d")),
                    raised: None,
                }],
            },
            Body::OrdersOpened {
                common: common("cycle"),
                orders: vec![order("cycle", 7)],
                choices: Choices::default(),
            },
            Body::OrderOpened {
                common: common("order"),
                order: Box::new(order("order", 8)),
                parent: Some(text("{\"seq\":7}")),
                told: OutcomeRecord { choices: text(""), said: text("[]") },
            },
            Body::Acted {
                order: 7,
                version: 2,
                event: text("{\"act\":{\"by\":\"张\"}}"),
                told: OutcomeRecord { choices: text("[]"), said: text("[{\"event\":\"claimed\"}]") },
                policy: Some(text("p")),
                now: vec![(text("inspections"), 3, text("ff"))],
            },
            Body::SubmittedLate {
                order: 7,
                key: text("k"),
                step: text("patrol"),
                visit: 1,
                reason: text("R012"),
                event: text("{}"),
            },
            Body::Skipped {
                workflow: text("w"),
                trigger: text("t"),
                on: text("2026-03-13"),
                candidates: vec![SkippedCandidate {
                    subject: text("s"),
                    nominal: text("n"),
                    reason: text("cap"),
                }],
            },
            Body::Occurrence {
                workflow: text("w"),
                trigger: text("t"),
                nominal: text("n"),
                outcome: text("missed"),
                reason: Some(text("window")),
                opened: 0,
            },
            Body::Released {
                number: 1,
                policy: text("p"),
                files: vec![(text("bureau.yaml"), text("d"))],
                approved_by: Some(text("李四")),
            },
            Body::Quarantined { policy: text("p"), cause: text("S104 rules/risk.rhai:12"), subjects: 101 },
            Body::TermsFired {
                terms: vec![FiredTerm {
                    seq: 7,
                    step: text("issue"),
                    visit: 1,
                    kind: text("overdue"),
                    level: 2,
                    choices: Vec::new(),
                }],
                choices: Choices::default(),
            },
            Body::CalendarMoved {
                calendar: text("cn"),
                revision: text("r"),
                moves: vec![TermMove {
                    order: text("o"),
                    what: text("window"),
                    from: text("a"),
                    to: text("b"),
                }],
            },
            Body::ErrandsRetried { cause: text("nobody"), errands: 2, notices: 1 },
            Body::PeopleLaid(PersonnelImport {
                file: text("f"),
                posts: vec![LaidPost {
                    officer: text("P01"),
                    role: text("所长"),
                    from: Some(text("2026-01-01")),
                    until: None,
                }],
                emails: vec![(text("P01"), text("d"))],
            }),
        ]
    }

    #[test]
    fn every_body_reads_back() {
        for body in one_of_each() {
            let text = body.json().canonical();
            assert_eq!(Entry::saying(body.kind(), &text).read(), Ok(body), "{text}");
        }
    }

    #[test]
    fn a_body_of_another_shape_is_refused() {
        assert_eq!(Entry::saying("orders.opened", "{}").read(), Err(NotABody));
        assert_eq!(Entry::saying("nothing", "{}").read(), Err(NotABody));
    }
}
