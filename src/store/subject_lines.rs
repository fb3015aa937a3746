//! Lines that statements put together of rows that belong to subjects, and what they say.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

use crate::policy::{Attribute, Policy};
use crate::register::{History, Inspection, PastOrder, Subject, Value};
use crate::time::{Day, Stamp, Tz};

use super::appraisals::AppraisalText;
use super::args::{Bind, ValueSink};
use super::columns::{NEXT_LINE, RowLine, day};
use super::record::{read_first, record};
use super::sql::{Sql, TableRecord, join};
use super::subjects::{AttributeTexts, read_statuses};
use super::{Reads, Result, StoreFault};

/// What the policy says of the register: how stored texts become values.
#[derive(Clone, Copy, Debug)]
pub struct RegisterShape<'p> {
    /// Attributes, in the order declared.
    pub attributes: &'p [Attribute],
    /// Problem levels, worst first.
    pub levels: &'p [String],
    /// The bureau's zone, in which moments have a day.
    pub zone: Tz,
}

impl RegisterShape<'_> {
    /// Returns whether stored texts become the same values by both.
    pub fn reads_as(&self, other: Self) -> bool {
        let is_alike = |(one, other): (&Attribute, &Attribute)| {
            (&one.id, &one.kind, &one.default) == (&other.id, &other.kind, &other.default)
        };
        self.attributes.len() == other.attributes.len()
            && self.attributes.iter().zip(other.attributes).all(is_alike)
            && (self.levels, self.zone) == (other.levels, other.zone)
    }
}

impl<'p> From<&'p Policy> for RegisterShape<'p> {
    fn from(policy: &'p Policy) -> Self {
        Self { attributes: &policy.attributes, levels: &policy.levels, zone: policy.bureau.zone }
    }
}

record! {
    /// The key of a subject, from which reading goes on.
    #[derive(Clone, Debug, PartialEq, Eq, Default)]
    pub struct SubjectKey in "subject" {
        pub home: String,
        /// Subject.
        pub id: String,
    }
}

/// The state of an order that was cancelled, as it is stored.
const CANCELLED: &str = "cancelled";

/// The columns of an order that its subject remembers.
pub(super) struct PastColumns;

impl TableRecord for PastColumns {
    const TABLE: &'static str = "orders";
    const COLUMNS: &'static str =
        "home, subject, workflow, \"trigger\", nominal, issued_at, scheduled_for, due_on, ended_on, state";
    const KEY: &'static str = "home, subject, workflow, \"trigger\", nominal";
}

/// The columns of what was last appraised of a subject.
pub(super) struct AppraisalColumns;

impl TableRecord for AppraisalColumns {
    const TABLE: &'static str = "appraisal";
    const COLUMNS: &'static str = join!("home, subject, ", AppraisalText::COLUMNS);
    const KEY: &'static str = "home, subject";
}

/// The lines of all rows that a statement found.
#[derive(Default)]
pub(super) struct RowLines {
    text: String,
    source: &'static str,
}

/// The line of a row, and of which subject it is.
#[derive(Clone, Copy)]
pub(super) struct KeyedLine<'a> {
    /// Home and id.
    pub(super) key: [&'a str; 2],
    line: RowLine<'a>,
    /// The statement that found it.
    source: &'static str,
}

/// The first and the last of some keys.
pub(super) struct KeyRange {
    first: SubjectKey,
    pub(super) last: SubjectKey,
}

impl KeyRange {
    /// Returns the ends of lines in the order of their keys; none where there are none.
    pub(super) fn of(lines: &[KeyedLine<'_>]) -> Option<Self> {
        let key = |line: &KeyedLine<'_>| {
            let [home, id] = line.key.map(str::to_owned);
            SubjectKey { home, id }
        };
        Some(Self { first: key(lines.first()?), last: key(lines.last()?) })
    }
}

impl Bind for KeyRange {
    const WIDTH: usize = 2 * SubjectKey::WIDTH;

    fn bind(&self, out: &mut impl ValueSink) {
        self.first.bind(out);
        self.last.bind(out);
    }
}

