//! A station's measure made a proposal to the bureau: what would change, what speaks for it, who has it already.
//!
//! Nothing is written and nothing comes into force here. Without a database there is no evidence, and the
//! stations that are known are those with texts of their own.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::effective::{EffectiveLine, differing, values};
use super::timeliness::{Timeliness, measure};
use crate::cases;
use crate::diag::{Severity, any_error};
use crate::explain::place;
use crate::office::numbering::{StationTitles, station_titles};
use crate::office::query::overlay_name::OverlayName;
use crate::office::{ActContext, ActiveRelease, Answer, FolderReport, examine_texts_on};
use crate::policy::{self, Adoption, ChangedText, PromotedLine, Promotion, TextHunk};
use crate::time::Day;

/// What is proposed, and what speaks for it.
#[derive(Clone, Debug, Serialize)]
pub struct PromotionReport {
    pub station: String,
    /// What people call the station.
    pub title: String,
    #[serde(flatten)]
    pub overlay: OverlayName,
    /// The overlay's file.
    pub file: String,
    /// The overlay's lines that were asked for.
    pub lines: Vec<PromotionLine>,
    /// Scripts of the station, which stay with it.
    pub scripts: Vec<String>,
    /// What the bureau would say otherwise, as clauses.
    pub clauses: Vec<EffectiveLine>,
    pub texts: Vec<PromotedText>,
    /// Files that go because nothing is left in them.
    pub removed: Vec<String>,
    /// Cases that pass today and would not.
    pub cases: Vec<CaseLine>,
    /// Whether the proposal stands the check.
    pub is_sound: bool,
    pub adoption: Vec<AdoptionLine>,
    /// None without a database, and before the overlay has begun.
    pub timeliness: Option<Timeliness>,
}

/// A line of the overlay.
#[derive(Clone, Debug, Serialize)]
pub struct PromotionLine {
    pub address: String,
    pub line: usize,
    /// Why it stays with the station; none when it is in the proposal.
    pub hindrance: Option<&'static str>,
}

/// A text that changes.
#[derive(Clone, Debug, Serialize)]
pub struct PromotedText {
    pub file: String,
    pub hunks: Vec<TextHunk>,
}

/// A case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CaseLine {
    pub name: String,
    pub file: String,
    pub line: usize,
}

/// Who has a line already.
#[derive(Clone, Debug, Serialize)]
pub struct AdoptionLine {
    pub address: String,
    /// What the station says that proposes it.
    pub value: String,
    /// All other stations.
    pub stations: Vec<StationAdoption>,
}

/// How one station stands to a line.
#[derive(Clone, Debug, Serialize)]
pub struct StationAdoption {
    pub station: String,
    pub title: String,
    pub adoption: Adoption,
    /// What holds there.
    pub value: String,
}

/// The proposal as texts.
#[derive(Debug)]
pub struct PromotionProposal {
    /// Path and bytes of every text of the folder, as they would be.
    pub texts: Vec<(String, Vec<u8>)>,
    /// What checking them says that checking the folder does not.
    pub checked: FolderReport,
}

/// What is asked: the lines of an overlay, for the whole bureau.
#[derive(Clone, Copy)]
pub struct PromotionWish<'a> {
    /// The folder.
    pub live: &'a ActiveRelease,
    /// Position of the overlay.
    pub overlay: usize,
    /// Addresses of the lines; empty, all of them.
    pub only: &'a BTreeSet<String>,
    pub today: Day,
}

/// Proposes lines of an overlay for the whole bureau; `cx` is the database, where there is one.
pub async fn promote(
    wish: PromotionWish<'_>,
    cx: Option<ActContext<'_>>,
) -> Answer<(PromotionReport, PromotionProposal)> {
    let PromotionWish { live, overlay, only, today } = wish;
    let policy = &live.policy;
    let meant = &policy.overlays[overlay];
    let promotion = policy::promote(policy, overlay, only);
    let titles = match cx {
        Some(cx) => station_titles(cx).await?,
        None => StationTitles::new(),
    };
    let taken: BTreeSet<&str> = promotion
        .lines
        .iter()
        .filter(|line| line.hindrance.is_none())
        .map(|line| line.address.as_str())
        .collect();
    let promoted = policy.promoted(overlay, &taken);
    let clauses = differing(policy, &promoted);
    let mut adoption = adoption(wish, &taken, &titles);
    adoption.sort_by_key(|line| clauses.iter().position(|clause| clause.address == line.address));
    let proposal = proposal(live, &promotion, today);
    let timeliness = match cx {
        Some(cx) => measure(cx, policy, meant, &adopters(&adoption)).await?,
        None => None,
    };
    let file = |file| policy.sources.file(file).path.clone();
    let line = |PromotedLine { address, span, hindrance }: &PromotedLine| PromotionLine {
        address: address.clone(),
        line: place(policy, *span, String::new()).line,
        hindrance: hindrance.map(Into::into),
    };
    let report = PromotionReport {
        station: meant.station.clone(),
        title: titles.get(&meant.station).unwrap_or(&meant.station).clone(),
        overlay: OverlayName::of(meant),
        file: file(meant.span.file),
        lines: promotion.lines.iter().map(line).collect(),
        scripts: promotion.scripts.iter().copied().map(file).collect(),
        clauses,
        texts: promotion.texts.iter().map(text).collect(),
        removed: promotion.removed,
        cases: failing(live, &proposal),
        is_sound: proposal.checked.live.is_some(),
        adoption,
        timeliness,
    };
    Ok((report, proposal))
}

