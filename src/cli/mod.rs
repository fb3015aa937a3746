//! The command line: arguments in, one office call, an answer out in the reader's language.
//!
//! One file per command, each with `command` (its arguments and help) and `run`. Exit codes and
//! JSON shapes are a contract with scripts: `docs/cli.md`. Only this room and the daemon print.
//! To add a command: a file here, a row in [`COMMANDS`], its texts `cli-<name>` and
//! `cli-<name>-example` in both languages.

mod act;
mod apply;
mod backup;
mod blank_form;
mod bulk;
mod calendar;
mod check;
mod clock;
mod completions;
mod context;
mod copy;
mod doctor;
mod document;
mod due;
mod effective;
mod explain;
mod import;
mod inbox;
mod incident;
mod init;
mod json;
mod ledger;
mod list_writer;
mod listen;
mod officer;
mod order;
mod order_filter;
mod out;
mod outbox;
mod plan;
mod plan_page;
mod plan_text;
mod promote;
mod promote_page;
mod promote_text;
mod release;
mod restore;
mod run;
mod shadow;
mod signal;
mod stop;
mod story;
mod subject;
mod test;
mod tick;
mod typed;
mod verify;

use std::io::{self, Write as _};
use std::process::ExitCode;

use clap::builder::StyledStr;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, ArgAction, ArgMatches, Command, ValueHint};

use crate::id::person_id;
use crate::import::subject_id;
use crate::lang::{self, Lang};
use crate::office::OfficeFault;
use context::{CommandContext, OpenDatabase, day, moment};
use stop::{CommandStop, print_stop, say};

/// What a command ends with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Done.
    Done,
    /// Problems were found in what was asked.
    Problems,
}

type CommandBuild = fn(Command, Lang) -> Command;
type CommandRun = fn(&CommandContext, &ArgMatches) -> Result<Exit, CommandStop>;

/// Every command: name, arguments, what runs it.
const COMMANDS: [(&str, CommandBuild, CommandRun); 30] = [
    ("init", init::command, init::run),
    ("check", check::command, check::run),
    ("test", test::command, test::run),
    ("import", import::command, import::run),
    ("subject", subject::command, subject::run),
    ("due", due::command, due::run),
    ("clock", clock::command, clock::run),
    ("calendar", calendar::command, calendar::run),
    ("tick", tick::command, tick::run),
    ("run", run::command, run::run),
    ("order", order::command, order::run),
    ("officer", officer::command, officer::run),
    ("signal", signal::command, signal::run),
    ("incident", incident::command, incident::run),
    ("inbox", inbox::command, inbox::run),
    ("outbox", outbox::command, outbox::run),
    ("document", document::command, document::run),
    ("explain", explain::command, explain::run),
    ("effective", effective::command, effective::run),
    ("promote", promote::command, promote::run),
    ("plan", plan::command, plan::run),
    ("apply", apply::command, apply::run),
    ("release", release::command, release::run),
    ("verify", verify::command, verify::run),
    ("ledger", ledger::command, ledger::run),
    ("backup", backup::command, backup::run),
    ("restore", restore::command, restore::run),
    ("copy", copy::command, copy::run),
    ("doctor", doctor::command, doctor::run),
    ("completions", completions::command, completions::run),
];

/// Runs the command line and returns the process's exit code.
pub fn main() -> ExitCode {
    std::panic::set_hook(Box::new(out::note_panic));
    let args: Vec<std::ffi::OsString> = std::env::args_os().collect();
    let lang = context::language(&args);
    let matches = match command(lang).try_get_matches_from(args) {
        Ok(matches) => matches,
        Err(error) => return usage(&error, lang),
    };
    let Some((name, rest)) = matches.subcommand() else { return ExitCode::from(2) };
    let run = COMMANDS.iter().find(|(known, ..)| *known == name).map(|(_, _, run)| run);
    let answer = CommandContext::new(lang, rest).and_then(|context| match run {
        Some(run) => run(&context, rest),
        None => Ok(Exit::Problems),
    });
    let unwritten = |error: &io::Error| OfficeFault::unwritable(lang.word("standard-output"), error);
    let answer = match out::broken().map(unwritten) {
        Some(fault) => Err(fault.into()),
        None => answer,
    };
    match answer {
        Ok(Exit::Done) => ExitCode::SUCCESS,
        Ok(Exit::Problems) => ExitCode::from(1),
        Err(stop) => {
            stop.print(lang);
            ExitCode::from(stop.code())
        }
    }
}

