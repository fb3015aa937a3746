//! Appraisals make due rows, due rows make orders, each order once.

use std::collections::BTreeMap;

use wubu::dispatch::DueCandidate;
use wubu::engine::{OrderHeader, OrderOrigin, OutboxMessage, TermKind, TermRow};
use wubu::id::{OrderId, TriggerId};
use wubu::ledger::{Body, ChainHead, OpenedCommon, OpenedOrder, verify};
use wubu::policy::SubjectKind;
use wubu::store::due::{DuePlace, DueRow};
use wubu::store::ledger::EntryAuthor;
use wubu::store::order_list::{self, OrderFilter};
use wubu::store::orders::PartedBatch;
use wubu::store::{
    Store, Tx, appraisals, cap_counters, decisions, due, ledger, orders, outbox, reappraisals,
    skipped_candidates, subjects, terms,
};

use super::register::subject;
use super::{Place, day, run, stamp, text};

const TRIGGER: TriggerId<&str> = TriggerId { workflow: "five-step", trigger: "cycle" };

fn due_row(subject: &str, issue_on: &str, held: Option<&str>) -> DueRow {
    let candidate = DueCandidate {
        home: text("东"),
        subject: text(subject),
        issue_on: day(issue_on),
        nominal: day("2026-03-15"),
        due_on: day("2026-03-13"),
        is_provisional: false,
        station: text("东"),
        grid: Some(text("g1")),
        tier: text("甲"),
        score: Some(72.5),
        decision: text("d1"),
        held: held.map(text),
    };
    DueRow { trigger: TRIGGER.to_owned(), candidate }
}

/// Begins to write on the chains that there are once subjects were imported.
async fn begin_at_home(store: &Store) -> Tx {
    let mut tx = store.begin_on(["", "东"]).await.expect("begins");
    let (what, file) = (text("subjects"), text("f"));
    let imported = Body::Imported { what, file, added: 4, changed: 0, unchanged: 0, now: (4, String::new()) };
    let author = EntryAuthor { actor: "me", at: stamp("2026-02-01T00:00:00Z") };
    ledger::append_many(&mut tx, [("", &imported), ("东", &imported)], author).await.expect("appends");
    tx
}

async fn ready(tx: &mut Tx, until: &str) -> Vec<DueCandidate> {
    due::ready(tx, TRIGGER, day(until)).rest().await.expect("reads")
}

async fn newly_held(tx: &mut Tx) -> Vec<DueCandidate> {
    due::newly_held(tx, TRIGGER, day("2026-03-01")).rest().await.expect("reads")
}

fn appraisal(subject: &str, due: Vec<DueRow>) -> appraisals::AppraisalRow {
    let said = appraisals::AppraisalText {
        tier: Some(text("甲")),
        score: Some(text("72.5")),
        decision: Some(text("d1")),
        undecided: None,
        decided_on: day("2026-02-01"),
        changes_on: Some(day("2026-04-01")),
        next: text("[]"),
    };
    appraisals::AppraisalRow { home: text("东"), subject: text(subject), said, due }
}

fn common() -> OpenedCommon {
    OpenedCommon {
        trigger: TRIGGER.to_owned(),
        subject_kind: SubjectKind::Subject,
        issued_at: stamp("2026-03-01T00:00:00.000000Z"),
        policy: text("p"),
        step: text("issue"),
        reason: None,
    }
}

