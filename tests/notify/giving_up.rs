//! What cannot be delivered is given up after its attempts, listed by cause, and tried again on demand.

use wubu::ledger::Body;
use wubu::office;

use super::servers::Answer;
use super::{Desk, run};

fn line(cause: &str, count: i64) -> (String, i64) {
    (cause.to_owned(), count)
}

/// What the bureau's record says of a retry, and who asked for it.
fn retried_entry(cause: &str, errands: i64, notices: i64) -> (String, Body) {
    ("系统管理员".to_owned(), Body::ErrandsRetried { cause: cause.to_owned(), errands, notices })
}

#[test]
fn a_refusal_is_dead_at_once_and_a_busy_receiver_is_asked_again() {
    run(async {
        let mut desk = Desk::new().await;
        for (seq, status, is_dead) in [
            (1, 410, true),
            (2, 408, false),
            (3, 429, false),
            (4, 500, false),
            (5, 302, false),
            (6, 422, true),
        ] {
            let more = if status == 302 { "Location: http://127.0.0.1:9/\r\n" } else { "" };
            desk.hook.will(Answer::Status(status, more));
            desk.tell(seq, "told", &["officer/P002"]).await;
            let done = desk.deliver().await;
            assert_eq!((done.dead == 1, done.again == 1), (is_dead, !is_dead), "{status}");
            if !is_dead {
                assert_eq!(desk.later(2).await.delivered, 1, "{status}");
            }
        }
        let dead = desk.listed("dead").await;
        assert_eq!(dead, [line("webhook/bridge/http-410", 1), line("webhook/bridge/http-422", 1)]);
    });
}

#[test]
fn a_receiver_that_asks_for_patience_gets_it() {
    run(async {
        let mut desk = Desk::new().await;
        desk.hook.will(Answer::Status(429, "Retry-After: 120\r\n"));
        desk.tell(1, "told", &["officer/P002"]).await;
        desk.deliver().await;
        assert_eq!(desk.later(119).await.delivered, 0);
        assert_eq!(desk.later(1).await.delivered, 1);
        // 2026-03-13T01:35:00Z: three minutes from the clock of this desk.
        desk.hook.will(Answer::Status(503, "Retry-After: Fri, 13 Mar 2026 01:35:00 GMT\r\n"));
        desk.tell(2, "told", &["officer/P002"]).await;
        desk.deliver().await;
        assert_eq!(desk.later(179).await.delivered, 0);
        assert_eq!(desk.later(1).await.delivered, 1);
    });
}

#[test]
fn mail_that_a_server_refuses_is_dead_and_what_it_puts_off_is_not() {
    run(async {
        let mut desk = Desk::new().await;
        for (seq, code, is_dead) in [(1, 451, false), (2, 550, true), (3, 535, false)] {
            desk.mail.will(Answer::Status(code, "no"));
            desk.tell(seq, "told", &["officer/P001"]).await;
            let done = desk.deliver().await;
            assert_eq!((done.dead, done.again), if is_dead { (1, 0) } else { (0, 1) }, "{code}");
            desk.later(2).await;
        }
        assert_eq!(desk.listed("dead").await, [line("mail/smtp-550", 1)]);
        assert_eq!(desk.mail.seen().len(), 2);
    });
}

#[test]
fn after_twenty_attempts_it_is_given_up_and_a_retry_keeps_its_key() {
    run(async {
        let mut desk = Desk::new().await;
        desk.hook.kill().await;
        desk.tell(9, "told", &["officer/P002"]).await;
        let mut tried = desk.deliver().await.again;
        for _ in 1..20 {
            let done = desk.later(3_600).await;
            tried += done.again + done.dead;
        }
        assert_eq!(tried, 20);
        assert_eq!(desk.listed("dead").await, [line("webhook/bridge/unreachable", 1)]);
        assert_eq!(desk.later(86_400).await, office::DeliveryReport::default());

        desk.hook.restart().await;
        let retry = |is_preview| office::retry_outbox(desk.cx(), "webhook/bridge", None, is_preview);
        assert_eq!(retry(true).await.expect("counts"), 1);
        assert_eq!(desk.deliver().await.delivered, 0, "a preview changes nothing");
        assert_eq!(desk.retries().await, []);
        assert_eq!(retry(false).await.expect("retries"), 1);
        assert_eq!(retry(false).await.expect("retries"), 0, "nothing is left to retry");
        let entry = retried_entry("webhook/bridge", 0, 1);
        assert_eq!(desk.retries().await, [entry]);
        assert_eq!(desk.deliver().await.delivered, 1);
        assert_eq!(desk.hook.seen()[0].header("Idempotency-Key"), "%E4%B8%9C%E5%85%B3/9/1/0");
    });
}

