//! What a rule reads of a subject: its inputs, named, read, and when time alone changes them.

use strum::{EnumIter, EnumString, IntoStaticStr};

use crate::calendar::Length;
use crate::policy::{AttributeIx, LevelIx, Policy};
use crate::register::{Status, Subject, Value, is_within, within_changes_on};
use crate::time::Day;

use super::kind::Kind;
use super::value::{Comparison, Val, ValKey, float, floats};

/// A field of a subject.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, EnumString, IntoStaticStr)]
#[strum(serialize_all = "snake_case", const_into_str)]
pub(super) enum SubjectField {
    Id,
    Name,
    Station,
    Home,
    Grid,
    Lat,
    Lon,
    Status,
    Active,
    LastPatrol,
    /// Declared by the policy, which names it.
    #[strum(disabled)]
    Attribute(AttributeIx),
}

impl SubjectField {
    pub(super) fn find(policy: &Policy, name: &str) -> Option<Self> {
        name.parse().ok().or_else(|| policy.attribute(name).map(Self::Attribute))
    }

    pub(super) fn name(self, policy: &Policy) -> String {
        match self {
            Self::Attribute(at) => policy.attributes[at.ix()].id.clone(),
            built_in => built_in.into_str().to_owned(),
        }
    }

    pub(super) fn kind(self, policy: &Policy) -> Kind {
        match self {
            Self::Id | Self::Name | Self::Station | Self::Home | Self::Grid => Kind::Text,
            Self::Status => Kind::words(["active", "suspended", "closed"]),
            Self::Lat | Self::Lon => Kind::Float,
            Self::Active => Kind::Flag,
            Self::LastPatrol => Kind::Day,
            Self::Attribute(at) => Kind::of_attribute(&policy.attributes[at.ix()].kind),
        }
    }

    /// Returns whether a subject may be without it.
    pub(super) fn may_be_missing(self, policy: &Policy) -> bool {
        match self {
            Self::Id | Self::Name | Self::Station | Self::Home | Self::Status | Self::Active => false,
            Self::Grid | Self::Lat | Self::Lon | Self::LastPatrol => true,
            Self::Attribute(at) => {
                let attribute = &policy.attributes[at.ix()];
                !attribute.required && attribute.default.is_none()
            }
        }
    }

    fn read(self, subject: &Subject, day: Day) -> ValKey<'_> {
        match self {
            Self::Id => Val::Text(&subject.id),
            Self::Name => Val::Text(&subject.name),
            Self::Station => Val::Text(&subject.station),
            Self::Home => Val::Text(&subject.home),
            Self::Grid => subject.grid.as_deref().map_or(Val::Missing, Val::Text),
            Self::Lat => decimal(subject.lat.as_deref()),
            Self::Lon => decimal(subject.lon.as_deref()),
            Self::Status => Val::Text(subject.history.status(day).into_str()),
            Self::Active => Val::Flag(subject.history.status(day) == Status::Active),
            Self::LastPatrol => subject.history.last_patrol(day).map_or(Val::Missing, Val::Day),
            Self::Attribute(at) => match subject.attribute(at) {
                Value::Missing => Val::Missing,
                Value::Text(text) => Val::Text(text),
                Value::Integer(number) => Val::Integer(*number),
                Value::Decimal(text) => decimal(Some(text)),
                Value::Flag(flag) => Val::Flag(*flag),
                Value::Day(day) => Val::Day(*day),
            },
        }
    }

    fn day(self, subject: &Subject, day: Day) -> Option<Day> {
        if let Val::Day(found) = self.read(subject, day) { Some(found) } else { None }
    }

    /// Adds the days after `day` on which the field itself may change.
    fn changes(self, subject: &Subject, day: Day, days: &mut Vec<Day>) {
        let history = &subject.history;
        match self {
            Self::LastPatrol => {
                let visits = history.inspections.iter().map(|inspection| inspection.on);
                days.extend(visits.chain(history.last_patrol_known).filter(|on| *on > day));
            }
            Self::Status | Self::Active => {
                days.extend(history.statuses.iter().map(|(from, _)| *from).filter(|from| *from > day));
            }
            Self::Id
            | Self::Name
            | Self::Station
            | Self::Home
            | Self::Grid
            | Self::Lat
            | Self::Lon
            | Self::Attribute(_) => {}
        }
    }
}

