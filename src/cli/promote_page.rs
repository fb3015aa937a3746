//! The page that a meeting decides a promotion by.

use super::CommandStop;
use super::promote_text::{
    ADOPTIONS, cases, checked, clauses, counted, groups, hindrances, of_clause, periods, removed, share,
    stations,
};
use crate::diag::render;
use crate::documents::{
    MeetingBar, MeetingChart, MeetingFact, MeetingGroup, MeetingPage, MeetingSection, MeetingTable,
    MeetingText, print_meeting,
};
use crate::lang::{self, Lang};
use crate::office::{
    OfficeFault, OnTime, OverlayName, PromotionProposal, PromotionReport, Timeliness, TimelinessLine,
};
use crate::policy::TextHunk;

/// Who signs: the station that proposes, the office that looks at it, the bureau that decides.
const SIGNATURES: [&str; 3] = ["meeting-sign-station", "meeting-sign-legal", "meeting-sign-bureau"];

/// Writes the page.
pub(super) fn page(
    lang: Lang,
    report: &PromotionReport,
    proposal: &PromotionProposal,
) -> Result<String, CommandStop> {
    let sections = [
        Some(MeetingSection { title: lang.word("meeting-clauses"), lines: clauses(lang, report), ..empty() }),
        hindered(lang, report),
        report.timeliness.as_ref().map(|timeliness| in_time(lang, timeliness)),
        Some(adopted(lang, report)),
        Some(check(lang, report, proposal)),
    ];
    let page = MeetingPage {
        language: lang,
        title: lang
            .text("meeting-title", &[("station", &report.title), ("overlay", &report.overlay.overlay)]),
        facts: facts(lang, report),
        sections: sections.into_iter().flatten().collect(),
        annex: texts(lang, report),
        signatures: SIGNATURES.map(|id| lang.word(id)).to_vec(),
        date: lang.word("meeting-date"),
    };
    Ok(print_meeting(&page).map_err(OfficeFault::from)?)
}

fn empty() -> MeetingSection {
    MeetingSection::default()
}

fn facts(lang: Lang, report: &PromotionReport) -> Vec<MeetingFact> {
    let OverlayName { overlay, from, to, reason, author } = &report.overlay;
    let days = lang.text("meeting-days", &[("from", from.to_string()), ("to", to.to_string())]);
    let facts = [
        ("meeting-station", lang::with_id(&report.title, &report.station)),
        ("meeting-overlay", lang::with_id(overlay, &report.file)),
        ("meeting-valid", days),
        ("meeting-reason", reason.clone()),
        ("meeting-author", author.clone()),
    ];
    facts
        .map(|(id, text)| MeetingFact { name: lang.word(id), text: lang.marked(&text).into_owned() })
        .to_vec()
}

fn hindered(lang: Lang, report: &PromotionReport) -> Option<MeetingSection> {
    let lines = hindrances(lang, report);
    (!lines.is_empty()).then(|| MeetingSection { title: lang.word("meeting-hindered"), lines, ..empty() })
}

fn in_time(lang: Lang, timeliness: &Timeliness) -> MeetingSection {
    let names = groups(lang);
    let shares = |line: &TimelinessLine| [line.with, line.before, line.others];
    let bar = |((kind, name), of): ((&'static str, &String), OnTime)| MeetingBar {
        kind,
        name: name.clone(),
        per_mille: of.per_mille().unwrap_or(0),
        value: share(lang, of),
    };
    let group = |line: &TimelinessLine| MeetingGroup {
        title: counted(lang, line),
        bars: ["with", "before", "others"].into_iter().zip(&names).zip(shares(line)).map(bar).collect(),
    };
    let row = |line: &TimelinessLine| {
        [counted(lang, line)].into_iter().chain(shares(line).map(|of| share(lang, of))).collect()
    };
    let is_drawn = |line: &&TimelinessLine| shares(line).iter().any(|of| of.counted > 0);
    let title = lang.word("meeting-timeliness");
    let chart = MeetingChart::of(&title, timeliness.lines.iter().filter(is_drawn).map(group).collect());
    let rows = timeliness.lines.iter().map(row).collect();
    let head = [lang.word("meeting-counted")].into_iter().chain(names.clone()).collect();
    MeetingSection {
        title,
        lines: vec![periods(lang, timeliness)],
        chart,
        table: Some(MeetingTable { head, rows }),
        note: Some(lang.word("meeting-how-counted")),
        ..empty()
    }
}

fn adopted(lang: Lang, report: &PromotionReport) -> MeetingSection {
    let word = |adoption: crate::policy::Adoption| {
        let word: &str = adoption.into();
        lang.word(&format!("adopter-{word}"))
    };
    let used = ADOPTIONS.into_iter().filter(|adoption| {
        report.adoption.iter().flat_map(|line| &line.stations).any(|station| station.adoption == *adoption)
    });
    let used: Vec<_> = used.collect();
    let head = [lang.word("meeting-clause")].into_iter().chain(used.iter().copied().map(word)).collect();
    let row = |line| {
        let each = used.iter().map(|adoption| stations(lang, line, *adoption));
        [of_clause(lang, report, line)].into_iter().chain(each).collect()
    };
    let rows: Vec<Vec<String>> = report.adoption.iter().map(row).collect();
    let is_empty = used.is_empty();
    MeetingSection {
        title: lang.word("meeting-adoption"),
        lines: if is_empty { vec![lang.word("adopted-nobody")] } else { Vec::new() },
        table: (!is_empty).then_some(MeetingTable { head, rows }),
        ..empty()
    }
}

fn texts(lang: Lang, report: &PromotionReport) -> MeetingSection {
    let hunks = report.texts.iter().flat_map(|text| text.hunks.iter().map(move |hunk| (&text.file, hunk)));
    let text = |(file, TextHunk { line, old, new }): (&String, &TextHunk)| MeetingText {
        place: format!("{file}:{line}"),
        old: old.clone(),
        new: new.clone(),
    };
    MeetingSection {
        title: lang.word("meeting-texts"),
        texts: hunks.map(text).collect(),
        lines: removed(lang, report),
        ..empty()
    }
}

fn check(lang: Lang, report: &PromotionReport, proposal: &PromotionProposal) -> MeetingSection {
    let told = proposal.checked.diagnostics.iter().map(|told| {
        let render::Report { code, file, line, message, .. } =
            render::report(told, &proposal.checked.sources, lang);
        format!("[{code}] {file}:{line} {message}")
    });
    let lines = told.chain([checked(lang, report)]).chain(cases(lang, report)).collect();
    MeetingSection { title: lang.word("meeting-check"), lines, ..empty() }
}
