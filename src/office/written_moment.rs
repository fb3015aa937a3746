//! What a moment that a person wrote is held against: the last tick, the clock, the order's last event.

use crate::engine::{Refusal, RefusalCode};
use crate::ledger::Body;
use crate::office::{ACTOR, ActContext, Answer, WrittenMoment};
use crate::store::{Reads, Store, StoreFault, ledger, meta};
use crate::time::{Day, Stamp, Tz};

/// Notes that a daemon runs here by the machine's clock: from then on nobody acts ahead of it.
///
/// # Errors
/// When the database refuses.
pub async fn note_wall_time(store: &Store, now: Stamp) -> Answer<()> {
    if meta::get(&mut store.read().await?, meta::WALL_TIME).await?.is_none() {
        let mut tx = store.begin().await?;
        meta::set(&mut tx, meta::WALL_TIME, &now.to_string()).await?;
        tx.commit().await?;
    }
    Ok(())
}

/// Refuses a written moment that cannot be the moment of an act; an act on an order is asked at the desk,
/// once its key is known to be new.
///
/// # Refusals
/// R007 before the last tick; R141 ahead of the clock where a daemon runs by it, unless rehearsed.
pub async fn refuse_false_moment(cx: ActContext<'_>) -> Answer<()> {
    let Some(written) = cx.written else { return Ok(()) };
    let bounds = MomentBounds::read(&mut cx.store.read().await?).await?;
    Ok(bounds.refuse(cx.now, written, cx.zone())?)
}

/// Puts on the record that what follows is a rehearsal: it happens ahead of the clock that a daemon runs by.
pub async fn note_rehearsal(cx: ActContext<'_>) -> Answer<()> {
    let Some(written) = cx.written.filter(|written| written.is_rehearsal) else { return Ok(()) };
    if !MomentBounds::read(&mut cx.store.read().await?).await?.is_ahead(cx.now, written) {
        return Ok(());
    }
    let mut tx = cx.store.begin_on([""]).await?;
    let body = Body::ClockRehearsed { clock: written.clock.to_string() };
    ledger::append(&mut tx, "", &body, cx.author(ACTOR)).await?;
    Ok(tx.commit().await?)
}

/// The same for what sets the clock back: where a daemon runs by the machine's clock, that one alone can be
/// accepted, or a later one in a rehearsal; never an earlier one.
///
/// # Refusals
/// R141; R184 for another moment than the clock's.
pub async fn refuse_other_clock(cx: ActContext<'_>) -> Answer<()> {
    let Some(written) = cx.written else { return Ok(()) };
    let bounds = MomentBounds::read(&mut cx.store.read().await?).await?;
    bounds.refuse_ahead(cx.now, written, cx.zone())?;
    if bounds.has_wall_time && (!written.is_rehearsal || cx.now < written.clock) {
        let refusal = Refusal::new(RefusalCode::OtherClock).with("at", cx.now.wall_in(cx.zone()));
        return Err(refusal.with("clock", written.clock.wall_in(cx.zone())).into());
    }
    Ok(())
}

/// Between what a written moment must lie.
#[derive(Clone, Copy, Debug)]
pub(crate) struct MomentBounds {
    pub(crate) last_tick: Option<Stamp>,
    has_wall_time: bool,
}

impl MomentBounds {
    pub(crate) async fn read(at: &mut impl Reads) -> Result<Self, StoreFault> {
        let last_tick = meta::moment(at, meta::LAST_TICK).await?;
        let has_wall_time = meta::get(at, meta::WALL_TIME).await?.is_some();
        Ok(Self { last_tick, has_wall_time })
    }

    /// Returns the first day from which what gives power may count: today where a daemon runs by the machine's clock;
    /// elsewhere the day up to which time was lived, where that is earlier; none before time began here.
    pub(crate) fn powers_since(&self, cx: ActContext<'_>) -> Option<Day> {
        let lived = self.last_tick.map(|at| at.day_in(cx.zone()).min(cx.today));
        if self.has_wall_time { Some(cx.today) } else { lived }
    }

    pub(crate) fn refuse(&self, at: Stamp, written: WrittenMoment, zone: Tz) -> Result<(), Refusal> {
        refuse_before_tick(at, self.last_tick, zone)?;
        self.refuse_ahead(at, written, zone)
    }

    fn is_ahead(&self, at: Stamp, written: WrittenMoment) -> bool {
        self.has_wall_time && at > written.clock
    }

    fn refuse_ahead(&self, at: Stamp, written: WrittenMoment, zone: Tz) -> Result<(), Refusal> {
        let WrittenMoment { clock, is_rehearsal } = written;
        if self.is_ahead(at, written) && !is_rehearsal {
            return Err(Refusal::new(RefusalCode::AheadOfClock)
                .with("at", at.wall_in(zone))
                .with("clock", clock.wall_in(zone)));
        }
        Ok(())
    }
}

/// Refuses to go back before the last tick.
pub(crate) fn refuse_before_tick(at: Stamp, last: Option<Stamp>, zone: Tz) -> Result<(), Refusal> {
    match last.filter(|last| at < *last) {
        Some(last) => Err(Refusal::new(RefusalCode::BeforeLastTick)
            .with("at", at.wall_in(zone))
            .with("last", last.second_up().wall_in(zone))),
        None => Ok(()),
    }
}

/// Returns when something happens after what happened last: as written, else not before that.
///
/// # Refusals
/// R140 for a written moment before it.
pub(crate) fn after_last(cx: ActContext<'_>, last: Stamp) -> Result<ActContext<'_>, Refusal> {
    match cx.written {
        Some(_) => refuse_before_event(cx.now, last, cx.zone()).map(|()| cx),
        None if cx.now < last => Ok(ActContext::new(cx.store, cx.live, last)),
        None => Ok(cx),
    }
}

/// Refuses an act before what already happened on its order.
pub(crate) fn refuse_before_event(at: Stamp, last: Stamp, zone: Tz) -> Result<(), Refusal> {
    if at < last {
        return Err(Refusal::new(RefusalCode::BeforeLastEvent)
            .with("at", at.wall_in(zone))
            .with("last", last.second_up().wall_in(zone)));
    }
    Ok(())
}
