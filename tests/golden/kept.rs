//! A bureau kept from an earlier build: it opens, says the same, prints the same, and goes on.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::Connection;
use serde_json::Value;
use wubu::engine::{ChoicePart, HistoryEntry, HistoryEvent, Rung};
use wubu::ledger::{Body, ChangedDocument, DocumentBody, DocumentChange, FiredTerm};
use wubu::office::{self, ActContext};

use super::bureau::{Bureau, JSON};
use super::{expect_folder, expect_same};

/// The evening on which the bureau is looked at.
const EVENING: &str = "2026-07-31T20:00";

/// Lines of a ledger: where each entry stands, what it says, and its hash.
fn entries(file: &Connection) -> Vec<[String; 6]> {
    let mut statement = file
        .prepare("SELECT chain, CAST(seq AS TEXT), at, kind, body, hash FROM ledger ORDER BY chain, seq")
        .expect("the ledger");
    let rows = statement.query_map([], |row| {
        Ok([row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?, row.get(5)?])
    });
    rows.expect("rows").map(|row| row.expect("a row")).collect()
}

fn open(bureau: &Bureau) -> Connection {
    Connection::open(bureau.path("wubu.db")).expect("the database")
}

#[test]
fn the_kept_bureau_answers_as_it_did() {
    let told = Bureau::kept().told("read.txt", &JSON);
    expect_same([("kept/read.json.out".to_owned(), told)]);
}

#[test]
fn the_kept_bureau_is_shown_as_it_was_in_chinese() {
    let told = Bureau::kept().told("show.txt", &["--lang", "zh"]);
    expect_same([("kept/show.zh.out".to_owned(), told)]);
}

#[test]
fn the_kept_bureau_is_shown_as_it_was_in_english() {
    let told = Bureau::kept().told("show.txt", &["--lang", "en"]);
    expect_same([("kept/show.en.out".to_owned(), told)]);
}

#[test]
fn the_kept_documents_print_as_they_did() {
    let bureau = Bureau::kept();
    let listed = bureau.run(EVENING, &["document", "list"], &JSON);
    let listed: Value = serde_json::from_slice(&listed.stdout).expect("JSON");
    let ids = listed.as_array().expect("an array").iter().filter_map(|document| document["id"].as_str());
    let pages = bureau.with_store(async |store| {
        let live = office::live(store).await.expect("readable").expect("a release");
        let cx = ActContext::new(store, &live, format!("{EVENING}:00+08:00").parse().expect("a moment"));
        let mut pages = Vec::new();
        for id in ids {
            let page = office::render_document(cx, id).await.expect("printed");
            assert!(!page.changed, "{id} prints otherwise than when it was signed");
            pages.push((format!("kept/pages/{}.html", id.replace('/', "-")), page.html));
        }
        pages
    });
    expect_folder("kept/pages", pages);
}

/// A clerk acts while the daemon of a new build starts.
#[test]
fn programs_that_open_the_kept_bureau_at_once_all_get_in() {
    let bureau = Bureau::untouched();
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| bureau.with_store(async |_| ()));
        }
    });
    assert!(entries(&open(&bureau)).len() > 100);
}

#[test]
fn the_kept_bureau_goes_on() {
    let bureau = Bureau::kept();
    let verified = |at: &str| {
        let output = bureau.run(at, &["verify"], &JSON);
        assert!(output.status.success(), "{}", crate::cli::out(&output));
    };
    verified(EVENING);
    let told = bureau.told("go-on.txt", &JSON);
    expect_same([("kept/go-on.out".to_owned(), told)]);
    verified("2026-08-05T09:00");
}

