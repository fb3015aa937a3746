//! How an order is found by what people and scripts call it: its id, or the number they see.

use crate::engine::{Refusal, RefusalCode};
use crate::id::{NotAnOrderId, OrderId, person_id};
use crate::office::{ActContext, Answer, OfficeStop};
use crate::store::Reads;
use crate::store::order_list::{self, StoredOrder};

/// Finds an order by its id or its number.
pub(crate) async fn find_order(cx: ActContext<'_>, at: &mut impl Reads, id: &str) -> Answer<StoredOrder> {
    if let Ok(key) = OrderId::parse(&person_id(id))
        && let Some(order) = order_list::find(at, key, cx.now, cx.today).await?
    {
        return Ok(order);
    }
    order_numbered(cx, at, id).await
}

/// Reads an id of an order; a number that people see may look like one but for its blanks.
///
/// # Errors
/// [`NotAnOrderId`].
pub(crate) fn order_id(text: &str) -> Result<OrderId, NotAnOrderId> {
    let id = person_id(text);
    if id.contains(char::is_whitespace) { Err(NotAnOrderId) } else { id.parse() }
}

/// Finds an order by its number alone.
pub(crate) async fn order_numbered(
    cx: ActContext<'_>,
    at: &mut impl Reads,
    number: &str,
) -> Answer<StoredOrder> {
    let mut found = order_list::by_number(at, number.trim(), cx.now, cx.today).await?;
    match (found.pop(), found.is_empty()) {
        (Some(order), true) => Ok(order),
        _ => Err(no_such_order(number)),
    }
}

/// Says that no order is called so.
pub(crate) fn no_such_order(id: &str) -> OfficeStop {
    Refusal::new(RefusalCode::NoSuchOrder).with("order", id).into()
}
