//! `wubu doctor`: can it run here, is there something to go back to, and within which limits.

use std::collections::BTreeMap;
use std::path::PathBuf;

use clap::{ArgMatches, Command};
use serde_json::json;

use super::{CommandContext, CommandStop, Exit, out, run, switch};
use crate::lang::Lang;
use crate::limits;
use crate::office::{self, ActiveRelease, BackupHealth};
use crate::store::{Access, LockHolder, Store};
use crate::time::{Clock as _, Tz};

pub(super) fn command(command: Command, lang: Lang) -> Command {
    command.arg(switch("limits", lang)).arg(run::backup_folder(lang))
}

pub(super) fn run(context: &CommandContext, matches: &ArgMatches) -> Result<Exit, CommandStop> {
    if matches.get_flag("limits") {
        return limits(context);
    }
    let lang = context.lang;
    let store = context.store(Access::Read)?;
    // Also a database whose release cannot be read any more must be looked at.
    let live = context.block_on(office::live(&store)).ok().flatten();
    let mut health = context.block_on(office::examine_database(&store, live.as_ref()))?;
    let told = matches.get_one::<PathBuf>("backup");
    let backups = match &live {
        Some(live) => backups(context, &store, live, told)?,
        None => None,
    };
    let zone = live.as_ref().map_or(Tz::UTC, |live| live.policy.bureau.zone);
    health.extend(of_backups(backups.as_ref(), zone));
    let daemons = context.block_on(store.dispatchers())?;
    health.insert("daemon", if daemons.is_empty() { "-" } else { "runs" }.to_owned());
    context.answer(&health, |health| {
        let said = |name: &str, value: &str| match (name, value) {
            ("daemon", _) => daemon(lang, &daemons),
            ("backup", _) => backup(lang, backups.as_ref()),
            ("backup_try", _) => backup_try(lang, backups.as_ref(), zone),
            (_, "ok") => lang.word("health-ok"),
            ("integrity", "served") => lang.word("health-served"),
            (_, "-") => lang.word("health-none"),
            _ => value.to_owned(),
        };
        let row = health.iter().map(|(name, value)| {
            [lang.word(&format!("health-{}", name.replace('_', "-"))), said(name, value)]
        });
        out::table(lang, ["check", "value"], row);
    })?;
    let is = |name: &str, good: &str| health.get(name).is_none_or(|found| found == good);
    let is_backed_up = backups.is_none_or(|backups| backups.alarm.is_none());
    let is_whole = is("integrity", "ok") || is("integrity", "served");
    let is_sound = is_whole && is("quarantine", "-") && is_backed_up;
    Ok(if is_sound { Exit::Done } else { Exit::Problems })
}

fn limits(context: &CommandContext) -> Result<Exit, CommandStop> {
    let lang = context.lang;
    let limit =
        |&(name, value, unit): &(&str, u64, &str)| json!({"name": name, "value": value, "unit": unit});
    let limits: Vec<_> = limits::TABLE.iter().map(limit).collect();
    context.answer(&limits, |_| {
        let named = |&(name, value, unit): &(&str, u64, &str)| {
            [lang.word(&format!("limit-{name}")), value.to_string(), lang.word(&format!("unit-{unit}"))]
        };
        out::table(lang, ["limit", "value", "unit"], limits::TABLE.iter().map(named));
    })
}

/// Looks how it stands with scheduled backups; none where nobody asks for any.
fn backups(
    context: &CommandContext,
    store: &Store,
    live: &ActiveRelease,
    told: Option<&PathBuf>,
) -> Result<Option<BackupHealth>, CommandStop> {
    let Some((schedule, folder)) = office::backup_schedule(live, told.map(PathBuf::as_path), store.path())
    else {
        return Ok(None);
    };
    let (zone, now) = (live.policy.bureau.zone, context.clock().now());
    Ok(Some(context.block_on(office::backup_health(store, &schedule, &folder, zone, now))?))
}

/// What a script reads of backups.
fn of_backups(backups: Option<&BackupHealth>, zone: Tz) -> BTreeMap<&'static str, String> {
    let Some(BackupHealth { folder, newest, count, last_try, alarm, .. }) = backups else {
        return BTreeMap::from([("backup", "unscheduled".to_owned())]);
    };
    let tried = last_try.as_ref().map_or("-", |last| if last.cause.is_none() { "ok" } else { "failed" });
    BTreeMap::from([
        ("backup", alarm.unwrap_or("ok").to_owned()),
        ("backup_folder", folder.clone()),
        ("backup_newest", newest.map_or_else(|| "-".to_owned(), |at| at.rfc3339_in(zone))),
        ("backup_count", count.to_string()),
        ("backup_try", tried.to_owned()),
    ])
}

fn daemon(lang: Lang, daemons: &[LockHolder]) -> String {
    let told = daemons.iter().map(|daemon| match daemon {
        LockHolder::Unnamed => lang.word("health-daemon-runs-unnamed"),
        LockHolder::Named(by) => {
            let args =
                [("pid", by.pid.to_string()), ("host", by.host.clone()), ("since", by.since.to_string())];
            lang.text("health-daemon-runs", &args)
        }
    });
    let told: Vec<String> = told.collect();
    if told.is_empty() { lang.word("health-daemon-stopped") } else { lang.list(told) }
}

/// Says how it stands, and what to do.
fn backup(lang: Lang, backups: Option<&BackupHealth>) -> String {
    let Some(BackupHealth { last_try, alarm, .. }) = backups else {
        return lang.word("health-backup-unscheduled");
    };
    let cause = last_try.as_ref().and_then(|last| last.cause.clone()).unwrap_or_default();
    lang.text(&format!("health-backup-{}", alarm.unwrap_or("fine")), &[("cause", cause)])
}

fn backup_try(lang: Lang, backups: Option<&BackupHealth>, zone: Tz) -> String {
    let Some(last) = backups.and_then(|backups| backups.last_try.as_ref()) else {
        return lang.word("health-none");
    };
    let args = [("at", last.at.wall_in(zone)), ("cause", last.cause.clone().unwrap_or_default())];
    lang.text(if last.cause.is_none() { "health-try-good" } else { "health-try-failed" }, &args)
}
