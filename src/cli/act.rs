//! `wubu order act`: one act of one person on one order.

use std::path::{Path, PathBuf};

use clap::{Arg, ArgAction, ArgMatches, Command};

use super::{Arguments as _, CommandContext, CommandStop, Exit, json, option, out, positional, typed};
use crate::engine::{self, ACTS, Act, ActWords, ReadAct};
use crate::id::person_id;
use crate::lang::{Lang, with_id};
use crate::limits::FORM_ANSWER_BYTES;
use crate::office::{self, ActAnswer, ActWish, AwaitedLine, ConfirmedLine, Papers, ShortLine, UnsignedLine};
use crate::policy::ActionEffect;
use crate::store::Access;

/// A form file is read no further: the answer itself may have 64 KiB, and blanks stand between.
pub(super) const FORM_FILE_BYTES: usize = 4 * FORM_ANSWER_BYTES;

pub(super) fn command(lang: Lang) -> Command {
    let number = option("version", "N", lang).value_parser(clap::value_parser!(i64).range(1..));
    let number = number.help(lang.word("cli-arg-seen"));
    let form = option("form", "FILE", lang).value_parser(clap::value_parser!(PathBuf));
    let several = |name, value| option(name, value, lang).action(ArgAction::Append);
    Command::new("act")
        .about(lang.word("cli-order-act"))
        .disable_version_flag(true)
        .arg(positional("id", "ID", lang))
        .arg(positional("action", "ACTION", lang))
        .arg(option("as", "USER", lang).required(true))
        .arg(form.help(lang.word("cli-arg-filled")))
        .arg(several("attach", "NAME=FILE"))
        .args([option("key", "KEY", lang), number, option("step", "STEP", lang)])
        .arg(receivers(lang))
        .args([
            option("reason", "TEXT", lang),
            option("by", "LENGTH", lang),
            option("approver", "USER", lang),
        ])
        .args([
            option("document", "NUMBER", lang).help(lang.word("cli-arg-proof")),
            option("note", "TEXT", lang),
        ])
}

/// For whom something is meant: one or several people.
pub(super) fn receivers(lang: Lang) -> Arg {
    option("to", "USER,…", lang).value_delimiter(',').help(lang.word("cli-arg-receivers"))
}

/// Returns the ids of the people in `--to`, whichever mark stands between them.
pub(super) fn named_people(matches: &ArgMatches) -> Vec<String> {
    let typed = matches.get_many::<String>("to").into_iter().flatten();
    let each = typed.flat_map(|text| text.split(PEOPLE_MARKS)).map(person_id);
    each.filter(|id| !id.is_empty()).collect()
}

/// Marks that people type between ids, besides the comma.
const PEOPLE_MARKS: [char; 4] = ['、', '，', ';', '；'];

pub(super) fn run(context: &CommandContext, matches: &ArgMatches) -> Result<Exit, CommandStop> {
    let form =
        matches.get_one::<PathBuf>("form").map(|path| json::read(path, FORM_FILE_BYTES)).transpose()?;
    let opened = context.open_active(Access::Write)?;
    let cx = context.at_desk(&opened)?;
    let by = matches.whose("as");
    let id = matches.word("id");
    let order = context.block_on(office::order_key(cx, &id))?;
    let (step, visit) = step_of(matches.text("step"))?;
    let step = match step {
        Some(typed) => Some(context.block_on(office::step_named(cx, &order, &typed))?),
        None => None,
    };
    let papers = Papers {
        form,
        beside: folder_of(matches.get_one::<PathBuf>("form")),
        named: attachments(matches)?,
        step: step.clone(),
        by: by.clone(),
    };
    let handed = context.block_on(office::look_at_papers(cx, &order, papers))?;
    let to = named_people(matches);
    let words = ActWords {
        to,
        reason: matches.text("reason"),
        by: matches.text("by"),
        approver: matches.person("approver"),
        document: matches.text("document"),
        note: matches.text("note"),
        form: handed.form,
        attached: handed.attached,
    };
    let action = matches.word("action");
    let own = context.block_on(office::action_named(cx, &order, step.as_deref(), &action))?;
    let returns = own.as_ref().is_some_and(|own| own.effect == ActionEffect::Returns);
    let is_unexplained = returns && !is_explained(&words);
    let common = || typed::meant(|act| format!("act-{act}"), &ACTS, &action).map(str::to_owned);
    let action = own.map(|own| own.id).or_else(common).unwrap_or(action);
    let ReadAct { doing, note } =
        engine::read_act(&action, words).map_err(|missing| lacks(context.lang, missing.0))?;
    let act = Act { by, step, visit, note, doing };
    let version = matches.get_one::<i64>("version").copied();
    let wish = ActWish { order, act, key: matches.text("key"), version, files: handed.files };
    context.block_on(office::note_rehearsal(cx))?;
    let answer = context.block_on(office::act(cx, wish))?;
    if is_unexplained && !answer.repeated {
        out::note(&context.lang.text("act-unexplained", &[("id", answer.id.clone())]));
    }
    context.answer(&answer, |answer| print(context.lang, answer))
}

