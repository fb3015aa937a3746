//! `wubu copy`: a database moves to another place, from a file to a server or back.

use clap::{ArgMatches, Command};
use indicatif::{ProgressBar, ProgressStyle};

use super::{Arguments as _, CommandContext, CommandStop, Exit, context, option, out};
use crate::lang::Lang;
use crate::office;
use crate::store::{Access, CopiedRows, Store, StoreFault};

pub(super) fn command(command: Command, lang: Lang) -> Command {
    let address = |name, long: &'static str| option(name, "URL", lang).long(long).required(true);
    command.arg(address("copy-from", "from")).arg(address("copy-to", "to"))
}

pub(super) fn run(context: &CommandContext, matches: &ArgMatches) -> Result<Exit, CommandStop> {
    let holder = context::holder();
    let open = |name: &str, access| context.block_on(Store::open(&matches.word(name), access));
    // Whoever dispatches makes a database where there is none.
    if let Err(fault @ StoreFault::Absent { .. }) = open("copy-from", Access::Read) {
        return Err(fault.into());
    }
    // Nobody dispatches on either of them meanwhile.
    let from = open("copy-from", Access::Alone { holder: holder.clone() })?;
    let to = open("copy-to", Access::Fill { holder })?;
    let bar = ProgressBar::new(0);
    if let Ok(style) = ProgressStyle::with_template("{bar:40} {pos}/{len} {msg} {eta}") {
        bar.set_style(style);
    }
    let mut told = |CopiedRows { table, rows, of }: CopiedRows<'_>| {
        bar.set_length(of);
        bar.inc(rows);
        bar.set_message(table.to_owned());
    };
    let copied = context.block_on(office::copy_database(&from, &to, &mut told));
    bar.finish_and_clear();
    // What is copied into a file is all in it then, and none of it in a log beside it.
    context.block_on(to.close());
    let copied = copied?;
    context.answer(&copied, |copied| {
        let args = [
            ("from", copied.from.clone()),
            ("to", copied.to.clone()),
            ("rows", copied.rows.to_string()),
            ("entries", copied.entries.to_string()),
            ("files", copied.files.count.to_string()),
            ("missing", copied.files.missing.len().to_string()),
            ("before", copied.problems[0].to_string()),
            ("after", copied.problems[1].to_string()),
        ];
        out::line(&context.lang.text("copy-done", &args));
        if copied.is_sound() {
            out::line(&context.lang.text("copy-next", &args));
        }
        if copied.problems != [0, 0] {
            out::note(&context.lang.text("copy-problems", &args));
        }
        if !copied.files.missing.is_empty() {
            out::note(&context.lang.text("backup-missing", &args));
        }
    })?;
    Ok(if copied.is_sound() { Exit::Done } else { Exit::Problems })
}
