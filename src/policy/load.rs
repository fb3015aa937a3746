//! From bytes to a policy: every file read at once, every problem told in the order of the files.

use rayon::prelude::*;

use super::case::Case;
use super::model::{Policy, Script};
use super::path::{Kind, is_misplaced, kind};
use super::raw::{self, Shape};
use super::resolve::{self, Parts};
use super::text;
use crate::diag::codes::{NO_BUREAU, NOT_READ, SET_TOO_LARGE};
use crate::diag::{Diagnostic, FileId, SourceMap, Span, any_error};
use crate::limits;

/// What came of a policy folder.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// The policy; none when any diagnostic is an error.
    pub policy: Option<Policy>,
    /// The texts, so that diagnostics can be shown.
    pub sources: SourceMap,
    /// Every problem, by file and place.
    pub diagnostics: Vec<Diagnostic>,
    /// The cases of `*.test.yaml`; none unless there is a policy.
    pub cases: Vec<Case>,
}

/// Most problems told of one file; a file of a million typos has one cause.
const FILE_PROBLEMS_MAX: usize = 200;

/// What one file turned out to be.
enum Parsed {
    Bureau(Box<raw::BureauFile>),
    Workflow(String, Option<raw::Workflow>),
    Forms(raw::FormsFile),
    Clocks(raw::Pairs<raw::Clock>),
    Documents(raw::Pairs<raw::Document>),
    Rules(raw::RulesFile),
    Script(Script),
    Template(String),
    Calendar(String, raw::CalendarFile),
    Overlay(String, raw::OverlayFile),
    Cases(Vec<raw::CaseShape>),
    /// Nothing usable; the diagnostics say why.
    Broken,
}

/// Reads, checks and builds a policy from the texts of a folder: paths with `/` and bytes.
#[must_use]
pub fn load(mut texts: Vec<(String, Vec<u8>)>) -> Loaded {
    texts.sort_by(|one, other| one.0.cmp(&other.0));
    let mut sources = SourceMap::default();
    let mut diagnostics = Vec::new();
    let size: usize = texts.iter().map(|(_, bytes)| bytes.len()).sum();
    if size > limits::POLICY_SET_BYTES {
        let file = sources.add("bureau.yaml", "");
        diagnostics.push(
            Diagnostic::new(SET_TOO_LARGE, Span::new(file, 0, 0))
                .with("size", mebibytes(size))
                .with("limit", mebibytes(limits::POLICY_SET_BYTES)),
        );
        return Loaded { policy: None, sources, diagnostics, cases: Vec::new() };
    }
    let flaws = add_sources(texts, &mut sources);
    let parsed = parse_all(&sources, flaws);
    let parts = gather(&mut sources, parsed, &mut diagnostics);
    let (policy, cases) = resolve::resolve(parts, &sources, &mut diagnostics);
    diagnostics.sort_by(|one, other| (one.span, one.code.id).cmp(&(other.span, other.code.id)));
    diagnostics.dedup();
    let policy = policy.filter(|_| !any_error(&diagnostics));
    let cases = if policy.is_some() { cases } else { Vec::new() };
    Loaded { policy, sources, diagnostics, cases }
}

fn mebibytes(bytes: usize) -> String {
    format!("{} MiB", bytes.div_ceil(1024 * 1024))
}

/// Decodes the texts; what is wrong with their characters comes back by file.
fn add_sources(texts: Vec<(String, Vec<u8>)>, sources: &mut SourceMap) -> Vec<Vec<text::Flaw>> {
    let decoded: Vec<(String, String, Vec<text::Flaw>)> = texts
        .into_par_iter()
        .map(|(path, bytes)| {
            let is_script = path.strip_suffix(".rhai").is_some();
            let is_yaml = !is_script && path.strip_suffix(".html").is_none();
            let limit = if is_script { limits::SCRIPT_BYTES } else { limits::POLICY_FILE_BYTES };
            let (text, flaws) = text::decode(&bytes, limit, is_yaml);
            (path, text, flaws)
        })
        .collect();
    decoded
        .into_iter()
        .map(|(path, text, flaws)| {
            sources.add(path, text);
            flaws
        })
        .collect()
}

fn parse_all(sources: &SourceMap, flaws: Vec<Vec<text::Flaw>>) -> Vec<(FileId, Parsed, Vec<Diagnostic>)> {
    let files: Vec<_> = sources.files().zip(flaws).collect();
    files
        .into_par_iter()
        .map(|((file, source), flaws)| {
            let mut out: Vec<Diagnostic> = flaws.into_iter().map(|flaw| flaw.in_file(file)).collect();
            let parsed = parse(file, &source.path, &source.text, &mut out);
            resolve::cap_diagnostics(&mut out, FILE_PROBLEMS_MAX);
            (file, parsed, out)
        })
        .collect()
}

