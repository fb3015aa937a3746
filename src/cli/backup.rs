//! `wubu backup`: the database and its files, put aside whole while work goes on.

use std::path::PathBuf;

use clap::{ArgMatches, Command};

use super::{Arguments as _, CommandContext, CommandStop, Exit, out, positional, switch};
use crate::lang::Lang;
use crate::office::{self, BackupVerification, BackupWish};
use crate::store::{Access, Store};
use crate::time::Tz;

pub(super) fn command(command: Command, lang: Lang) -> Command {
    command.arg(positional("backup", "FILE", lang)).arg(switch("verify", lang))
}

pub(super) fn run(context: &CommandContext, matches: &ArgMatches) -> Result<Exit, CommandStop> {
    let store = context.store(Access::Read)?;
    let verification =
        if matches.get_flag("verify") { BackupVerification::Whole } else { BackupVerification::Heads };
    let now = context.now(zone_of(context, &store))?;
    let wish = BackupWish { to: PathBuf::from(matches.word("backup")), verification, now };
    let made = context.block_on(office::back_up(&store, &wish))?;
    context.answer(&made, |made| {
        let args = [
            ("path", made.path.clone()),
            ("bytes", made.manifest.database.bytes.to_string()),
            ("files", made.manifest.files.count.to_string()),
            ("entries", made.manifest.entries.to_string()),
            ("missing", made.manifest.files.missing.len().to_string()),
            ("problems", made.problems.to_string()),
        ];
        out::line(&context.lang.text("backup-made", &args));
        if made.problems > 0 {
            out::note(&context.lang.text("backup-problems", &args));
        }
        if !made.manifest.files.missing.is_empty() {
            out::note(&context.lang.text("backup-missing", &args));
        }
    })?;
    Ok(if made.is_sound() { Exit::Done } else { Exit::Problems })
}

/// Returns the zone of a database's bureau; one without a policy has none of its own.
pub(super) fn zone_of(context: &CommandContext, store: &Store) -> Tz {
    let live = context.block_on(office::live(store)).ok().flatten();
    live.map_or(Tz::UTC, |live| live.policy.bureau.zone)
}
