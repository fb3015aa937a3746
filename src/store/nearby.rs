//! Waiting for what is near.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

/// How often a statement's end is looked for before the thread lies down: some fifty microseconds.
const LOOKS: usize = 64;
/// How often once it has begun to answer: most have nearly ended then.
const LATER_LOOKS: usize = 8;
/// How often a long statement's rows are let come together before its thread has to wake this one.
const NAPS: usize = 4;
/// How long each time; the channel holds what comes meanwhile.
const NAP: Duration = Duration::from_micros(50);

/// Waits for what is near, such as the end of a statement.
///
/// A statement of an act takes some microseconds, waking a thread that sleeps several times as
/// long, and an act has some twenty; the processor is offered to others between two looks. One that runs longer has
/// many rows: looking for each of them is what would cost most.
pub async fn spin_then_await<F: Future>(running: F) -> F::Output {
    let mut running = pin!(running);
    let (mut looks, mut naps) = (LOOKS, 0);
    poll_fn(move |cx| {
        for at in 0..looks + naps {
            if let Poll::Ready(output) = running.as_mut().poll(cx) {
                return Poll::Ready(output);
            }
            if at < looks { std::thread::yield_now() } else { std::thread::sleep(NAP) }
        }
        (looks, naps) = (LATER_LOOKS, NAPS);
        running.as_mut().poll(cx)
    })
    .await
}
