//! `wubu officer list|show|post|leave|left|delegate|conflict|email`.

use clap::{ArgMatches, Command};

use super::{Arguments as _, CommandContext, CommandStop, Exit, day, option, out, positional, switch};
use crate::lang::{Lang, with_id};
use crate::office::{self, ActContext, OfficerLine, OfficerStory, PersonnelFact, StationTitles};
use crate::people::{Conflict, Decider, Delegation, EVERY_WORKFLOW, Leave, Post};
use crate::store::Access;
use crate::time::Day;

pub(super) fn command(command: Command, lang: Lang) -> Command {
    let about = |name: &str| lang.word(&format!("cli-officer-{name}"));
    let act = |name: &'static str| {
        let actor = option("as", "USER", lang).required(true);
        Command::new(name).about(about(name)).arg(positional("id", "ID", lang)).arg(actor)
    };
    let needed = |name: &'static str, value: &'static str| option(name, value, lang).required(true);
    let date =
        |name: &'static str| option(name, "DATE", lang).help(lang.word(&format!("cli-arg-{name}-day")));
    let list = Command::new("list").about(about("list")).arg(option("station", "ID", lang));
    let show = Command::new("show").about(about("show")).arg(positional("id", "ID", lang));
    let post = act("post").arg(needed("role", "ROLE")).args([date("from"), date("until")]);
    let leave = act("leave").args([
        date("from").required(true),
        date("to").required_unless_present("withdraw"),
        option("substitute", "ID", lang),
        switch("withdraw", lang).conflicts_with_all(["to", "substitute"]),
    ]);
    let left = act("left").arg(needed("on", "DATE"));
    let delegate = act("delegate")
        .args([needed("taker", "ID"), needed("document", "TEXT"), option("workflow", "WORKFLOW", lang)])
        .args([date("from"), date("to")].map(|arg| arg.required(true)));
    let conflict = act("conflict").args([
        needed("subject", "ID"),
        needed("document", "TEXT"),
        option("decided-by", "ID", lang),
    ]);
    let email = act("email").arg(needed("address", "ADDRESS"));
    command.subcommand_required(true).subcommands([list, show, post, leave, left, delegate, conflict, email])
}

pub(super) fn run(context: &CommandContext, matches: &ArgMatches) -> Result<Exit, CommandStop> {
    match matches.subcommand() {
        Some(("list", rest)) => list(context, rest),
        Some(("show", rest)) => show(context, rest),
        Some((name, rest)) => act(context, name, rest),
        None => Ok(Exit::Done),
    }
}

fn list(context: &CommandContext, matches: &ArgMatches) -> Result<Exit, CommandStop> {
    let opened = context.open_active(Access::Read)?;
    let cx = context.act(&opened)?;
    let station = matches.get_one::<String>("station").map(String::as_str);
    let lines = context.block_on(office::officers(cx, station))?;
    let stations = context.block_on(office::station_titles(cx))?;
    context.answer(&lines, |lines| print_list(context.lang, lines, &stations))
}

fn print_list(lang: Lang, lines: &[OfficerLine], stations: &StationTitles) {
    let row = |line: &OfficerLine| {
        [
            line.id.clone(),
            line.name.clone(),
            line.station.as_ref().map(|station| out::titled(stations, station)).unwrap_or_default(),
            lang.list(&line.roles),
            line.certified_until.map(|day| day.to_string()).unwrap_or_default(),
            lang.word(&format!("service-{}", line.state)),
            line.open.to_string(),
        ]
    };
    out::table(
        lang,
        ["officer", "name", "station", "roles", "certified", "status", "open"],
        lines.iter().map(row),
    );
}

fn show(context: &CommandContext, matches: &ArgMatches) -> Result<Exit, CommandStop> {
    let opened = context.open_active(Access::Read)?;
    let cx = context.act(&opened)?;
    let id = matches.whose("id");
    let story = context.block_on(office::officer_story(cx, &id))?;
    answer(context, cx, &story)
}

fn act(context: &CommandContext, name: &str, matches: &ArgMatches) -> Result<Exit, CommandStop> {
    let (officer, actor, what) = (matches.whose("id"), matches.whose("as"), what(name, matches)?);
    let opened = context.open_active(Access::Write)?;
    let cx = context.act(&opened)?;
    let story = context.block_on(office::record_personnel(cx, &officer, &what, &actor))?;
    if let PersonnelFact::Leave(Leave { substitute: Some(substitute), .. }) = &what
        && story.line.certified
    {
        note_uncertified(context, cx, substitute)?;
    }
    answer(context, cx, &story)
}

