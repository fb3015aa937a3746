//! `wubu explain order|subject`.

use clap::{ArgMatches, Command};

use super::due::unknown;
use super::{
    Arguments as _, CommandContext, CommandStop, Exit, day, option, out, positional, stop, subject, typed,
};
use crate::explain::DecisionReason;
use crate::lang::Lang;
use crate::office::{
    self, ActContext, Alternatives, DateAlternative, InputChange, OfficerStanding, OpenedBy, OverlayName,
    OverlayReason, StaffingLine, SubjectQuestion, TermReason, TierAlternative, UndecidedReason, Why,
};
use crate::policy::Policy;
use crate::store::Access;
use crate::time::{Day, Stamp};

pub(super) fn command(command: Command, lang: Lang) -> Command {
    let about = |name: &str| lang.word(&format!("cli-explain-{name}"));
    let order = Command::new("order").about(about("order")).arg(positional("id", "ID", lang));
    let order = order.arg(option("officer", "USER", lang).help(lang.word("cli-arg-why-officer")));
    let subject = Command::new("subject")
        .about(about("subject"))
        .arg(positional("id", "ID", lang))
        .arg(option("on", "DATE", lang))
        .arg(option("tier", "ID", lang).help(lang.word("cli-arg-why-tier")))
        .arg(option("before", "DATE", lang).help(lang.word("cli-arg-why-before")));
    command.subcommand_required(true).subcommands([order, subject])
}

pub(super) fn run(context: &CommandContext, matches: &ArgMatches) -> Result<Exit, CommandStop> {
    let opened = context.open_active(Access::Read)?;
    let cx = context.act(&opened)?;
    let why = match matches.subcommand() {
        Some(("order", rest)) => {
            let id = rest.word("id");
            if let Some(officer) = rest.person("officer") {
                let standing = context.block_on(office::officer_standing(cx, &id, &officer))?;
                return context.answer(&standing, |standing| print_standing(context.lang, standing));
            }
            context.block_on(office::why_order(cx, &id))?
        }
        Some((_, rest)) => {
            let id = rest.subject("id");
            let cx = match rest.get_one::<String>("on") {
                Some(text) => {
                    ActContext::new(cx.store, cx.live, Stamp::day_end(day(text, "--on")?, cx.zone()))
                }
                None => cx,
            };
            let tier = rest.text("tier").map(|typed| typed::tier(cx.policy(), typed));
            if let Some(tier) = tier.as_ref().filter(|tier| cx.policy().tier(tier).is_none()) {
                let known: Vec<&str> = cx.policy().tiers.order.iter().map(|tier| tier.id.as_str()).collect();
                return Err(unknown(context, "tier", tier.clone(), &known));
            }
            let before = rest.text("before").map(|text| day(&text, "--before")).transpose()?;
            let question = SubjectQuestion { id: &id, tier: tier.as_deref(), before };
            context.block_on(office::why_subject(cx, question))?
        }
        None => return Ok(Exit::Done),
    };
    let titles = InputTitles { lang: context.lang, attributes: subject::titles(context.lang, cx.policy()) };
    context.answer(&why, |why| print(cx.policy(), why, &titles))
}

/// What the inputs of rules are called.
struct InputTitles {
    lang: Lang,
    /// Attributes of subjects, by id.
    attributes: Vec<(String, String)>,
}

impl InputTitles {
    /// Says the name of an input as people do: `overdue_count(12 个月)` as times overdue within twelve months.
    fn of(&self, input: &str) -> String {
        let attribute = |id: &str| self.attributes.iter().find(|(known, _)| known == id);
        if let Some((_, title)) = attribute(input) {
            return title.clone();
        }
        let (head, rest) = input.split_once('(').unwrap_or((input, ""));
        let id = format!("read-{head}");
        if !self.lang.has(&id).0 {
            return input.to_owned();
        }
        let (inner, bound) = rest.split_once(')').unwrap_or((rest, ""));
        let of = self.lang.list(inner.split(", ").map(|word| self.word(word)));
        let said = self.lang.text(&id, &[("of", of)]);
        format!("{said}{bound}")
    }

    /// Says one word of an input: an attribute or a field of the register by its title.
    fn word(&self, word: &str) -> String {
        let field = format!("read-{word}");
        let title = self.attributes.iter().find(|(known, _)| known == word).map(|(_, title)| title.clone());
        title
            .unwrap_or_else(|| if self.lang.has(&field).0 { self.lang.word(&field) } else { word.to_owned() })
    }
}

