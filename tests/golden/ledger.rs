//! The bytes of the record: one entry of every kind, and the chain over them.
//!
//! `ledger/entries-2.txt` holds two lines an entry: its place, kind and hash, and its body. A kind that
//! has cells which may be missing stands there once with and once without them. `ledger/entries.txt` holds
//! the same as the first format said it, which is read for ever and no longer written.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use wubu::engine::{
    Act, ChoicePart, Doing, Event, HistoryEntry, HistoryEvent, OfficerIds, OrderHeader, OrderOrigin, Parent,
    StaffChoice,
};
use wubu::id::{OrderId, TriggerId};
use wubu::ledger::{
    AppraisalChange, BatchOpening, Body, BodyText, Chain, ChainHead, ChangedDocument, Choices, DocumentBody,
    DocumentChange, Entry, FiredTerm, KindBook, LaidPost, MadeDocument, MovedBlank, NotABody, OpenedCommon,
    OpenedOrder, PassedSeries, PeopleAct, PersonnelImport, PriorHash, ShadowDay, ShadowSubject, ShadowTiers,
    SingleOpening, SkippedCandidate, TermMove, verify,
};
use wubu::policy::SubjectKind;
use wubu::time::{Day, Stamp};

use super::{expect_same, golden};

const FILE: &str = "ledger/entries-2.txt";
/// What builds before the second format wrote.
const FIRST_FORMAT: &str = "ledger/entries.txt";

const KINDS: [&str; 34] = [
    "database.restored",
    "clock.rehearsed",
    "appraisals.changed",
    "calendar.moved",
    "candidates.skipped",
    "document.blank_moved",
    "document.blanks_issued",
    "document.changed",
    "document.changed_many",
    "document.made",
    "document.month_closed",
    "document.month_not_closed",
    "errands.retried",
    "occurrence.evaluated",
    "order.acted",
    "order.late",
    "order.opened",
    "orders.opened",
    "people.recused",
    "plan.made",
    "people.delegated",
    "people.email",
    "people.imported",
    "people.leave",
    "people.left",
    "people.post",
    "register.imported",
    "release.activated",
    "release.proposed",
    "rules.quarantined",
    "shadow.begun",
    "shadow.compared",
    "tables.repaired",
    "terms.fired",
];

const MOMENT: &str = "2026-03-13T00:05:06.789012Z";

fn text(text: &str) -> String {
    text.to_owned()
}

/// Returns a digest as entries hold one: 64 hex digits.
fn digest(of: &str) -> String {
    wubu::digest::Digest::of(of.as_bytes()).to_string()
}

fn chosen(officers: [&str; 2], is_short: bool) -> StaffChoice {
    StaffChoice {
        step: text("patrol"),
        visit: 2,
        officers: officers.map(text).to_vec(),
        candidates: ["P04", "P02", "P03"].into_iter().collect(),
        excluded: vec![(text("P09"), text("x-leave")), (text("P05"), text("x-certificate"))],
        is_short,
        moves: Vec::new(),
        part: ChoicePart::Duty,
    }
}

fn choices() -> Choices {
    let mut choices = Choices::default();
    for chosen in [chosen(["P02", "P03"], false), chosen(["P03", "P04"], true)] {
        choices.add(&chosen);
    }
    choices
}

fn common(subject_kind: SubjectKind) -> OpenedCommon {
    OpenedCommon {
        trigger: TriggerId { workflow: text("five-step"), trigger: text("cycle") },
        subject_kind,
        issued_at: moment(),
        policy: digest("policy"),
        step: text("issue"),
        reason: None,
    }
}

fn full_order() -> OpenedOrder {
    let header = OrderHeader {
        id: OrderId { home: text("dongguan"), seq: 7 },
        number: text("东关〔2026〕7号"),
        workflow: text("five-step"),
        subject_kind: SubjectKind::Subject,
        subject: text("91110000MA000001X7"),
        station: text("dongguan"),
        grid: Some(text("DG-01")),
        tier: Some(text("甲")),
        scheduled_for: day("2026-03-09"),
        issued_at: moment(),
        due_on: day("2026-03-20"),
    };
    let origin = OrderOrigin {
        trigger: text("cycle"),
        nominal: text("2026-03-13"),
        policy: digest("policy"),
        officer: Some(text("P02")),
        score: Some(text("87")),
        decision: Some(text("8e43ab1d3d327809")),
        is_provisional: true,
        reason: None,
    };
    OpenedOrder { header, origin, step_due: Some(day("2026-03-11")), choices: vec![0, 1] }
}

