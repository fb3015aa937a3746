//! The arguments that say which orders are meant, for listing them and for acting on many.

use clap::{Arg, ArgMatches};

use super::{Arguments as _, option, switch};
use crate::lang::Lang;
use crate::office::OrderFilter;

/// Which orders are meant, whatever is done with them.
pub(super) fn filters(lang: Lang) -> Vec<Arg> {
    let limit = option("limit", "N", lang).value_parser(clap::value_parser!(u32));
    let ids = ["station", "grid", "officer", "workflow", "step"].map(|name| option(name, "ID", lang));
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
        state: None,
        overdue: matches.get_flag("overdue"),
        limit: matches.get_one::<u32>("limit").map(|limit| i64::from(*limit)),
    }
}
