//! The only way to a [`Policy`]: names become indices, words become choices, or are reported.

mod bureau;
mod calendar;
mod case;
mod course;
mod document;
mod form;
mod notices;
mod overlay;
mod rules;
mod step;
mod trigger;
mod value;
mod workflow;

use super::check;
use super::model::{
    Attribute, ClockRule, DocumentKind, Expr, ExprIx, ExprPlace, Form, Opening, Param, Policy, Role, Script,
    Table, Tiers, Workflow,
};
use super::path::{Kind, kind};
use super::raw::{self, Id, Word};
use super::{Case, SEMANTICS_VERSION, text};
use crate::calendar::Calendar;
use crate::diag::codes::{DUPLICATE_ID, TOO_MANY_EXPRESSIONS};
use crate::diag::{Code, Diagnostic, FileId, SourceMap, Span};
use crate::digest::Digest;

/// The files of a folder, read but not understood. A file with a problem is absent.
pub(super) struct Parts {
    /// `bureau.yaml`, for complaints about what is missing altogether.
    pub(super) bureau_file: FileId,
    pub(super) bureau: Option<raw::BureauFile>,
    /// Id by file name, and the text when it could be read.
    pub(super) workflows: Vec<(FileId, String, Option<raw::Workflow>)>,
    pub(super) forms: Vec<raw::FormsFile>,
    pub(super) clocks: Vec<(Id, raw::Clock)>,
    pub(super) documents: Vec<(Id, raw::Document)>,
    pub(super) tiers: Vec<(FileId, raw::TiersFile)>,
    pub(super) params: Vec<raw::ParamsFile>,
    pub(super) tables: Vec<(FileId, raw::TableFile)>,
    pub(super) calendars: Vec<(String, raw::CalendarFile)>,
    pub(super) overlays: Vec<(String, raw::OverlayFile)>,
    pub(super) cases: Vec<Vec<raw::CaseShape>>,
    pub(super) scripts: Vec<Script>,
    /// Kind of document by file name.
    pub(super) templates: Vec<(FileId, String)>,
    /// Every file that declares names could be read.
    pub(super) is_whole: bool,
}

impl Parts {
    /// Makes the empty collection.
    pub(super) const fn new(bureau_file: FileId) -> Self {
        Self {
            bureau_file,
            bureau: None,
            workflows: Vec::new(),
            forms: Vec::new(),
            clocks: Vec::new(),
            documents: Vec::new(),
            tiers: Vec::new(),
            params: Vec::new(),
            tables: Vec::new(),
            calendars: Vec::new(),
            overlays: Vec::new(),
            cases: Vec::new(),
            scripts: Vec::new(),
            templates: Vec::new(),
            is_whole: true,
        }
    }
}

/// Names known so far; what later files refer to.
pub(super) struct Known {
    pub(super) attributes: Vec<Attribute>,
    pub(super) levels: Vec<String>,
    pub(super) roles: Vec<Role>,
    pub(super) tiers: Tiers,
    pub(super) tables: Vec<Table>,
    pub(super) params: Vec<Param>,
    pub(super) documents: Vec<DocumentKind>,
    pub(super) clocks: Vec<ClockRule>,
    pub(super) forms: Vec<Form>,
    pub(super) workflow_ids: Vec<String>,
}

/// Complaints after which further unknown names are not told one by one.
const UNKNOWN_MAX: usize = 500;

/// The complaints and expressions collected on the way.
pub(super) struct Resolver<'o> {
    pub(super) out: &'o mut Vec<Diagnostic>,
    pub(super) exprs: Vec<Expr>,
    is_whole: bool,
}

/// Most problems told of a whole policy: nobody reads further, and each takes its memory.
const PROBLEMS_MAX: usize = 2_000;

