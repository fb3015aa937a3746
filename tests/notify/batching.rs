//! After downtime each person gets one message that lists what fired.

use super::{Desk, item_keys, run};

#[test]
fn what_one_run_finds_for_one_person_is_one_message_in_order() {
    run(async {
        let desk = Desk::new().await;
        let all = ["role/所长/dongguan", "grid/G01", "role/所长/dongguan", "role/所长/dongguan"];
        desk.tell(1, "told", &all).await;
        desk.deliver().await;
        assert_eq!(desk.inbox("P009").await, [["东关/1/1/0", "东关/3/1/0", "东关/4/1/0"]]);
        assert_eq!(desk.inbox("P001").await, [["东关/2/1/0"]]);
        assert_eq!(desk.inbox("P002").await, [["东关/2/1/0"]]);
        let mut mails = desk.mail.seen();
        mails.sort_by(|a, b| a.to.cmp(&b.to));
        assert_eq!(
            mails.iter().map(|mail| mail.to.as_str()).collect::<Vec<_>>(),
            ["p001@bureau.example", "p009@bureau.example"]
        );
        assert!(mails[1].header("Idempotency-Key").starts_with("many/"));
        let posts = desk.hook.seen();
        assert_eq!(posts.len(), 1);
        assert_eq!(item_keys(&posts[0].body).len(), 4);
    });
}

#[test]
fn a_message_that_was_tried_takes_in_nothing_more_and_the_next_gathers() {
    run(async {
        let mut desk = Desk::new().await;
        desk.hook.kill().await;
        desk.mail.kill().await;
        desk.tell(1, "told", &["officer/P009", "officer/P009"]).await;
        assert_eq!(desk.deliver().await.again, 2);
        for seq in [3, 4, 5] {
            desk.tell(seq, "told", &["officer/P009"]).await;
            desk.deliver().await;
        }
        desk.hook.restart().await;
        desk.mail.restart().await;
        assert_eq!(desk.later(10).await.delivered, 2);
        assert_eq!(desk.later(1).await.delivered, 2);
        let keys = |at: usize| item_keys(&desk.hook.seen()[at].body);
        assert_eq!(keys(0), ["东关/1/1/0", "东关/2/1/0"]);
        assert_eq!(keys(1), ["东关/3/1/0", "东关/4/1/0", "东关/5/1/0"]);
        assert_eq!(desk.mail.seen().len(), 2);
    });
}

#[test]
fn gathering_behind_a_stuck_message_lasts_an_hour_at_most() {
    run(async {
        let mut desk = Desk::new().await;
        desk.hook.will(super::servers::Answer::Status(503, "Retry-After: 3600\r\n"));
        desk.tell(1, "told", &["officer/P002"]).await;
        assert_eq!(desk.deliver().await.again, 1);
        desk.later(60).await;
        desk.tell(2, "told", &["officer/P002"]).await;
        assert_eq!(desk.later(60).await.delivered, 0);
        assert_eq!(desk.later(3_600).await.delivered, 2);
    });
}

#[test]
fn a_notice_holds_a_thousand_messages_at_most() {
    run(async {
        let desk = Desk::new().await;
        desk.tell(1, "told", &vec!["officer/P002"; 2_300]).await;
        let done = desk.deliver().await;
        assert_eq!((done.addressed, done.delivered), (2_300, 3));
        let sizes: Vec<usize> = desk.inbox("P002").await.iter().map(Vec::len).collect();
        assert_eq!(sizes.iter().sum::<usize>(), 2_300);
        assert_eq!(sizes.into_iter().max(), Some(1_000));
    });
}

#[test]
fn a_webhook_is_told_only_what_it_asks_for() {
    run(async {
        let (mail, hook) = (
            super::Server::start(super::Speaks::Smtp).await,
            super::Server::start(super::Speaks::Http).await,
        );
        let notices = format!(
            "notices:\n  mail: {{from: wubu@bureau.example, to: 所长}}\n  webhooks:\n    \
             - {{id: bridge, url: \"http://127.0.0.1:{}/in\", roles: 所长, kinds: [told, late-at-opening]}}\n",
            hook.port
        );
        let secrets = super::Secrets::of([
            ("WUBU_SMTP_URL".to_owned(), format!("smtp://127.0.0.1:{}", mail.port)),
            ("WUBU_WEBHOOK_SECRET".to_owned(), "shared".to_owned()),
        ]);
        let desk = Desk::with(&notices, secrets, mail, hook).await;
        desk.tell(1, "told", &["officer/P001", "officer/P009"]).await;
        desk.tell(3, "assigned", &["officer/P009"]).await;
        desk.tell(4, "late at opening", &["role/所长/dongguan"]).await;
        desk.deliver().await;
        assert_eq!(item_keys(&desk.hook.seen()[0].body), ["东关/2/1/0", "东关/4/1/0"]);
        assert_eq!(desk.mail.seen().len(), 1);
        assert_eq!(desk.mail.seen()[0].to, "p009@bureau.example");
        assert_eq!(desk.inbox("P001").await.len(), 1);
    });
}
