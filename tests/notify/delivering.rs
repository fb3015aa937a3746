//! Each notice arrives, whoever is killed in between, and repeats carry the same key.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use wubu::notify::{header_key, signature};
use wubu::office;
use wubu::time::FixedClock;

use super::servers::{Answer, Seen};
use super::{Desk, SECRET, item_keys, run};

#[test]
fn a_notice_reaches_inbox_mail_and_webhook_under_its_key() {
    run(async {
        let desk = Desk::new().await;
        desk.tell(7, "told", &["role/所长/dongguan"]).await;
        let done = desk.deliver().await;
        assert_eq!((done.addressed, done.delivered), (1, 2));
        assert_eq!(desk.inbox("P009").await, [["东关/7/1/0"]]);
        let (mails, posts) = (desk.mail.seen(), desk.hook.seen());
        let [mail] = mails.as_slice() else { panic!("{mails:?}") };
        assert_eq!(mail.to, "p009@bureau.example");
        assert_eq!(mail.header("Idempotency-Key"), header_key("东关/7/1/0"));
        assert!(mail.header("Message-ID").ends_with("@bureau.example>"));
        let [post] = posts.as_slice() else { panic!("{posts:?}") };
        assert_eq!(post.header("Idempotency-Key"), "%E4%B8%9C%E5%85%B3/7/1/0");
        assert_eq!(item_keys(&post.body), ["东关/7/1/0"]);
        assert_eq!(desk.deliver().await, office::DeliveryReport::default());
    });
}

/// Checks a signature as a receiver does, from the headers alone.
fn is_signed(post: &Seen, secret: &str) -> bool {
    let (id, at) = (post.header("webhook-id"), post.header("webhook-timestamp"));
    let expected = signature(secret.as_bytes(), &id, at.parse().expect("seconds"), &post.body);
    post.header("webhook-signature") == expected
}

#[test]
fn a_webhook_is_signed_over_key_moment_and_body() {
    run(async {
        let desk = Desk::new().await;
        desk.tell(1, "told", &["officer/P009"]).await;
        desk.deliver().await;
        let post = desk.hook.seen().remove(0);
        assert_eq!(post.header("webhook-timestamp"), (desk.now.micros() / 1_000_000).to_string());
        assert!(is_signed(&post, SECRET));
        assert!(!is_signed(&post, "another"));
        let forged = Seen { body: post.body.replace("P009", "P001"), ..post };
        assert!(!is_signed(&forged, SECRET));
    });
}

#[test]
fn the_signature_is_that_of_the_published_scheme() {
    // The example of the Standard Webhooks specification.
    let secret = STANDARD.decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").expect("base64");
    let body = r#"{"test": 2432232314}"#;
    let signed = signature(&secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, body);
    assert_eq!(signed, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
}

#[test]
fn a_receiver_that_took_it_and_died_gets_it_again_under_the_same_key() {
    run(async {
        let mut desk = Desk::new().await;
        desk.mail.will(Answer::TakeAndDie);
        desk.hook.will(Answer::TakeAndDie);
        desk.tell(3, "assigned", &["grid/G01"]).await;
        let done = desk.deliver().await;
        assert_eq!((done.delivered, done.again), (0, 2));
        desk.mail.restart().await;
        desk.hook.restart().await;
        assert_eq!(desk.deliver().await.delivered, 0, "not before its time");
        assert_eq!(desk.later(1).await.delivered, 2);
        for (seen, names) in [
            (desk.mail.seen(), &["Idempotency-Key", "Message-ID"][..]),
            (desk.hook.seen(), &["Idempotency-Key", "webhook-id"][..]),
        ] {
            assert_eq!(seen.len(), 2);
            for name in names {
                assert_eq!(seen[0].header(name), seen[1].header(name), "{name}");
            }
            assert_eq!(seen[0].body, seen[1].body);
        }
    });
}

/// Every key received, with what came under it each time.
fn by_key(seen: &[Seen]) -> BTreeMap<(String, String), BTreeSet<String>> {
    let mut found: BTreeMap<_, BTreeSet<String>> = BTreeMap::new();
    for seen in seen {
        let key = (seen.header("Idempotency-Key"), seen.to.clone());
        found.entry(key).or_default().insert(seen.body.clone());
    }
    found
}

#[test]
fn nothing_is_lost_while_both_sides_are_killed_again_and_again() {
    run(async {
        let mut desk = Desk::new().await;
        let mut seq = 0;
        for round in 0..24_u64 {
            for _ in 0..5 {
                seq += 1;
                let addressee = if seq % 2 == 0 { "role/所长/dongguan" } else { "grid/G01" };
                desk.tell(seq, "told", &[addressee]).await;
            }
            // Servers come and go; now and then one takes a message with it.
            match round % 6 {
                0 => desk.mail.kill().await,
                1 => desk.hook.kill().await,
                2 => desk.mail.restart().await,
                3 => desk.hook.restart().await,
                4 => desk.hook.will(Answer::TakeAndDie),
                _ => desk.mail.will(Answer::TakeAndDie),
            }
            // So does the sender: its delivery is cut off somewhere, and the database opened anew.
            let cut = Duration::from_millis(3 + round * 7 % 40);
            let _ = tokio::time::timeout(cut, desk.deliver()).await;
            desk = desk.reopen().await;
            desk.now = desk.now.plus(chrono::TimeDelta::seconds(30));
        }
        desk.mail.restart().await;
        desk.hook.restart().await;
        // Where deliveries were cut off early, some deaths of the servers are still to come.
        for _ in 0..8 {
            desk.later(3_600).await;
        }
        for state in ["waiting", "dead"] {
            assert_eq!(desk.listed(state).await, [], "{state}");
        }

        let (mails, posts) = (by_key(&desk.mail.seen()), by_key(&desk.hook.seen()));
        for ((key, _), bodies) in mails.iter().chain(&posts) {
            assert_eq!(bodies.len(), 1, "what repeats under {key} is the same");
        }
        let all: BTreeSet<String> = (1..=seq).map(|seq| format!("东关/{seq}/1/0")).collect();
        let bodies = posts.values().flatten();
        let posted: Vec<String> = bodies.flat_map(|body| item_keys(body)).collect();
        assert_eq!(posted.len(), all.len(), "each is in one message");
        assert_eq!(posted.into_iter().collect::<BTreeSet<_>>(), all);
        let inboxes = [desk.inbox("P001").await, desk.inbox("P009").await];
        assert_eq!(inboxes.into_iter().flatten().flatten().collect::<BTreeSet<_>>(), all);
        let mailed: usize = desk.mail.seen().len();
        assert!(mailed > mails.len(), "some came twice: {mailed} of {}", mails.len());
    });
}

#[test]
fn being_told_to_stop_ends_after_what_is_under_way() {
    run(async {
        let desk = Desk::new().await;
        desk.tell(1, "told", &["officer/P001"]).await;
        let (clock, stop) = (FixedClock(desk.now), AtomicBool::new(true));
        let channels = desk.channels();
        let delivery = office::Delivery {
            store: &desk.store,
            directory: &desk.directory,
            channels: &channels,
            clock: &clock,
            stop: &stop,
        };
        let done = office::deliver(&desk.live, delivery).await;
        assert_eq!(done.expect("ends").delivered, 0);
        assert_eq!(desk.deliver().await.delivered, 2);
    });
}
