//! Acts that are committed together, and what else reaches orders.

use std::sync::atomic::AtomicBool;

use serde_json::{Value, json};
use wubu::engine::{Act, Doing};
use wubu::office::{self, ActContext, ActWish, BulkAct, Intent, OfficeStop, OrderFilter, WriteQueue};
use wubu::time::Stamp;

use crate::database;

use super::{Bureau, PROBE, complete, now, open, proposed, refused, zone};

/// Orders acted on in one test.
const ORDERS: usize = 40;

#[tokio::test(flavor = "multi_thread")]
async fn one_refusal_in_a_group_spoils_no_other_act() {
    let mut bureau = Bureau::new(ORDERS).await;
    let mut orders = Vec::new();
    for _ in 0..ORDERS {
        orders.push(bureau.open_order().await);
    }
    let (desk, mut queue) = WriteQueue::open();
    let acts = orders.iter().enumerate().map(|(at, order)| {
        let by = if at % 3 == 0 { "无名" } else { "令一" };
        let act = Act { by: by.to_owned(), step: None, visit: None, note: None, doing: complete(None) };
        let wish = ActWish { order: order.clone(), act, key: None, version: None, files: Vec::new() };
        let desk = desk.clone();
        tokio::spawn(async move { desk.act(wish, now()).await })
    });
    let acts: Vec<_> = acts.collect();
    drop(desk);
    let served = queue.serve(&bureau.store, &bureau.live, office::GROUP_MAX).await;
    assert_eq!(served.acts, ORDERS as u64);
    assert!(served.groups < ORDERS as u64, "acts were committed together: {served:?}");
    for (at, act) in acts.into_iter().enumerate() {
        match act.await.expect("a person") {
            Ok(answer) => assert_eq!((at % 3 == 0, answer.step.as_str()), (false, "check")),
            Err(OfficeStop::Refused(refusal)) => assert_eq!((at % 3, refusal.id), (0, "R110")),
            Err(stop) => panic!("{stop:?}"),
        }
    }
    let number = |count: usize| i64::try_from(count).expect("small");
    let went_on = ORDERS - ORDERS.div_ceil(3);
    assert_eq!(bureau.count("SELECT COUNT(*) FROM orders WHERE step = 'check'"), number(went_on));
    assert_eq!(bureau.count("SELECT COUNT(*) FROM ledger WHERE kind = 'order.acted'"), number(went_on));
    assert_eq!(bureau.count("SELECT COUNT(*) FROM duty WHERE step = 'draft'"), number(ORDERS - went_on));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_gone_by_another_process_acts_no_more_at_this_desk() {
    let mut bureau = Bureau::new(4).await;
    let mut orders = Vec::new();
    for _ in 0..4 {
        orders.push(bureau.open_order().await);
    }
    let elsewhere = open(bureau.folder.path()).await;
    let (desk, mut queue) = WriteQueue::open();
    let at_the_desk = async {
        let act_at = async |at: usize, now: Stamp| {
            let act =
                Act { by: "令一".to_owned(), step: None, visit: None, note: None, doing: complete(None) };
            let order = orders[at].clone();
            desk.act(ActWish { order, act, key: None, version: None, files: Vec::new() }, now).await
        };
        let act = async |at: usize| act_at(at, now()).await;
        act(0).await.expect("lawful");
        act(1).await.expect("lawful: nobody has changed anything");
        let cx = office::ActContext::new(&elsewhere, &bureau.live, now());
        let left = |on| office::PersonnelFact::Left(on);
        office::record_personnel(cx, "令一", &left(cx.today), "所长").await.expect("laid down");
        let tomorrow = Stamp::day_start(cx.today.succ_opt().expect("a day"), cx.zone());
        let gone = refused(act_at(2, tomorrow).await);
        office::record_personnel(cx, "令一", &left(cx.today.succ_opt().expect("a day")), "所长")
            .await
            .expect("laid down");
        act_at(3, tomorrow).await.expect("he serves a day longer");
        drop(desk);
        gone
    };
    let (_, gone) = tokio::join!(queue.serve(&bureau.store, &bureau.live, office::GROUP_MAX), at_the_desk);
    assert_eq!(gone, "R021");
}

#[tokio::test(flavor = "multi_thread")]
async fn two_acts_on_one_order_in_a_group_follow_each_other() {
    let mut bureau = Bureau::new(1).await;
    let order = bureau.open_order().await;
    let wish = |by: &str, doing: Doing| {
        let act = Act { by: by.to_owned(), step: None, visit: None, note: None, doing };
        ActWish { order: order.clone(), act, key: None, version: None, files: Vec::new() }
    };
    let archived = Doing::Complete { action: Some("归档".to_owned()), answer: None, attached: Vec::new() };
    let wishes = vec![wish("令一", complete(None)), wish("令一", complete(None)), wish("所长", archived)];
    let answers = office::act_many(bureau.cx(), wishes).await;
    let told: Vec<String> = answers
        .into_iter()
        .map(|answer| answer.map_or_else(|stop| format!("{stop:?}").contains("R0").to_string(), |a| a.step))
        .collect();
    assert_eq!(told, ["check", "true", "done"]);
    assert_eq!(bureau.count("SELECT version FROM orders"), 3);
    assert_eq!(
        bureau.count("SELECT COUNT(*) FROM term WHERE step = 'check'"),
        0,
        "its terms were taken back"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mended_rule_resumes_all_orders_it_stopped() {
    let mut bureau = Bureau::new(3).await;
    let fill = Doing::Complete { action: Some("填表".to_owned()), answer: None, attached: Vec::new() };
    for _ in 0..3 {
        let order = bureau.open_order().await;
        for (by, doing) in [
            ("令一", complete(None)),
            ("所长", fill.clone()),
            ("令一", complete(Some(json!({"name": "警告"})))),
        ] {
            bureau.act(&order, by, doing).await.expect("lawful");
        }
    }
    let incidents = office::incidents(&bureau.store, &bureau.live).await.expect("reads");
    assert_eq!(incidents.len(), 1, "{incidents:?}");
    assert_eq!(incidents[0].count, 3);
    assert_eq!(incidents[0].orders[0].inputs["answer"], json!({"name": "警告"}), "the inputs are kept");
    let cause = incidents[0].cause.clone();
    let chief = Intent::Done("所长");
    let still = office::retry(bureau.cx(), Some(&cause), chief).await.expect("tries");
    assert_eq!((still.orders, still.done, still.refused[0].code), (3, 0, "R115"));

    let mended = PROBE.replace("paper.amount > 3", "(paper.amount ?? 0) > 3");
    let live = office::activate(&bureau.store, proposed(&mended), "test", now()).await.expect("a release");
    let cx = ActContext::new(&bureau.store, &live, now());
    let counted = office::retry(cx, Some("S"), Intent::Preview).await.expect("counts");
    assert_eq!((counted.orders, counted.done), (3, 0));
    let done = office::retry(cx, Some(&cause), chief).await.expect("tries");
    assert_eq!((done.orders, done.done), (3, 3), "{done:?}");
    assert_eq!(bureau.count("SELECT COUNT(*) FROM orders WHERE step = 'done' AND state = 'open'"), 3);
    assert_eq!(bureau.count("SELECT COUNT(DISTINCT policy) FROM orders"), 1);
    assert_eq!(bureau.count("SELECT COUNT(*) FROM incident"), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn many_orders_are_counted_before_they_are_touched() {
    let mut bureau = Bureau::new(5).await;
    for _ in 0..5 {
        bureau.open_order().await;
    }
    // Typed in letters and marks apart; kept as its entry says it.
    let act = BulkAct::Cancel { reason: "并案 e\u{301}".to_owned() };
    let filter = OrderFilter { workflow: Some("probe".to_owned()), ..OrderFilter::default() };
    let counted = office::bulk(bureau.cx(), &act, &filter, Intent::Preview).await;
    assert_eq!(counted.expect("counts").orders, 5);
    assert_eq!(bureau.count("SELECT COUNT(*) FROM orders WHERE state = 'open'"), 5);
    let stranger = office::bulk(bureau.cx(), &act, &filter, Intent::Done("无名")).await;
    assert!(matches!(stranger, Err(OfficeStop::Refused(refusal)) if refusal.id == "R110"));
    let clerk = office::bulk(bureau.cx(), &act, &filter, Intent::Done("令一")).await;
    assert!(clerk.expect("tries").refused.iter().all(|refused| refused.code == "R109"));
    let done = office::bulk(bureau.cx(), &act, &filter, Intent::Done("所长")).await;
    assert_eq!(done.expect("does").done, 5);
    let cancelled = "SELECT COUNT(*) FROM orders WHERE state = 'cancelled' AND reason = '并案 \u{e9}'";
    assert_eq!(bureau.count(cancelled), 5);
    let verified = office::verify(&bureau.store, &bureau.live).await.expect("verified");
    assert_eq!(json!(verified.problems), json!([]));
    assert_eq!(bureau.count("SELECT COUNT(*) FROM duty"), 0);
    assert_eq!(bureau.count("SELECT COUNT(*) FROM term WHERE fired_at IS NULL"), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_subject_that_closes_ends_the_orders_whose_workflow_says_so() {
    let bureau = Bureau::new(2).await;
    let open = |subject: &str| office::OpenByHand {
        workflow: "five-step".to_owned(),
        subject: subject.to_owned(),
        due: None,
        reason: None,
        actor: "所长".to_owned(),
    };
    for subject in ["试-0000", "试-0001"] {
        office::open_by_hand(ActContext::new(&bureau.store, &bureau.live, now()), &open(subject))
            .await
            .expect("opens");
    }
    let day = now().day_in(zone());
    let moved = format!(
        "统一社会信用代码,名称,管辖所,片区,行业代码,成立日期,信用等级,警示标志,重点区域,经营面积,经营地址,状态,状态日期,上次巡查,纬度,经度\n\
         试-0000,试验店0,dongguan,G01,5223,2020-01-01,B,否,否,,,closed,{day},,,\n\
         试-0001,试验店1,xihe,G05,5223,2020-01-01,B,否,否,,,,,,,\n"
    );
    bureau.import(wubu::policy::ImportKind::Subjects, &moved).await;
    office::tick(ActContext::new(&bureau.store, &bureau.live, now()), &AtomicBool::new(false))
        .await
        .expect("a pass");
    let mut told = Vec::new();
    let each = |order: office::OrderLine| {
        told.push((order.subject, order.state, order.station));
        Ok(())
    };
    let cx = ActContext::new(&bureau.store, &bureau.live, now());
    office::orders(cx, &OrderFilter::default(), each).await.expect("reads");
    let line = |subject: &str, state: &str, station: &str| {
        (subject.to_owned(), state.to_owned(), station.to_owned())
    };
    assert_eq!(told, [line("试-0000", "cancelled", "dongguan"), line("试-0001", "open", "xihe")]);
    office::tick(ActContext::new(&bureau.store, &bureau.live, now()), &AtomicBool::new(false))
        .await
        .expect("a pass");
    assert_eq!(bureau.count("SELECT COUNT(*) FROM signal WHERE handled_at IS NULL"), 0);
    assert_eq!(bureau.count("SELECT COUNT(*) FROM ledger WHERE kind = 'order.acted'"), 2, "each met it once");
}

#[tokio::test(flavor = "multi_thread")]
async fn files_of_a_form_are_kept_under_their_digest() {
    let mut bureau = Bureau::new(1).await;
    let order = bureau.open_order().await;
    let photo = bureau.folder.path().join("1.jpg");
    std::fs::write(&photo, b"\xff\xd8\xff\xe0 a photo").expect("a file");
    let look = |named: Vec<(String, std::path::PathBuf)>| {
        let papers = office::Papers { named, by: "令一".to_owned(), ..office::Papers::default() };
        office::look_at_papers(bureau.cx(), &order, papers)
    };
    let handed = look(vec![("现场".to_owned(), photo)]).await.expect("looks");
    let [office::HandedFile { about: file, .. }] = handed.files.as_slice() else { panic!("{handed:?}") };
    assert_eq!(
        (file.kind.as_str(), handed.attached.as_slice()),
        ("image/jpeg", [file.digest.clone()].as_slice())
    );
    let text = bureau.folder.path().join("1.txt");
    std::fs::write(&text, "not a photo").expect("a file");
    assert!(matches!(look(vec![("现场".to_owned(), text)]).await, Err(OfficeStop::Refused(_))));

    let act = Act { by: "无名".to_owned(), step: None, visit: None, note: None, doing: complete(None) };
    let wish = |act: Act| ActWish {
        order: order.clone(),
        act,
        key: None,
        version: None,
        files: handed.files.clone(),
    };
    assert_eq!(refused(office::act(bureau.cx(), wish(act)).await), "R110");
    assert_eq!(bureau.count("SELECT COUNT(*) FROM attachment"), 0, "what is refused leaves nothing");
    assert!(!bureau.folder.path().join("wubu.db.files").exists(), "what is refused leaves no file");
    let act = Act { by: "令一".to_owned(), step: None, visit: None, note: None, doing: complete(None) };
    office::act(bureau.cx(), wish(act)).await.expect("lawful");
    assert_eq!(bureau.count("SELECT COUNT(*) FROM attachment"), 1);
    let shelf = bureau.folder.path().join("wubu.db.files").join(&file.digest[..2]).join(&file.digest);
    assert_eq!(std::fs::read(shelf).expect("is there"), b"\xff\xd8\xff\xe0 a photo");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_late_form_is_told_to_whoever_has_the_order_now() {
    let mut bureau = Bureau::new(1).await;
    let order = bureau.open_order().await;
    bureau.act(&order, "令一", complete(None)).await.expect("lawful");
    let doing = complete(Some(json!({"name": "迟"})));
    let act =
        Act { by: "令二".to_owned(), step: Some("draft".to_owned()), visit: Some(1), note: None, doing };
    let wish = ActWish { order, act, key: None, version: None, files: Vec::new() };
    let answer = office::act(bureau.cx(), wish).await.expect("kept");
    assert!(answer.late && !answer.repeated);
    let told = database::texts(&bureau.file(), "SELECT addressee FROM outbox WHERE kind = 'late submission'");
    assert_eq!(told, ["officer/所长"]);
    let kept = database::texts(&bureau.file(), "SELECT body FROM submission");
    let body: Value = serde_json::from_str(&kept[0]).expect("JSON");
    assert_eq!(body["act"]["doing"]["complete"]["answer"]["name"], "迟");
}
