//! The sample's subjects and what was found at them.

use crate::calendar::{Length, Roll, Unit, after, before};
use crate::import::{FieldChange, GridRow, InspectionRow, SubjectRow};
use crate::policy::{Attribute, AttributeKind, Cell, Table, TierIx};
use crate::register::Status;
use crate::time::Day;

use super::chance::{Chance, plus};
use super::names::{SampleNames, names};
use super::places::corner;
use super::{DUE_PER_GRID, SUBJECTS_PER_GRID, SamplePolicy};

/// Shares of the tiers of a table, strictest first, in hundredths; the last tier has the rest.
const TIER_SHARES: [usize; 2] = [8, 17];

/// Divisions of GB/T 4754 with most of a town's businesses: wholesale, retail, lodging,
/// catering, services to residents.
const BUSY_DIVISIONS: [&str; 6] = ["51", "52", "61", "62", "80", "81"];
const BUSY_WEIGHT: usize = 8;

/// Never patrolled, registered lately; closed; suspended; troubled: in a thousand each.
const NEW: usize = 10;
const CLOSED: usize = 30;
const SUSPENDED: usize = 20;
const TROUBLED: usize = 15;

/// Flag attributes that differ from their default, in a thousand.
const FLAGGED: usize = 40;
/// Choices that stay at their default, and those before it in the list (better ones), in a thousand.
const AT_DEFAULT: usize = 620;
const BETTER: usize = 260;

/// Longest time since the foundation of a sample business.
const OLDEST_DAYS: i64 = 15 * 365;
/// A new one was founded at most so long ago.
const NEWEST_DAYS: i64 = 25;
/// The days before the beginning over which issue dates that have come are spread.
const LATE_DAYS: i64 = 3;

/// A column of tiers in a table of codes, with its keys by tier.
struct Industries<'p> {
    attribute: usize,
    /// Keys of each tier, the busy ones several times.
    by_tier: Vec<Vec<&'p str>>,
}

/// What one subject is made for, and from what.
#[derive(Clone, Copy)]
struct SubjectPlan<'p> {
    ground: SamplePolicy<'p>,
    begin: Day,
    /// Counted over all grids, from 0.
    nth: usize,
    /// Whether its order is to be issued at the beginning.
    is_due: bool,
}

/// What was made of one subject before its dates.
struct Draft {
    values: Vec<Option<String>>,
    registered: Day,
    /// The tier of the industry; none when no table says.
    tier: Option<TierIx>,
    /// Whether anything stands in the row that rules could take for a reason to be stricter.
    is_suspect: bool,
    is_troubled: bool,
}

pub(super) fn subjects(
    ground: SamplePolicy<'_>,
    grids: &[GridRow],
    begin: Day,
    chance: &mut Chance,
) -> (Vec<SubjectRow>, Vec<InspectionRow>) {
    let industries = industries(ground);
    let (mut rows, mut inspections) = (Vec::new(), Vec::new());
    for (grid_nth, grid) in grids.iter().enumerate() {
        for nth in 0..SUBJECTS_PER_GRID {
            let is_due = nth < DUE_PER_GRID;
            let plan = SubjectPlan { ground, begin, nth: grid_nth * SUBJECTS_PER_GRID + nth, is_due };
            let draft = draft(plan, industries.as_ref(), chance);
            let mut row = subject(plan, &draft, grid, chance);
            let is_new = !is_due && !draft.is_troubled && chance.per_mille(NEW);
            if is_new {
                let registered = chance.day(plus(begin, -NEWEST_DAYS), plus(begin, -1)).to_string();
                for (attribute, value) in ground.declared.attributes.iter().zip(&mut row.attributes) {
                    if attribute.kind == AttributeKind::Date && matches!(value, FieldChange::Set(_)) {
                        *value = FieldChange::Set(registered.clone());
                    }
                }
            } else {
                let last = last_patrol(plan, &draft, chance);
                inspections.extend(history(plan, &draft, last, chance));
                if !is_due {
                    end(&mut row, last, begin, chance);
                }
            }
            rows.push(row);
        }
    }
    (rows, inspections)
}