/// The release of then says of no action what it does: the table of compatibility does.
#[test]
fn what_was_sent_back_is_void_and_an_open_patrol_completes() {
    let bureau = Bureau::kept();
    let json = |at: &str, line: &str| -> Value {
        let output = bureau.run(at, &line.split(' ').collect::<Vec<_>>(), &JSON);
        assert!(output.status.success(), "{line}: {}", String::from_utf8_lossy(&output.stderr));
        serde_json::from_slice(&output.stdout).expect("JSON")
    };
    let papers = |at: &str| -> Vec<(Value, Value)> {
        let listed = json(at, "document list --order xihe-3");
        let of = |paper: &Value| (paper["state"].clone(), paper["number"].clone());
        listed.as_array().expect("an array").iter().map(of).collect()
    };
    let drafts = vec![(Value::from("draft"), Value::Null); 2];
    assert_eq!(papers(EVENING), drafts);
    // The build of then left them drafts. The chief sends back once more, and nothing comes of any of them.
    assert_eq!(json("2026-08-03T09:30", "order act xihe-3 提示 --as P009")["step"], "sign");
    assert_eq!(json("2026-08-03T09:40", "order act xihe-3 退回 --reason 再改 --as S02")["step"], "draft");
    let after = papers("2026-08-03T09:41");
    assert!(after.len() == 4 && after.iter().all(|(state, _)| state == "returned"), "{after:?}");
    assert_eq!(json("2026-08-03T09:50", "order act xihe-3 提示 --as P009")["step"], "sign");
    // That the second confirms as himself holds for texts of the first version, too.
    let line = "order act xihe-3 同意 --as S02";
    let early = bureau.run("2026-08-03T09:51", &line.split(' ').collect::<Vec<_>>(), &JSON);
    assert!(String::from_utf8_lossy(&early.stderr).contains("R124"));
    assert_eq!(json("2026-08-03T09:55", "order act xihe-3 sign --as P010")["step"], "sign");
    assert_eq!(json("2026-08-03T10:00", "order act xihe-3 同意 --as S02")["step"], "serve");
    let after = papers("2026-08-03T10:01");
    let is_void = |(state, number): &(Value, Value)| state == "returned" && number.is_null();
    assert!(after[..4].iter().all(is_void), "{after:?}");
    assert!(after[4..].iter().all(|(state, number)| state == "approved" && number.is_string()), "{after:?}");
    assert_eq!(after.len(), 6);

    let patrol =
        "order act xihe-6 complete --as P009 --form papers/patrol-hotel.json --attach photos=papers/open.png";
    assert_eq!(json("2026-08-03T10:10", patrol)["step"], "review");
    assert_eq!(json("2026-08-03T10:15", "order act xihe-6 sign --as P010")["step"], "review");
    assert_eq!(json("2026-08-03T10:20", "order act xihe-6 同意 --as S02")["step"], "archive");
    let verified = bureau.run("2026-08-03T10:30", &["verify"], &JSON);
    assert!(verified.status.success(), "{}", crate::cli::out(&verified));
}

#[test]
fn the_kept_entries_read_back_and_hold() {
    let bureau = Bureau::kept();
    let entries = entries(&open(&bureau));
    assert!(entries.len() > 100);
    for [chain, seq, _, kind, body, _] in entries {
        let read = super::entry(&chain, &kind, &body).read();
        let read = read.unwrap_or_else(|_| panic!("{chain} {seq} {kind}: {body}"));
        if !matches!(read, Body::Acted { .. } | Body::OrderOpened(_)) {
            assert_eq!(read.text().text, body, "{chain} {seq} {kind}");
        }
    }
}

/// What entries say, whatever format says it: things done with documents one by one.
fn said(entries: &[[String; 6]]) -> Vec<(String, String, Body)> {
    let read = |[chain, _, at, kind, body, _]: &[String; 6]| {
        let body = super::entry(chain, kind, body).read().expect("readable");
        let bodies = match body {
            Body::Document(DocumentBody::ChangedMany { changes }) => changes
                .into_iter()
                // What a row holds is said since then.
                .filter(|change| change.act != "noted")
                .map(|DocumentChange { seq, ordinal, act, state, number, mut detail }| {
                    detail.retain(|(name, _)| name != "row");
                    let changed = ChangedDocument { act, detail, number, ordinal, seq, state };
                    Body::Document(DocumentBody::Changed(changed))
                })
                .collect(),
            Body::Document(DocumentBody::Blank(mut moved)) => {
                moved.detail.retain(|(name, _)| name != "row");
                vec![Body::Document(DocumentBody::Blank(moved))]
            }
            body => vec![body],
        };
        bodies.into_iter().map(|body| (chain.clone(), at.clone(), body)).collect::<Vec<_>>()
    };
    entries.iter().flat_map(read).collect()
}

/// Moments at which a head comes and goes whom the kept life did not need: a deputy's departure is laid
/// down by another head now.
const HEADS: [&str; 2] = ["2026-07-24T00:59:00", "2026-07-24T01:01:00"];

/// Scores of whom an order was cancelled, which counted as overdue then and no longer does.
const RESCORED: &str = "S-0005";

/// Ends the key of an order that a level started by the end that the first extension gave.
const ANEW: &str = ".10000";

