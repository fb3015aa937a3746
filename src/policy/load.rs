//! From bytes to a policy: every file read at once, every problem told in the order of the files.

use crate::time::Day;
use rayon::prelude::*;

use super::case::Case;
use super::file_kind::{FileText, PolicyFileKind, PolicyParts, ReadFile, is_misplaced};
use super::model::Policy;
use super::resolve::{self, Resolver};
use super::text;
use crate::diag::codes::{NO_BUREAU, NOT_READ, SET_TOO_LARGE};
use crate::diag::{Diagnostic, SourceMap, Span, TextFlaw, any_error};
use crate::limits;

/// What came of a policy folder.
#[derive(Clone, Debug)]
pub struct LoadedPolicy {
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

/// Reads, checks and builds a policy from the texts of a folder: paths with `/` and bytes.
#[must_use]
pub fn load(texts: Vec<(String, Vec<u8>)>) -> LoadedPolicy {
    load_on(texts, None)
}

/// Reads a policy as it is on a day: overlays of stations that ended before it hinder nothing. Without a day
/// every overlay counts.
#[must_use]
pub fn load_on(mut texts: Vec<(String, Vec<u8>)>, today: Option<Day>) -> LoadedPolicy {
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
        return LoadedPolicy { policy: None, sources, diagnostics, cases: Vec::new() };
    }
    let flaws = add_sources(texts, &mut sources);
    let files = read_all(&sources, flaws);
    let bureau_file = sources.find("bureau.yaml").unwrap_or_else(|| {
        let file = sources.add("bureau.yaml", "");
        diagnostics.push(Diagnostic::new(NO_BUREAU, Span::new(file, 0, 0)));
        file
    });
    let (mut parts, mut is_whole) = (PolicyParts::default(), true);
    for file in files {
        diagnostics.extend(file.diagnostics);
        // A broken file of names would make every use of them look wrong.
        is_whole &= !file.hides_names;
        if let Some(put) = file.read {
            put(&mut parts);
        }
    }
    let resolver = Resolver::new(&sources, bureau_file, is_whole, &mut diagnostics).on(today);
    let (policy, cases) = resolver.resolve(parts);
    diagnostics.sort_by(|one, other| (one.span, one.code.id).cmp(&(other.span, other.code.id)));
    diagnostics.dedup();
    let policy = policy.filter(|_| !any_error(&diagnostics));
    let cases = if policy.is_some() { cases } else { Vec::new() };
    LoadedPolicy { policy, sources, diagnostics, cases }
}

fn mebibytes(bytes: usize) -> String {
    format!("{} MiB", bytes.div_ceil(1024 * 1024))
}

/// Decodes the texts; what is wrong with their characters comes back by file.
fn add_sources(texts: Vec<(String, Vec<u8>)>, sources: &mut SourceMap) -> Vec<Vec<TextFlaw>> {
    let decoded: Vec<(String, String, Vec<TextFlaw>)> = texts
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

/// A file that was looked at: what was read of it, and what is wrong.
struct LoadedFile {
    read: Option<ReadFile>,
    /// Whether it should have declared names and could not.
    hides_names: bool,
    diagnostics: Vec<Diagnostic>,
}

/// Reads every file by what its place says it is.
fn read_all(sources: &SourceMap, flaws: Vec<Vec<TextFlaw>>) -> Vec<LoadedFile> {
    let files: Vec<_> = sources.files().zip(flaws).collect();
    files
        .into_par_iter()
        .map(|((file, source), flaws)| {
            let path = source.path.as_str();
            let whole = Span::new(file, 0, source.text.len());
            let mut diagnostics: Vec<_> = flaws.into_iter().map(|flaw| flaw.within(whole)).collect();
            let Some((kind, name)) = PolicyFileKind::of(path) else {
                if is_misplaced(path) {
                    diagnostics.push(Diagnostic::new(NOT_READ, Span::new(file, 0, 0)).with("path", path));
                }
                return LoadedFile { read: None, hides_names: false, diagnostics };
            };
            let read = kind.read(&FileText { file, name, text: &source.text }, &mut diagnostics);
            resolve::cap_diagnostics(&mut diagnostics, FILE_PROBLEMS_MAX);
            LoadedFile { hides_names: read.is_none() && kind.declares, read, diagnostics }
        })
        .collect()
}
