//! A channel that breaks down over a message: the message was tried, and nothing else is held up by it.

use std::sync::Arc;

use wubu::notify::{Carrier, Carrying, DeliveryResult, Message, header_key};
use wubu::time::Stamp;

use super::{Desk, run};

/// Mail that breaks down over what is for P001: at once, or on its way.
#[derive(Debug)]
struct BrittleMail {
    at_once: bool,
}

impl Carrier for BrittleMail {
    fn carry(self: Arc<Self>, message: Message, _now: Stamp) -> Carrying {
        let breaks = message.address.starts_with("p001@");
        assert!(!breaks || !self.at_once, "it breaks down at once");
        Box::pin(async move {
            tokio::task::yield_now().await;
            assert!(!breaks, "it breaks down on its way");
            DeliveryResult::Delivered
        })
    }
}

#[test]
fn a_channel_that_breaks_down_has_tried_that_message_and_carries_the_others() {
    run(async {
        for at_once in [true, false] {
            let mut desk = Desk::new().await;
            desk.tell(1, "told", &["officer/P001", "officer/P009"]).await;
            let channels = desk.channels().carried_by("mail", "", Arc::new(BrittleMail { at_once }));
            let done = desk.deliver_by(&channels).await;
            assert_eq!((done.again, done.dead), (1, 0), "at once: {at_once}");
            assert_eq!(done.delivered, 1 + desk.hook.seen().len() as u64, "the other mail, and the posts");
            assert_eq!(desk.listed("waiting").await, [("mail/internal".to_owned(), 1)]);
            // Not before its time, and then under the same key.
            assert_eq!(desk.deliver_by(&channels).await.again, 0);
            assert_eq!(desk.later(2).await.delivered, 1);
            let mails = desk.mail.seen();
            let [mail] = mails.as_slice() else { panic!("{mails:?}") };
            assert_eq!(mail.to, "p001@bureau.example");
            assert_eq!(mail.header("Idempotency-Key"), header_key("东关/1/1/0"));
        }
    });
}