/// Reads what a statement puts together.
pub(super) async fn lines(at: &mut impl Reads, sql: Sql, values: impl Bind) -> Result<RowLines> {
    let found: Option<Option<String>> = read_first(at, sql, values).await?;
    Ok(RowLines { text: found.flatten().unwrap_or_default(), source: sql.name })
}

impl RowLines {
    /// Returns the lines in the order of their keys; no database promises in which it puts them together.
    pub(super) fn by_key(&self) -> Result<Vec<KeyedLine<'_>>> {
        let source = self.source;
        let texts = self.text.split(NEXT_LINE).filter(|line| !line.is_empty());
        let keyed = texts.map(|text| {
            let impossible = || StoreFault::Impossible { what: source, key: text.to_owned() };
            let line = RowLine(text);
            Ok(KeyedLine { key: line.first().ok_or_else(impossible)?, line, source })
        });
        let mut lines: Vec<KeyedLine<'_>> = keyed.collect::<Result<_>>()?;
        lines.sort_by_key(|line| line.key);
        Ok(lines)
    }
}

impl<'a> KeyedLine<'a> {
    /// Says what the line says, by a function that says nothing where that is never written.
    pub(super) fn read<const N: usize, T>(
        self,
        read: impl FnOnce([Option<&'a str>; N]) -> Option<T>,
    ) -> Result<T> {
        let impossible = || StoreFault::Impossible { what: self.source, key: self.key.join("/") };
        self.line.columns().and_then(read).ok_or_else(impossible)
    }
}

/// Takes the lines of one subject off the front; lines of smaller keys belong to no one asked for.
pub(super) fn take<'l, 'a>(rest: &mut &'l [KeyedLine<'a>], key: [&str; 2]) -> &'l [KeyedLine<'a>] {
    let from = rest.iter().take_while(|line| line.key < key).count();
    let count = rest[from..].iter().take_while(|line| line.key == key).count();
    let (taken, left) = rest[from..].split_at(count);
    *rest = left;
    taken
}

/// Reads a subject without its history.
pub(super) fn read_subject(columns: [Option<&str>; 10], shape: RegisterShape<'_>) -> Option<Subject> {
    let [home, id, name, station, grid, lat, lon, statuses, last_patrol, attributes] = columns;
    let texts: AttributeTexts<'_> = serde_json::from_str(attributes?).ok()?;
    let last_patrol_known = match last_patrol {
        Some(text) => Some(day(text)?),
        None => None,
    };
    let [grid, lat, lon] = [grid, lat, lon].map(|text| text.map(str::to_owned));
    let history = History { statuses: read_statuses(statuses?)?, last_patrol_known, ..History::default() };
    Some(Subject {
        id: id?.to_owned(),
        name: name?.to_owned(),
        home: home?.to_owned(),
        station: station?.to_owned(),
        grid,
        lat,
        lon,
        attributes: shape.attributes.iter().map(|attribute| value(&texts, attribute)).collect(),
        history,
    })
}

/// Numbers of problems by the text in which they are stored: few texts are different.
#[derive(Default)]
pub(super) struct ProblemTexts<'a>(HashMap<&'a str, Vec<u32>>);

