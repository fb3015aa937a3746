//! `wubu release list|show|diff|approve|rollback|shadow`.

use clap::{ArgMatches, Command};

use super::apply::answer;
use super::{
    Arguments as _, CommandContext, CommandStop, Exit, OpenDatabase, day, option, out, positional, shadow,
    switch,
};
use crate::lang::{self, Lang};
use crate::office::{self, ChangeHand, ProposalApproval, ProposalLine, ReleaseStory};
use crate::policy::{self, MeaningChange};
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
        about("show").arg(number("release", lang)),
        about("diff").arg(number("from", lang)).arg(number("to", lang).required(false)),
        act("approve").arg(on),
        act("rollback").arg(option("reason", "TEXT", lang)),
        shadow::command(about("shadow"), lang),
    ])
}

fn number(name: &'static str, lang: Lang) -> clap::Arg {
    let help = lang.word(&format!("cli-arg-release-{name}"));
    positional(name, "N", lang).help(help).value_parser(clap::value_parser!(i64).range(1..))
}

pub(super) fn run(context: &CommandContext, matches: &ArgMatches) -> Result<Exit, CommandStop> {
    match matches.subcommand() {
        Some(("list", rest)) if rest.get_flag("proposed") => proposed(context),
        Some(("show", rest)) => show(context, rest),
        Some(("diff", rest)) => diff(context, rest),
        Some(("shadow", rest)) => shadow::run(context, rest),
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
        let hand = ChangeHand { by: Some(&by), reason: reason.as_deref(), plan: None };
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
        for line in lines {
            say_what_for(context.lang, line);
        }
    })
}

/// Says below the table what somebody approves who approves it: why it is wanted, and what it drops.
fn say_what_for(lang: Lang, line: &ProposalLine) {
    let release = || ("release", line.release.to_string());
    if let Some(reason) = &line.reason {
        out::line(&lang.text("proposal-reason", &[release(), ("reason", reason.clone())]));
    }
    if !line.dropped.is_empty() {
        out::line(&lang.text("proposal-drops", &[release(), ("items", lang::list(&line.dropped))]));
    }
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

/// Shows a release, and what it changed.
fn show(context: &CommandContext, matches: &ArgMatches) -> Result<Exit, CommandStop> {
    let number = matches.get_one::<i64>("release").copied().unwrap_or_default();
    let store = context.store(Access::Read)?;
    let zone = zone(context, &store)?;
    let story = context.block_on(office::release_story(&store, number))?;
    context.answer(&story, |ReleaseStory { release, is_proposed, goes_back_to, changes }| {
        let state = if *is_proposed { "proposed" } else { "active" };
        let args = [
            ("state", state.to_owned()),
            ("release", release.number.to_string()),
            ("policy", release.policy.short()),
            ("at", out::minute(&release.activated_at.rfc3339_in(zone))),
            ("actor", release.actor.clone()),
            ("approved", if release.approved_by.is_some() { "yes" } else { "no" }.to_owned()),
            ("by", release.approved_by.clone().unwrap_or_default()),
        ];
        out::line(&context.lang.text("release-head", &args));
        if let Some(reason) = &release.reason {
            out::line(&context.lang.text("release-why", &[("reason", reason)]));
        }
        if let Some(plan) = release.plan {
            out::line(&context.lang.text("release-plan", &[("plan", plan.to_string())]));
        }
        if let Some(earlier) = goes_back_to {
            out::line(&context.lang.text("release-back", &[("release", earlier.to_string())]));
        }
        print_changes(context.lang, changes);
    })
}

/// Shows what one release says otherwise than another, or the folder otherwise than a release.
fn diff(context: &CommandContext, matches: &ArgMatches) -> Result<Exit, CommandStop> {
    let number = |name: &str| matches.get_one::<i64>(name).copied();
    let (from, store) = (number("from").unwrap_or_default(), context.store(Access::Read)?);
    let changes = if let Some(to) = number("to") {
        context.block_on(async {
            let mut reader = store.read().await?;
            office::release_changes(&mut reader, from, to).await
        })?
    } else {
        let before = context.block_on(office::release_of_number(&store, from))?;
        before.changed_by(&context.folder()?)
    };
    context.answer(&changes, |changes| print_changes(context.lang, changes))
}

/// Letters of a value that are shown.
const VALUE_LETTERS: usize = 60;

/// Says what a policy says otherwise; of more than `most` their number.
pub(super) fn changes_told(lang: Lang, changes: &[MeaningChange], most: usize) -> Vec<String> {
    let nothing = || lang.word("release-nothing");
    let line = |MeaningChange { file, address, from, to }: &MeaningChange| {
        let named = [("file", file.clone()), ("address", address.clone())];
        let [from, to] = differing(from.as_deref(), to.as_deref()).map(|value| value.unwrap_or_else(nothing));
        let values = [("from", from), ("to", to)];
        lang.text("release-change", &named.into_iter().chain(values).collect::<Vec<_>>())
    };
    // What the cases say otherwise decides nothing, and comes last.
    let (decisive, cases): (Vec<_>, Vec<_>) =
        changes.iter().partition(|change| policy::is_decisive(&change.file));
    let mut told: Vec<String> = decisive.into_iter().chain(cases).take(most).map(line).collect();
    if changes.is_empty() {
        told.push(lang.word("release-same"));
    }
    if changes.len() > most {
        let more = (changes.len() - most).to_string();
        told.push(lang.text("release-changes-more", &[("count", more)]));
    }
    told
}

/// Letters of what is alike that stand before what differs.
const BEFORE: usize = 12;

/// Cuts two long values to where they differ.
fn differing(from: Option<&str>, to: Option<&str>) -> [Option<String>; 2] {
    let alike = match (from, to) {
        (Some(from), Some(to)) => {
            from.chars().zip(to.chars()).take_while(|(one, other)| one == other).count()
        }
        _ => 0,
    };
    let is_long = [from, to].into_iter().flatten().any(|value| value.chars().count() > VALUE_LETTERS);
    let skipped = if is_long { alike.saturating_sub(BEFORE) } else { 0 };
    let cut = |value: &str| {
        let rest = value.chars().skip(skipped);
        let told: String = rest.clone().take(VALUE_LETTERS).collect();
        let before = if skipped > 0 { "…" } else { "" };
        let after = if rest.count() > VALUE_LETTERS { "…" } else { "" };
        format!("{before}{told}{after}")
    };
    [from.map(cut), to.map(cut)]
}

fn print_changes(lang: Lang, changes: &[MeaningChange]) {
    for line in changes_told(lang, changes, usize::MAX) {
        out::line(&format!("  {line}"));
    }
}
