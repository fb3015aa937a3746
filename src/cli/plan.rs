//! `wubu plan`: what the folder's policy would do, before it is in force.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Instant;

use clap::{ArgMatches, Command};
use indicatif::{ProgressBar, ProgressStyle};

use super::explain::sentence;
use super::{
    Arguments as _, CommandContext, CommandStop, Exit, OpenDatabase, option, out, positional, release, switch,
};
use crate::calendar::{Length, Unit, add_days};
use crate::explain::DecisionReason;
use crate::lang::{self, Lang};
use crate::limits::PLAN_DAYS;
use crate::office::{
    self, ActContext, NamedWeek, PlanReport, PlanWish, Planned, ReasonPair, RegisterState, ReportFrame,
    TriedChange,
};
use crate::plan::{Breach, Gates, OrderCounts};
use crate::policy::Policy;
use crate::store::Access;
use crate::store::plans::KeptPlan;

pub(super) fn command(command: Command, lang: Lang) -> Command {
    let about = |name: &'static str| Command::new(name).about(lang.word(&format!("cli-plan-{name}")));
    let number = positional("plan", "N", lang).value_parser(clap::value_parser!(i64).range(1..));
    command
        .args_conflicts_with_subcommands(true)
        .args([
            option("horizon", "DAYS", lang).default_value("90d"),
            option("against", "RELEASE", lang).value_parser(["active"]).default_value("active"),
            switch("list", lang).help(lang.word("cli-arg-behind")),
            option("max-tier-moves", "SHARE", lang),
            option("max-load", "N", lang).value_parser(clap::value_parser!(u32)),
            switch("no-undecided", lang),
        ])
        .subcommands([about("list"), about("show").arg(number)])
}

pub(super) fn run(context: &CommandContext, matches: &ArgMatches) -> Result<Exit, CommandStop> {
    match matches.subcommand() {
        Some(("list", _)) => list(context),
        Some((_, rest)) => show(context, rest),
        None => make(context, matches),
    }
}

fn make(context: &CommandContext, matches: &ArgMatches) -> Result<Exit, CommandStop> {
    let begun = Instant::now();
    let days = horizon(&matches.word("horizon"))?;
    let gates = Gates {
        tier_moves: matches.text("max-tier-moves").map(|text| share(&text)).transpose()?,
        load: matches.get_one::<u32>("max-load").copied(),
        no_undecided: matches.get_flag("no-undecided"),
    };
    let opened = context.open_active(Access::Write)?;
    let cx = context.act(&opened)?;
    let proposed = context.folder()?;
    let (policy, is_reworded) = (proposed.policy.whole, proposed.policy.whole != opened.live.policy.whole);
    let changes = opened.live.changed_by(&proposed);
    let state = context.block_on(RegisterState::of(cx))?;
    let planned = context.rehearse(cx, TriedChange::Policy(proposed), days)?;
    let officers = context.block_on(office::officers(cx, None))?;
    let names: BTreeMap<String, String> = officers.into_iter().map(|line| (line.id, line.name)).collect();
    let frame = ReportFrame {
        policy: policy.to_string(),
        against: opened.live.release,
        changes,
        from: cx.today,
        until: add_days(cx.today, i64::from(days)),
        gates,
        is_list: matches.get_flag("list"),
        names: &names,
        seconds: (begun.elapsed().as_secs_f64() * 100.0).round() / 100.0,
    };
    let mut report = PlanReport::of(&planned, frame);
    let kept = serde_json::to_string(&report.in_numbers()).map_err(office::OfficeFault::impossible)?;
    report.id = Some(context.block_on(office::keep_plan(cx, policy, state, &kept))?);
    let telling = Telling { lang: context.lang, policy: cx.policy(), is_reworded };
    context.answer(&report, |report| telling.print(report))?;
    Ok(if report.gates.is_empty() { Exit::Done } else { Exit::Problems })
}

/// How many days are looked ahead where nobody says.
const HORIZON: u32 = 90;

impl CommandContext {
    /// Tries a change over the days ahead, with a bar for whoever waits.
    fn rehearse(&self, cx: ActContext<'_>, change: TriedChange, days: u32) -> Result<Planned, CommandStop> {
        let bar = ProgressBar::new(u64::from(days + 1) * 2);
        if let Ok(style) = ProgressStyle::with_template("{bar:40} {pos}/{len} {eta}") {
            bar.set_style(style);
        }
        let told = bar.clone();
        let wish = PlanWish { change, days, passed: Arc::new(move || told.inc(1)) };
        let planned = self.block_on(office::rehearse(cx, wish));
        bar.finish_and_clear();
        Ok(planned?)
    }