/// Prints help, with the words of it that clap says by itself in the reader's language.
fn print_help(error: &clap::Error, lang: Lang) {
    let help = error.render();
    let spelt = |text: String| {
        let text = text.replacen("[OPTIONS]", &lang.word("cli-any-options"), 1);
        text.replacen("Arguments:", &format!("{}:", lang.word("cli-arguments")), 1)
    };
    let (mut stdout, mut stderr) = (std::io::stdout(), std::io::stderr());
    let _ = match (error.use_stderr(), out::may_colour(&stdout)) {
        (true, _) => write!(stderr, "{}", spelt(help.to_string())),
        (false, true) => write!(stdout, "{}", spelt(help.ansi().to_string())),
        (false, false) => write!(stdout, "{}", spelt(help.to_string())),
    };
}

/// Says what is wrong with the arguments, in the reader's language.
fn usage(error: &clap::Error, lang: Lang) -> ExitCode {
    let kind = match error.kind() {
        ErrorKind::DisplayHelp
        | ErrorKind::DisplayVersion
        | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            // A closed pipe while printing help is nobody's mistake.
            print_help(error, lang);
            return if error.use_stderr() { ExitCode::from(2) } else { ExitCode::SUCCESS };
        }
        ErrorKind::InvalidSubcommand => "usage-command",
        ErrorKind::MissingSubcommand => "usage-subcommand",
        ErrorKind::UnknownArgument => "usage-argument",
        ErrorKind::MissingRequiredArgument => "usage-missing",
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => "usage-value",
        _ => "usage-other",
    };
    let told = |kind: ContextKind| match error.get(kind) {
        Some(ContextValue::String(text)) => text.clone(),
        Some(ContextValue::Strings(texts)) => lang::list(offered(kind, texts)),
        _ => String::new(),
    };
    let first = |kinds: &[ContextKind]| {
        kinds.iter().map(|kind| told(*kind)).find(|text| !text.is_empty()).unwrap_or_default()
    };
    let args = [
        ("what", first(&[ContextKind::InvalidSubcommand, ContextKind::InvalidArg])),
        ("value", told(ContextKind::InvalidValue)),
        ("known", first(&[ContextKind::ValidSubcommand, ContextKind::ValidValue])),
        (
            "near",
            first(&[
                ContextKind::SuggestedSubcommand,
                ContextKind::SuggestedArg,
                ContextKind::SuggestedValue,
            ]),
        ),
    ];
    out::note(&format!("{}: {}", lang.word("level-error"), lang.text(kind, &args)));
    if !args[3].1.is_empty() {
        out::note(&format!("  {}", lang.text("usage-near", &args)));
    } else if !args[2].1.is_empty() {
        out::note(&format!("  {}", lang.text("usage-known", &args)));
    }
    out::note(&format!("  {}: wubu --help", lang.word("level-help")));
    ExitCode::from(2)
}

/// Names that commands had before, which still work and are not offered.
const FORMER_NAMES: [(&str, &str); 1] = [(outbox::FORMER_NAME, "outbox")];