fn decimal(text: Option<&str>) -> ValKey<'_> {
    let number = text.and_then(|text| text.trim().parse::<f64>().ok()).filter(|number| number.is_finite());
    number.map_or(Val::Missing, |number| Val::Float(number.to_bits()))
}

/// One input of a rule.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Slot {
    /// A field as it is.
    Raw(SubjectField),
    /// Whether a field is known.
    Has(SubjectField),
    /// Problems of a level found in a period.
    Problems(Length, LevelIx),
    /// Orders that ended without an inspection in a period.
    OverdueCount(Length),
    /// Whether a date lies in the period that ends today.
    Within(SubjectField, Length),
    /// Whether the days since or until a date compare so with a number.
    Days(DaySpan, Comparison, f64),
    /// The tier just decided; only conditions of triggers read it.
    Tier,
}

/// Days counted from or to a date.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct DaySpan {
    /// The date.
    pub(super) field: SubjectField,
    /// Whether they are counted up to it.
    pub(super) until: bool,
}

impl DaySpan {
    pub(super) const fn function(self) -> &'static str {
        if self.until { "days_until" } else { "days_since" }
    }
}

/// Counts the days from a date to `day`, or the other way.
pub(super) fn elapsed(date: Day, day: Day, until: bool) -> i64 {
    let since = (day - date).num_days();
    if until { -since } else { since }
}

impl Slot {
    pub(super) fn read(self, subject: &Subject, day: Day) -> ValKey<'_> {
        match self {
            Self::Raw(field) => field.read(subject, day),
            Self::Has(field) => Val::Flag(field.read(subject, day) != Val::Missing),
            Self::Problems(period, level) => {
                Val::Integer(subject.history.problems(day, period, level).into())
            }
            Self::OverdueCount(period) => Val::Integer(subject.history.overdue_count(day, period).into()),
            Self::Within(field, period) => {
                field.day(subject, day).map_or(Val::Missing, |date| Val::Flag(is_within(date, day, period)))
            }
            Self::Days(span, sign, bound) => {
                let holds = |date| floats(sign, float(elapsed(date, day, span.until)), bound);
                span.field.day(subject, day).map_or(Val::Missing, |date| Val::Flag(holds(date)))
            }
            Self::Tier => Val::Missing,
        }
    }

    /// Returns whether time alone can change it.
    pub(super) const fn is_timed(self) -> bool {
        match self {
            Self::Raw(field) | Self::Has(field) => {
                matches!(field, SubjectField::LastPatrol | SubjectField::Status | SubjectField::Active)
            }
            Self::Problems(..) | Self::OverdueCount(_) | Self::Within(..) | Self::Days(..) => true,
            Self::Tier => false,
        }
    }

    /// Returns whether what is read is a day.
    pub(super) fn is_day(self, policy: &Policy) -> bool {
        matches!(self, Self::Raw(field) if field.kind(policy) == Kind::Day)
    }

    /// Adds every day after `day` on which it may change by time alone.
    ///
    /// INVARIANT: between two neighbouring days of the list the value stays the same, so the
    /// first listed day with another value is the first such day there is.
    fn changes(self, subject: &Subject, day: Day, days: &mut Vec<Day>) {
        match self {
            Self::Raw(field) | Self::Has(field) => field.changes(subject, day, days),
            Self::Problems(period, level) => {
                let found = subject.history.inspections.iter();
                let counted = found.filter(|visit| visit.problems.get(level.ix()).is_some_and(|n| *n > 0));
                counted.for_each(|visit| window(visit.on, day, period, days));
            }
            Self::OverdueCount(period) => {
                for order in &subject.history.orders {
                    let known = [Some(order.issued_on), order.due.succ_opt()];
                    days.extend(known.into_iter().flatten().filter(|at| *at > day));
                    window(order.due, day, period, days);
                }
            }
            Self::Within(field, period) => {
                each_date(field, subject, day, days, |date, days| window(date, day, period, days));
            }
            Self::Days(span, _, bound) => each_date(span.field, subject, day, days, |date, days| {
                let signed = if span.until { -bound } else { bound };
                days.extend(around(date, signed).filter(|near| *near > day));
            }),
            Self::Tier => {}
        }
    }

    /// Returns how the input is named in a decision.
    pub(super) fn name(self, policy: &Policy) -> String {
        match self {
            Self::Raw(field) => field.name(policy),
            Self::Has(field) => format!("has({})", field.name(policy)),
            Self::Problems(period, level) => {
                format!("problems({}, {})", period.written(policy.bureau.language), policy.levels[level.ix()])
            }
            Self::OverdueCount(period) => {
                format!("overdue_count({})", period.written(policy.bureau.language))
            }
            Self::Within(field, period) => {
                format!("within({}, {})", field.name(policy), period.written(policy.bureau.language))
            }
            Self::Days(span, sign, bound) => {
                format!("{}({}) {} {bound}", span.function(), span.field.name(policy), sign.into_str())
            }
            Self::Tier => "tier".to_owned(),
        }
    }
}