    /// Counts the orders of the days ahead that a change moves; none before dispatch has begun.
    pub(super) fn orders_moved(
        &self,
        cx: ActContext<'_>,
        change: TriedChange,
    ) -> Result<Option<OrderCounts>, CommandStop> {
        if self.block_on(office::last_tick(cx.store))?.is_none() {
            return Ok(None);
        }
        Ok(Some(self.rehearse(cx, change, HORIZON)?.difference.orders.counts()))
    }
}

/// Says how many orders change.
pub(super) fn print_orders(lang: Lang, counts: &OrderCounts) {
    let OrderCounts { appear, vanish, moves, shifted } = counts;
    let args = [("appear", appear), ("vanish", vanish), ("moves", moves), ("shifted", shifted)];
    out::line(&lang.text("plan-orders", &args.map(|(name, count)| (name, count.to_string()))));
}

/// Reads a number of days: `90d`, `90`, or a length such as `3 个月`.
fn horizon(text: &str) -> Result<u32, CommandStop> {
    let plain = text.trim().strip_suffix(['d', '天']).unwrap_or(text.trim()).trim();
    let length: Option<Length> = text.parse().ok();
    let days = length.and_then(|length| match length.unit {
        Unit::Days => u32::try_from(length.count).ok(),
        Unit::Months => u32::try_from(length.count).ok()?.checked_mul(30),
        Unit::Years => u32::try_from(length.count).ok()?.checked_mul(365),
        Unit::WorkDays | Unit::Hours => None,
    });
    let days = plain.parse().ok().or(days).filter(|days| *days <= PLAN_DAYS);
    days.ok_or_else(|| {
        CommandStop::Usage("U030", vec![("text", text.to_owned()), ("most", PLAN_DAYS.to_string())])
    })
}

/// Reads a share: `2%` or `0.02`.
fn share(text: &str) -> Result<f64, CommandStop> {
    let trimmed = text.trim();
    let read = match trimmed.strip_suffix(['%', '％']) {
        Some(hundredths) => hundredths.trim().parse::<f64>().ok().map(|share| share / 100.0),
        None => trimmed.parse().ok(),
    };
    let found = read.filter(|share: &f64| share.is_finite() && *share >= 0.0);
    found.ok_or_else(|| CommandStop::Usage("U031", vec![("text", text.to_owned())]))
}

fn list(context: &CommandContext) -> Result<Exit, CommandStop> {
    let opened = context.open_active(Access::Read)?;
    let cx = context.act(&opened)?;
    let mut lines = context.list(["plan", "at", "policy", "against"]);
    for kept in context.block_on(office::plans(cx))? {
        let KeptPlan { number, made_at, policy, against, .. } = &kept;
        let at = made_at.rfc3339_in(cx.zone());
        let line = serde_json::json!({
            "plan": number, "made_at": at, "policy": policy.to_string(), "against": against,
        });
        lines.row(&line, |_| {
            vec![number.to_string(), out::minute(&at), policy.short(), against.to_string()]
        })?;
    }
    context.print(lines, "plan-count")
}

/// Shows a plan as it was told then.
fn show(context: &CommandContext, matches: &ArgMatches) -> Result<Exit, CommandStop> {
    let number = matches.get_one::<i64>("plan").copied().unwrap_or_default();
    let OpenDatabase { store, .. } = context.open_active(Access::Read)?;
    let found = context.block_on(async {
        let mut reader = store.read().await?;
        office::find_plan(&mut reader, number).await
    })?;
    let report: serde_json::Value =
        serde_json::from_str(&found.report).map_err(office::OfficeFault::impossible)?;
    context.answer(&report, |report| {
        out::lines(&serde_json::to_string_pretty(report).unwrap_or_default());
    })
}

/// To whom a plan is told.
struct Telling<'a> {
    lang: Lang,
    /// The policy in force.
    policy: &'a Policy,
    /// Whether the texts differ at all.
    is_reworded: bool,
}

/// Values of the policy that are otherwise and named.
const CHANGES: usize = 8;
/// Weeks that are named; of more their number is told.
const WEEKS: usize = 5;
/// Lines of the changed policy that are named.
const GROUNDS: usize = 5;
/// Letters of such a line.
const GROUND_LETTERS: usize = 90;

/// Finds the lines that decide with the change, and did not, or read otherwise, without it.
fn ground(pair: &ReasonPair) -> Option<&DecisionReason> {
    pair.after.because.iter().find(|line| !pair.before.because.contains(line))
}

