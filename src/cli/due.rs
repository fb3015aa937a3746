//! `wubu due`: the date arithmetic alone, from the folder's base text.

use clap::{ArgMatches, Command};
use serde_json::json;

use super::{Arguments as _, CommandContext, CommandStop, Exit, day, option, out, typed};
use crate::calendar::Length;
use crate::lang::{self, Lang};
use crate::policy::{Attribute, Every, Policy, Recur};
use crate::terms;

pub(super) fn command(command: Command, lang: Lang) -> Command {
    command.args([
        option("since", "DATE", lang).required(true),
        option("tier", "ID", lang).required(true),
        option("trigger", "WORKFLOW/ID", lang),
        option("every", "LENGTH", lang),
    ])
}

pub(super) fn run(context: &CommandContext, matches: &ArgMatches) -> Result<Exit, CommandStop> {
    let since = day(&matches.word("since"), "--since")?;
    let live = context.folder()?;
    let policy = &live.policy;
    let recur = trigger(policy, matches.get_one::<String>("trigger"))?;
    let wanted = typed::tier(policy, matches.word("tier"));
    let Some((_, tier)) = policy.tier(&wanted) else {
        let known: Vec<&str> = policy.tiers.order.iter().map(|tier| tier.id.as_str()).collect();
        return Err(unknown(context, "tier", wanted, &known));
    };
    let every = match recur.every {
        Every::TierCycle => tier.cycle,
        Every::Length(length) => length,
        Every::Attribute(at) => own_cycle(context, matches, &policy.attributes[at.ix()])?,
    };
    let dates = terms::patrol_dates(since, recur, every, &policy.calendar);
    let calendar = calendar_name(policy);
    let answer = json!({
        "nominal": dates.nominal, "due": dates.due, "issue_on": dates.issue_on,
        "window": {"from": dates.issue_on, "to": dates.due},
        "provisional": dates.provisional, "calendar": calendar,
    });
    context.answer(&answer, |_| {
        let say = |name: &str, value: String| out::field(context.lang, name, &value);
        say("nominal", dates.nominal.to_string());
        say("due", dates.due.to_string());
        say("issue", dates.issue_on.to_string());
        say("window", format!("{} … {}", dates.issue_on, dates.due));
        say("calendar", calendar);
        if dates.provisional {
            out::line(&context.lang.word("provisional"));
        }
    })
}

/// Reads the cycle of a subject that has its own.
fn own_cycle(
    context: &CommandContext,
    matches: &ArgMatches,
    attribute: &Attribute,
) -> Result<Length, CommandStop> {
    let written = matches.word("every");
    let length: Option<Length> = written.parse().ok();
    length.filter(|length| length.count > 0).ok_or_else(|| {
        let known = [format!("{} {}", context.lang.word("head-every"), attribute.title)];
        unknown(context, "every", written, &known.each_ref().map(String::as_str))
    })
}

/// Returns the calendar's id with its revision, as every computed date names it.
pub(super) fn calendar_name(policy: &Policy) -> String {
    format!("{}@{}", policy.bureau.calendar, policy.calendar.revision.short())
}

/// Makes the usage error for a name that is not in a list.
pub(super) fn unknown<W: AsRef<str>>(
    context: &CommandContext,
    what: &str,
    name: String,
    known: &[W],
) -> CommandStop {
    let what = context.lang.word(&format!("head-{what}"));
    CommandStop::Usage("U004", vec![("what", what), ("name", name), ("known", lang::list(known))])
}

fn trigger<'p>(policy: &'p Policy, wanted: Option<&String>) -> Result<&'p Recur, CommandStop> {
    let all: Vec<(String, &Recur)> = policy
        .recurring()
        .map(|(workflow, trigger, recur)| (format!("{}/{}", workflow.id, trigger.id), recur))
        .collect();
    let known = || lang::list(all.iter().map(|(name, _)| name));
    match (wanted, all.as_slice()) {
        (None, [(_, only)]) => Ok(only),
        (None, _) => Err(CommandStop::Usage("U005", vec![("known", known())])),
        (Some(wanted), _) => {
            all.iter().find(|(name, _)| name == wanted).map(|(_, recur)| *recur).ok_or_else(|| {
                let args = [("what", "--trigger".to_owned()), ("name", wanted.clone()), ("known", known())];
                CommandStop::Usage("U004", args.to_vec())
            })
        }
    }
}