fn opening(home: &str, subject: &str) -> orders::Opening {
    let TriggerId { workflow, trigger } = TRIGGER.to_owned();
    let header = OrderHeader {
        id: OrderId { home: text(home), seq: 0 },
        number: String::new(),
        workflow,
        subject_kind: SubjectKind::Subject,
        subject: text(subject),
        station: text(home),
        grid: None,
        tier: Some(text("甲")),
        scheduled_for: day("2026-02-28"),
        issued_at: stamp("2026-03-01T00:00:00Z"),
        due_on: day("2026-03-13"),
    };
    let nominal = text("2026-03-15");
    let origin = OrderOrigin { trigger, nominal, policy: text("p"), ..OrderOrigin::default() };
    let order = OpenedOrder { header, origin, step_due: Some(day("2026-03-02")), choices: vec![] };
    let term = TermRow {
        step: text("issue"),
        visit: 1,
        kind: TermKind::Due,
        level: 0,
        fires_at: stamp("2026-03-02T16:00:00Z"),
        end_on: day("2026-03-02"),
        basis: text("{}"),
        fired_at: None,
    };
    let message = OutboxMessage { kind: text("tell"), addressee: text("指挥中心"), body: text("{}") };
    orders::Opening {
        order,
        assignees: vec![],
        progress: None,
        choices: vec![],
        terms: vec![term],
        outbox: vec![message],
        effects: vec![],
    }
}

async fn open(tx: &mut Tx, batch: Vec<orders::Opening>) -> PartedBatch<OpenedOrder> {
    tx.lock_chains(batch.iter().map(|opening| opening.order.header.id.home.as_str()))
        .await
        .expect("names its chains");
    let number = |OrderId { home, seq }: OrderId<&str>| format!("{home}〔2026〕{seq}号");
    orders::open_many(tx, &common(), batch, number, "daemon").await.expect("opens")
}

async fn seqs(store: &Store) -> Vec<(String, i64, String)> {
    let mut reader = store.read().await.expect("reads");
    let now = stamp("2026-03-01T00:00:00Z");
    let list = order_list::list(&mut reader, &OrderFilter::default(), now, day("2026-03-01")).rest().await;
    let headers = list.expect("lists").into_iter().map(|listed| listed.order.header);
    headers.map(|header| (header.id.home, header.id.seq, header.subject)).collect()
}

#[test]
fn one_key_opens_once_and_numbers_leave_no_gap() {
    run(async {
        let place = Place::new();
        let store = place.open().await;
        let mut tx = store.begin().await.expect("begins");
        let opened = open(&mut tx, vec![opening("东", "b"), opening("西", "x"), opening("东", "d")]).await;
        assert_eq!(opened.new.iter().map(|order| order.header.id.seq).collect::<Vec<_>>(), [1, 1, 2]);
        // Half of the next batch is there already, and one stands in it twice.
        let batch = ["a", "b", "c", "d", "c", "e"].map(|subject| opening("东", subject));
        let opened = open(&mut tx, batch.to_vec()).await;
        let known: Vec<_> = opened.known.iter().map(|order| order.header.subject.as_str()).collect();
        assert_eq!(known, ["b", "d", "c"]);
        let opened = open(&mut tx, vec![opening("东", "a"), opening("西", "x")]).await;
        assert!(opened.new.is_empty());
        tx.commit().await.expect("commits");
        let expected =
            [("东", 1, "b"), ("东", 2, "d"), ("东", 3, "a"), ("东", 4, "c"), ("东", 5, "e"), ("西", 1, "x")];
        assert_eq!(seqs(&store).await, expected.map(|(home, seq, subject)| (text(home), seq, text(subject))));
        let mut reader = store.read().await.expect("reads");
        assert_eq!(outbox::count_waiting(&mut reader).await.expect("counts"), 6);
        assert_eq!(
            terms::of_order(&mut reader, OrderId { home: "东", seq: 5 }).await.expect("reads").len(),
            1
        );
    });
}

#[test]
fn the_ledger_tells_every_order_that_was_opened() {
    run(async {
        let place = Place::new();
        let store = place.open().await;
        let mut tx = store.begin().await.expect("begins");
        open(&mut tx, (0..600).map(|n| opening("东", &format!("s{n}"))).collect()).await;
        open(&mut tx, vec![opening("东", "late"), opening("西", "x")]).await;
        let chains = ledger::chains(&mut tx).await.expect("reads");
        assert_eq!(chains, [(text("东"), 2), (text("西"), 1)]);
        let entries = ledger::read(&mut tx, "东", 0, 100).await.expect("reads");
        verify("东", &entries).expect("holds");
        let told: Vec<OpenedOrder> = entries
            .iter()
            .flat_map(|entry| match entry.read() {
                Ok(Body::OrdersOpened(batch)) => batch.orders,
                other => panic!("{other:?}"),
            })
            .collect();
        assert_eq!(told.len(), 601);
        assert_eq!((told[600].header.subject.as_str(), told[600].header.id.seq), ("late", 601));
        tx.commit().await.expect("commits");
    });
}