fn but_scores((chain, at, mut body): (String, String, Body)) -> (String, String, Body) {
    // What a row of the register is told by covers what its file left open, since files may.
    if let Body::Imported { now, what, .. } = &mut body
        && what != "inspections"
    {
        *now = Default::default();
    }
    // What a level starts by an extended end is told from what it started before.
    if let Body::OrderOpened(opened) = &mut body
        && let Some(nominal) = opened.order.origin.nominal.strip_suffix(ANEW)
    {
        let nominal = nominal.to_owned();
        opened.order.origin.nominal = nominal;
    }
    if let Body::SubmittedLate { answered, .. } = &mut body {
        // What the row of an answer holds is said since then.
        *answered = None;
    }
    if let Body::OrdersOpened(batch) = &mut body {
        // Why somebody opened it by hand was not kept then.
        batch.common.reason = None;
        batch.orders.iter_mut().for_each(|order| order.origin.reason = None);
        for order in batch.orders.iter_mut().filter(|order| order.header.subject == RESCORED) {
            (order.origin.score, order.origin.decision) = (None, None);
        }
    }
    (chain, at, body)
}

/// The drafts that were sent back with their step: the build of then left them drafts and signed them off
/// with the next ones.
fn sent_back(entries: &[(String, String, Body)]) -> Vec<(i64, i64)> {
    let changes = entries.iter().filter_map(|(_, _, body)| changed(body));
    changes.filter(|change| change.act == "return").map(|change| (change.seq, change.ordinal)).collect()
}

fn changed(body: &Body) -> Option<&ChangedDocument> {
    let Body::Document(DocumentBody::Changed(changed)) = body else { return None };
    Some(changed)
}

/// What entries say of orders, each line for itself and apart from the others of its order: who has to confirm
/// as himself was asked by nobody then, and what follows of his signature stands under it.
fn stories(said: &[(String, String, Body)]) -> BTreeMap<(String, i64), Vec<String>> {
    let mut stories: BTreeMap<(String, i64), Vec<String>> = BTreeMap::new();
    for (chain, _, body) in said {
        let Body::Acted { order, said, choices, .. } = body else { continue };
        let story = stories.entry((chain.clone(), *order)).or_default();
        let is_new = |entry: &&HistoryEntry| {
            !matches!(entry.event, HistoryEvent::ToConfirm { .. } | HistoryEvent::Confirmed { .. })
        };
        story.extend(said.iter().filter(is_new).map(|entry| format!("{entry:?}")));
        let duties = choices.iter().filter(|chosen| chosen.part == ChoicePart::Duty);
        story.extend(duties.map(|chosen| format!("{chosen:?}")));
    }
    stories.retain(|_, story| !story.is_empty());
    stories
}

/// Whether a blank was voided, which the first of two did alone then.
fn voids(body: &Body) -> bool {
    matches!(body, Body::Document(DocumentBody::Blank(moved)) if moved.act == "void")
}

/// Leaves out what fired again by an extended end, which nothing did then.
fn fired_once(said: &mut Vec<(String, String, Body)>) {
    let mut seen = BTreeSet::new();
    said.retain_mut(|(chain, _, body)| {
        let Body::TermsFired { terms, .. } = body else { return true };
        terms.retain_mut(|term| {
            let rung = Rung::of(u32::try_from(term.level).expect("a level"));
            term.level = Rung { extensions: 0, ..rung }.number().into();
            let FiredTerm { seq, step, visit, kind, level, .. } = &*term;
            seen.insert((chain.clone(), *seq, step.clone(), *visit, kind.clone(), *level))
        });
        !terms.is_empty()
    });
}

/// Whoever lives through the same six weeks with this build, and signs for himself, has the same record.
#[test]
fn the_same_life_leaves_the_same_record() {
    let (kept, again) = (Bureau::kept(), Bureau::new());
    let told = again.told_all(&["steps.txt", "signs.txt"], &JSON);
    expect_same([("kept/steps.out".to_owned(), told)]);
    let (kept, again) = (entries(&open(&kept)), entries(&open(&again)));
    let (mut kept, mut again) = (said(&kept), said(&again));
    let sent_back = sent_back(&again);
    let is_other =
        |body: &Body| changed(body).is_none_or(|change| !sent_back.contains(&(change.seq, change.ordinal)));
    kept.retain(|(.., body)| is_other(body));
    again.retain(|(_, at, body)| is_other(body) && !HEADS.iter().any(|moment| at.starts_with(moment)));
    assert_eq!(stories(&kept), stories(&again));
    for all in [&mut kept, &mut again] {
        all.retain(|(.., body)| !matches!(body, Body::Acted { .. }) && !voids(body));
        fired_once(all);
    }
    assert_eq!(kept.len(), again.len());
    for (kept, again) in kept.into_iter().map(but_scores).zip(again.into_iter().map(but_scores)) {
        assert_eq!(kept, again);
    }
}