impl Telling<'_> {
    fn print(&self, report: &PlanReport) {
        let lang = self.lang;
        let say = |id: &str, args: &[(&str, String)]| out::line(&lang.text(id, args));
        say(
            "plan-head",
            &[
                ("plan", report.id.map_or_else(String::new, |id| id.to_string())),
                ("policy", report.policy.chars().take(12).collect()),
                ("against", report.against.to_string()),
                ("from", report.from.to_string()),
                ("until", report.until.to_string()),
            ],
        );
        if self.is_reworded {
            out::line(&lang.word("plan-changes"));
            release::print_changes(lang, &report.changes, CHANGES);
        }
        if report.is_effective {
            self.print_changes(report);
        } else {
            say(if self.is_reworded { "plan-reworded" } else { "plan-same" }, &[]);
        }
        for breach in &report.gates {
            self.print_breach(breach);
        }
        say("plan-tail", &[("plan", report.id.map_or_else(String::new, |id| id.to_string()))]);
    }

    fn print_changes(&self, report: &PlanReport) {
        let lang = self.lang;
        let say = |id: &str, args: &[(&str, String)]| out::line(&lang.text(id, args));
        if let Some(day) = report.begins_on {
            say("plan-begins", &[("day", day.to_string())]);
        }
        let moved: u64 = report.tiers.moves.iter().map(|(.., count)| count).sum();
        say("plan-tiers", &[("count", moved.to_string()), ("subjects", report.subjects.to_string())]);
        let tier = |id: &Option<String>| match id.as_ref().and_then(|id| self.policy.tier(id)) {
            Some((_, tier)) => out::tier_shown(lang, tier),
            None => id.clone().unwrap_or_else(|| lang.word("import-tier-undecided")),
        };
        for (from, to, count) in &report.tiers.moves {
            let args = [("from", tier(from)), ("to", tier(to)), ("count", count.to_string())];
            say("import-tier-move", &args);
        }
        let orders = &report.orders;
        let counts = OrderCounts {
            appear: orders.appear.count(),
            vanish: orders.vanish.count(),
            moves: orders.moves.count(),
            shifted: orders.shifted.count(),
        };
        print_orders(lang, &counts);
        let undecided = report.undecided.count();
        if undecided > 0 {
            say("plan-undecided", &[("count", undecided.to_string())]);
        }
        self.print_workload(report);
        self.print_examples(&report.examples);
    }

    fn print_workload(&self, report: &PlanReport) {
        let lang = self.lang;
        let [before, after] = report.busiest;
        let weeks = report.workload.len();
        let args =
            [("weeks", weeks.to_string()), ("before", before.to_string()), ("after", after.to_string())];
        out::line(&lang.text("plan-workload", &args));
        let mut worst: Vec<&NamedWeek> =
            report.workload.iter().filter(|week| week.week.after > week.week.before).collect();
        worst.sort_by_key(|week| std::cmp::Reverse((week.week.after, week.week.after - week.week.before)));
        for NamedWeek { week, name } in worst.into_iter().take(WEEKS) {
            let args = [
                ("officer", lang::with_id(name, &week.officer)),
                ("week", week.week.to_string()),
                ("before", week.before.to_string()),
                ("after", week.after.to_string()),
            ];
            out::line(&format!("  {}", lang.text("plan-week", &args)));
        }
    }

    fn print_examples(&self, examples: &[ReasonPair]) {
        let lang = self.lang;
        if examples.is_empty() {
            return;
        }
        out::line(&lang.word("plan-examples"));
        for ReasonPair { subject, name, before, after } in examples {
            out::line(&lang.text("plan-example", &[("subject", lang::with_id(name, subject))]));
            for (id, why) in [("plan-before", before), ("plan-after", after)] {
                let said = lang.text(id, &[("why", sentence(lang, self.policy, why))]);
                out::line(&format!("    {said}"));
            }
        }
        let mut grounds = examples.iter().filter_map(ground).peekable();
        if grounds.peek().is_some() {
            out::line(&lang.word("plan-grounds"));
        }
        let mut told: Vec<&DecisionReason> = Vec::new();
        for reason in grounds.filter(|reason| !reason.text.is_empty()) {
            let is_told = told.iter().any(|known| (&known.file, known.line) == (&reason.file, reason.line));
            if !is_told && told.len() < GROUNDS {
                let text: String = reason.text.chars().take(GROUND_LETTERS).collect();
                out::line(&format!("  {}:{}  {text}", reason.file, reason.line));
                told.push(reason);
            }
        }
    }

    fn print_breach(&self, breach: &Breach) {
        let lang = self.lang;
        let (id, args) = match breach {
            Breach::MaxTierMoves { moved, subjects } => {
                ("plan-gate-tiers", vec![("moved", moved.to_string()), ("subjects", subjects.to_string())])
            }
            Breach::MaxLoad { weeks, officer, week, orders } => (
                "plan-gate-load",
                vec![
                    ("weeks", weeks.to_string()),
                    ("officer", officer.clone()),
                    ("week", week.clone()),
                    ("orders", orders.to_string()),
                ],
            ),
            Breach::NoUndecided { undecided } => {
                ("plan-gate-undecided", vec![("undecided", undecided.to_string())])
            }
        };
        out::line(&lang.text(id, &args));
    }
}