/// Puts what commands are called now for what they were called before.
fn offered(kind: ContextKind, names: &[String]) -> Vec<&str> {
    let are_commands = matches!(kind, ContextKind::SuggestedSubcommand | ContextKind::ValidSubcommand);
    let now = |name: &'_ str| FORMER_NAMES.iter().find(|(former, _)| are_commands && *former == name);
    let mut offered: Vec<&str> = Vec::with_capacity(names.len());
    for name in names {
        let name = now(name).map_or(name.as_str(), |(_, now)| now);
        if !offered.contains(&name) {
            offered.push(name);
        }
    }
    offered
}

/// Builds the whole command line with its texts in `lang`.
pub(crate) fn command(lang: Lang) -> Command {
    let whole = Command::new("wubu")
        .version(env!("CARGO_PKG_VERSION"))
        .about(lang.word("cli-wubu"))
        .subcommand_required(true)
        .arg_required_else_help(true)
        .disable_help_subcommand(true)
        .next_line_help(false);
    let template =
        format!("{{about}}\n\n{} {{usage}}\n\n{{all-args}}{{after-help}}\n", lang.word("cli-usage"));
    let whole = COMMANDS.iter().fold(whole, |whole, (name, build, _)| {
        let about = lang.word(&format!("cli-{name}"));
        let example = example(&format!("cli-{name}-example"), lang);
        let command = Command::new(*name).next_help_heading(lang.word("cli-options"));
        let command = build(command, lang).mut_subcommands(|below| exampled(name, below, lang));
        whole.subcommand(command.about(about).after_help(example))
    });
    translated(global_arguments(whole, lang), lang, &template)
}

/// Puts an example under a command of a command.
fn exampled(of: &str, command: Command, lang: Lang) -> Command {
    let id = format!("cli-{of}-{}-example", command.get_name());
    if lang.has(&id).0 { command.after_help(example(&id, lang)) } else { command }
}

/// Returns an example, each command of it on a line of its own.
fn example(id: &str, lang: Lang) -> StyledStr {
    let commands = lang.word(id);
    let mut text = lang.word("cli-example");
    for line in commands.lines() {
        text.push_str("\n  ");
        text.push_str(line.trim());
    }
    StyledStr::from(text)
}

/// Puts the words that clap says by itself into the reader's language, on every level.
fn translated(command: Command, lang: Lang, template: &str) -> Command {
    command
        .help_template(template.to_owned())
        .subcommand_help_heading(lang.word("cli-commands"))
        .subcommand_value_name(lang.word("cli-any-command"))
        .mut_args(|arg| spelt_out(arg, lang))
        .mut_subcommands(|below| translated(below, lang, template))
}

/// Says in the help of an argument what it may be and what it is if not given.
fn spelt_out(arg: Arg, lang: Lang) -> Arg {
    // Under a heading of their own, what is told by its place would stand in the order of the alphabet.
    let arg = if arg.is_positional() { arg } else { arg.help_heading(lang.word("cli-options")) };
    if !arg.get_action().takes_values() {
        return arg;
    }
    let arg = arg.hide_possible_values(true).hide_default_value(true);
    let mut help = arg.get_help().map(ToString::to_string).unwrap_or_default();
    let values: Vec<String> =
        arg.get_possible_values().iter().map(|value| value.get_name().to_owned()).collect();
    if !values.is_empty() {
        help.push_str(&lang.text("cli-values", &[("values", lang.list(values))]));
    }
    if let [value] = arg.get_default_values() {
        help.push_str(&lang.text("cli-default", &[("value", value.to_string_lossy())]));
    }
    arg.help(help)
}

