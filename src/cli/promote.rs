//! `wubu promote`: a station's measure proposed to the bureau. It activates nothing.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use clap::{ArgAction, ArgMatches, Command};
use serde::Serialize;

use super::promote_text::{
    ADOPTIONS, cases, checked, clauses, counted, groups, head, hindrances, of_clause, periods, removed,
    share, stations,
};
use super::{
    Arguments as _, CommandContext, CommandStop, Exit, OpenDatabase, due, option, out, positional,
    promote_page, stop,
};
use crate::diag::render;
use crate::documents::MEETING_MARK;
use crate::lang::{self, Lang};
use crate::office::{
    self, ActContext, ActiveRelease, AdoptionLine, OfficeFault, PromotedText, PromotionProposal,
    PromotionReport, PromotionWish, Timeliness,
};
use crate::policy::{Policy, TextHunk};
use crate::store::Access;

pub(super) fn command(command: Command, lang: Lang) -> Command {
    command
        .arg(positional("overlay", "STATIONS/X", lang))
        .arg(option("only", "ADDRESS", lang).action(ArgAction::Append))
        .arg(option("out", "DIR", lang).help(lang.word("cli-arg-out-folder")))
        .arg(option("html", "FILE", lang))
}

/// The answer in JSON.
#[derive(Serialize)]
struct PromoteAnswer<'a> {
    #[serde(flatten)]
    report: &'a PromotionReport,
    /// What checking the proposal says that checking the folder does not.
    problems: Vec<render::Report>,
    out: Option<&'a str>,
    html: Option<&'a str>,
}

pub(super) fn run(context: &CommandContext, matches: &ArgMatches) -> Result<Exit, CommandStop> {
    let (dir, page) = (matches.text("out"), matches.text("html"));
    if let Some(dir) = dir.as_ref().filter(|dir| is_used(Path::new(dir))) {
        return Err(CommandStop::Usage("U003", vec![("dir", dir.clone())]));
    }
    if let Some(page) = &page {
        stop::refuse_other_file(Path::new(page), MEETING_MARK)?;
    }
    let live = context.folder()?;
    let overlay = overlay(context, &live.policy, matches.word("overlay"))?;
    let only = only(context, &live.policy, overlay, matches)?;
    let today = context.now(live.policy.bureau.zone)?.day_in(live.policy.bureau.zone);
    let opened = database(context)?;
    let cx = opened.as_ref().map(|opened| context.act(opened)).transpose()?;
    let wish = PromotionWish { live: &live, overlay, only: &only, today };
    let (report, proposal) = context.block_on(office::promote(wish, cx))?;
    if let Some(dir) = &dir {
        write_folder(Path::new(dir), &live, &proposal)?;
    }
    if let Some(page) = &page {
        let html = promote_page::page(context.lang, &report, &proposal)?;
        fs::write(page, html).map_err(|error| OfficeFault::unwritable(page, error))?;
    }
    let problems = &proposal.checked.diagnostics;
    let answer = PromoteAnswer {
        report: &report,
        problems: problems
            .iter()
            .map(|told| render::report(told, &proposal.checked.sources, context.lang))
            .collect(),
        out: dir.as_deref(),
        html: page.as_deref(),
    };
    context.answer(&answer, |answer| print(context.lang, answer, &proposal, cx))?;
    let is_promoted = report.lines.iter().any(|line| line.hindrance.is_none());
    Ok(if report.is_sound && is_promoted { Exit::Done } else { Exit::Problems })
}

fn is_used(folder: &Path) -> bool {
    folder.is_file() || folder.read_dir().is_ok_and(|mut entries| entries.next().is_some())
}

/// Finds an overlay: by its id, its file, its station's folder or its station.
fn overlay(context: &CommandContext, policy: &Policy, named: String) -> Result<usize, CommandStop> {
    let name = named.trim_end_matches('/').trim_start_matches("./");
    let folder = name.strip_suffix("/overlay.yaml").unwrap_or(name);
    let station = folder.strip_prefix("stations/").unwrap_or(folder);
    let all = || policy.overlays.iter().enumerate();
    let by_id: Vec<usize> = all().filter(|(_, overlay)| overlay.id == named).map(|(at, _)| at).collect();
    let by_station = all().filter(|(_, overlay)| overlay.station == station).map(|(at, _)| at);
    let found = if by_id.is_empty() { by_station.collect() } else { by_id };
    let titled = |at: usize| lang::with_id(&policy.overlays[at].id, &policy.overlays[at].station);
    match found[..] {
        [one] => Ok(one),
        [] => {
            let known: Vec<String> = all().map(|(at, _)| titled(at)).collect();
            Err(due::unknown(context, "overlay", named, &known))
        }
        _ => {
            let known = lang::list(found.iter().map(|at| &policy.overlays[*at].id));
            Err(CommandStop::Usage("U014", vec![("name", named), ("known", known)]))
        }
    }
}

