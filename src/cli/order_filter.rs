//! The arguments that say which orders are meant, for listing them and for acting on many.

use clap::{Arg, ArgMatches};

use super::{Arguments as _, option, out, switch, typed};
use crate::lang::{self, Lang};
use crate::office::OrderFilter;
use crate::policy::Policy;

/// Which orders are meant, whatever is done with them.
pub(super) fn filters(lang: Lang) -> Vec<Arg> {
    let limit = option("limit", "N", lang).value_parser(clap::value_parser!(u32));
    let ids = ["station", "grid", "officer", "workflow", "step", "tier"].map(|name| option(name, "ID", lang));
    ids.into_iter().chain([limit, switch("overdue", lang)]).collect()
}

/// Reads which orders are meant, in any state.
pub(super) fn filter_of(policy: &Policy, matches: &ArgMatches) -> OrderFilter {
    OrderFilter {
        station: matches.text("station"),
        grid: matches.text("grid"),
        officer: matches.person("officer"),
        workflow: matches.text("workflow").map(|typed| typed::workflow(policy, typed)),
        step: matches.text("step").map(|typed| typed::step(policy, typed)),
        tier: matches.text("tier").map(|typed| typed::tier(policy, typed)),
        state: None,
        overdue: matches.get_flag("overdue"),
        limit: matches.get_one::<u32>("limit").map(|limit| i64::from(*limit)),
    }
}

/// Notes what is asked for and the policy in force does not have: a list of nothing would say less. Orders of before
/// may have it, so nothing is refused.
pub(super) fn note_unknown(lang: Lang, policy: &Policy, matches: &ArgMatches) {
    let named = |id: &str, title: &str| (id.to_owned(), title.to_owned());
    let tiers = policy.tiers.order.iter().map(|tier| named(&tier.id, &tier.title));
    let workflows = policy.workflows.iter().map(|workflow| named(&workflow.id, &workflow.title));
    let steps = policy.workflows.iter().flat_map(|w| &w.steps).map(|step| named(&step.id, &step.title));
    let all: [(&str, Vec<(String, String)>); 3] =
        [("tier", tiers.collect()), ("workflow", workflows.collect()), ("step", steps.collect())];
    for (name, known) in all {
        let Some(typed) = matches.text(name) else { continue };
        let wanted = match name {
            "tier" => typed::tier(policy, typed),
            "workflow" => typed::workflow(policy, typed),
            _ => typed::step(policy, typed),
        };
        note_unless_known(lang, name, &wanted, &known);
    }
}

/// Most names that are told instead of one that nothing has; those that are like it come first.
const KNOWN_MAX: usize = 12;

/// Notes a name that none of those known is, with those that have it in theirs, else with the first of all.
pub(super) fn note_unless_known(lang: Lang, name: &str, wanted: &str, known: &[(String, String)]) {
    if known.iter().any(|(id, _)| id == wanted) {
        return;
    }
    let is_like = |(id, title): &&(String, String)| id.contains(wanted) || title.contains(wanted);
    let like: Vec<&(String, String)> = known.iter().filter(is_like).collect();
    let told = if like.is_empty() { known.iter().collect() } else { like };
    let more = if told.len() > KNOWN_MAX { "…" } else { "" };
    let told = told.into_iter().take(KNOWN_MAX).map(|(id, title)| lang::with_id(title, id));
    let known = lang::list(told) + more;
    let args = [("what", lang.word(&format!("head-{name}"))), ("name", wanted.to_owned()), ("known", known)];
    out::note(&lang.text(if name == "state" { "filter-unknown-state" } else { "filter-unknown" }, &args));
}