#[test]
fn a_message_for_nobody_is_dead_until_somebody_is_there() {
    run(async {
        let mut desk = Desk::new().await;
        desk.tell(1, "told", &["role/法制科", "grid/G77", "role/所长/elsewhere", "role/法制科"]).await;
        assert_eq!(desk.deliver().await.nobody, 4);
        let dead = [
            line("nobody/grid/G77", 1),
            line("nobody/role/所长/elsewhere", 1),
            line("nobody/role/法制科", 2),
        ];
        assert_eq!(desk.listed("dead").await, dead);
        desk.directory.officers[1].roles.push("法制科".to_owned());
        let retried = office::retry_outbox(desk.cx(), "nobody/role/法制科", None, false).await;
        assert_eq!(retried.expect("retries"), 2);
        let entry = retried_entry("nobody/role/法制科", 2, 0);
        assert_eq!(desk.retries().await, [entry]);
        assert_eq!(desk.deliver().await.addressed, 2);
        assert_eq!(desk.inbox("P002").await, [["东关/1/1/0", "东关/4/1/0"]]);
    });
}

#[test]
fn without_people_in_the_system_a_role_has_its_own_inbox() {
    run(async {
        let mut desk = Desk::new().await;
        desk.directory.officers.clear();
        desk.tell(1, "assigned", &["role/所长/dongguan", "grid/G01"]).await;
        assert_eq!(desk.deliver().await.nobody, 0);
        assert_eq!(desk.inbox("role/所长/dongguan").await, [["东关/1/1/0"]]);
        assert_eq!(desk.inbox("P001").await, [["东关/2/1/0"]]);
        assert!(desk.mail.seen().is_empty());
    });
}

#[test]
fn without_its_secret_a_message_waits_and_costs_no_attempt() {
    run(async {
        let mut desk = Desk::new().await;
        let secrets = std::mem::take(&mut desk.secrets);
        desk.tell(1, "told", &["officer/P009"]).await;
        desk.deliver().await;
        for _ in 0..30 {
            let done = desk.later(3_600).await;
            assert_eq!((done.delivered, done.again, done.dead), (0, 0, 0));
        }
        desk.secrets = secrets;
        assert_eq!(desk.later(60).await.delivered, 2);
    });
}

#[test]
fn a_webhook_that_is_no_longer_declared_is_given_up() {
    run(async {
        let mut desk = Desk::new().await;
        desk.hook.kill().await;
        desk.tell(1, "told", &["officer/P002"]).await;
        desk.deliver().await;
        desk.live = super::release(&desk.store, "").await;
        assert_eq!(desk.later(60).await.dead, 1);
        assert_eq!(desk.listed("dead").await, [line("webhook/bridge/not-declared", 1)]);
    });
}

#[test]
fn one_receiver_that_never_answers_does_not_hold_up_another() {
    run(async {
        let desk = Desk::new().await;
        desk.hook.will(Answer::Hang);
        desk.tell(1, "told", &["officer/P009"]).await;
        let began = std::time::Instant::now();
        let done = desk.deliver().await;
        assert_eq!((done.delivered, done.again), (1, 1));
        assert!(began.elapsed() < std::time::Duration::from_secs(15), "{:?}", began.elapsed());
        assert_eq!(desk.mail.seen().len(), 1);
    });
}