impl SubjectPlan<'_> {
    fn id(&self) -> String {
        format!("SAMPLE-{:06}", self.nth + 1)
    }

    fn names(&self) -> &'static SampleNames {
        names(self.ground.language)
    }
}

fn subject(plan: SubjectPlan<'_>, draft: &Draft, grid: &GridRow, chance: &mut Chance) -> SubjectRow {
    let (east, north) = corner(plan.nth / SUBJECTS_PER_GRID);
    let degrees = |at: usize| format!("{}.{:05}", at / 100_000, at % 100_000);
    let names = plan.names();
    let word = chance.pick(&names.words).map_or("", String::as_str);
    let kind = chance.pick(&names.kinds).map_or("", String::as_str);
    SubjectRow {
        id: plan.id(),
        name: Some(names.subject(word, kind, plan.nth + 1)),
        station: grid.station.clone(),
        grid: FieldChange::Set(grid.id.clone()),
        lat: FieldChange::Set(degrees(north + chance.below(3_000))),
        lon: FieldChange::Set(degrees(east + chance.below(4_000))),
        status: None,
        status_on: None,
        last_patrol: FieldChange::Keep,
        attributes: draft.values.iter().cloned().map(FieldChange::from).collect(),
    }
}

/// Closes or suspends a few, after their last patrol.
fn end(row: &mut SubjectRow, last: Day, begin: Day, chance: &mut Chance) {
    let draw = chance.below(1_000);
    let status = match draw {
        _ if draw < CLOSED => Status::Closed,
        _ if draw < CLOSED + SUSPENDED => Status::Suspended,
        _ => return,
    };
    row.status = Some(status);
    row.status_on = Some(chance.day(plus(last, 1), plus(begin, -1)));
}

fn draft(plan: SubjectPlan<'_>, industries: Option<&Industries<'_>>, chance: &mut Chance) -> Draft {
    let SubjectPlan { ground, begin, .. } = plan;
    let registered = chance.day(plus(begin, -OLDEST_DAYS), plus(begin, -365));
    let is_troubled = !plan.is_due && chance.per_mille(TROUBLED);
    let mut draft =
        Draft { values: Vec::new(), registered, tier: None, is_suspect: is_troubled, is_troubled };
    for (at, attribute) in ground.declared.attributes.iter().enumerate() {
        let value = if let Some(industries) = industries.filter(|industries| industries.attribute == at) {
            let (tier, key) = industries.draw(chance);
            draft.tier = Some(tier);
            Some(key.to_owned())
        } else {
            let (value, is_suspect) = value(plan, attribute, registered, chance);
            draft.is_suspect |= is_suspect;
            value
        };
        draft.values.push(value);
    }
    draft
}

/// Makes a value as the declaration allows, and says whether it could be a reason to be stricter.
fn value(
    plan: SubjectPlan<'_>,
    attribute: &Attribute,
    registered: Day,
    chance: &mut Chance,
) -> (Option<String>, bool) {
    // What is due at the beginning is to have its industry's tier for certain.
    let is_plain = plan.is_due;
    match &attribute.kind {
        AttributeKind::Text => (Some(plan.names().text(chance.between(1, 300))), false),
        AttributeKind::Code { table } => {
            let table = plan.ground.declared.tables.iter().find(|known| known.id == *table);
            let keys: Vec<&String> = table.into_iter().flat_map(|table| table.rows.keys()).collect();
            (chance.pick(&keys).map(|key| (*key).clone()), false)
        }
        AttributeKind::Choice { of } => choice(of, attribute.default.as_deref(), is_plain, chance),
        AttributeKind::Flag => {
            let default = attribute.default.as_deref() == Some("true");
            let differs = !is_plain && chance.per_mille(FLAGGED);
            (Some((default != differs).to_string()), differs)
        }
        AttributeKind::Integer { .. } => (Some(chance.between(1, 40).to_string()), false),
        AttributeKind::Decimal { .. } => {
            (Some(format!("{}.{}", chance.between(12, 900), chance.below(10))), false)
        }
        AttributeKind::Length => {
            let months = Length::new(chance.pick(&[3, 6, 12]).copied().unwrap_or(6), Unit::Months);
            (Some(months.written(plan.ground.language)), false)
        }
        AttributeKind::Date => (Some(registered.to_string()), false),
    }
}