/// Says a value as people do: yes and no, and what the days of a firing are.
fn value(lang: Lang, value: &str) -> String {
    match value {
        "true" => lang.word("yes"),
        "false" => lang.word("no"),
        "()" => lang.word("unknown"),
        _ => match value.split(" → ").collect::<Vec<_>>()[..] {
            [nominal, due, issue] if nominal.parse::<Day>().is_ok() => {
                lang.text("why-days", &[("nominal", nominal), ("due", due), ("issue", issue)])
            }
            _ => value.to_owned(),
        },
    }
}

/// Letters of a digest that people are shown.
const SHORT: usize = 12;

/// Says in a sentence what the outcome is.
pub(super) fn sentence(lang: Lang, policy: &Policy, why: &Why) -> String {
    let shown = |name: &str, value: &str| match name {
        "at" => out::minute(value),
        "trigger" => out::trigger(policy, value),
        _ => value.to_owned(),
    };
    let mut args: Vec<(&str, String)> =
        why.args.iter().map(|(name, value)| (*name, shown(name, value))).collect();
    let is_dated = why.args.iter().any(|(name, value)| *name == "nominal" && value.parse::<Day>().is_ok());
    args.push(("dated", if is_dated { "yes" } else { "no" }.to_owned()));
    let id = match &why.opened_by {
        None => format!("why-{}", why.outcome),
        Some(by) => {
            args.extend(opener(lang, by));
            "why-opened-by".to_owned()
        }
    };
    lang.text(&id, &args)
}

/// Writes why, with the titles of what rules read of a subject.
fn print(policy: &Policy, why: &Why, titles: &InputTitles) {
    let lang = titles.lang;
    out::line(&sentence(lang, policy, why));
    if let Some(reason) = &why.reason {
        out::line(&lang.text("why-reason", &[("reason", reason)]));
    }
    if let Some(reason) = &why.undecided {
        print_undecided(reason, titles);
    }
    out::line("");
    // What one line came to, passed several times, stands behind it.
    let is_same =
        |one: &DecisionReason, other: &DecisionReason| (&one.file, one.line) == (&other.file, other.line);
    for lines in why.because.chunk_by(is_same) {
        let Some(because) = lines.first() else { continue };
        out::line(&format!("  {}:{}  {}", because.file, because.line, because.text));
        let values = lines.iter().filter(|line| !line.value.is_empty());
        let values: Vec<String> = values.map(|line| value(lang, &line.value)).collect();
        if !values.is_empty() {
            out::line(&format!("      = {}", values.join(" → ")));
        }
    }
    print_overlays(lang, &why.overlays);
    print_terms(lang, &why.terms);
    if let Some(alternatives) = &why.alternatives {
        print_alternatives(policy, alternatives, titles);
    }
    if !why.inputs.is_empty() {
        out::line("");
        out::line(&lang.word("why-inputs"));
    }
    for (name, read) in &why.inputs {
        out::line(&format!("  {} = {}", titles.of(name), value(lang, read)));
    }
    out::line(&format!("{} {}", lang.word("head-policy"), why.policy.get(..SHORT).unwrap_or(&why.policy)));
    out::line(&format!("{} {}", lang.word("head-calendar"), why.calendar));
}

/// Writes what would have to be otherwise.
fn print_alternatives(policy: &Policy, alternatives: &Alternatives, titles: &InputTitles) {
    let Alternatives { tier, condition, before } = alternatives;
    let lang = titles.lang;
    out::line("");
    if let Some(inputs) = condition {
        let id = if inputs.is_empty() { "instead-condition-none" } else { "instead-condition" };
        out::line(&lang.word(id));
        print_changes(inputs, titles);
    }
    let shown = |id: &str| policy.tier(id).map_or_else(|| id.to_owned(), |(_, t)| out::tier_shown(lang, t));
    if let Some(TierAlternative { tier, is_held, inputs }) = tier {
        let id = match (is_held, inputs.as_slice()) {
            (true, _) => "instead-tier-held",
            (false, []) => "instead-tier-none",
            (false, _) => "instead-tier",
        };
        out::line(&lang.text(id, &[("tier", shown(tier))]));
        print_changes(inputs, titles);
    }
    if let Some(DateAlternative { day, tiers, last_visit }) = before {
        let is_none = tiers.is_empty() && last_visit.is_none();
        let id = if is_none { "instead-before-none" } else { "instead-before" };
        out::line(&lang.text(id, &[("day", day.to_string())]));
        for (tier, issue) in tiers {
            let args = [("tier", shown(tier)), ("issue", issue.to_string())];
            out::line(&format!("  {}", lang.text("instead-before-tier", &args)));
        }
        if let Some(on) = last_visit {
            out::line(&format!("  {}", lang.text("instead-before-visit", &[("on", on.to_string())])));
        }
    }
}

/// How many values of an input are named.
const VALUES_NAMED: usize = 6;

