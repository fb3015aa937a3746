//! `wubu order list|show|open`; acting on one is in `act`, on many in `bulk`.

use clap::{ArgMatches, Command};

use super::order_filter::{filter_of, filters, note_unknown};
use super::typed::{self, NamedValue};
use super::{
    Arguments as _, CommandContext, CommandStop, Exit, act, blank_form, bulk, day, option, out, positional,
    switch,
};
use crate::lang::Lang;
use crate::office::{self, OpenByHand, OrderFilter, OrderLine};
use crate::store::Access;
use crate::time::Day;

pub(super) fn command(command: Command, lang: Lang) -> Command {
    let about = |name: &str| lang.word(&format!("cli-order-{name}"));
    let states =
        NamedValue { names: &["open", "done", "cancelled"], text_of: |state| format!("state-{state}") };
    let state = option("state", "STATE", lang).value_parser(states);
    let list = Command::new("list")
        .about(about("list"))
        .args(filters(lang))
        .args([state, option("subject", "ID", lang)]);
    let open = Command::new("open")
        .about(about("open"))
        .arg(positional("workflow", "WORKFLOW", lang))
        .arg(option("subject", "ID", lang).required(true))
        .args([option("due", "DATE", lang), option("reason", "TEXT", lang)])
        .arg(option("as", "USER", lang).required(true));
    let form = switch("form", lang).help(lang.word("cli-arg-blank-form"));
    let step = option("step", "STEP", lang).requires("form");
    let show = Command::new("show").about(about("show")).arg(positional("id", "ID", lang)).args([form, step]);
    command.subcommand_required(true).subcommands([list, show, open]).subcommands([
        act::command(lang),
        bulk::command(lang),
        bulk::retry_command(lang),
    ])
}

pub(super) fn run(context: &CommandContext, matches: &ArgMatches) -> Result<Exit, CommandStop> {
    match matches.subcommand() {
        Some(("show", rest)) => show(context, rest),
        Some(("open", rest)) => open(context, rest),
        Some(("act", rest)) => act::run(context, rest),
        Some(("bulk", rest)) => bulk::run(context, rest),
        Some(("retry", rest)) => bulk::run_retry(context, rest),
        Some((_, rest)) => list(context, rest),
        None => Ok(Exit::Done),
    }
}

fn list(context: &CommandContext, matches: &ArgMatches) -> Result<Exit, CommandStop> {
    let opened = context.open_active(Access::Read)?;
    let cx = context.act(&opened)?;
    let filter = OrderFilter { state: matches.text("state"), ..filter_of(cx.policy(), matches) };
    note_unknown(context.lang, cx.policy(), matches);
    if let Some(officer) = &filter.officer {
        context.block_on(office::refuse_stranger(cx, officer))?;
    }
    let headings = [
        "order",
        "order-number",
        "subject",
        "name",
        "station",
        "tier",
        "step",
        "state",
        "assignees",
        "issued",
        "due",
        "late",
    ];
    let mut list = context.list(headings);
    let each = |line| list.row(&line, |line| cells(context.lang, line, cx.today));
    match matches.text("subject") {
        Some(_) => {
            let subject = matches.subject("subject");
            context.block_on(office::orders_of_subject(cx, &subject, &filter, each))?;
        }
        None => context.block_on(office::orders(cx, &filter, each))?,
    }
    context.print(list, "order-count")
}

fn cells(lang: Lang, line: &OrderLine, today: Day) -> Vec<String> {
    // Whoever asks what is due asks by when the step in hand is; what has ended had its window.
    let due = line.step_due.filter(|_| line.state == "open").unwrap_or(line.due);
    let late = match (today - due).num_days() {
        _ if !line.overdue => String::new(),
        days if days > 0 => lang.text("days-late", &[("days", days.to_string())]),
        _ => lang.word("window-over"),
    };
    vec![
        line.id.clone(),
        line.number.clone(),
        line.subject.clone(),
        line.name.clone(),
        line.station_title.clone(),
        line.tier.clone().unwrap_or_default(),
        line.step_title.clone(),
        lang.word(&format!("state-{}", line.state)),
        lang.list(&line.people),
        line.issued_at.get(..10).unwrap_or_default().to_owned(),
        due.to_string(),
        late,
    ]
}

fn show(context: &CommandContext, matches: &ArgMatches) -> Result<Exit, CommandStop> {
    let id = matches.word("id");
    let opened = context.open_active(Access::Read)?;
    let cx = context.act(&opened)?;
    if matches.get_flag("form") {
        let step = match matches.text("step") {
            Some(typed) => {
                let order = context.block_on(office::order_key(cx, &id))?;
                Some(context.block_on(office::step_named(cx, &order, &typed))?)
            }
            None => None,
        };
        let blank = context.block_on(office::blank_form(cx, &id, step.as_deref()))?;
        let Some(blank) = blank else {
            out::note(&context.lang.word("form-none"));
            return Ok(Exit::Problems);
        };
        return blank_form::print(context, &blank);
    }
    let story = context.block_on(office::order_story(cx, &id))?;
    context.answer(&story, |story| super::story::print(context.lang, story))
}

fn open(context: &CommandContext, matches: &ArgMatches) -> Result<Exit, CommandStop> {
    let opened = context.open_active(Access::Write)?;
    let cx = context.act(&opened)?;
    let wish = OpenByHand {
        workflow: typed::workflow(cx.policy(), matches.word("workflow")),
        subject: matches.subject("subject"),
        due: matches.text("due").map(|due| day(&due, "--due")).transpose()?,
        reason: matches.text("reason"),
        actor: matches.whose("as"),
    };
    let made = context.block_on(office::open_by_hand(cx, &wish))?;
    context.answer(&made, |made| {
        out::line(&context.lang.text("order-opened", &out::words_of!(made => id, number)));
    })
}