fn bare_order() -> OpenedOrder {
    let header = OrderHeader {
        id: OrderId { home: text("dongguan"), seq: 8 },
        number: text("西关〔2026〕8号"),
        workflow: text("five-step"),
        subject_kind: SubjectKind::Grid,
        subject: text("xiguan"),
        station: text("xiguan"),
        grid: None,
        tier: None,
        scheduled_for: day("2026-03-13"),
        issued_at: moment(),
        due_on: day("2026-03-31"),
    };
    let nominal = text("2026-03-13T01:00:00.000000Z");
    let (trigger, policy) = (text("cycle"), digest("policy"));
    let origin = OrderOrigin { trigger, nominal, policy, ..OrderOrigin::default() };
    OpenedOrder { header, origin, step_due: None, choices: Vec::new() }
}

fn day(text: &str) -> Day {
    text.parse().expect("a day")
}

fn moment() -> Stamp {
    MOMENT.parse().expect("a moment")
}

fn of_the_register() -> Vec<Body> {
    vec![
        Body::Imported {
            what: text("subjects"),
            file: digest("file"),
            added: 3,
            changed: 2,
            unchanged: 1,
            now: (6, digest("sum")),
        },
        Body::AppraisalsChanged {
            on: text("2026-03-13"),
            policy: digest("policy"),
            changes: vec![
                AppraisalChange {
                    subject: text("甲店"),
                    from: Some(text("乙")),
                    to: Some(text("甲")),
                    decision: Some(text("8e43ab1d3d327809")),
                    raised: Some(text("2026-04-01")),
                },
                AppraisalChange {
                    subject: text("乙店"), from: None, to: None, decision: None, raised: None
                },
            ],
        },
        Body::Released {
            number: 1,
            policy: digest("policy"),
            files: vec![
                (text("bureau.yaml"), digest("bureau")),
                (text("workflows/five-step.yaml"), digest("five-step")),
            ],
            approved_by: Some(text("李四")),
            plan: None,
            reason: None,
        },
        Body::Released {
            number: 2,
            policy: digest("policy"),
            files: Vec::new(),
            approved_by: None,
            plan: None,
            reason: None,
        },
        Body::Quarantined { policy: digest("policy"), cause: text("S104 rules/risk.rhai:12"), subjects: 101 },
        Body::CalendarMoved {
            calendar: text("cn"),
            revision: digest("revision"),
            moves: vec![
                TermMove {
                    order: text("dongguan-7"),
                    what: text("step/defence/1"),
                    from: text("2026-03-20"),
                    to: text("2026-03-23"),
                },
                TermMove {
                    order: text("dongguan-7"),
                    what: text("provisional"),
                    from: text("true"),
                    to: text("false"),
                },
            ],
        },
    ]
}

fn of_orders() -> Vec<Body> {
    let given = vec![StaffChoice {
        step: text("file"),
        visit: 1,
        officers: vec![text("P02")],
        candidates: OfficerIds::default(),
        excluded: Vec::new(),
        is_short: false,
        moves: Vec::new(),
        part: ChoicePart::Duty,
    }];
    let said = vec![HistoryEntry { event: HistoryEvent::Claimed {}, step: Some(text("patrol")) }];
    let act = |by: &str, doing| Event::Act(Act { by: text(by), step: None, visit: None, note: None, doing });
    let note = Some(text("\u{1} \"号\""));
    vec![
        Body::OrdersOpened(BatchOpening {
            common: common(SubjectKind::Subject),
            orders: vec![full_order(), bare_order()],
            choices: choices(),
        }),
        Body::OrdersOpened(BatchOpening {
            common: common(SubjectKind::Station),
            orders: Vec::new(),
            choices: Choices::default(),
        }),
        Body::OrderOpened(Box::new(SingleOpening {
            common: common(SubjectKind::Subject),
            order: full_order(),
            parent: Some(Parent {
                seq: 7,
                step: text("penalty"),
                visit: 1,
                depth: 1,
                awaited: true,
                record: None,
            }),
            choices: given.clone(),
            said: said.clone(),
        })),
        Body::OrderOpened(Box::new(SingleOpening {
            common: common(SubjectKind::Grid),
            order: bare_order(),
            parent: None,
            choices: Vec::new(),
            said: Vec::new(),
        })),
        Body::Acted {
            answered: None,
            order: 7,
            version: 2,
            event: act("张", Doing::Nudge { note }),
            choices: given,
            said,
            policy: Some(digest("policy")),
            now: vec![(text("inspections"), 3, digest("sum")), (text("subjects"), -1, digest("other"))],
        },
        Body::Acted {
            answered: None,
            order: 8,
            version: 3,
            event: act("e\u{301}", Doing::Claim),
            choices: Vec::new(),
            said: Vec::new(),
            policy: None,
            now: Vec::new(),
        },
        Body::SubmittedLate {
            answered: None,
            order: 7,
            key: text("9c1e"),
            step: text("patrol"),
            visit: 1,
            written: None,
            reason: text("R012"),
            event: text(
                "{\"act\":{\"by\":\"P02\",\"step\":\"patrol\",\"visit\":1,\"doing\":{\"complete\":{}}}}",
            ),
        },
    ]
}