fn print_changes(changes: &[InputChange], titles: &InputTitles) {
    let lang = titles.lang;
    for InputChange { input, from, to } in changes {
        let named = lang.list(to.iter().take(VALUES_NAMED).map(|to| value(lang, to)));
        let args = [
            ("input", titles.of(input)),
            ("from", value(lang, from)),
            ("to", named),
            ("some", if to.len() > VALUES_NAMED { "yes" } else { "no" }.to_owned()),
            ("more", to.len().saturating_sub(VALUES_NAMED).to_string()),
        ];
        out::line(&format!("  {}", lang.text("instead-input", &args)));
    }
}

/// Writes why somebody has an order or has not.
fn print_standing(lang: Lang, standing: &OfficerStanding) {
    let OfficerStanding { officer, choices, against, may_take } = standing;
    for StaffingLine { step, visit, at, place, reason, chosen } in choices {
        let reason = reason.as_deref().map(|reason| out::exclusion(lang, reason)).unwrap_or_default();
        let args = [
            ("officer", officer.clone()),
            ("step", step.clone()),
            ("visit", visit.to_string()),
            ("at", out::minute(at)),
            ("reason", reason),
            ("chosen", lang.list(chosen)),
        ];
        out::line(&lang.text(&format!("choice-{}", <&str>::from(place)), &args));
    }
    match (may_take, against) {
        (None, _) => {}
        (Some(true), _) => out::line(&lang.text("choice-may-take", &[("officer", officer)])),
        (Some(false), against) => {
            out::line(&lang.text("choice-may-not-take", &[("officer", officer)]));
            if let Some(refusal) = against {
                stop::refused(refusal, lang);
            }
        }
    }
}

/// Says what opened an order that no trigger did: how, and the words of that.
fn opener(lang: Lang, by: &OpenedBy) -> Vec<(&'static str, String)> {
    match by {
        OpenedBy::Order { order, number, step, say } => vec![
            ("how", "order".to_owned()),
            ("parent", order.clone()),
            ("from", number.clone()),
            ("step", step.clone()),
            ("some", if say.is_some() { "yes" } else { "no" }.to_owned()),
            ("say", say.clone().unwrap_or_default()),
        ],
        OpenedBy::Hand { by } => vec![("how", "hand".to_owned()), ("by", by.clone())],
        OpenedBy::Signal { signal } => {
            vec![("how", "signal".to_owned()), ("signal", out::signal(lang, signal))]
        }
    }
}

/// Says why the rules have no answer: the problem, its line, what is not there, and what to do.
fn print_undecided(reason: &UndecidedReason, titles: &InputTitles) {
    let UndecidedReason { cause: _, code, file, line, text, missing, args } = reason;
    let lang = titles.lang;
    let said = [("cause", format!("{} [{code}]", lang.text(code, args)))];
    out::line(&lang.text("undecided-since", &said));
    let place = [("file", file.clone()), ("line", line.to_string()), ("text", text.clone())];
    out::line(&format!("  {}", lang.text("undecided-line", &place)));
    if !missing.is_empty() {
        let names = lang.list(missing.iter().map(|name| titles.of(name)));
        out::line(&format!("  {}", lang.text("undecided-lacks", &[("names", names)])));
    }
    out::line(&format!("  {}: {}", lang.word("level-help"), lang.help(code, args)));
}

fn print_overlays(lang: Lang, overlays: &[OverlayReason]) {
    for OverlayReason { address, says, file, line, bureau, overlay } in overlays {
        let (address, file, line) = (address.clone(), file.clone(), line.to_string());
        let some = if says.is_some() { "yes" } else { "no" }.to_owned();
        let says = says.clone().unwrap_or_default();
        let mut args =
            vec![("address", address), ("some", some), ("says", says), ("file", file), ("line", line)];
        args.extend(bureau.iter().map(|bureau| ("bureau", bureau.clone())));
        args.extend(overlay.iter().flat_map(|name| {
            let OverlayName { overlay, from, to, reason, author } = name.clone();
            let days = [("from", from.to_string()), ("to", to.to_string())];
            days.into_iter().chain([("overlay", overlay), ("reason", reason), ("author", author)])
        }));
        let text = if overlay.is_some() { "why-overlay" } else { "why-overruled" };
        out::line(&format!("  {}", lang.text(text, &args)));
    }
}

fn print_terms(lang: Lang, terms: &[TermReason]) {
    for TermReason { step, end, source, of } in terms {
        let some = if of.is_empty() { "no" } else { "yes" };
        let args = [("step", step.clone()), ("end", end.to_string()), ("source", source.clone())];
        let args: Vec<_> =
            args.into_iter().chain([("of", lang.list(of)), ("some", some.to_owned())]).collect();
        out::line(&format!("  {}", lang.text("why-term", &args)));
    }
}
