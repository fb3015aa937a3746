//! The arguments that say which orders are meant, for listing them and for acting on many.

use clap::{Arg, ArgMatches};

use super::{Arguments as _, CommandContext, CommandStop, option, out, switch};
use crate::diag::nearest;
use crate::lang::{self, Lang};
use crate::office::{self, ActContext, OrderFilter};
use crate::policy::Policy;

/// Which orders are meant, whatever is done with them.
pub(super) fn filters(lang: Lang) -> Vec<Arg> {
    let limit = option("limit", "N", lang).value_parser(clap::value_parser!(u32));
    let ids = ["station", "grid", "officer", "workflow", "step", "tier"].map(|name| option(name, "ID", lang));
    ids.into_iter().chain([limit, switch("overdue", lang)]).collect()
}

/// Reads which orders are meant, in any state.
pub(super) fn filter_of(matches: &ArgMatches) -> OrderFilter {
    OrderFilter {
        station: matches.text("station"),
        grid: matches.text("grid"),
        officer: matches.person("officer"),
        workflow: matches.text("workflow"),
        step: matches.text("step"),
        tier: matches.text("tier"),
        state: None,
        overdue: matches.get_flag("overdue"),
        limit: matches.get_one::<u32>("limit").map(|limit| i64::from(*limit)),
    }
}

/// Notes what is asked for and the policy in force does not have: a list of nothing would say less. Orders of before
/// may have it, so nothing is refused.
pub(super) fn note_unknown(lang: Lang, policy: &Policy, matches: &ArgMatches) {
    let tiers: Vec<&str> = policy.tiers.order.iter().map(|tier| tier.id.as_str()).collect();
    let workflows: Vec<&str> = policy.workflows.iter().map(|workflow| workflow.id.as_str()).collect();
    let steps: Vec<&str> =
        policy.workflows.iter().flat_map(|w| &w.steps).map(|step| step.id.as_str()).collect();
    for (name, known) in [("tier", tiers), ("workflow", workflows), ("step", steps)] {
        let Some(wanted) = matches.text(name).filter(|wanted| !known.contains(&wanted.as_str())) else {
            continue;
        };
        let args =
            [("what", lang.word(&format!("head-{name}"))), ("name", wanted), ("known", lang::list(known))];
        out::note(&lang.text("filter-unknown", &args));
    }
}

/// Notes a person whom the register does not have, with whom may have been meant.
pub(super) fn note_stranger(
    context: &CommandContext,
    cx: ActContext<'_>,
    officer: Option<String>,
) -> Result<(), CommandStop> {
    let Some(officer) = officer else { return Ok(()) };
    let known = context.block_on(office::officers(cx, None))?;
    if known.iter().any(|line| line.id == officer) {
        return Ok(());
    }
    let near = nearest(&officer, known.iter().map(|line| line.id.as_str())).map(str::to_owned);
    let is_near = if near.is_some() { "yes" } else { "no" }.to_owned();
    let args = [("near", is_near), ("nearest", near.unwrap_or_default()), ("officer", officer)];
    out::note(&context.lang.text("R110", &args));
    Ok(())
}