impl<'a> ProblemTexts<'a> {
    /// Reads the inspections of one subject, in the order in which they were made.
    pub(super) fn inspections(
        &mut self,
        lines: &[KeyedLine<'a>],
        shape: RegisterShape<'_>,
    ) -> Result<Vec<Inspection>> {
        let each = lines.iter().map(|line| line.read(|columns| self.inspection(columns, shape)));
        let mut read: Vec<Inspection> = each.collect::<Result<_>>()?;
        read.sort_by(|one, two| (one.on, &one.id).cmp(&(two.on, &two.id)));
        Ok(read)
    }

    fn inspection(&mut self, columns: [Option<&'a str>; 7], shape: RegisterShape<'_>) -> Option<Inspection> {
        let [_, _, id, on, result, problems, kind] = columns;
        Some(Inspection {
            id: id?.to_owned(),
            on: day(on?)?,
            kind: kind.map(str::to_owned),
            result: result?.to_owned(),
            problems: self.numbers(problems?, shape)?,
        })
    }

    fn numbers(&mut self, text: &'a str, shape: RegisterShape<'_>) -> Option<Vec<u32>> {
        if let Some(known) = self.0.get(text) {
            return Some(known.clone());
        }
        let counts: BTreeMap<Cow<'_, str>, u32> = serde_json::from_str(text).ok()?;
        let count = |level: &String| counts.get(level.as_str()).copied().unwrap_or(0);
        let numbers: Vec<u32> = shape.levels.iter().map(count).collect();
        self.0.insert(text, numbers.clone());
        Some(numbers)
    }
}

/// An order, and when it was issued.
struct IssuedOrder {
    at: Stamp,
    order: PastOrder,
}

impl IssuedOrder {
    /// The moment, then whatever tells two of one moment apart.
    fn key(&self) -> (Stamp, Day, &str, &str, Option<Day>) {
        let PastOrder { workflow, trigger, nominal, due, .. } = &self.order;
        (self.at, *due, workflow, trigger, *nominal)
    }
}

/// Reads the orders of one subject, in the order in which they were issued.
pub(super) fn read_orders(lines: &[KeyedLine<'_>], zone: Tz) -> Result<Vec<PastOrder>> {
    let each = lines.iter().map(|line| line.read(|columns| read_order(columns, zone)));
    let mut read: Vec<IssuedOrder> = each.collect::<Result<_>>()?;
    read.sort_by(|one, other| one.key().cmp(&other.key()));
    Ok(read.into_iter().map(|issued| issued.order).collect())
}

fn read_order(columns: [Option<&str>; 10], zone: Tz) -> Option<IssuedOrder> {
    let [_, _, workflow, trigger, nominal, issued_at, from, due, ended_on, state] = columns;
    let issued_at = issued_at?;
    let at = Stamp::written(issued_at).or_else(|| issued_at.parse().ok())?;
    let order = PastOrder {
        workflow: workflow?.to_owned(),
        trigger: trigger?.to_owned(),
        nominal: nominal.and_then(day),
        issued_on: at.day_in(zone),
        from: day(from?)?,
        due: day(due?)?,
        is_open: ended_on.is_none(),
        is_cancelled: state == Some(CANCELLED),
    };
    Some(IssuedOrder { at, order })
}

/// What an appraisal says, where it stands.
#[derive(Clone, Copy, Debug)]
pub struct AppraisalLine<'a> {
    /// Last decided tier; none while never decided.
    pub tier: Option<&'a str>,
    /// Score as text.
    pub score: Option<&'a str>,
    /// Id of the decision.
    pub decision: Option<&'a str>,
    /// Why the newest question has no answer.
    pub undecided: Option<&'a str>,
    /// The day it was appraised for.
    pub decided_on: Day,
    /// First day on which time alone may change it.
    pub changes_on: Option<Day>,
    /// JSON, one item for each recurring trigger.
    pub next: &'a str,
}

impl<'a> AppraisalLine<'a> {
    pub(super) fn of(columns: [Option<&'a str>; 9]) -> Option<Self> {
        let [_, _, tier, score, decision, undecided, decided_on, changes_on, next] = columns;
        let changes_on = match changes_on {
            Some(text) => Some(day(text)?),
            None => None,
        };
        let (decided_on, next) = (day(decided_on?)?, next?);
        Some(Self { tier, score, decision, undecided, decided_on, changes_on, next })
    }
}

impl From<AppraisalLine<'_>> for AppraisalText {
    fn from(line: AppraisalLine<'_>) -> Self {
        let AppraisalLine { tier, score, decision, undecided, decided_on, changes_on, next } = line;
        let [tier, score, decision, undecided] =
            [tier, score, decision, undecided].map(|text| text.map(str::to_owned));
        Self { tier, score, decision, undecided, decided_on, changes_on, next: next.to_owned() }
    }
}

/// Types a stored text by its declaration; an attribute declared after the import has its default.
fn value(texts: &AttributeTexts<'_>, attribute: &Attribute) -> Value {
    let stored = texts.0.get(attribute.id.as_str()).map(AsRef::as_ref);
    Value::of(&attribute.kind, stored.or(attribute.default.as_deref()))
}
