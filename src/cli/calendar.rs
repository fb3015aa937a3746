//! `wubu calendar show|plan|import`.

use std::path::Path;

use clap::{ArgMatches, Command};

use super::{Arguments as _, CommandContext, CommandStop, Exit, option, out, positional};
use crate::lang::Lang;
use crate::office::{self, CalendarAnswer};
use crate::store::Access;

pub(super) fn command(command: Command, lang: Lang) -> Command {
    let about = |name: &str| lang.word(&format!("cli-calendar-{name}"));
    let year = positional("year", "YEAR", lang).value_parser(clap::value_parser!(i32));
    let show = Command::new("show").about(about("show")).arg(year);
    let plan = Command::new("plan").about(about("plan")).arg(positional("file", "FILE", lang));
    let import = Command::new("import")
        .about(about("import"))
        .arg(positional("file", "FILE", lang))
        .arg(option("as", "USER", lang).required(true));
    command.subcommand_required(true).subcommands([show, plan, import])
}

pub(super) fn run(context: &CommandContext, matches: &ArgMatches) -> Result<Exit, CommandStop> {
    let answer = match matches.subcommand() {
        Some(("show", rest)) => {
            let year = rest.get_one::<i32>("year").copied().unwrap_or_default();
            office::calendar_year(&context.folder()?.policy, year)
        }
        Some(("plan", rest)) => {
            let opened = context.open_active(Access::Read)?;
            let now = context.now(opened.live.policy.bureau.zone)?;
            let proposed = context.with_calendar(rest)?;
            let plan = office::plan_calendar(&opened.store, &proposed, now);
            context.block_on(plan)?
        }
        Some(("import", rest)) => {
            let opened = context.open_active(Access::Write)?;
            let now = context.act(&opened)?.now;
            let proposed = context.with_calendar(rest)?;
            let actor = rest.whose("as");
            proposed.write(&context.policy_dir)?;
            let import = office::import_calendar(&opened.store, proposed, &actor, now);
            context.block_on(import)?
        }
        _ => return Ok(Exit::Done),
    };
    context.answer(&answer, |answer| print(context.lang, answer))
}

impl CommandContext {
    /// Lays the years of a file over the folder's calendar.
    fn with_calendar(&self, matches: &ArgMatches) -> Result<office::ProposedCalendar, CommandStop> {
        let path = matches.word("file");
        Ok(office::propose_calendar(&self.policy_dir, Path::new(&path))?)
    }
}

fn print(lang: Lang, answer: &CalendarAnswer) {
    let args = [("year", answer.year.to_string()), ("days", answer.work_days.to_string())];
    out::line(&lang.text("calendar-year", &args));
    if !answer.published {
        out::line(&lang.word("provisional"));
    }
    let join = |days: &[crate::time::Day]| days.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
    out::line(&format!("{}: {}", lang.word("head-rest"), join(&answer.rest)));
    out::line(&format!("{}: {}", lang.word("head-work"), join(&answer.work)));
    for moved in &answer.moves {
        out::line(&lang.text("calendar-move", &out::words_of!(moved => order, from, to)));
    }
}