fn of_ticks() -> Vec<Body> {
    vec![
        Body::Skipped {
            trigger: TriggerId { workflow: "five-step", trigger: "cycle" }.to_owned(),
            on: text("2026-03-13"),
            candidates: vec![SkippedCandidate {
                subject: text("甲店"),
                nominal: text("2026-03-12"),
                reason: text("cap"),
            }],
        },
        Body::Occurrence {
            trigger: TriggerId { workflow: "five-step", trigger: "cycle" }.to_owned(),
            nominal: text("2026-03-13T00:30:00.000000Z"),
            outcome: text("missed"),
            reason: Some(text("window")),
            opened: 0,
        },
        Body::Occurrence {
            trigger: TriggerId { workflow: "five-step", trigger: "cycle" }.to_owned(),
            nominal: text("2026-03-14T00:30:00.000000Z"),
            outcome: text("fired"),
            reason: None,
            opened: 12,
        },
        Body::TermsFired {
            terms: vec![
                FiredTerm {
                    seq: 7,
                    step: text("issue"),
                    visit: 2,
                    kind: text("overdue"),
                    level: 3,
                    choices: vec![1, 0],
                },
                FiredTerm {
                    seq: 8,
                    step: text("wait"),
                    visit: 1,
                    kind: text("wait"),
                    level: 0,
                    choices: Vec::new(),
                },
            ],
            choices: choices(),
        },
        Body::ErrandsRetried { cause: text("mail/421"), errands: 2, notices: 1 },
    ]
}

fn of_people() -> Vec<Body> {
    let laid = |officer, from, until| LaidPost { officer: text(officer), role: text("所长"), from, until };
    let mut bodies = vec![
        Body::People(PeopleAct::Imported(PersonnelImport {
            file: digest("file"),
            posts: vec![
                laid("P01", Some(text("2026-01-01")), None),
                laid("P02", None, Some(text("2026-06-30"))),
                laid("P03", Some(text("2026-01-01")), Some(text("2026-06-30"))),
            ],
            emails: vec![(text("P01"), digest("address"))],
        })),
        Body::People(PeopleAct::Imported(PersonnelImport {
            file: digest("file"),
            ..PersonnelImport::default()
        })),
    ];
    let officer = || text("P01");
    let acts = [
        PeopleAct::Post {
            officer: officer(),
            role: text("所长"),
            from: Some(text("2026-01-01")),
            until: Some(text("2026-12-31")),
        },
        PeopleAct::Post { officer: officer(), role: text("所长"), from: None, until: None },
        PeopleAct::Leave {
            officer: officer(),
            from: text("2026-03-01"),
            to: text("2026-03-10"),
            substitute: Some(text("P02")),
        },
        PeopleAct::Leave {
            officer: officer(),
            from: text("2026-03-01"),
            to: text("2026-03-10"),
            substitute: None,
        },
        PeopleAct::Left { officer: officer(), on: text("2026-03-31") },
        PeopleAct::Delegated {
            officer: officer(),
            to: text("P02"),
            scope: text("*"),
            from: text("2026-03-01"),
            until: text("2026-03-10"),
            document: text("授权书1号"),
        },
        PeopleAct::Recused {
            officer: officer(),
            subject: text("甲店"),
            decided_by: text("P03"),
            document: text("回避决定1号"),
        },
        PeopleAct::Email { officer: officer(), digest: digest("address") },
    ];
    bodies.extend(acts.map(Body::People));
    bodies
}

