//! `wubu release shadow`: a proposal judged beside the rules in force, and what came of it.

use clap::{ArgMatches, Command};

use super::{Arguments as _, CommandContext, CommandStop, Exit, option, out, positional};
use crate::lang::Lang;
use crate::ledger::{ShadowDay, ShadowSubject, ShadowTiers};
use crate::office::{self, SHADOW_DAYS_MAX, ShadowReport, ShadowWish};
use crate::policy::Policy;
use crate::store::Access;

pub(super) fn command(command: Command, lang: Lang) -> Command {
    let number = positional("release", "N", lang).value_parser(clap::value_parser!(i64).range(1..));
    let days = option("days", "DAYS", lang).help(lang.word("cli-arg-shadow-days"));
    let days =
        days.value_parser(clap::value_parser!(u32).range(1..=i64::from(SHADOW_DAYS_MAX))).requires("as");
    command.arg(number).arg(days).arg(option("as", "USER", lang))
}

pub(super) fn run(context: &CommandContext, matches: &ArgMatches) -> Result<Exit, CommandStop> {
    let release = matches.get_one::<i64>("release").copied().unwrap_or_default();
    let days = matches.get_one::<u32>("days").copied();
    let opened = context.open_active(if days.is_some() { Access::Write } else { Access::Read })?;
    let cx = context.act(&opened)?;
    let report = match days {
        Some(days) => {
            let by = matches.whose("as");
            context.block_on(office::begin_shadow(cx, ShadowWish { release, days, by: &by }))?
        }
        None => context.block_on(office::shadow_report(cx, release))?,
    };
    context.answer(&report, |report| print(context.lang, cx.policy(), report))
}

fn print(lang: Lang, policy: &Policy, report: &ShadowReport) {
    let ShadowReport { release, left, days } = report;
    let id = if *left > 0 { "shadow-runs" } else { "shadow-ended" };
    let args =
        [("release", release.to_string()), ("left", left.to_string()), ("days", days.len().to_string())];
    out::line(&lang.text(id, &args));
    let tier = |id: &Option<String>| match id.as_deref() {
        None => lang.word("shadow-undecided"),
        Some(id) => policy.tier(id).map_or_else(|| id.to_owned(), |(_, tier)| out::tier_shown(lang, tier)),
    };
    for ShadowDay { on, judged, tiers, scores, undecided, subjects } in days {
        let moved: u64 = tiers.iter().map(|moved| moved.count).sum();
        let args = [
            ("on", on.to_string()),
            ("judged", judged.to_string()),
            ("moved", moved.to_string()),
            ("scores", scores.to_string()),
            ("undecided", undecided.to_string()),
        ];
        out::line(&lang.text("shadow-day", &args));
        for ShadowTiers { from, to, count } in tiers {
            let args = [("from", tier(from)), ("to", tier(to)), ("count", count.to_string())];
            out::line(&format!("  {}", lang.text("shadow-tiers", &args)));
        }
        if days.last().is_some_and(|last| last.on == *on) {
            for ShadowSubject { subject, station, from, to } in subjects {
                let args = [
                    ("subject", subject.clone()),
                    ("station", station.clone()),
                    ("from", tier(from)),
                    ("to", tier(to)),
                ];
                out::line(&format!("    {}", lang.text("shadow-subject", &args)));
            }
        }
    }
}
