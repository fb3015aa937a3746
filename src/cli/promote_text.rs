//! The words of a promotion, on the terminal and on the page.

use super::effective::clause;
use crate::lang::{self, Lang};
use crate::office::{
    AdoptionLine, CaseLine, EffectiveLine, OnTime, OverlayName, PromotionLine, PromotionReport, Timeliness,
    TimelinessLine,
};
use crate::policy::Adoption;

/// Says whose measure it is, and who answers for it.
pub(super) fn head(lang: Lang, report: &PromotionReport) -> String {
    let OverlayName { overlay, from, to, reason, author } = report.overlay.clone();
    let args = [
        ("station", lang::with_id(&report.title, &report.station)),
        ("overlay", overlay),
        ("from", from.to_string()),
        ("to", to.to_string()),
        ("reason", reason),
        ("author", author),
    ];
    lang.text("promote-head", &args)
}

/// Writes what the bureau would say as numbered clauses, each with what it says now.
pub(super) fn clauses(lang: Lang, report: &PromotionReport) -> Vec<String> {
    let clause = |(at, line): (usize, &EffectiveLine)| {
        let was = line.was.clone().unwrap_or_else(|| "none".to_owned());
        let aside = lang.text("effective-aside", &[("text", lang.text("promote-was", &[("was", was)]))]);
        format!("{}{aside}", clause(lang, at + 1, line))
    };
    report.clauses.iter().enumerate().map(clause).collect()
}

/// Says what stays with the station, why, and what to do.
pub(super) fn hindrances(lang: Lang, report: &PromotionReport) -> Vec<String> {
    let line = |PromotionLine { address, line, hindrance }: &PromotionLine| {
        let args = [("address", address.clone()), ("file", report.file.clone()), ("line", line.to_string())];
        Some(lang.text(&format!("hindrance-{}", (*hindrance)?), &args))
    };
    let script = |file: &String| lang.text("hindrance-script", &[("file", file)]);
    report.lines.iter().filter_map(line).chain(report.scripts.iter().map(script)).collect()
}

/// Says which files would go.
pub(super) fn removed(lang: Lang, report: &PromotionReport) -> Vec<String> {
    report.removed.iter().map(|file| lang.text("promote-removed", &[("file", file)])).collect()
}

/// Most cases that are named; `wubu test` names all.
const CASES_MAX: usize = 5;

/// Says which cases would not pass any more.
pub(super) fn cases(lang: Lang, report: &PromotionReport) -> Vec<String> {
    let case = |CaseLine { name, file, line }: &CaseLine| {
        lang.text(
            "promote-case",
            &[("name", name.clone()), ("file", file.clone()), ("line", line.to_string())],
        )
    };
    let more = report.cases.len().saturating_sub(CASES_MAX);
    let more = (more > 0).then(|| lang.text("promote-more-cases", &[("count", more.to_string())]));
    report.cases.iter().take(CASES_MAX).map(case).chain(more).collect()
}

/// Says whether the proposal stands the check.
pub(super) fn checked(lang: Lang, report: &PromotionReport) -> String {
    let stand = match (report.is_sound, report.cases.is_empty()) {
        (false, _) => "no",
        (true, true) => "yes",
        (true, false) => "cases",
    };
    lang.text("promote-checked", &[("stand", stand.to_owned()), ("count", report.cases.len().to_string())])
}

/// Names what is counted: a workflow's orders, or the visits of a step.
pub(super) fn counted(lang: Lang, line: &TimelinessLine) -> String {
    let id = if line.step.is_some() { "timeliness-step" } else { "timeliness-workflow" };
    lang.text(id, &[("title", &line.title)])
}

/// Writes a share as a fraction, with per cent rounded down.
pub(super) fn share(lang: Lang, on_time: OnTime) -> String {
    match on_time.per_mille() {
        None => lang.word("timeliness-none"),
        Some(share) => {
            let OnTime { on_time, counted } = on_time;
            format!("{on_time}/{counted} ({}.{}%)", share / 10, share % 10)
        }
    }
}

/// Heads the columns of shares: whose orders of which days.
pub(super) fn groups(lang: Lang) -> [String; 3] {
    ["timeliness-with", "timeliness-before", "timeliness-others"].map(|id| lang.word(id))
}

/// Says which days are compared.
pub(super) fn periods(lang: Lang, timeliness: &Timeliness) -> String {
    let Timeliness { period, before, .. } = timeliness;
    let args = [("from", period.from), ("to", period.to), ("before", before.from), ("until", before.to)];
    lang.text("timeliness-periods", &args.map(|(name, day)| (name, day.to_string())))
}

/// Ways in which stations stand to a line, in the order people ask for them.
pub(super) const ADOPTIONS: [Adoption; 5] =
    [Adoption::Same, Adoption::Stricter, Adoption::Looser, Adoption::Other, Adoption::Bureau];

/// Names the stations that stand to a line in one way.
pub(super) fn stations(lang: Lang, line: &AdoptionLine, adoption: Adoption) -> String {
    let meant = line.stations.iter().filter(|station| station.adoption == adoption);
    lang.list(meant.map(|station| match adoption {
        Adoption::Looser | Adoption::Other => lang::with_id(&station.title, &station.value),
        Adoption::Same | Adoption::Stricter | Adoption::Bureau => station.title.clone(),
    }))
}

/// Names a line by its clause.
pub(super) fn of_clause(lang: Lang, report: &PromotionReport, line: &AdoptionLine) -> String {
    let at = report.clauses.iter().position(|clause| clause.address == line.address);
    at.map_or_else(
        || line.address.clone(),
        |at| lang.text("promote-clause", &[("number", (at + 1).to_string())]),
    )
}
