//! Who or what opened an order that no trigger of its own did: another order, a person, a signal.

use serde::Serialize;

use crate::engine::{BY_ORDER, HAND, HistoryEvent, OrderRecord, Parent};
use crate::id::OrderId;
use crate::office::audit::order_log::{self, LogEvent};
use crate::office::people::names;
use crate::office::places::shown;
use crate::office::{ActContext, Answer};
use crate::policy::Policy;
use crate::store::ReadTx;
use crate::store::order_list::{self, StoredOrder};

/// What opened an order instead of a trigger.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "how", rename_all = "kebab-case")]
pub enum OpenedBy {
    /// Another order.
    Order {
        /// Its id.
        order: String,
        number: String,
        /// Title of the step that opened it.
        step: String,
        /// What the row that led there says.
        say: Option<String>,
    },
    /// A person.
    Hand {
        /// Name and id.
        by: String,
    },
    /// A signal.
    Signal {
        /// Its name.
        signal: String,
    },
}

/// Returns whether a trigger of its workflow opened an order, as the policy says it now.
pub(crate) fn is_by_trigger(policy: &Policy, order: &StoredOrder) -> bool {
    let workflow = policy.workflow(&order.header.workflow);
    workflow.is_some_and(|workflow| workflow.start.iter().any(|known| known.id == order.origin.trigger))
}

/// An order as it is kept, with the policy it goes by.
#[derive(Clone, Copy)]
pub(crate) struct KeptOrder<'a> {
    pub(crate) policy: &'a Policy,
    pub(crate) order: &'a StoredOrder,
    pub(crate) record: &'a OrderRecord,
}

impl KeptOrder<'_> {
    /// Finds what opened it; none where a trigger of its workflow did.
    pub(crate) async fn opened_by(self, reader: &mut ReadTx, cx: ActContext<'_>) -> Answer<Option<OpenedBy>> {
        let StoredOrder { header, origin, .. } = self.order;
        if origin.trigger == BY_ORDER {
            return match &self.record.parent {
                Some(parent) => self.by_order(reader, cx, parent).await,
                None => Ok(None),
            };
        }
        if origin.trigger == HAND {
            let log = order_log::of_order(reader, header.id.as_ref(), header.issued_at, &[]).await?;
            let opening = log.into_iter().find(|entry| matches!(entry.what, LogEvent::Opened(_)));
            let by = opening.map(|entry| entry.actor).unwrap_or_default();
            let by = names(reader).await?.get(&by).map_or_else(|| by.clone(), |name| shown(&by, name));
            return Ok(Some(OpenedBy::Hand { by }));
        }
        let signal = origin.trigger.clone();
        Ok((!is_by_trigger(self.policy, self.order)).then_some(OpenedBy::Signal { signal }))
    }

    /// Finds the order that opened it, and what the row says that led to it.
    async fn by_order(
        self,
        reader: &mut ReadTx,
        cx: ActContext<'_>,
        parent: &Parent,
    ) -> Answer<Option<OpenedBy>> {
        let (policy, header) = (self.policy, &self.order.header);
        let key = OrderId { home: header.id.home.as_str(), seq: parent.seq };
        let Some(found) = order_list::find(reader, key, cx.now, cx.today).await? else { return Ok(None) };
        let log = order_log::of_order(reader, key, found.header.issued_at, &[]).await?;
        let mut say = None;
        for entry in log.iter().filter(|entry| entry.at == header.issued_at) {
            let LogEvent::Event { history: Some(history), .. } = &entry.what else { continue };
            for told in history {
                if let HistoryEvent::Went { to, say: Some(said), .. } = &told.event
                    && (*to == parent.step || told.step.as_ref() == Some(&parent.step))
                {
                    say = Some(said.clone());
                }
            }
        }
        let workflow = policy.workflow(&found.header.workflow);
        let title = workflow.and_then(|workflow| workflow.step(&parent.step)).map(|step| step.title.clone());
        Ok(Some(OpenedBy::Order {
            order: found.header.id.to_string(),
            number: found.header.number,
            step: title.unwrap_or_else(|| parent.step.clone()),
            say,
        }))
    }
}
