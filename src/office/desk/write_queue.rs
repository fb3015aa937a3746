//! The one who writes: acts of many people queue here and are committed many at a time.
//!
//! ```text
//!   people ──▶ Desk ──▶ queue ──▶ Clerk: load all, decide each, save the sum, commit once
//! ```
//!
//! While one group is being made durable the next one gathers, so the more there is to do the
//! larger the groups; a single act waits for nobody. Nobody is answered before his act is durable.

use tokio::sync::{mpsc, oneshot};

use crate::office::desk::act_executor::ActExecutor;
use crate::office::desk::request::{ActAnswer, ActRequest, ActWish};
use crate::office::{ActiveRelease, Answer, OfficeFault, OfficeStop};
use crate::store::{Store, spin_then_await};
use crate::time::Stamp;

/// Acts committed together at most. Each answer waits for its whole group, and a group twice as
/// large gains less than a tenth.
pub const GROUP_MAX: usize = 256;

/// Acts that may wait; whoever comes then waits before the door.
const QUEUE_MAX: usize = 1_024;

type WaitingAct = (ActRequest, oneshot::Sender<Answer<ActAnswer>>);

/// Where acts are handed in.
#[derive(Clone, Debug)]
pub struct WriteQueue {
    send: mpsc::Sender<WaitingAct>,
}

/// The acts handed in at a [`WriteQueue`].
#[derive(Debug)]
pub struct Queue {
    waiting: mpsc::Receiver<WaitingAct>,
}

impl WriteQueue {
    /// Makes a desk and its queue.
    pub fn open() -> (Self, Queue) {
        let (send, waiting) = mpsc::channel(QUEUE_MAX);
        (Self { send }, Queue { waiting })
    }

    /// Hands an act in and waits until it is durable, or refused.
    ///
    /// # Refusals
    /// Those of [`crate::office::desk::act`].
    pub async fn act(&self, wish: ActWish, now: Stamp) -> Answer<ActAnswer> {
        let (send, answer) = oneshot::channel();
        let closed = || OfficeStop::from(OfficeFault::Closing);
        self.send.send((ActRequest::act(wish, now), send)).await.map_err(|_| closed())?;
        answer.await.map_err(|_| closed())?
    }
}

/// How much was done at a desk.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct QueueReport {
    /// Acts, those that were refused too.
    pub acts: u64,
    /// Groups they were carried out in.
    pub groups: u64,
}

impl Queue {
    /// Carries out what is handed in, at most `group_max` acts together, until every desk is gone.
    pub async fn serve(&mut self, store: &Store, live: &ActiveRelease, group_max: usize) -> QueueReport {
        let mut clerk = ActExecutor::new(store, live);
        let mut served = QueueReport::default();
        let mut waiting: Vec<WaitingAct> = Vec::with_capacity(group_max);
        while spin_then_await(self.waiting.recv_many(&mut waiting, group_max)).await > 0 {
            served.acts += waiting.len() as u64;
            served.groups += 1;
            let (matters, people): (Vec<ActRequest>, Vec<_>) = waiting.drain(..).unzip();
            for (answer, person) in clerk.carry_out(&matters).await.into_iter().zip(people) {
                // Whoever does not wait for the answer can ask for it again by the key.
                let _ = person.send(answer);
            }
        }
        served
    }
}
