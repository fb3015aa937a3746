//! Messages about no order: of a station, or of the bureau's own.

use serde_json::Value;

use crate::engine::{Addressee, OutboxMessage};
use crate::id::OrderId;
use crate::office::{ActContext, Answer};
use crate::store::{Tx, outbox};
use crate::time::Stamp;

/// Running number under which messages about no order stand; orders are numbered from 1.
pub(crate) const NO_ORDER: i64 = 0;

/// What officers are told of the bureau's own.
pub(crate) struct BureauNews<'a> {
    /// What happened, one of [`crate::policy::NOTICE_KINDS`] with blanks for hyphens.
    pub(crate) kind: &'a str,
    /// Ids of officers.
    pub(crate) to: &'a [&'a str],
    /// What goes with it.
    pub(crate) body: Value,
}

/// Tells officers what belongs to the bureau, and to no station.
pub(crate) async fn tell_of_bureau(cx: ActContext<'_>, tx: &mut Tx, news: BureauNews<'_>) -> Answer<()> {
    let BureauNews { kind, to, body } = news;
    let message = |id: &&str| OutboxMessage {
        kind: kind.to_owned(),
        addressee: Addressee::Officer((*id).to_owned()).to_string(),
        body: body.to_string(),
    };
    let messages: Vec<OutboxMessage> = to.iter().map(message).collect();
    tell_beside_orders(tx, "", &messages, cx.now).await
}

/// Puts messages about no order into the outbox, under the home they belong to.
pub(crate) async fn tell_beside_orders(
    tx: &mut Tx,
    home: &str,
    messages: &[OutboxMessage],
    now: Stamp,
) -> Answer<()> {
    let version = outbox::next_version(tx, home, NO_ORDER).await?;
    let order = OrderId { home, seq: NO_ORDER };
    let rows: Vec<_> = (0_i64..).zip(messages).map(|(ordinal, message)| (order, ordinal, message)).collect();
    Ok(outbox::add_many(tx, version, &rows, now).await?)
}
