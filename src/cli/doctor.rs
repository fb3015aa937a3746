//! `wubu doctor`: can it run here, and within which limits.

use clap::{ArgMatches, Command};
use serde_json::json;

use super::{CommandContext, CommandStop, Exit, out, switch};
use crate::lang::Lang;
use crate::limits;
use crate::office;
use crate::store::Access;

pub(super) fn command(command: Command, lang: Lang) -> Command {
    command.arg(switch("limits", lang))
}

pub(super) fn run(context: &CommandContext, matches: &ArgMatches) -> Result<Exit, CommandStop> {
    let lang = context.lang;
    if matches.get_flag("limits") {
        let limit =
            |&(name, value, unit): &(&str, u64, &str)| json!({"name": name, "value": value, "unit": unit});
        let limits: Vec<_> = limits::TABLE.iter().map(limit).collect();
        context.answer(&limits, |_| {
            let named = |&(name, value, unit): &(&str, u64, &str)| {
                [lang.word(&format!("limit-{name}")), value.to_string(), lang.word(&format!("unit-{unit}"))]
            };
            out::table(lang, ["limit", "value", "unit"], limits::TABLE.iter().map(named));
        })?;
        return Ok(Exit::Done);
    }
    let store = context.store(Access::Read)?;
    // Also a database whose release cannot be read any more must be looked at.
    let live = context.block_on(office::live(&store)).ok().flatten();
    let health = context.block_on(office::examine_database(&store, live.as_ref()))?;
    context.answer(&health, |health| {
        let said = |value: &str| match value {
            "ok" => lang.word("health-ok"),
            "-" => lang.word("health-none"),
            _ => value.to_owned(),
        };
        let row = health.iter().map(|(name, value)| [lang.word(&format!("health-{name}")), said(value)]);
        out::table(lang, ["check", "value"], row);
    })?;
    let is = |name: &str, good: &str| health.get(name).is_none_or(|found| found == good);
    let is_sound = is("integrity", "ok") && is("quarantine", "-");
    Ok(if is_sound { Exit::Done } else { Exit::Problems })
}