fn global_arguments(whole: Command, lang: Lang) -> Command {
    let global = |name: &'static str| {
        Arg::new(name).long(name).global(true).help(lang.word(&format!("cli-arg-{name}")))
    };
    let help = global("help").short('h').action(ArgAction::Help);
    whole
        .disable_help_flag(true)
        .disable_version_flag(true)
        .next_help_heading(lang.word("cli-options"))
        .arg(help)
        .arg(global("version").short('V').global(false).action(ArgAction::Version))
        .arg(
            global("policy")
                .env("WUBU_POLICY")
                .hide_env(true)
                .value_name("DIR")
                .default_value(".")
                .value_hint(ValueHint::DirPath),
        )
        .arg(global("db").env("WUBU_DB").hide_env(true).value_name("URL").default_value("sqlite:wubu.db"))
        .arg(global("lang").value_name("LANG").value_parser(["zh", "en"]))
        .arg(global("at").value_name("TIME"))
        .arg(global("rehearsal").action(ArgAction::SetTrue))
        .arg(global("format").value_name("FORMAT").value_parser(["text", "json"]).default_value("text"))
}

/// What a command was given, by the name of the argument.
trait Arguments {
    /// Returns the text of an argument; none when it is not given, or the command has no such argument.
    fn text(&self, name: &str) -> Option<String>;

    /// Returns the same, empty for none.
    fn word(&self, name: &str) -> String {
        self.text(name).unwrap_or_default()
    }

    /// Returns the id of a person, as persons are compared.
    fn person(&self, name: &str) -> Option<String> {
        self.text(name).map(|id| person_id(&id))
    }

    /// Returns the same, empty for none.
    fn whose(&self, name: &str) -> String {
        self.person(name).unwrap_or_default()
    }

    /// Returns the id of a subject, as the register keeps it; empty for none.
    fn subject(&self, name: &str) -> String {
        subject_id(&self.word(name))
    }
}

impl Arguments for ArgMatches {
    fn text(&self, name: &str) -> Option<String> {
        self.try_get_one::<String>(name).ok().flatten().cloned()
    }
}

/// Returns a named argument that takes a value, with its text `cli-arg-<name>`.
fn option(name: &'static str, value: &'static str, lang: Lang) -> Arg {
    Arg::new(name).long(name).value_name(value).help(lang.word(&format!("cli-arg-{name}")))
}

/// Returns a switch, with its text `cli-arg-<name>`.
fn switch(name: &'static str, lang: Lang) -> Arg {
    Arg::new(name).long(name).action(ArgAction::SetTrue).help(lang.word(&format!("cli-arg-{name}")))
}

/// Returns a positional argument, with its text `cli-arg-<name>`.
fn positional(name: &'static str, value: &'static str, lang: Lang) -> Arg {
    Arg::new(name).value_name(value).required(true).help(lang.word(&format!("cli-arg-{name}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Cuts a command as a shell does where it has plain quotation marks.
    fn words(line: &str) -> Vec<String> {
        let mut words = vec![String::new()];
        for (nth, part) in line.split('"').enumerate() {
            let mut pieces = if nth % 2 == 0 { part.split(' ').collect() } else { vec![part] }.into_iter();
            words.last_mut().expect("one at least").push_str(pieces.next().unwrap_or_default());
            words.extend(pieces.map(str::to_owned));
        }
        words.retain(|word| !word.is_empty());
        words
    }

    /// What is typed before the shell is told where the answer goes.
    fn command_of(example: &str) -> &str {
        example.split(['>', '|']).next().unwrap_or_default()
    }

    #[test]
    fn every_command_of_a_command_has_an_example_that_can_be_typed() {
        for lang in [Lang::Zh, Lang::En] {
            let whole = command(lang);
            let below = whole.get_subcommands().flat_map(|of| [of].into_iter().chain(of.get_subcommands()));
            for one in below {
                let said = one.get_after_help().map(ToString::to_string).unwrap_or_default();
                let examples: Vec<&str> =
                    said.lines().map(str::trim).filter(|line| line.starts_with("wubu ")).collect();
                assert!(!examples.is_empty(), "{}: {said}", one.get_name());
                for example in examples {
                    let read = command(lang).try_get_matches_from(words(command_of(example)));
                    assert!(read.is_ok(), "{example}: {}", read.expect_err("just asked"));
                }
            }
        }
    }
}