/// Keeps the first `most` problems, errors before warnings, so that no error is ever lost to them.
pub(super) fn cap_diagnostics(out: &mut Vec<Diagnostic>, most: usize) {
    if out.len() > most {
        out.sort_by_key(|diagnostic| (diagnostic.severity(), diagnostic.span));
        out.truncate(most);
    }
}

impl Resolver<'_> {
    /// Keeps the problems within their bound; asked after each file.
    fn cap_diagnostics(&mut self) {
        cap_diagnostics(self.out, PROBLEMS_MAX);
    }

    /// Reports a name that nothing declares, with the nearest one that is declared; silent while
    /// a file that may declare it is broken.
    fn unknown<'k>(&mut self, code: Code, word: &str, span: Span, known: impl IntoIterator<Item = &'k str>) {
        // Nobody reads further, and looking for near names takes its time.
        if self.is_whole && self.out.len() < UNKNOWN_MAX {
            self.out.push(Diagnostic::new(code, span).with("word", word).with_nearest(word, known));
        }
    }

    /// Reports a problem without arguments.
    fn say(&mut self, code: Code, span: Span) {
        self.out.push(Diagnostic::new(code, span));
    }

    /// Reports a second declaration of a name.
    fn report_duplicate(&mut self, word: &str, second: Span, first: Span) {
        self.out.push(Diagnostic::new(DUPLICATE_ID, second).with("word", word).related(first, "label-first"));
    }

    /// Reports every name that is declared report_duplicate.
    fn reject_duplicates<'n>(&mut self, names: impl IntoIterator<Item = (&'n str, Span)>) {
        let mut seen: std::collections::BTreeMap<&str, Span> = std::collections::BTreeMap::new();
        for (name, span) in names {
            match seen.get(name) {
                Some(first) => self.report_duplicate(name, span, *first),
                None => drop(seen.insert(name, span)),
            }
        }
    }

    /// Keeps an expression with its place.
    fn expr(&mut self, word: &Word, place: ExprPlace) -> ExprIx {
        let at = self.exprs.len();
        self.exprs.push(Expr { text: word.value.clone(), span: word.span, place });
        let Ok(ix) = u16::try_from(at) else {
            if at == usize::from(u16::MAX) + 1 {
                let most = (usize::from(u16::MAX) + 1).to_string();
                self.out.push(Diagnostic::new(TOO_MANY_EXPRESSIONS, word.span).with("limit", most));
            }
            return ExprIx(u16::MAX);
        };
        ExprIx(ix)
    }
}