/// Notes that whoever stands in for an officer with a certificate has none: steps that ask for one pass him over.
fn note_uncertified(
    context: &CommandContext,
    cx: ActContext<'_>,
    substitute: &str,
) -> Result<(), CommandStop> {
    let OfficerStory { line, .. } = context.block_on(office::officer_story(cx, substitute))?;
    if !line.certified {
        let who = with_id(&line.name, &line.id);
        out::note(&context.lang.text("substitute-uncertified", &[("who", who)]));
    }
    Ok(())
}

/// Reads what is to be laid down.
fn what(name: &str, matches: &ArgMatches) -> Result<PersonnelFact, CommandStop> {
    let maybe = |name: &str| matches.get_one::<String>(name).cloned();
    let text = |name: &str| maybe(name).unwrap_or_default();
    let on = |name: &str, argument: &'static str| day(&text(name), argument);
    let maybe_on = |name: &str, argument| -> Result<Option<Day>, CommandStop> {
        maybe(name).map(|text| day(&text, argument)).transpose()
    };
    Ok(match name {
        "post" => PersonnelFact::Post(Post {
            role: text("role"),
            from: maybe_on("from", "--from")?,
            until: maybe_on("until", "--until")?,
        }),
        "leave" => PersonnelFact::Leave(Leave {
            from: on("from", "--from")?,
            to: match maybe_on("to", "--to")? {
                Some(to) => to,
                // It covers no day.
                None => on("from", "--from")?.pred_opt().unwrap_or_default(),
            },
            substitute: matches.person("substitute"),
        }),
        "left" => PersonnelFact::Left(on("on", "--on")?),
        "delegate" => PersonnelFact::Delegation(Delegation {
            from: matches.whose("id"),
            to: matches.whose("taker"),
            scope: maybe("workflow").unwrap_or_else(|| EVERY_WORKFLOW.to_owned()),
            from_day: on("from", "--from")?,
            to_day: on("to", "--to")?,
            document: text("document"),
        }),
        "conflict" => PersonnelFact::Conflict(Conflict {
            officer: matches.whose("id"),
            subject: matches.subject("subject"),
            decided_by: Decider::of(&matches.whose("decided-by")),
            document: text("document"),
        }),
        _ => PersonnelFact::Email(text("address")),
    })
}

fn answer(context: &CommandContext, cx: ActContext<'_>, story: &OfficerStory) -> Result<Exit, CommandStop> {
    let stations = context.block_on(office::station_titles(cx))?;
    context.answer(story, |story| print_story(context.lang, story, &stations))
}

fn print_story(lang: Lang, story: &OfficerStory, stations: &StationTitles) {
    let line = &story.line;
    let say = |name: &str, value: &str| out::field(lang, name, value);
    let day = |day: Option<Day>| day.map_or_else(|| "…".to_owned(), |day| day.to_string());
    let person = |id: &str| match story.names.get(id) {
        Some(name) => format!("{name} {id}"),
        None => id.to_owned(),
    };
    out::line(&format!("{}  {}", line.id, line.name));
    say("station", &line.station.as_ref().map(|station| out::titled(stations, station)).unwrap_or_default());
    say("status", &lang.word(&format!("service-{}", line.state)));
    if let Some(left) = story.left_on {
        say("left", &left.to_string());
    }
    if let Some(certificate) = &line.certificate {
        say("certified", &format!("{certificate}  {}", day(line.certified_until)));
    }
    say("email", story.email.as_deref().unwrap_or(""));
    say("open", &line.open.to_string());
    for post in &story.posts {
        let days = match (post.from, post.until) {
            (None, None) => lang.word("post-always"),
            (from, until) => format!("{} – {}", day(from), day(until)),
        };
        say("post", &format!("{}  {days}", post.role));
    }
    for leave in &story.leaves {
        let substitute =
            leave.substitute.as_deref().map(|id| lang.text("leave-substitute", &[("who", person(id))]));
        say("leave", &format!("{} – {}  {}", leave.from, leave.to, substitute.unwrap_or_default()));
    }
    for d in &story.delegations {
        let days = format!("{} – {}", d.from_day, d.to_day);
        let scope = if d.scope == EVERY_WORKFLOW { lang.word("every-workflow") } else { d.scope.clone() };
        let (from, to) = (person(&d.from), person(&d.to));
        say("delegation", &format!("{from} → {to}  {scope}  {days}  {}", d.document));
    }
    for conflict in &story.conflicts {
        let waits = match &conflict.decided_by {
            Decider::CollectiveSaidBy(by) => lang.text("recusal-waits", &[("officer", by.clone())]),
            Decider::Officer(_) | Decider::Collective => String::new(),
        };
        say("recusal", format!("{}  {}  {waits}", conflict.subject, conflict.document).trim_end());
    }
}