fn of_documents() -> Vec<Body> {
    let full = MadeDocument {
        seq: 7,
        ordinal: 2,
        kind: text("reg.order"),
        state: text("draft"),
        number: Some(text("东监令〔2026〕1号")),
        control: Some(text("reg.order-2026-000001")),
        replaces: Some(1),
    };
    let bare = MadeDocument { ordinal: 3, number: None, control: None, replaces: None, ..full.clone() };
    let changed = ChangedDocument {
        seq: 7,
        ordinal: 2,
        act: text("approve"),
        state: text("approved"),
        number: Some(text("东监令〔2026〕1号")),
        detail: vec![(text("with"), text("P02")), (text("on"), text("2026-03-13"))],
    };
    let mut plain = changed.clone();
    (plain.number, plain.detail) = (None, Vec::new());
    let ChangedDocument { seq, ordinal, act, state, number, detail } = changed.clone();
    let with = DocumentChange { seq, ordinal, act, state, number, detail };
    let without = DocumentChange { number: None, detail: Vec::new(), ..with.clone() };
    let all = [
        DocumentBody::Made { documents: vec![full, bare] },
        DocumentBody::Changed(changed),
        DocumentBody::Changed(plain),
        DocumentBody::Issued { kind: text("pen.rectify"), year: 2026, first: 1, last: 50 },
        DocumentBody::Blank(MovedBlank {
            control: text("pen.rectify-2026-000001"),
            act: text("void"),
            state: text("voided"),
            detail: vec![(text("original"), text("kept"))],
        }),
        DocumentBody::Closed {
            month: text("2026-03"),
            books: vec![KindBook {
                kind: text("pen.rectify"),
                issued: 50,
                in_stock: 30,
                signed_out: 4,
                in_use: 2,
                filed: 12,
                voided: 1,
                lost: 3,
            }],
        },
        DocumentBody::NotClosed { month: text("2026-03"), code: text("R082") },
        DocumentBody::ChangedMany { changes: vec![with, without] },
    ];
    all.map(Body::Document).into()
}

/// Kinds that later builds added.
fn of_later() -> Vec<Body> {
    vec![
        Body::Proposed {
            approved_by: None,
            files: vec![(text("bureau.yaml"), digest("text"))],
            number: 3,
            policy: digest("policy"),
            starts_at: None,
            reason: None,
            plan: None,
        },
        Body::Released {
            number: 3,
            policy: digest("policy"),
            files: Vec::new(),
            approved_by: None,
            plan: Some(2),
            reason: Some(text("加密")),
        },
        Body::Planned {
            against: 2,
            number: 2,
            policy: digest("policy"),
            report: digest("report"),
            state: digest("state"),
        },
        Body::Proposed {
            approved_by: Some(text("D01")),
            files: vec![(text("bureau.yaml"), digest("text"))],
            number: 3,
            policy: digest("policy"),
            starts_at: Some(text("2026-03-15T16:00:00.000000Z")),
            reason: None,
            plan: Some(2),
        },
        Body::Repaired { tables: vec![(text("due"), 2), (text("tally"), 1)] },
        Body::Acted {
            answered: Some(text("0123456789abcdef0123456789abcdef")),
            order: 9,
            version: 4,
            event: Event::Retry,
            choices: Vec::new(),
            said: Vec::new(),
            policy: None,
            now: Vec::new(),
        },
        Body::SubmittedLate {
            answered: Some(text("0123456789abcdef0123456789abcdef")),
            order: 9,
            key: text("9c1e"),
            step: text("patrol"),
            visit: 1,
            written: None,
            reason: text("R012"),
            event: text("{\"retry\":null}"),
        },
        Body::ShadowBegun { days: 5, number: 3 },
        Body::ShadowCompared {
            day: ShadowDay {
                on: day("2026-03-04"),
                judged: 12,
                tiers: vec![ShadowTiers { from: Some(text("甲")), to: None, count: 1 }],
                scores: 2,
                undecided: 1,
                subjects: vec![ShadowSubject {
                    subject: text("S-0001"),
                    station: text("dongguan"),
                    from: Some(text("甲")),
                    to: None,
                }],
            },
            number: 3,
        },
        Body::ClockRehearsed { clock: text("2026-03-15T16:00:00.000000Z") },
        Body::Restored {
            backup: digest("wubu.db"),
            epoch: 2,
            made_at: text("2026-03-12T18:30:00.000000Z"),
            orders: 1_412,
            series: vec![PassedSeries {
                prefix: text("检查"),
                organ: text("示"),
                year: 2026,
                last: 88,
                to: 1_088,
            }],
        },
    ]
}