#[test]
fn an_appraisal_replaces_its_due_rows() {
    run(async {
        let place = Place::new();
        let store = place.open().await;
        let mut tx = begin_at_home(&store).await;
        let first = [
            appraisal("a", vec![due_row("a", "2026-03-01", None)]),
            appraisal("b", vec![due_row("b", "2026-02-28", None)]),
            appraisal("c", vec![due_row("c", "2026-02-28", Some("when"))]),
            appraisal("d", vec![]),
        ];
        appraisals::save_many(&mut tx, &first).await.expect("saves");
        let due_now = ready(&mut tx, "2026-03-01").await;
        assert_eq!(due_now.iter().map(|row| row.subject.as_str()).collect::<Vec<_>>(), ["b", "a"]);
        assert!(ready(&mut tx, "2026-02-27").await.is_empty());
        // Moved later, and no longer due at all.
        let again = [appraisal("a", vec![due_row("a", "2026-05-01", None)]), appraisal("b", vec![])];
        appraisals::save_many(&mut tx, &again).await.expect("saves");
        assert_eq!(due::count_ready(&mut tx, TRIGGER, day("2026-12-31")).await.expect("counts"), 1);
        tx.commit().await.expect("commits");
    });
}

#[test]
fn a_reason_is_recorded_once_while_it_lasts() {
    run(async {
        let place = Place::new();
        let store = place.open().await;
        let mut tx = begin_at_home(&store).await;
        let until = day("2026-03-01");
        let held = |reason| appraisal("c", vec![due_row("c", "2026-02-28", Some(reason))]);
        appraisals::save_many(&mut tx, &[held("when")]).await.expect("saves");
        let new = newly_held(&mut tx).await;
        assert_eq!(new.len(), 1);
        // What began to be held since it was read is still to be recorded.
        let later = appraisal("b", vec![due_row("b", "2026-02-27", Some("when"))]);
        appraisals::save_many(&mut tx, &[later]).await.expect("saves");
        let places = [DuePlace { home: "东", issue_on: day("2026-02-28"), subject: "c" }];
        assert_eq!(due::record_held(&mut tx, TRIGGER, &places).await.expect("writes"), 1);
        let new = newly_held(&mut tx).await;
        assert_eq!(new.iter().map(|known| known.subject.as_str()).collect::<Vec<_>>(), ["b"]);
        appraisals::save_many(&mut tx, &[appraisal("b", Vec::new())]).await.expect("saves");
        // Appraised again with the same answer: nothing begins.
        appraisals::save_many(&mut tx, &[held("when")]).await.expect("saves");
        assert!(newly_held(&mut tx).await.is_empty());
        assert_eq!(due::held(&mut tx, TRIGGER, until).await.expect("counts"), [(text("when"), 1)]);
        appraisals::save_many(&mut tx, &[held("overlap")]).await.expect("saves");
        assert_eq!(newly_held(&mut tx).await.len(), 1);
        tx.commit().await.expect("commits");
    });
}