/// Returns the addresses that are asked for; each has to be one of the overlay's.
fn only(
    context: &CommandContext,
    policy: &Policy,
    overlay: usize,
    matches: &ArgMatches,
) -> Result<BTreeSet<String>, CommandStop> {
    let known: Vec<&String> = policy.overlays[overlay].changes.iter().map(|change| &change.address).collect();
    let asked: BTreeSet<String> = matches.get_many("only").into_iter().flatten().cloned().collect();
    match asked.iter().find(|asked| !known.contains(asked)) {
        Some(unknown) => Err(due::unknown(context, "overlay-line", unknown.clone(), &known)),
        None => Ok(asked),
    }
}

/// Opens the database, where there is one in which something was activated.
fn database(context: &CommandContext) -> Result<Option<OpenDatabase>, CommandStop> {
    if !context.has_database() {
        return Ok(None);
    }
    let store = context.store(Access::Read)?;
    let live = context.block_on(office::live(&store))?;
    Ok(live.map(|live| OpenDatabase { store, live: live.into(), passing: None }))
}

/// Writes the whole folder as it would be, with the lists it names.
fn write_folder(
    folder: &Path,
    live: &ActiveRelease,
    proposal: &PromotionProposal,
) -> Result<(), CommandStop> {
    for (path, bytes) in proposal.texts.iter().chain(&live.places) {
        let target = folder.join(path);
        let parent = target.parent().unwrap_or(folder);
        fs::create_dir_all(parent)
            .and_then(|()| fs::write(&target, bytes))
            .map_err(|error| OfficeFault::unwritable(target.display(), error))?;
    }
    Ok(())
}

fn print(lang: Lang, answer: &PromoteAnswer<'_>, proposal: &PromotionProposal, cx: Option<ActContext<'_>>) {
    let report = answer.report;
    out::line(&head(lang, report));
    let indented = |lines: Vec<String>| lines.iter().for_each(|line| out::line(&format!("  {line}")));
    let clauses = clauses(lang, report);
    out::line(&lang.text("promote-clauses", &[("count", clauses.len().to_string())]));
    indented(clauses);
    let hindrances = hindrances(lang, report);
    if !hindrances.is_empty() {
        out::line(&lang.word("promote-hindered"));
        indented(hindrances);
    }
    match (&report.timeliness, cx) {
        (Some(timeliness), _) => print_timeliness(lang, timeliness),
        (None, Some(_)) => out::line(&lang.word("promote-not-begun")),
        (None, None) => out::line(&lang.word("promote-no-database")),
    }
    if !report.adoption.is_empty() {
        out::line(&lang.word("promote-adoption"));
        indented(adoption(lang, report));
    }
    out::line(&lang.word("promote-texts"));
    for PromotedText { file, hunks } in &report.texts {
        for TextHunk { line, old, new } in hunks {
            out::line(&format!("  {file}:{line}"));
            let old = old.iter().map(|text| format!("  - {text}"));
            for text in old.chain(new.iter().map(|text| format!("  + {text}"))) {
                out::line(&text);
            }
        }
    }
    indented(removed(lang, report));
    for told in &proposal.checked.diagnostics {
        out::problem(told, &proposal.checked.sources, lang);
    }
    out::line(&checked(lang, report));
    indented(cases(lang, report));
    for (id, file) in [("promote-written", answer.out), ("promote-page", answer.html)] {
        if let Some(file) = file {
            out::line(&lang.text(id, &[("file", file)]));
        }
    }
    let written = if answer.out.is_some() { "yes" } else { "no" };
    let args = [("written", written), ("folder", answer.out.unwrap_or_default())];
    out::line(&lang.text("promote-next", &args));
}

fn print_timeliness(lang: Lang, timeliness: &Timeliness) {
    out::line(&lang.word("promote-timeliness"));
    out::line(&format!("  {}", periods(lang, timeliness)));
    let head = [String::new()].into_iter().chain(groups(lang)).collect::<Vec<_>>();
    let rows = timeliness.lines.iter().map(|line| {
        let shares = [line.with, line.before, line.others].map(|on_time| share(lang, on_time));
        [format!("  {}", counted(lang, line))].into_iter().chain(shares).collect::<Vec<_>>()
    });
    out::table_of(&[head].into_iter().chain(rows).collect::<Vec<_>>());
}

fn adoption(lang: Lang, report: &PromotionReport) -> Vec<String> {
    if report.adoption.iter().all(|line| line.stations.is_empty()) {
        return vec![lang.word("adopted-nobody")];
    }
    let line = |line: &AdoptionLine| {
        let groups = ADOPTIONS.iter().filter_map(|adoption| {
            let stations = stations(lang, line, *adoption);
            let word: &str = (*adoption).into();
            let args = [("stations", stations.as_str())];
            (!stations.is_empty()).then(|| lang.text(&format!("adopted-{word}"), &args))
        });
        let said = groups.collect::<Vec<_>>().join(&lang.word("adopted-between"));
        lang.text("adopted-line", &[("clause", of_clause(lang, report, line)), ("said", said)])
    };
    report.adoption.iter().map(line).collect()
}