/// Returns whether work that is sent back says why: whoever has it again has to know what to change. A form says it where
/// the step has one.
fn is_explained(words: &ActWords) -> bool {
    let ActWords { reason, note, form, .. } = words;
    form.is_some() || reason.iter().chain(note).any(|said| !said.trim().is_empty())
}

/// Says which option an act lacks.
fn lacks(lang: Lang, name: &str) -> CommandStop {
    let text = match name {
        "to" => "receivers",
        "document" => "proof",
        other => other,
    };
    let what = with_id(&format!("--{name}"), &lang.word(&format!("cli-arg-{text}")));
    CommandStop::Usage("U009", vec![("what", what)])
}

fn print(lang: Lang, answer: &ActAnswer) {
    let ActAnswer { id, number, step: _, title, state, version, repeated, late, .. } = answer;
    let ActAnswer { confirmed, told, .. } = answer;
    let args = [
        ("id", id.clone()),
        ("number", number.clone()),
        ("step", title.clone()),
        ("state", lang.word(&format!("state-{state}"))),
        ("version", version.to_string()),
        ("ended", if state == "open" { "no" } else { "yes" }.to_owned()),
        ("some", if told.is_empty() { "no" } else { "yes" }.to_owned()),
        ("people", lang.list(told)),
    ];
    let told = match (state.as_str(), late) {
        (_, true) => "act-late",
        ("open", false) => "act-open",
        (_, false) => "act-ended",
    };
    out::line(&lang.text(told, &args));
    for ConfirmedLine { step, what, by } in confirmed {
        let args = [("step", step.clone()), ("what", what.clone()), ("by", by.clone())];
        out::line(&lang.text("act-confirmed", &args));
    }
    print_what_waits(lang, answer);
    if *repeated {
        out::note(&lang.word("act-repeated"));
    }
}

/// Writes who has still to confirm, who has to be named, and which documents are signed off or wait for that.
fn print_what_waits(lang: Lang, answer: &ActAnswer) {
    let ActAnswer { id, waits, short, signed, unsigned, .. } = answer;
    for AwaitedLine { step, title, what, officers, people } in waits {
        let args = [
            ("id", id.clone()),
            ("step", step.clone()),
            ("title", title.clone()),
            ("what", what.clone()),
            ("people", lang.list(people)),
            ("officer", officers.first().cloned().unwrap_or_default()),
        ];
        out::line(&lang.text("act-waits", &args));
    }
    if let Some(ShortLine { title, needed, people }) = short {
        let args = [
            ("id", id.clone()),
            ("step", title.clone()),
            ("needed", needed.to_string()),
            ("people", lang.list(people)),
        ];
        out::line(&lang.text("act-short", &args));
    }
    if !signed.is_empty() {
        out::line(&lang.text("act-signed", &[("documents", lang.list(signed))]));
    }
    for UnsignedLine { document, title, roles } in unsigned {
        let args = [("document", document.clone()), ("title", title.clone()), ("roles", lang.list(roles))];
        out::line(&lang.text("act-unsigned", &args));
    }
}

/// Reads `--step`: the id of a step, and after `#` which visit of it.
fn step_of(text: Option<String>) -> Result<(Option<String>, Option<u32>), CommandStop> {
    let Some(text) = text else { return Ok((None, None)) };
    match text.split_once('#') {
        None => Ok((Some(text), None)),
        Some((step, visit)) => match visit.parse() {
            Ok(visit) => Ok((Some(step.to_owned()), Some(visit))),
            Err(_) => Err(CommandStop::unreadable("--step", &text, "patrol#2")),
        },
    }
}

fn attachments(matches: &ArgMatches) -> Result<Vec<(String, PathBuf)>, CommandStop> {
    let given = matches.get_many::<String>("attach").into_iter().flatten();
    given
        .map(|text| match text.split_once('=') {
            Some((name, file)) => Ok((name.to_owned(), PathBuf::from(file))),
            None => Err(CommandStop::unreadable("--attach", text, "photos=1.jpg")),
        })
        .collect()
}

fn folder_of(form: Option<&PathBuf>) -> PathBuf {
    form.and_then(|path| path.parent()).map(Path::to_owned).unwrap_or_default()
}
