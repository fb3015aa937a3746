//! Orders in lists.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::office::appraisal::appraise::find_subject;
use crate::office::numbering::{StationTitles, grids, titles};
use crate::office::people::names;
use crate::office::places::{at_places, shown};
use crate::office::{ActContext, ActiveRelease, Answer, LIST_ROWS, OfficeFault, OrderFilter};
use crate::policy::SubjectKind;
use crate::store::order_list::{self, ListedOrder, StoredOrder};
use crate::store::reading::SubjectKey;
use crate::store::{ReadTx, reading};
use crate::time::Day;

/// One order in a list.
#[derive(Clone, Debug, Serialize)]
#[expect(missing_docs, reason = "the names are the contract of the command line")]
pub struct OrderLine {
    pub id: String,
    pub number: String,
    pub workflow: String,
    pub trigger: String,
    pub subject: String,
    pub name: String,
    pub station: String,
    pub station_title: String,
    pub grid: Option<String>,
    pub tier: Option<String>,
    pub score: Option<String>,
    pub step: String,
    pub step_title: String,
    pub state: String,
    pub assignees: Vec<String>,
    /// The same, with their names.
    #[serde(skip)]
    pub people: Vec<String>,
    pub scheduled_for: Day,
    pub issued_at: String,
    pub nominal: Option<String>,
    pub due: Day,
    pub step_due: Option<Day>,
    pub overdue: bool,
    pub provisional: bool,
    pub policy: String,
}

/// Hands over orders issued up to `now`, in the order of issue.
pub async fn orders(
    cx: ActContext<'_>,
    filter: &OrderFilter,
    mut each: impl FnMut(OrderLine) -> Result<(), OfficeFault>,
) -> Answer<()> {
    let mut reader = cx.store.read().await?;
    let filter = &at_places(&mut reader, filter).await?;
    let called = OrderNames::read(&mut reader).await?;
    let mut found = order_list::list(&mut reader, filter, cx.now, cx.today);
    loop {
        let some = found.next_rows(LIST_ROWS).await?;
        if some.is_empty() {
            return Ok(());
        }
        for ListedOrder { order, name } in some {
            each(line(cx.live, &called, name, order))?;
        }
    }
}

/// Hands over the orders of one subject that are meant, in the order of issue.
pub async fn orders_of_subject(
    cx: ActContext<'_>,
    subject: &str,
    filter: &OrderFilter,
    each: impl FnMut(OrderLine) -> Result<(), OfficeFault>,
) -> Answer<()> {
    let mut reader = cx.store.read().await?;
    let filter = at_places(&mut reader, filter).await?;
    let found = find_subject(&mut reader, cx.live, subject).await?.subject;
    let key = SubjectKey { home: found.home, id: found.id };
    let mut orders = order_list::of_subject(&mut reader, &key, cx.now, cx.today).await?;
    orders.retain(|order| is_meant(&filter, order));
    orders.truncate(filter.limit.and_then(|limit| usize::try_from(limit).ok()).unwrap_or(usize::MAX));
    lines(&mut reader, cx.live, orders).await?.into_iter().try_for_each(each)?;
    Ok(())
}

/// Returns whether a filter takes an order, as the statement of the list does.
fn is_meant(filter: &OrderFilter, order: &StoredOrder) -> bool {
    let StoredOrder { header, origin, step, state, assignees, is_overdue, .. } = order;
    let OrderFilter { station, grid, officer, workflow, step: at, tier, state: wanted, overdue, limit: _ } =
        filter;
    let is = |wanted: &Option<String>, found: &str| wanted.as_deref().is_none_or(|wanted| wanted == found);
    let in_hand = |officer: &String| assignees.contains(officer) || origin.officer.as_ref() == Some(officer);
    is(station, &header.station)
        && is(grid, header.grid.as_deref().unwrap_or_default())
        && officer.as_ref().is_none_or(in_hand)
        && is(workflow, &header.workflow)
        && is(at, step)
        && is(tier, header.tier.as_deref().unwrap_or_default())
        && is(wanted, state)
        && (*is_overdue || !overdue)
}

/// Puts orders into lines, with the names of their subjects and the people of their steps.
pub(crate) async fn lines(
    reader: &mut ReadTx,
    live: &ActiveRelease,
    orders: Vec<StoredOrder>,
) -> Answer<Vec<OrderLine>> {
    let called = OrderNames::read(reader).await?;
    let ids = orders.iter().map(|order| (order.header.id.home.as_str(), order.header.subject.as_str()));
    let ids: Vec<(&str, &str)> = ids.collect();
    let names = reading::names(reader, &ids).await?;
    let name = |order: &StoredOrder| names.get(&order.header.subject).cloned();
    Ok(orders.into_iter().map(|order| line(live, &called, name(&order), order)).collect())
}

/// What stations, grids and people are called: some orders are about them.
struct OrderNames {
    stations: StationTitles,
    grids: BTreeMap<String, String>,
    people: BTreeMap<String, String>,
}

impl OrderNames {
    async fn read(reader: &mut ReadTx) -> Answer<Self> {
        Ok(Self {
            people: names(reader).await?,
            stations: titles(reader).await?,
            grids: grids(reader).await?,
        })
    }

    /// Returns an officer with the name.
    fn person(&self, id: &str) -> String {
        self.people.get(id).map_or_else(|| id.to_owned(), |name| shown(id, name))
    }

    /// Returns what an order's subject is called that is not of the register of subjects.
    fn of(&self, kind: SubjectKind, id: &str) -> Option<&String> {
        match kind {
            SubjectKind::Subject | SubjectKind::Bureau => None,
            SubjectKind::Station => self.stations.get(id),
            SubjectKind::Grid => self.grids.get(id),
            SubjectKind::Officer => self.people.get(id),
        }
    }
}

fn line(live: &ActiveRelease, called: &OrderNames, name: Option<String>, order: StoredOrder) -> OrderLine {
    let StoredOrder { header, origin, step, state, step_due, assignees, is_overdue, .. } = order;
    let workflow = live.policy.workflow(&header.workflow);
    let shown = workflow.and_then(|workflow| workflow.step(&step));
    OrderLine {
        id: header.id.to_string(),
        name: name.or_else(|| called.of(header.subject_kind, &header.subject).cloned()).unwrap_or_default(),
        step_title: shown.map_or_else(|| step.clone(), |step| step.title.clone()),
        people: assignees.iter().map(|id| called.person(id)).collect(),
        assignees,
        number: header.number,
        workflow: header.workflow,
        trigger: origin.trigger,
        subject: header.subject,
        station_title: called.stations.get(&header.station).unwrap_or(&header.station).clone(),
        station: header.station,
        grid: header.grid,
        tier: header.tier,
        score: origin.score,
        step,
        state,
        scheduled_for: header.scheduled_for,
        issued_at: header.issued_at.rfc3339_in(live.policy.bureau.zone),
        nominal: Some(origin.nominal).filter(|nominal| !nominal.is_empty()),
        due: header.due_on,
        step_due,
        overdue: is_overdue,
        provisional: origin.is_provisional,
        policy: origin.policy,
    }
}
