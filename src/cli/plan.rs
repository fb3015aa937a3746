//! `wubu plan`: what the folder's policy would do, before it is in force.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use clap::{ArgMatches, Command};
use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;

use super::plan_text::PlanText;
use super::{
    Arguments as _, CommandContext, CommandStop, Exit, OpenDatabase, day, option, out, plan_page, positional,
    stop, switch,
};
use crate::calendar::{Length, Unit, add_days};
use crate::daemon::Stopper;
use crate::documents::MEETING_MARK;
use crate::lang::Lang;
use crate::limits::PLAN_DAYS;
use crate::office::{
    self, ActContext, HoldingFolder, PlanFrame, PlanOutcome, PlanReport, PlanTelling, PlanWish,
    RegisterState, TriedChange,
};
use crate::plan::{Gates, OrderCounts};
use crate::store::Access;
use crate::store::plans::KeptPlan;
use crate::time::Day;

pub(super) fn command(command: Command, lang: Lang) -> Command {
    let about = |name: &'static str| Command::new(name).about(lang.word(&format!("cli-plan-{name}")));
    let number = positional("plan", "N", lang).value_parser(clap::value_parser!(i64).range(1..));
    command
        .args_conflicts_with_subcommands(true)
        .args([
            option("horizon", "DAYS", lang).default_value("90d"),
            option("on", "DATE", lang).help(lang.word("cli-arg-begins")),
            option("against", "RELEASE", lang).value_parser(["active"]).default_value("active"),
            switch("list", lang).help(lang.word("cli-arg-behind")),
            option("html", "FILE", lang),
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
    let page = matches.text("html");
    if let Some(page) = &page {
        stop::refuse_other_file(Path::new(page), MEETING_MARK)?;
    }
    let opened = context.open_active(Access::Write)?;
    let cx = context.act(&opened)?;
    let (from, until) = (cx.today, add_days(cx.today, i64::from(days)));
    let on = matches.text("on").map(|on| day(&on, "--on")).transpose()?.unwrap_or(from);
    if !(from..=until).contains(&on) {
        let args = [("on", on), ("from", from), ("until", until)];
        return Err(CommandStop::Usage("U032", args.map(|(name, day)| (name, day.to_string())).to_vec()));
    }
    let HoldingFolder { live: proposed, lapsed } = context.holding_folder(&opened.live)?;
    let policy = proposed.policy.whole;
    let changes = opened.live.changed_by(&proposed);
    let state = context.block_on(RegisterState::of(cx))?;
    let outcome = context.rehearse(cx, TriedChange::Policy(proposed), AheadWish { days, on })?;
    let officers = context.block_on(office::officers(cx, None))?;
    let names: BTreeMap<String, String> = officers.into_iter().map(|line| (line.id, line.name)).collect();
    let frame = PlanFrame {
        policy: policy.to_string(),
        against: opened.live.release,
        is_reworded: policy != opened.live.policy.whole,
        changes,
        overlays: lapsed,
        from,
        until,
        seconds: (begun.elapsed().as_secs_f64() * 100.0).round() / 100.0,
    };
    let telling = PlanTelling { gates, is_list: matches.get_flag("list"), names: &names };
    let mut report = PlanReport::of(&outcome, frame, &telling);
    let told = |number: i64| {
        let numbered = PlanReport { id: Some(number), ..report.in_numbers() };
        let screen = |lang| PlanText { lang, policy: cx.policy(), report: &numbered }.lines();
        let kept = KeptReport { screen: [screen(Lang::Zh), screen(Lang::En)], report: &numbered };
        serde_json::to_string(&kept).unwrap_or_default()
    };
    report.id = Some(context.block_on(office::keep_plan(cx, policy, state, told))?);
    let text = PlanText { lang: context.lang, policy: cx.policy(), report: &report };
    if let Some(page) = &page {
        let html = plan_page::page(&text)?;
        std::fs::write(page, html).map_err(|error| office::OfficeFault::unwritable(page, error))?;
        out::note(&context.lang.text("plan-page", &[("file", page)]));
    }
    context.answer(&report, |_| text.lines().iter().for_each(|line| out::line(line)))?;
    Ok(if report.gates.is_empty() && report.frame.overlays.is_empty() { Exit::Done } else { Exit::Problems })
}

/// How many days are looked ahead where nobody says.
const HORIZON: u32 = 90;

/// How far is looked ahead, and from which day on the change holds.
#[derive(Clone, Copy)]
struct AheadWish {
    days: u32,
    on: Day,
}

impl CommandContext {
    /// Tries a change over the days ahead, with a bar for whoever waits.
    fn rehearse(
        &self,
        cx: ActContext<'_>,
        change: TriedChange,
        ahead: AheadWish,
    ) -> Result<PlanOutcome, CommandStop> {
        let AheadWish { days, on } = ahead;
        let bar = ProgressBar::new(u64::from(days + 1) * 2);
        if let Ok(style) = ProgressStyle::with_template("{bar:40} {pos}/{len} {eta}") {
            bar.set_style(style);
        }
        let told = bar.clone();
        let passed = Arc::new(move || told.inc(1));
        let wish = PlanWish { change, days, on, is_lived: false, passed };
        let outcome = self.block_on(async {
            // Whoever no longer waits leaves no copy of the register behind.
            let stopper = Stopper::listen();
            tokio::select! {
                outcome = office::rehearse(cx, wish) => Some(outcome),
                () = stopper.stopped() => None,
            }
        });
        bar.finish_and_clear();
        match outcome {
            Some(outcome) => Ok(outcome?),
            None => std::process::exit(130),
        }
    }

    /// Counts the orders of the days ahead that a change moves, which is none where nothing is changed; nothing
    /// before dispatch has begun.
    pub(super) fn orders_moved(
        &self,
        cx: ActContext<'_>,
        change: Option<TriedChange>,
    ) -> Result<Option<OrderCounts>, CommandStop> {
        if self.block_on(office::last_tick(cx.store))?.is_none() {
            return Ok(None);
        }
        let Some(change) = change else { return Ok(Some(OrderCounts::default())) };
        let outcome = self.rehearse(cx, change, AheadWish { days: HORIZON, on: cx.today })?;
        Ok(Some(outcome.difference.orders.counts()))
    }
}

/// A plan as it is kept: what was told, in Chinese and in English, and the numbers.
#[derive(Serialize)]
struct KeptReport<'a> {
    screen: [Vec<String>; 2],
    #[serde(flatten)]
    report: &'a PlanReport,
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
    let screen = match context.lang {
        Lang::Zh => 0,
        Lang::En => 1,
    };
    context.answer(&report, |report| {
        let lines = report["screen"][screen].as_array().into_iter().flatten();
        lines.filter_map(serde_json::Value::as_str).for_each(out::line);
    })
}