/// Draws from a list that goes from better to worse, around its default.
fn choice(
    of: &[String],
    default: Option<&str>,
    is_plain: bool,
    chance: &mut Chance,
) -> (Option<String>, bool) {
    let Some(usual) = of.iter().position(|each| Some(each.as_str()) == default) else {
        return (chance.pick(of).cloned(), false);
    };
    let draw = chance.below(1_000);
    let (better, worse) = (&of[..usual], &of[usual + 1..]);
    let drawn = match draw {
        _ if is_plain || draw < AT_DEFAULT => None,
        _ if draw < AT_DEFAULT + BETTER => chance.pick(better).map(|each| (each, false)),
        _ => chance.pick(worse).map(|each| (each, true)),
    };
    drawn.map_or_else(|| (Some(of[usual].clone()), false), |(each, is_worse)| (Some(each.clone()), is_worse))
}

/// Finds the attribute whose table gives each code a tier.
fn industries(ground: SamplePolicy<'_>) -> Option<Industries<'_>> {
    ground.declared.attributes.iter().enumerate().find_map(|(attribute, declared)| {
        let AttributeKind::Code { table } = &declared.kind else { return None };
        let table = ground.declared.tables.iter().find(|known| known.id == *table)?;
        let column = (0..table.columns.len()).find(|column| is_tier_column(ground, table, *column))?;
        let mut by_tier = vec![Vec::new(); ground.tiers.order.len()];
        for (key, row) in &table.rows {
            let tier = tier_at(ground, row.cells.get(column)?)?;
            let is_busy = BUSY_DIVISIONS.iter().any(|division| key.starts_with(division));
            let weight = if is_busy { BUSY_WEIGHT } else { 1 };
            by_tier[tier].extend(std::iter::repeat_n(key.as_str(), weight));
        }
        Some(Industries { attribute, by_tier })
    })
}

fn is_tier_column(ground: SamplePolicy<'_>, table: &Table, column: usize) -> bool {
    let mut cells = table.rows.values().map(|row| row.cells.get(column));
    !table.rows.is_empty() && cells.all(|cell| cell.is_some_and(|cell| tier_at(ground, cell).is_some()))
}

fn tier_at(ground: SamplePolicy<'_>, cell: &Cell) -> Option<usize> {
    let Cell::Text(id) = cell else { return None };
    ground.tiers.order.iter().position(|tier| tier.id == *id)
}

impl<'p> Industries<'p> {
    /// Draws a tier by its share, and a code of it.
    fn draw(&self, chance: &mut Chance) -> (TierIx, &'p str) {
        let mut left = chance.below(100);
        let mut tier = self.by_tier.len() - 1;
        for (nth, share) in TIER_SHARES.iter().enumerate().take(tier) {
            if left < *share {
                tier = nth;
                break;
            }
            left -= share;
        }
        let filled = |nth: &usize| !self.by_tier[*nth].is_empty();
        let tier = (0..=tier).rev().chain(tier..self.by_tier.len()).find(filled).unwrap_or(tier);
        let key = chance.pick(&self.by_tier[tier]).copied().unwrap_or_default();
        (TierIx(u16::try_from(tier).unwrap_or_default()), key)
    }
}

/// Chooses the last patrol so that the issue date falls where it is wanted.
fn last_patrol(plan: SubjectPlan<'_>, draft: &Draft, chance: &mut Chance) -> Day {
    let SubjectPlan { ground, begin, is_due, .. } = plan;
    let cycle = cycle(plan, draft);
    let back = |issue: Day| before(ground.lead.map_or(issue, |lead| after(issue, lead)), cycle);
    let issue = if is_due {
        chance.day(plus(begin, -LATE_DAYS), begin)
    } else {
        let days = (begin - back(begin)).num_days();
        chance.day(plus(begin, 1), plus(begin, days - 1))
    };
    let last = back(issue).min(plus(begin, -1));
    ground.calendar.roll(last, Roll::Backward)
}

/// Returns the cycle that is planned with: the tier's; the shortest for whom rules may raise;
/// where no table tells the tier, the longest for those meant to be due.
fn cycle(plan: SubjectPlan<'_>, draft: &Draft) -> Length {
    let SubjectPlan { ground, begin, is_due, .. } = plan;
    let cycles = || ground.tiers.order.iter().map(|tier| tier.cycle);
    let known = draft.tier.filter(|_| !draft.is_suspect).map(|tier| ground.tiers.order[tier.ix()].cycle);
    let fitting = || if is_due { cycles().max_by_key(|each| after(begin, *each)) } else { None };
    ground
        .every
        .or(known)
        .or_else(fitting)
        .or_else(|| cycles().min_by_key(|each| after(begin, *each)))
        .unwrap_or(Length::new(180, crate::calendar::Unit::Days))
}

/// Makes one to three years of inspections that end with the last patrol.
fn history(plan: SubjectPlan<'_>, draft: &Draft, last: Day, chance: &mut Chance) -> Vec<InspectionRow> {
    let (ground, subject, names) = (plan.ground, plan.id(), plan.names());
    let cycle = cycle(SubjectPlan { begin: last, is_due: false, ..plan }, draft);
    let from = plus(last, -365 * i64::try_from(chance.between(1, 3)).unwrap_or(1)).max(draft.registered);
    let mut days = Vec::new();
    let mut on = last;
    // INVARIANT: each turn goes back at least a week, so three years end the loop.
    while on >= from {
        days.push(on);
        let early = i64::try_from(chance.below(12)).unwrap_or_default();
        let earlier = plus(before(on, cycle), early).min(plus(on, -7));
        on = ground.calendar.roll(earlier, Roll::Backward);
    }
    days.reverse();
    let mut has_worst = false;
    days.into_iter()
        .enumerate()
        .map(|(nth, on)| {
            let problems = found(ground, draft, &mut has_worst, chance);
            let is_clean = problems.iter().all(|count| *count == 0);
            InspectionRow {
                kind: FieldChange::Keep,
                id: format!("{subject}-J{:02}", nth + 1),
                subject: subject.clone(),
                on,
                result: FieldChange::Set(if is_clean { &names.clean } else { &names.found }.clone()),
                problems: problems.into_iter().map(FieldChange::Set).collect(),
            }
        })
        .collect()
}

/// Counts of one visit: a troubled subject has the worst level again and again, any other at
/// most once, so that its tier stays what its industry says.
fn found(ground: SamplePolicy<'_>, draft: &Draft, has_worst: &mut bool, chance: &mut Chance) -> Vec<u32> {
    let mut problems = vec![0; ground.declared.levels.len()];
    if let Some((worst, milder)) = problems.split_first_mut() {
        let is_worst =
            if draft.is_troubled { chance.per_mille(400) } else { !*has_worst && chance.per_mille(4) };
        *has_worst |= is_worst;
        *worst = u32::from(is_worst);
        for count in milder {
            if chance.per_mille(if draft.is_troubled { 500 } else { 110 }) {
                *count = u32::try_from(chance.between(1, 3)).unwrap_or(1);
            }
        }
    }
    problems
}