/// Builds the policy and its cases; none when `bureau.yaml` is missing or broken.
pub(super) fn resolve(
    parts: Parts,
    sources: &SourceMap,
    out: &mut Vec<Diagnostic>,
) -> (Option<Policy>, Vec<Case>) {
    let Some(raw_bureau) = parts.bureau else { return (None, Vec::new()) };
    let mut resolver = Resolver { out, exprs: Vec::new(), is_whole: parts.is_whole };
    let (tiers, tier_params, mut openings) = rules::tiers(&mut resolver, parts.bureau_file, parts.tiers);
    let mut params = tier_params;
    for file in parts.params {
        params.extend(rules::params(&mut resolver, file.params.0));
        openings.extend(workflow::openings(file.station_may));
    }
    resolver.reject_duplicates(params.iter().map(|param| (param.id.as_str(), param.span)));
    let tables = rules::tables(&mut resolver, parts.tables);
    let attributes = bureau::attributes(&mut resolver, raw_bureau.subject.as_ref(), &tables);
    let levels = bureau::levels(&mut resolver, &raw_bureau.problem_levels);
    let imports = bureau::imports(&mut resolver, raw_bureau.imports, &attributes, &levels);
    let roles = bureau::roles(&mut resolver, raw_bureau.roles);
    let notices = notices::notices(&mut resolver, raw_bureau.notices, &roles);
    let documents = document::documents(&mut resolver, parts.documents, &roles);
    let templates = document::templates(&mut resolver, parts.templates, &documents);
    let clocks = rules::clocks(&mut resolver, parts.clocks, &roles, &documents);
    let workflow_ids = parts.workflows.iter().map(|(_, stem, _)| stem.clone()).collect();
    let shared: Vec<_> = parts.forms.into_iter().flat_map(|file| file.forms.0).collect();
    let forms = form::forms(&mut resolver, shared, None);
    let mut known =
        Known { attributes, levels, roles, tiers, tables, params, documents, clocks, forms, workflow_ids };
    let workflows = workflow::workflows(&mut resolver, parts.workflows, &mut known);
    let calendars = calendar::calendars(&mut resolver, parts.calendars);
    let calendar = calendar::chosen(&mut resolver, &raw_bureau.bureau.calendar, calendars);
    let overlays = overlay::overlays(&mut resolver, parts.overlays, &known, &openings, &workflows, sources);
    let cases = case::cases(&mut resolver, parts.cases, &known, &workflows);
    let bureau = bureau::bureau(&mut resolver, raw_bureau.bureau, &known.roles);
    let places = bureau::places(&mut resolver, raw_bureau.stations, raw_bureau.grids);
    let (Some(bureau), Some(calendar)) = (bureau, calendar) else { return (None, cases) };
    let exprs = resolver.exprs;
    let texts = digests(sources);
    let Known { attributes, levels, roles, tiers, tables, params, documents, clocks, forms, .. } = known;
    let policy = Policy {
        digest: identity(&texts, &bureau.calendar, &calendar),
        bureau,
        calendar,
        levels,
        attributes,
        imports,
        roles,
        places,
        notices,
        tiers,
        tables,
        params,
        clocks,
        documents,
        templates,
        forms,
        workflows,
        scripts: parts.scripts,
        exprs,
        openings,
        overlays,
        sources: sources.clone(),
        texts,
    };
    check::all(&policy, parts.is_whole, out);
    (Some(policy), cases)
}

/// Returns the digest of every text, by path; line ends do not count.
fn digests(sources: &SourceMap) -> Vec<(String, Digest)> {
    let mut texts: Vec<(String, Digest)> = sources
        .files()
        .map(|(_, source)| (source.path.clone(), Digest::of(text::normalised(&source.text).as_bytes())))
        .collect();
    texts.sort();
    texts
}

/// Returns the digest of all that can change an answer: every text but cases and calendars, the
/// calendar in use, and the semantics version.
///
/// # Source
/// Policy language, rule 3.
fn identity(texts: &[(String, Digest)], calendar_id: &str, calendar: &Calendar) -> Digest {
    let counts = |path: &str| !matches!(kind(path), None | Some(Kind::Cases | Kind::Calendar(_)));
    let version = SEMANTICS_VERSION.to_be_bytes();
    let head = [version.as_slice(), calendar_id.as_bytes(), calendar.revision.bytes()];
    let body = texts
        .iter()
        .filter(|(path, _)| counts(path))
        .flat_map(|(path, digest)| [path.as_bytes(), digest.bytes().as_slice()]);
    Digest::of_parts("policy", head.into_iter().chain(body))
}

/// Returns the workflow of that id among those built so far.
fn find<'w>(workflows: &'w [Workflow], id: &str) -> Option<&'w Workflow> {
    workflows.iter().find(|workflow| workflow.id == id)
}

/// Returns every opening a path belongs to.
fn opened<'p>(openings: &'p [Opening], path: &str) -> Option<&'p Opening> {
    openings.iter().find(|opening| matches(&opening.path, path))
}

/// Returns whether a pattern of ids and `*` fits a path of ids.
pub(super) fn matches(pattern: &str, path: &str) -> bool {
    let (pattern, path) = (pattern.split('.'), path.split('.'));
    pattern.clone().count() == path.clone().count()
        && pattern.zip(path).all(|(want, got)| want == "*" || want == got)
}