#[test]
fn opening_takes_due_rows_away() {
    run(async {
        let place = Place::new();
        let store = place.open().await;
        let mut tx = begin_at_home(&store).await;
        let rows: Vec<_> = (0..300)
            .map(|n| {
                let id = format!("s{n:03}");
                appraisal(&id, vec![due_row(&id, "2026-03-01", None)])
            })
            .collect();
        appraisals::save_many(&mut tx, &rows).await.expect("saves");
        let due_now = ready(&mut tx, "2026-03-01").await;
        let places = due_now[..290].iter().map(|DueCandidate { issue_on, home, subject, .. }| DuePlace {
            home: home.as_str(),
            issue_on: *issue_on,
            subject: subject.as_str(),
        });
        let places: Vec<DuePlace<&str>> = places.collect();
        assert_eq!(due::delete_many(&mut tx, TRIGGER, &places).await.expect("deletes"), 290);
        assert_eq!(due::count_ready(&mut tx, TRIGGER, day("2026-03-01")).await.expect("counts"), 10);
        tx.commit().await.expect("commits");
    });
}

#[test]
fn only_those_whom_time_changes_are_marked() {
    run(async {
        let place = Place::new();
        let store = place.open().await;
        let mut tx = store.begin().await.expect("begins");
        appraisals::save_many(&mut tx, &[appraisal("a", vec![])]).await.expect("saves");
        assert_eq!(reappraisals::add_changing(&mut tx, day("2026-03-31")).await.expect("marks"), 0);
        assert_eq!(reappraisals::add_changing(&mut tx, day("2026-04-01")).await.expect("marks"), 1);
        assert_eq!(reappraisals::add_changing(&mut tx, day("2026-04-01")).await.expect("marks"), 0);
        tx.commit().await.expect("commits");
    });
}

#[test]
fn skips_are_new_once_or_once_a_day() {
    run(async {
        let place = Place::new();
        let store = place.open().await;
        let mut tx = store.begin().await.expect("begins");
        let skip = |on: &str| skipped_candidates::Skip {
            home: text("东"),
            trigger: TRIGGER.to_owned(),
            subject: text("a"),
            nominal: text("2026-03-15"),
            reason: text("cap"),
            on_day: day(on),
        };
        for (on, often, new) in [
            ("2026-03-01", skipped_candidates::SkipFrequency::Daily, 1),
            ("2026-03-01", skipped_candidates::SkipFrequency::Daily, 0),
            ("2026-03-02", skipped_candidates::SkipFrequency::Daily, 1),
            ("2026-03-03", skipped_candidates::SkipFrequency::Once, 0),
        ] {
            let recorded =
                skipped_candidates::record_many(&mut tx, &[skip(on)], often).await.expect("records");
            assert_eq!(recorded.len(), new, "{on}");
        }
        assert_eq!(
            skipped_candidates::of_subject(&mut tx, TRIGGER, "东", "a").await.expect("reads").len(),
            2
        );
        tx.commit().await.expect("commits");
    });
}

#[test]
fn tallies_and_decisions_add_up() {
    run(async {
        let place = Place::new();
        let store = place.open().await;
        let mut tx = begin_at_home(&store).await;
        let key = cap_counters::TallyKey {
            home: text("东"),
            trigger: TRIGGER.to_owned(),
            per: text("officer"),
            period: text("2026-03"),
            whom: text("o1"),
        };
        // Counted before it was kept by homes, in the bureau's own name; and in another month.
        let before = cap_counters::TallyKey { home: String::new(), ..key.clone() };
        let later = cap_counters::TallyKey { period: text("2026-04"), ..key.clone() };
        cap_counters::add_many(&mut tx, &BTreeMap::from([(before, 2), (later, 7)])).await.expect("adds");
        for _ in 0..2 {
            cap_counters::add_many(&mut tx, &BTreeMap::from([(key.clone(), 20)])).await.expect("adds");
        }
        let found = cap_counters::of_period(&mut tx, TRIGGER, "officer", "2026-03").await.expect("reads");
        assert_eq!(found, BTreeMap::from([(text("o1"), 42)]));
        assert_eq!(decisions::add_many(&mut tx, &[("d1", "{}"), ("d2", "{}")]).await.expect("adds"), 2);
        assert_eq!(decisions::add_many(&mut tx, &[("d2", "{}"), ("d3", "{}")]).await.expect("adds"), 1);
        assert_eq!(decisions::find(&mut tx, "d3").await.expect("reads"), Some(text("{}")));
        tx.commit().await.expect("commits");
    });
}

