//! `wubu calendar show|plan|import`.

use std::path::Path;

use clap::{ArgMatches, Command};

use super::{
    Arguments as _, CommandContext, CommandStop, Exit, OpenDatabase, option, out, plan_text, positional,
};
use crate::lang::Lang;
use crate::office::{self, CalendarAnswer, TriedChange};
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
            let proposed = context.with_calendar(&opened, rest)?;
            let plan = office::plan_calendar(&opened.store, &proposed, now);
            let plan = context.block_on(plan)?;
            let cx = context.at_desk(&opened)?;
            let is_other = proposed.live.policy.calendar.revision != opened.live.policy.calendar.revision;
            let change = is_other.then_some(TriedChange::Calendar(proposed.live));
            let orders = context.orders_moved(cx, change)?;
            CalendarAnswer { orders, ..plan }
        }
        Some(("import", rest)) => {
            let opened = context.open_active(Access::Write)?;
            let now = context.act(&opened)?.now;
            let proposed = context.with_calendar(&opened, rest)?;
            let (by, file) = (rest.whose("as"), proposed.file.clone());
            let done = context.block_on(office::import_calendar(&opened.store, proposed, &by, now))?;
            // What is refused leaves the folder as it is.
            file.write(&context.policy_dir)?;
            done
        }
        _ => return Ok(Exit::Done),
    };
    context.answer(&answer, |answer| print(context.lang, answer))
}

impl CommandContext {
    /// Lays the years of a file over the calendar in force.
    fn with_calendar(
        &self,
        opened: &OpenDatabase,
        matches: &ArgMatches,
    ) -> Result<office::ProposedCalendar, CommandStop> {
        let path = matches.word("file");
        Ok(office::propose_calendar(self.at_desk(opened)?, &self.policy_dir, Path::new(&path))?)
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
    if let Some(number) = answer.proposed {
        out::line(&lang.text("calendar-proposed", &[("release", number.to_string())]));
    }
    if let Some(orders) = &answer.orders {
        out::line(&lang.word("plan-ahead"));
        out::line(&plan_text::orders_changed(lang, orders));
    }
    for moved in &answer.moves {
        out::line(&lang.text("calendar-move", &out::words_of!(moved => order, from, to)));
    }
}
