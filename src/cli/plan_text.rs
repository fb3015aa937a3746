//! What a plan says, in sentences.

use super::explain::sentence;
use super::{out, release};
use crate::explain::DecisionReason;
use crate::lang::{self, Lang};
use crate::office::{
    CountOrList, DateMove, LapsedOverlay, MigratedOrders, NamedWeek, OrderReport, PaperChange, PlanFrame,
    PlanReport, ReasonPair,
};
use crate::plan::{Breach, OrderCounts, OrderMove, PlannedOrder};
use crate::policy::Policy;

/// Values of the policy that are otherwise and named.
const CHANGES: usize = 8;
/// Papers that are named; of more their number is told.
const PAPERS: usize = 5;
/// Weeks that are named; of more their number is told.
const WEEKS: usize = 5;
/// Lines of the changed policy that are named.
const GROUNDS: usize = 5;
/// Letters of such a line.
const GROUND_LETTERS: usize = 90;
/// Letters of a digest that people are shown.
const SHORT: usize = 12;

/// A plan and its reader.
pub(super) struct PlanText<'a> {
    pub(super) lang: Lang,
    /// The policy in force.
    pub(super) policy: &'a Policy,
    pub(super) report: &'a PlanReport,
}

impl PlanText<'_> {
    /// Says all of it, on one screen.
    pub(super) fn lines(&self) -> Vec<String> {
        let (lang, report) = (self.lang, self.report);
        let mut lines = vec![self.head()];
        lines.extend(self.lapsed());
        if report.frame.is_reworded {
            lines.push(lang.word("plan-changes"));
            lines.extend(indented(self.changes(CHANGES)));
        }
        lines.extend(self.effects());
        if report.is_effective {
            lines.push(self.workload());
            lines.extend(indented(self.busier().into_iter().take(WEEKS).map(|week| self.week(week))));
            lines.extend(self.examples());
            lines.extend(indented(self.listed()));
        }
        lines.extend(self.breaches());
        lines.push(lang.text("plan-tail", &[("plan", self.number())]));
        lines
    }

    /// Its number.
    pub(super) fn number(&self) -> String {
        self.report.id.map_or_else(String::new, |id| id.to_string())
    }

    /// The digest of the text that was tried, as people are shown it.
    pub(super) fn digest(&self) -> String {
        self.report.frame.policy.chars().take(SHORT).collect()
    }

    fn head(&self) -> String {
        let PlanFrame { against, from, until, .. } = &self.report.frame;
        let args = [
            ("plan", self.number()),
            ("policy", self.digest()),
            ("against", against.to_string()),
            ("from", from.to_string()),
            ("until", until.to_string()),
        ];
        self.lang.text("plan-head", &args)
    }

    /// Names the overlays that do not hold any more.
    pub(super) fn lapsed(&self) -> Vec<String> {
        let overlays = &self.report.frame.overlays;
        let told = |LapsedOverlay { file, line, code, args }: &LapsedOverlay| {
            format!("{file}:{line}  [{code}] {}", self.lang.text(code, args))
        };
        let head = (!overlays.is_empty()).then(|| self.lang.word("plan-lapsed"));
        head.into_iter().chain(indented(overlays.iter().map(told))).collect()
    }

    /// Says what the text says otherwise.
    pub(super) fn changes(&self, most: usize) -> Vec<String> {
        release::changes_told(self.lang, &self.report.frame.changes, most)
    }

    /// Says whom it concerns, and since when.
    pub(super) fn effects(&self) -> Vec<String> {
        let (lang, report) = (self.lang, self.report);
        if !report.is_effective {
            let same = match (report.frame.is_reworded, report.frame.changes.is_empty()) {
                (false, _) => "plan-same",
                (true, true) => "plan-reworded",
                (true, false) => "plan-unseen",
            };
            return vec![lang.word(same)];
        }
        let begins = report.begins_on.map(|day| lang.text("plan-begins", &[("day", day.to_string())]));
        let mut lines: Vec<String> = begins.into_iter().collect();
        let moved: u64 = report.tiers.moves.iter().map(|(.., count)| count).sum();
        let args = [("count", moved.to_string()), ("subjects", report.subjects.to_string())];
        lines.push(lang.text("plan-tiers", &args));
        let tier = |id: &Option<String>| match id.as_ref().and_then(|id| self.policy.tier(id)) {
            Some((_, tier)) => out::tier_shown(lang, tier),
            None => id.clone().unwrap_or_else(|| lang.word("import-tier-undecided")),
        };
        lines.extend(report.tiers.moves.iter().map(|(from, to, count)| {
            let args = [("from", tier(from)), ("to", tier(to)), ("count", count.to_string())];
            lang.text("import-tier-move", &args)
        }));
        let orders = &report.orders;
        let counts = OrderCounts {
            appear: orders.appear.count(),
            vanish: orders.vanish.count(),
            moves: orders.moves.count(),
            shifted: orders.shifted.count(),
        };
        lines.push(orders_changed(lang, &counts));
        lines.extend(self.running());
        let undecided = report.undecided.count();
        if undecided > 0 {
            lines.push(lang.text("plan-undecided", &[("count", undecided.to_string())]));
            lines.extend(report.causes.iter().map(|cause| format!("  {}", out::cause(lang, cause))));
        }
        lines
    }

    /// Says what becomes of orders that are open, and of papers.
    fn running(&self) -> Vec<String> {
        let (lang, report) = (self.lang, self.report);
        let mut lines = Vec::new();
        for MigratedOrders { title, orders, steps, .. } in &report.migrated {
            let renamed = steps.iter().filter(|(was, now, _)| was != now);
            let renamed: Vec<String> =
                renamed.map(|(was, now, count)| format!("{was} → {now} ({count})")).collect();
            let args = [("workflow", title.clone()), ("orders", orders.to_string())];
            lines.push(lang.text("plan-migrated", &args));
            if !renamed.is_empty() {
                lines.push(lang.text("plan-renamed", &[("steps", lang.list(renamed))]));
            }
        }
        for (id, moves) in [("plan-terms", &report.terms), ("plan-calendar", &report.calendar)] {
            if moves.count() > 0 {
                lines.push(lang.text(id, &[("count", moves.count().to_string())]));
            }
            if let CountOrList::List(moves) = moves {
                let told = |DateMove { order, from, to }: &DateMove| format!("{order}  {from} → {to}");
                lines.extend(indented(moves.iter().map(told)));
            }
        }
        for PaperChange { kind, title, drafts } in report.papers.iter().take(PAPERS) {
            let args = [("paper", lang::with_id(title, kind)), ("drafts", drafts.to_string())];
            lines.push(lang.text("plan-paper", &args));
        }
        if report.papers.len() > PAPERS {
            let more = (report.papers.len() - PAPERS).to_string();
            lines.push(lang.text("plan-papers-more", &[("count", more)]));
        }
        lines
    }

    /// Says how many weeks of officers change.
    pub(super) fn workload(&self) -> String {
        let [before, after] = self.report.busiest;
        let weeks = self.report.workload.len();
        let args =
            [("weeks", weeks.to_string()), ("before", before.to_string()), ("after", after.to_string())];
        self.lang.text("plan-workload", &args)
    }

    /// Lists the weeks that get busier, the busiest first.
    pub(super) fn busier(&self) -> Vec<&NamedWeek> {
        let grows = |week: &&NamedWeek| week.week.after > week.week.before;
        let mut worst: Vec<&NamedWeek> = self.report.workload.iter().filter(grows).collect();
        worst.sort_by_key(|week| std::cmp::Reverse((week.week.after, week.week.after - week.week.before)));
        worst
    }

    fn week(&self, NamedWeek { week, name }: &NamedWeek) -> String {
        let args = [
            ("officer", lang::with_id(name, &week.officer)),
            ("week", week.week.to_string()),
            ("before", week.before.to_string()),
            ("after", week.after.to_string()),
        ];
        self.lang.text("plan-week", &args)
    }

    /// Says of an example why it is so, before and after.
    pub(super) fn why(&self, pair: &ReasonPair) -> [String; 2] {
        [&pair.before, &pair.after].map(|why| sentence(self.lang, self.policy, why))
    }

    fn examples(&self) -> Vec<String> {
        let (lang, examples) = (self.lang, &self.report.examples);
        let mut lines = Vec::new();
        if !examples.is_empty() {
            lines.push(lang.word("plan-examples"));
        }
        for pair in examples {
            let subject = lang::with_id(&pair.name, &pair.subject);
            lines.push(lang.text("plan-example", &[("subject", subject)]));
            for (id, why) in ["plan-before", "plan-after"].into_iter().zip(self.why(pair)) {
                lines.push(format!("    {}", lang.text(id, &[("why", why)])));
            }
        }
        let grounds = self.grounds();
        if !grounds.is_empty() {
            lines.push(lang.word("plan-grounds"));
        }
        lines.extend(indented(grounds));
        lines
    }

    /// Lists the orders behind the numbers, where they were asked for.
    fn listed(&self) -> Vec<String> {
        let OrderReport { appear, vanish, moves, .. } = &self.report.orders;
        let (CountOrList::List(appear), CountOrList::List(vanish), CountOrList::List(moves)) =
            (appear, vanish, moves)
        else {
            return Vec::new();
        };
        let said = |change: &str, order: &PlannedOrder| {
            let PlannedOrder { workflow, subject, nominal, opened_on, .. } = order;
            let change = self.lang.word(change);
            format!("{change}  {subject}  {workflow}  {nominal}  {opened_on}")
        };
        let single = appear.iter().map(|order| said("plan-order-appear", order));
        let single = single.chain(vanish.iter().map(|order| said("plan-order-vanish", order)));
        let pairs = moves.iter().map(|pair| {
            let OrderMove { from, to } = pair;
            format!("{}  ← {}  {}", said("plan-order-move", to), from.nominal, from.opened_on)
        });
        single.chain(pairs).collect()
    }

    /// Lists the lines that decide with the change, and did not, or read otherwise, without it.
    fn grounds(&self) -> Vec<String> {
        let mut told: Vec<&DecisionReason> = Vec::new();
        for ReasonPair { before, after, .. } in &self.report.examples {
            let new =
                after.because.iter().find(|line| !before.because.contains(line) && !line.text.is_empty());
            let is_told = |reason: &DecisionReason| {
                told.iter().any(|known| (&known.file, known.line) == (&reason.file, reason.line))
            };
            if let Some(reason) = new.filter(|reason| told.len() < GROUNDS && !is_told(reason)) {
                told.push(reason);
            }
        }
        let line = |DecisionReason { file, line, text, .. }: &DecisionReason| {
            let text: String = text.chars().take(GROUND_LETTERS).collect();
            format!("{file}:{line}  {text}")
        };
        told.into_iter().map(line).collect()
    }

    /// Says which gates are passed.
    pub(super) fn breaches(&self) -> Vec<String> {
        let line = |breach: &Breach| match breach {
            Breach::MaxTierMoves { moved, subjects } => {
                let args = [("moved", moved.to_string()), ("subjects", subjects.to_string())];
                self.lang.text("plan-gate-tiers", &args)
            }
            Breach::MaxLoad { weeks, officer, week, orders } => {
                let args = [
                    ("weeks", weeks.to_string()),
                    ("officer", officer.clone()),
                    ("week", week.clone()),
                    ("orders", orders.to_string()),
                ];
                self.lang.text("plan-gate-load", &args)
            }
            Breach::NoUndecided { undecided } => {
                self.lang.text("plan-gate-undecided", &[("undecided", undecided.to_string())])
            }
        };
        self.report.gates.iter().map(line).collect()
    }
}

fn indented(lines: impl IntoIterator<Item = String>) -> Vec<String> {
    lines.into_iter().map(|line| format!("  {line}")).collect()
}

/// Says how many orders change.
pub(super) fn orders_changed(lang: Lang, counts: &OrderCounts) -> String {
    let OrderCounts { appear, vanish, moves, shifted } = counts;
    let args = [("appear", appear), ("vanish", vanish), ("moves", moves), ("shifted", shifted)];
    lang.text("plan-orders", &args.map(|(name, count)| (name, count.to_string())))
}