#[test]
fn overdue_is_open_and_past_its_day() {
    run(async {
        let place = Place::new();
        let store = place.open().await;
        let mut tx = store.begin().await.expect("begins");
        subjects::upsert_many(&mut tx, &[subject("a", "东")]).await.expect("writes");
        open(&mut tx, vec![opening("东", "a")]).await;
        let now = stamp("2026-03-20T00:00:00Z");
        let overdue = OrderFilter { overdue: true, ..OrderFilter::default() };
        let list = order_list::list(&mut tx, &overdue, now, day("2026-03-02")).rest().await.expect("lists");
        assert!(list.is_empty(), "nothing is overdue on its due day");
        let list = order_list::list(&mut tx, &overdue, now, day("2026-03-03")).rest().await.expect("lists");
        assert_eq!(list.len(), 1);
        assert!(
            order_list::end(&mut tx, &list[0].order, "done", day("2026-03-10"), None).await.expect("ends")
        );
        assert!(
            !order_list::end(&mut tx, &list[0].order, "done", day("2026-03-10"), None).await.expect("asks")
        );
        let first = OrderId { home: "东", seq: 1 };
        // On the ninth it was still open.
        for (on, state) in [("2026-03-09", "open"), ("2026-03-10", "done")] {
            let found = order_list::find(&mut tx, first, now, day(on)).await.expect("reads");
            assert_eq!(found.map(|order| order.state), Some(text(state)));
        }
        let before = stamp("2026-02-01T00:00:00Z");
        assert_eq!(order_list::find(&mut tx, first, before, day("2026-02-01")).await.expect("reads"), None);
        let number = order_list::by_number(&mut tx, "东〔2026〕1号", now, day("2026-03-20")).await;
        assert_eq!(number.expect("reads").len(), 1);
        tx.commit().await.expect("commits");
    });
}

#[test]
fn a_term_fires_once_and_a_message_is_settled() {
    run(async {
        let place = Place::new();
        let store = place.open().await;
        let mut tx = store.begin().await.expect("begins");
        open(&mut tx, vec![opening("东", "a"), opening("东", "b")]).await;
        let early = stamp("2026-03-02T15:59:59Z");
        assert!(terms::firing(&mut tx, early, 10).await.expect("reads").is_empty());
        let now = stamp("2026-03-02T16:00:00Z");
        let firing = terms::firing(&mut tx, now, 10).await.expect("reads");
        assert_eq!(firing[0].order.as_ref(), OrderId { home: "东", seq: 1 });
        assert_eq!(terms::fire_many(&mut tx, &firing, now).await.expect("fires"), 2);
        assert_eq!(terms::fire_many(&mut tx, &firing, now).await.expect("fires"), 0);
        let waiting = outbox::waiting(&mut tx, now, 10).await.expect("reads");
        let settled =
            [(waiting[0].key.clone(), None), (waiting[1].key.clone(), Some(text("nobody/指挥中心")))];
        assert_eq!(outbox::settle_many(&mut tx, &settled, now).await.expect("settles"), 2);
        assert_eq!(outbox::settle_many(&mut tx, &settled, now).await.expect("settles"), 0);
        let dead = outbox::dead(&mut tx).await.expect("reads");
        assert_eq!((dead[0].cause.as_str(), dead[0].count), ("nobody/指挥中心", 1));
        assert_eq!(outbox::retry(&mut tx, "no", now).await.expect("retries"), 0);
        assert_eq!(outbox::retry(&mut tx, "nobody", now).await.expect("retries"), 1);
        assert_eq!(outbox::count_waiting(&mut tx).await.expect("counts"), 1);
        tx.commit().await.expect("commits");
    });
}

#[test]
fn a_chain_without_entries_starts_at_nothing() {
    assert_eq!(verify("东", &[]), Ok(ChainHead::START));
}