fn text(ChangedText { path, hunks, text: _ }: &ChangedText) -> PromotedText {
    PromotedText { file: path.clone(), hunks: hunks.clone() }
}

/// Puts the texts that change in the place of those there are, and checks the whole; a byte-order mark stays.
fn proposal(live: &ActiveRelease, promotion: &Promotion, today: Day) -> PromotionProposal {
    const MARK: &[u8] = b"\xEF\xBB\xBF";
    let changed: BTreeMap<&str, &str> =
        promotion.texts.iter().map(|text| (text.path.as_str(), text.text.as_str())).collect();
    let stays = live.texts.iter().filter(|(path, _)| !promotion.removed.contains(path));
    let texts: Vec<(String, Vec<u8>)> = stays
        .map(|(path, bytes)| {
            let mark = if bytes.starts_with(MARK) { MARK } else { &[] };
            let new = changed.get(path.as_str()).map(|text| [mark, text.as_bytes()].concat());
            (path.clone(), new.unwrap_or_else(|| bytes.clone()))
        })
        .collect();
    let mut checked = examine_texts_on(texts.clone(), live.places.clone(), Some(today));
    let known: BTreeSet<(&str, &str)> = live
        .warnings
        .iter()
        .map(|told| (told.code.id, live.policy.sources.file(told.span.file).path.as_str()))
        .collect();
    let sources = &checked.sources;
    checked.diagnostics.retain(|told| {
        told.severity() == Severity::Error
            || !known.contains(&(told.code.id, sources.file(told.span.file).path.as_str()))
    });
    debug_assert!(checked.live.is_some() || any_error(&checked.diagnostics), "no policy without an error");
    PromotionProposal { texts, checked }
}

/// Lists the cases that pass in the folder and would not pass any more.
fn failing(live: &ActiveRelease, proposal: &PromotionProposal) -> Vec<CaseLine> {
    let Some(after) = &proposal.checked.live else { return Vec::new() };
    let failed = |live: &ActiveRelease| -> Vec<CaseLine> {
        let answers = cases::run(&live.policy, &live.rules, &live.cases).into_iter();
        let failed = answers.filter(|answer| !answer.is_ok());
        failed.map(|answer| CaseLine { name: answer.name, file: answer.file, line: answer.line }).collect()
    };
    let before = failed(live);
    failed(after).into_iter().filter(|case| !before.contains(case)).collect()
}

/// Compares what every other station has with lines of an overlay.
fn adoption(wish: PromotionWish<'_>, taken: &BTreeSet<&str>, titles: &StationTitles) -> Vec<AdoptionLine> {
    let PromotionWish { live, overlay, today, .. } = wish;
    let policy = &live.policy;
    let meant = &policy.overlays[overlay];
    let apart = policy.overlays.iter().map(|overlay| &overlay.station);
    let scripted = policy.scripts.iter().filter_map(|script| script.station.as_ref());
    let stations: BTreeSet<&String> =
        titles.keys().chain(apart).chain(scripted).filter(|station| **station != meant.station).collect();
    let base = values(policy);
    let own: BTreeMap<&String, BTreeMap<String, String>> = stations
        .iter()
        .filter_map(|station| {
            let key = policy.edition_key(station, today)?;
            Some((*station, values(&policy.edition(&key))))
        })
        .collect();
    let promoted = values(&policy.promoted(overlay, taken));
    let value =
        |values: &BTreeMap<String, String>, address: &str| values.get(address).cloned().unwrap_or_default();
    let changes = meant.changes.iter().filter(|change| taken.contains(change.address.as_str()));
    let line = |change: &policy::OverlayChange| AdoptionLine {
        address: change.address.clone(),
        value: value(&promoted, &change.address),
        stations: stations
            .iter()
            .map(|station| StationAdoption {
                station: (*station).clone(),
                title: titles.get(*station).unwrap_or(station).clone(),
                adoption: policy.adoption(station, today, change),
                value: value(own.get(station).unwrap_or(&base), &change.address),
            })
            .collect(),
    };
    changes.map(line).collect()
}

/// Returns the stations that have all of it.
fn adopters(adoption: &[AdoptionLine]) -> BTreeSet<String> {
    let Some(first) = adoption.first() else { return BTreeSet::new() };
    let has_all = |station: &&StationAdoption| {
        let mut lines = adoption.iter().flat_map(|line| &line.stations);
        lines.all(|known| known.station != station.station || known.adoption.is_met())
    };
    first.stations.iter().filter(has_all).map(|station| station.station.clone()).collect()
}
