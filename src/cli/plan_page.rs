//! The page on which a plan is looked at and decided: one file, to be shown, sent and printed.

use super::CommandStop;
use super::plan_text::PlanText;
use crate::documents::{
    MeetingBar, MeetingChart, MeetingFact, MeetingGroup, MeetingPage, MeetingSection, MeetingTable,
    print_meeting,
};
use crate::lang::{self, Lang};
use crate::office::{CountOrList, NamedWeek, OfficeFault, OrderReport, ReasonPair, WeekTotal};
use crate::plan::{OrderMove, PlannedOrder};

/// Values of the policy that are otherwise and named; of more their number is told.
const CHANGES: usize = 40;
/// Weeks of officers in the table.
const OFFICERS: usize = 15;

/// Writes the page.
pub(super) fn page(text: &PlanText<'_>) -> Result<String, CommandStop> {
    let (lang, report) = (text.lang, text.report);
    let lines = |title: &str, lines: Vec<String>| MeetingSection {
        title: lang.word(title),
        lines,
        ..MeetingSection::default()
    };
    let effects = [text.lapsed(), text.effects(), text.breaches()].concat();
    let sections = [
        Some(lines("plan-edited", text.changes(CHANGES))).filter(|_| report.frame.is_reworded),
        Some(lines("plan-effects", effects)),
        Some(by_week(lang, &report.weeks)).filter(|_| !report.weeks.is_empty()),
        Some(by_officer(text)).filter(|_| report.is_effective),
        Some(examples(text)).filter(|_| !report.examples.is_empty()),
    ];
    let page = MeetingPage {
        language: lang,
        title: lang.word("plan-title"),
        facts: facts(text),
        sections: sections.into_iter().flatten().collect(),
        annex: annex(lang, &report.orders),
        signatures: ["plan-sign-author", "plan-sign-approver"].map(|id| lang.word(id)).to_vec(),
        date: lang.word("meeting-date"),
    };
    Ok(print_meeting(&page).map_err(OfficeFault::from)?)
}

fn facts(text: &PlanText<'_>) -> Vec<MeetingFact> {
    let (lang, report) = (text.lang, &text.report.frame);
    let days = [("from", report.from.to_string()), ("to", report.until.to_string())];
    let facts = [
        ("plan-fact-plan", text.number()),
        ("plan-fact-policy", text.digest()),
        ("plan-fact-against", report.against.to_string()),
        ("plan-fact-days", lang.text("meeting-days", &days)),
        ("plan-fact-how", lang.word("plan-how")),
    ];
    facts.map(|(id, text)| MeetingFact { name: lang.word(id), text }).to_vec()
}

/// Draws the orders of each week, without the change and with it.
fn by_week(lang: Lang, weeks: &[WeekTotal]) -> MeetingSection {
    let names = ["plan-week-before", "plan-week-after"].map(|id| lang.word(id));
    let most = weeks.iter().map(|week| week.before.max(week.after)).max().unwrap_or(0).max(1);
    let called = |week: &WeekTotal| lang.text("plan-week-of", &[("week", week.week.to_string())]);
    let bar = |kind, name: &String, count: u32| MeetingBar {
        kind,
        name: name.clone(),
        per_mille: i64::from(count) * 1000 / i64::from(most),
        value: count.to_string(),
    };
    let group = |week: &WeekTotal| MeetingGroup {
        title: called(week),
        bars: vec![bar("before", &names[0], week.before), bar("with", &names[1], week.after)],
    };
    let row = |week: &WeekTotal| vec![called(week), week.before.to_string(), week.after.to_string()];
    let title = lang.word("plan-by-week");
    let chart = MeetingChart::of(&title, weeks.iter().map(group).collect());
    let rows = weeks.iter().map(row).collect();
    let head = [lang.word("plan-week-head")].into_iter().chain(names).collect();
    MeetingSection { title, chart, table: Some(MeetingTable { head, rows }), ..MeetingSection::default() }
}

fn by_officer(text: &PlanText<'_>) -> MeetingSection {
    let lang = text.lang;
    let head = ["plan-officer", "plan-week-head", "plan-week-before", "plan-week-after"];
    let row = |NamedWeek { week, name }: &NamedWeek| {
        let officer = lang.marked(&lang::with_id(name, &week.officer)).into_owned();
        vec![officer, week.week.to_string(), week.before.to_string(), week.after.to_string()]
    };
    let rows: Vec<_> = text.busier().into_iter().take(OFFICERS).map(row).collect();
    MeetingSection {
        title: lang.word("plan-by-officer"),
        lines: vec![text.workload()],
        table: (!rows.is_empty()).then(|| MeetingTable { head: head.map(|id| lang.word(id)).to_vec(), rows }),
        ..MeetingSection::default()
    }
}

fn examples(text: &PlanText<'_>) -> MeetingSection {
    let lang = text.lang;
    let row = |pair: &ReasonPair| {
        let [before, after] = text.why(pair);
        vec![lang.marked(&lang::with_id(&pair.name, &pair.subject)).into_owned(), before, after]
    };
    let head = ["plan-subject", "plan-why-before", "plan-why-after"].map(|id| lang.word(id)).to_vec();
    let rows = text.report.examples.iter().map(row).collect();
    MeetingSection {
        title: lang.word("plan-examples-title"),
        table: Some(MeetingTable { head, rows }),
        ..MeetingSection::default()
    }
}

/// Lists the orders behind the numbers, where they were asked for.
fn annex(lang: Lang, orders: &OrderReport) -> MeetingSection {
    let (CountOrList::List(appear), CountOrList::List(vanish), CountOrList::List(moves)) =
        (&orders.appear, &orders.vanish, &orders.moves)
    else {
        return MeetingSection {
            title: lang.word("plan-annex"),
            lines: vec![lang.word("plan-no-list")],
            ..MeetingSection::default()
        };
    };
    let row = |change: &str, order: &PlannedOrder, was: Option<&PlannedOrder>| {
        let dates = |pick: fn(&PlannedOrder) -> String| match was {
            Some(was) => format!("{} → {}", pick(was), pick(order)),
            None => pick(order),
        };
        vec![
            lang.word(change),
            order.subject.clone(),
            order.workflow.clone(),
            dates(|order| order.nominal.clone()),
            dates(|order| order.opened_on.to_string()),
        ]
    };
    let rows = appear.iter().map(|order| row("plan-order-appear", order, None));
    let rows = rows.chain(vanish.iter().map(|order| row("plan-order-vanish", order, None)));
    let moved = moves.iter().map(|OrderMove { from, to }| row("plan-order-move", to, Some(from)));
    let head = [
        "plan-order-change",
        "plan-subject",
        "plan-order-workflow",
        "plan-order-nominal",
        "plan-order-issue",
    ];
    MeetingSection {
        title: lang.word("plan-annex"),
        table: Some(MeetingTable {
            head: head.map(|id| lang.word(id)).to_vec(),
            rows: rows.chain(moved).collect(),
        }),
        ..MeetingSection::default()
    }
}