/// Reads one file by what its place says it is.
fn parse(file: FileId, path: &str, text: &str, out: &mut Vec<Diagnostic>) -> Parsed {
    let Some(kind) = kind(path) else {
        if is_misplaced(path) {
            out.push(Diagnostic::new(NOT_READ, Span::new(file, 0, 0)).with("path", path));
        }
        return Parsed::Broken;
    };
    let stem_or_broken = || match kind {
        Kind::Workflow(stem) => Parsed::Workflow(stem.to_owned(), None),
        _ => Parsed::Broken,
    };
    let station = match kind {
        Kind::Script => None,
        Kind::StationScript(station) => Some(station.to_owned()),
        Kind::Template(of) => return Parsed::Template(of.to_owned()),
        _ if any_error(out) => return stem_or_broken(),
        _ => return shape(kind, file, text, out).filter(|_| !any_error(out)).unwrap_or_else(stem_or_broken),
    };
    Parsed::Script(Script { file, station })
}

fn shape(kind: Kind<'_>, file: FileId, text: &str, out: &mut Vec<Diagnostic>) -> Option<Parsed> {
    let node = raw::parse(file, text, out)?;
    match kind {
        Kind::Bureau => Shape::read(&node, out).map(|bureau| Parsed::Bureau(Box::new(bureau))),
        Kind::Workflow(stem) => {
            Shape::read(&node, out).map(|workflow| Parsed::Workflow(stem.to_owned(), Some(workflow)))
        }
        Kind::Forms => Shape::read(&node, out).map(Parsed::Forms),
        Kind::Clocks => Shape::read(&node, out).map(Parsed::Clocks),
        Kind::Documents => Shape::read(&node, out).map(Parsed::Documents),
        Kind::Rules => Shape::read(&node, out).map(Parsed::Rules),
        Kind::Calendar(stem) => {
            Shape::read(&node, out).map(|calendar| Parsed::Calendar(stem.to_owned(), calendar))
        }
        Kind::Overlay(station) => {
            Shape::read(&node, out).map(|overlay| Parsed::Overlay(station.to_owned(), overlay))
        }
        Kind::Cases => Shape::read(&node, out).map(Parsed::Cases),
        Kind::Script | Kind::StationScript(_) | Kind::Template(_) => None,
    }
}

/// Sorts what was read by what it is.
fn gather(
    sources: &mut SourceMap,
    parsed: Vec<(FileId, Parsed, Vec<Diagnostic>)>,
    out: &mut Vec<Diagnostic>,
) -> Parts {
    let bureau_file = sources.find("bureau.yaml").unwrap_or_else(|| {
        let file = sources.add("bureau.yaml", "");
        out.push(Diagnostic::new(NO_BUREAU, Span::new(file, 0, 0)));
        file
    });
    let mut parts = Parts::new(bureau_file);
    for (file, parsed, diagnostics) in parsed {
        out.extend(diagnostics);
        match parsed {
            Parsed::Bureau(bureau) => parts.bureau = Some(*bureau),
            Parsed::Workflow(stem, workflow) => parts.workflows.push((file, stem, workflow)),
            Parsed::Forms(forms) => parts.forms.push(forms),
            Parsed::Clocks(clocks) => parts.clocks = clocks.0,
            Parsed::Documents(documents) => parts.documents = documents.0,
            Parsed::Rules(raw::RulesFile::Tiers(tiers)) => parts.tiers.push((file, tiers)),
            Parsed::Rules(raw::RulesFile::Params(params)) => parts.params.push(params),
            Parsed::Rules(raw::RulesFile::Table(table)) => parts.tables.push((file, table)),
            Parsed::Script(script) => parts.scripts.push(script),
            Parsed::Template(of) => parts.templates.push((file, of)),
            Parsed::Calendar(stem, calendar) => parts.calendars.push((stem, calendar)),
            Parsed::Overlay(station, overlay) => parts.overlays.push((station, overlay)),
            Parsed::Cases(cases) => parts.cases.push(cases),
            Parsed::Broken => {
                let path = sources.file(file).path.as_str();
                // A broken file of names would make every use of them look wrong.
                parts.is_whole &= matches!(kind(path), None | Some(Kind::Cases | Kind::Overlay(_)));
            }
        }
    }
    parts
}
