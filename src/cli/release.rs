//! `wubu release list|approve|rollback`.

use clap::{ArgMatches, Command};

use super::apply::answer;
use super::{
    Arguments as _, CommandContext, CommandStop, Exit, OpenDatabase, day, option, out, positional, switch,
};
use crate::lang::Lang;
use crate::office::{self, ChangeHand, ProposalApproval, ProposalLine};
use crate::store::releases::Release;
use crate::store::{Access, Store};
use crate::time::Tz;

pub(super) fn command(command: Command, lang: Lang) -> Command {
    let about = |name: &'static str| Command::new(name).about(lang.word(&format!("cli-release-{name}")));
    let act = |name: &'static str| {
        let number = positional("release", "N", lang).value_parser(clap::value_parser!(i64).range(1..));
        about(name).arg(number).arg(option("as", "USER", lang).required(true))
    };
    let on = option("on", "DATE", lang).help(lang.word("cli-arg-begins"));
    command.subcommand_required(true).subcommands([
        about("list").arg(switch("proposed", lang)),
        act("approve").arg(on),
        act("rollback").arg(option("reason", "TEXT", lang)),
    ])
}

pub(super) fn run(context: &CommandContext, matches: &ArgMatches) -> Result<Exit, CommandStop> {
    match matches.subcommand() {
        Some(("list", rest)) if rest.get_flag("proposed") => proposed(context),
        Some(("list", _)) | None => list(context),
        Some((name, rest)) => act(context, name, rest),
    }
}

fn act(context: &CommandContext, name: &str, matches: &ArgMatches) -> Result<Exit, CommandStop> {
    let release = matches.get_one::<i64>("release").copied().unwrap_or_default();
    let by = matches.whose("as");
    let on = matches.text("on").map(|on| day(&on, "--on")).transpose()?;
    let opened = context.open_active(Access::Write)?;
    let cx = context.act(&opened)?;
    let (OpenDatabase { store, .. }, now) = (&opened, cx.now);
    let done = if name == "rollback" {
        let reason = matches.text("reason");
        let hand = ChangeHand { by: Some(&by), reason: reason.as_deref() };
        context.block_on(office::rollback(store, release, hand, now))?
    } else {
        let approval = ProposalApproval { release, by: &by, on };
        context.block_on(office::approve_proposal(store, approval, now))?
    };
    answer(context, &done)
}

/// Returns the zone that moments are written in: the bureau's, where a release says whose.
fn zone(context: &CommandContext, store: &Store) -> Result<Tz, CommandStop> {
    let live = context.block_on(office::live(store))?;
    Ok(live.map_or(Tz::UTC, |live| live.policy.bureau.zone))
}

fn proposed(context: &CommandContext) -> Result<Exit, CommandStop> {
    let store = context.store(Access::Read)?;
    let zone = zone(context, &store)?;
    let lines = context.block_on(office::list_proposals(&store))?;
    context.answer(&lines, |lines| {
        let row = |line: &ProposalLine| {
            [
                line.release.to_string(),
                line.policy.short(),
                out::minute(&line.proposed_at.rfc3339_in(zone)),
                line.actor.clone(),
                line.approved_by.clone().unwrap_or_default(),
                line.starts_at.map(|at| out::minute(&at.rfc3339_in(zone))).unwrap_or_default(),
            ]
        };
        out::table(
            context.lang,
            ["release", "policy", "proposed", "actor", "approved-by", "begins"],
            lines.iter().map(row),
        );
    })
}

fn list(context: &CommandContext) -> Result<Exit, CommandStop> {
    let store = context.store(Access::Read)?;
    let (zone, releases) = (zone(context, &store)?, context.block_on(office::releases(&store))?);
    let waiting = context.block_on(office::list_proposals(&store))?.len();
    if waiting > 0 {
        out::note(&context.lang.text("release-waiting", &[("count", waiting.to_string())]));
    }
    context.answer(&releases, |releases| {
        let row = |release: &Release| {
            [
                release.number.to_string(),
                release.policy.short(),
                out::minute(&release.activated_at.rfc3339_in(zone)),
                release.actor.clone(),
                release.approved_by.clone().unwrap_or_default(),
            ]
        };
        out::table(
            context.lang,
            ["release", "policy", "activated", "actor", "approved-by"],
            releases.iter().map(row),
        );
    })
}