/// Returns every kind of body, with its cells told apart by what stands in them.
fn bodies() -> Vec<Body> {
    [of_the_register(), of_orders(), of_ticks(), of_people(), of_documents(), of_later()].concat()
}

fn chain(bodies: &[Body]) -> Vec<Entry> {
    let mut chain = Chain::new("dongguan", ChainHead::START);
    bodies.iter().map(|body| chain.next("P01", body, moment())).collect()
}

fn told(entries: &[Entry]) -> String {
    entries.iter().fold(String::new(), |mut text, Entry { seq, kind, hash, body, .. }| {
        let _ = writeln!(text, "{seq} {kind} {hash}\n{body}");
        text
    })
}

#[test]
fn every_kind_of_entry_has_its_bytes() {
    let entries = chain(&bodies());
    let kinds: BTreeSet<&str> = entries.iter().map(|entry| entry.kind.as_str()).collect();
    assert_eq!(kinds, BTreeSet::from(KINDS));
    expect_same([(FILE.to_owned(), told(&entries))]);
}

/// Returns the entries of a golden file.
fn kept(file: &str) -> Vec<Entry> {
    let mut prev = ChainHead::START.hash;
    let lines: Vec<&str> = file.lines().collect();
    let read = lines.chunks(2).map(|entry| {
        let [seq, kind, hash] = entry[0].split(' ').collect::<Vec<_>>().try_into().expect("three words");
        let hash = wubu::digest::Digest::parse(hash).expect("a digest");
        let (seq, prev) =
            (seq.parse().expect("a number"), PriorHash(Some(std::mem::replace(&mut prev, hash))));
        Entry {
            seq,
            at: moment(),
            actor: text("P01"),
            prev,
            hash,
            ..super::entry("dongguan", kind, entry[1])
        }
    });
    read.collect()
}

/// The bodies of both formats say the same.
#[test]
fn entries_of_the_first_format_hold_and_say_what_the_second_says() {
    let [first, second] = [FIRST_FORMAT, FILE]
        .map(|file| kept(&std::fs::read_to_string(golden(file)).expect("the file is there")));
    verify("dongguan", &first).expect("the chain holds");
    for (first, second) in first.iter().zip(&second) {
        let body = first.read().unwrap_or_else(|_| panic!("{} is not read: {}", first.kind, first.body));
        assert_eq!(body.text().text, second.body, "{}", first.kind);
    }
    let new = 1 + of_later().len();
    assert_eq!(
        second.len(),
        first.len() + new,
        "documents that changed together came with the second, and later kinds"
    );
}

/// Reads the file alone, so that reading and writing cannot be wrong in the same way.
#[test]
fn kept_entries_read_back_and_write_the_same_bytes() {
    let file = std::fs::read_to_string(golden(FILE)).expect("the file is there");
    let read = kept(&file).into_iter().map(|entry| {
        let body = entry.read().unwrap_or_else(|_| panic!("{} is not read: {}", entry.kind, entry.body));
        assert_eq!(body.text(), BodyText { kind: entry.kind, text: entry.body });
        body
    });
    let entries = chain(&read.collect::<Vec<Body>>());
    assert_eq!(told(&entries), file);
    verify("dongguan", &entries).expect("the chain holds");
}

#[test]
fn a_body_of_another_shape_is_refused() {
    for kind in ["orders.opened", "document.made", "document.else", "people.else", "nothing"] {
        assert_eq!(super::entry("dongguan", kind, "{}").read(), Err(NotABody), "{kind}");
    }
}