/// Calls `with` for the field's date on that day and for every later one it will have by itself.
fn each_date(
    field: SubjectField,
    subject: &Subject,
    day: Day,
    days: &mut Vec<Day>,
    mut with: impl FnMut(Day, &mut Vec<Day>),
) {
    if let Some(date) = field.day(subject, day) {
        with(date, days);
    }
    let from = days.len();
    field.changes(subject, day, days);
    for at in from..days.len() {
        with(days[at], days);
    }
}

/// Adds the days after `day` on which `date` enters and leaves the period.
fn window(date: Day, day: Day, period: Length, days: &mut Vec<Day>) {
    days.extend(Some(date).filter(|date| *date > day));
    days.extend(within_changes_on(date, date.max(day), period));
}

/// The days on which a count from `date` reaches, is at, and passes `bound`.
fn around(date: Day, bound: f64) -> impl Iterator<Item = Day> {
    #[expect(clippy::cast_possible_truncation, reason = "saturates; a day outside the calendar is dropped")]
    let near = bound.floor() as i64;
    (-1..=2).filter_map(move |off| {
        let delta = chrono::TimeDelta::try_days(near.checked_add(off)?)?;
        date.checked_add_signed(delta)
    })
}

/// Every input of every rule, in the order found.
#[derive(Clone, Debug, Default)]
pub(super) struct Slots {
    list: Vec<Slot>,
}

impl Slots {
    pub(super) fn need(&mut self, slot: Slot) -> usize {
        self.find(slot).unwrap_or_else(|| {
            self.list.push(slot);
            self.list.len() - 1
        })
    }

    pub(super) fn find(&self, slot: Slot) -> Option<usize> {
        self.list.iter().position(|known| *known == slot)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = Slot> {
        self.list.iter().copied()
    }

    pub(super) fn len(&self) -> usize {
        self.list.len()
    }

    pub(super) fn values(&self, subject: &Subject, day: Day) -> Vec<Val> {
        self.iter().map(|slot| slot.read(subject, day).value()).collect()
    }

    /// Returns the first day after `day` on which any input changes by time alone.
    pub(super) fn changes_on(&self, subject: &Subject, day: Day) -> Option<Day> {
        let mut days = Vec::new();
        let mut first: Option<Day> = None;
        for slot in self.iter().filter(|slot| slot.is_timed()) {
            days.clear();
            slot.changes(subject, day, &mut days);
            if days.is_empty() {
                continue;
            }
            days.sort_unstable();
            let now = slot.read(subject, day);
            let until = days.iter().take_while(|next| first.is_none_or(|known| **next < known));
            let found = until.copied().find(|next| slot.read(subject, *next) != now);
            first = found.or(first);
        }
        first
    }
}
