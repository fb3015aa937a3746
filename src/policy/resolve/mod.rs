//! The only way to a [`Policy`]: names become indices, words become choices, or are reported.

mod address;
mod backup;
mod bureau;
mod calendar;
mod case;
mod course;
mod document;
mod form;
mod notices;
mod number;
mod overlay;
mod power;
mod rules;
mod site;
mod step;
mod trigger;
mod value;
mod workflow;

use std::collections::BTreeMap;

use super::check;
use super::file_kind::{PolicyFileKind, PolicyParts, station_file};
use super::model::{
    Attribute, ClockRule, DocumentKind, Expr, ExprIx, ExprPlace, Form, Param, Policy, Role, RoleIx,
    Semantics, StandingItem, StationOpening, Table, Tier, Tiers, Workflow,
};
use super::raw::{self, At, Id, Word};
use super::{Case, text};
use crate::calendar::{Calendar, Length};
use crate::diag::codes::{
    DUPLICATE_ID, KEY_DOES_NOT_FIT, KEY_WANTED, LENGTH_NOT_POSITIVE, NUMBER_RANGE, SECOND_VERSION_ONLY,
    TOO_MANY_EXPRESSIONS, UNKNOWN_DOCUMENT, UNKNOWN_INSPECTION_KIND, UNKNOWN_LEVEL, UNKNOWN_ROLE,
};
use crate::diag::{Code, Diagnostic, FileId, SourceMap, Span};
use crate::digest::Digest;
use crate::time::Day;

/// What was resolved so far: what later files refer to.
#[derive(Default)]
pub(super) struct NameTable {
    pub(super) attributes: Vec<Attribute>,
    pub(super) levels: Vec<String>,
    pub(super) kinds: Vec<String>,
    pub(super) roles: Vec<Role>,
    pub(super) tiers: Vec<Tier>,
    pub(super) tables: Vec<Table>,
    pub(super) params: Vec<Param>,
    pub(super) documents: Vec<DocumentKind>,
    pub(super) clocks: Vec<ClockRule>,
    pub(super) forms: Vec<Form>,
    pub(super) openings: Vec<StationOpening>,
    pub(super) standing: Vec<StandingItem>,
    pub(super) workflow_ids: Vec<String>,
    pub(super) workflows: Vec<Workflow>,
}

impl NameTable {
    /// Returns the position of an attribute, by its id or its title.
    fn attribute(&self, name: &str) -> Option<usize> {
        self.attributes.iter().position(|attribute| attribute.id == name || attribute.title == name)
    }

    /// Returns the workflow of that id among those built so far.
    fn workflow(&self, id: &str) -> Option<&Workflow> {
        self.workflows.iter().find(|workflow| workflow.id == id)
    }

    /// Returns the keys of the table of duties.
    fn duties(&self) -> impl Iterator<Item = &str> {
        let duties = self.tables.iter().filter(|table| table.id == "duties");
        duties.flat_map(|table| table.rows.keys()).map(String::as_str)
    }
}

/// Complaints after which further unknown names are not told one by one.
const UNKNOWN_MAX: usize = 500;

/// The names, complaints and expressions collected on the way.
pub(super) struct Resolver<'o> {
    sources: &'o SourceMap,
    /// The digest of every text, by path.
    digests: Vec<(String, Digest)>,
    /// `bureau.yaml`, for complaints about what is missing altogether.
    bureau_file: FileId,
    /// The file of the tier table.
    tiers_file: FileId,
    /// Every file that declares names could be read.
    is_whole: bool,
    out: &'o mut Vec<Diagnostic>,
    /// The day it is read on, where one is known.
    today: Option<Day>,
    semantics: Semantics,
    names: NameTable,
    exprs: Vec<Expr>,
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

impl<'o> Resolver<'o> {
    pub(super) fn new(
        sources: &'o SourceMap,
        bureau_file: FileId,
        is_whole: bool,
        out: &'o mut Vec<Diagnostic>,
    ) -> Self {
        Self {
            sources,
            digests: digests(sources),
            bureau_file,
            tiers_file: bureau_file,
            is_whole,
            out,
            today: None,
            semantics: Semantics::First,
            names: NameTable::default(),
            exprs: Vec::new(),
        }
    }

    /// Says on which day the policy is read: overlays that ended before it hinder nothing.
    pub(super) fn on(self, today: Option<Day>) -> Self {
        Self { today, ..self }
    }

    /// Builds the policy and its cases; none when `bureau.yaml` is missing or broken.
    pub(super) fn resolve(mut self, parts: PolicyParts) -> (Option<Policy>, Vec<Case>) {
        let Some(raw_bureau) = parts.bureau else { return (None, Vec::new()) };
        let (is_whole, resolver) = (self.is_whole, &mut self);
        resolver.semantics = bureau::semantics(resolver, raw_bureau.semantics);
        bureau::words_of_inspections(resolver, &raw_bureau);
        resolver.params(parts.tiers, parts.params);
        resolver.names.tables = rules::tables(resolver, parts.tables);
        resolver.names.attributes = bureau::attributes(resolver, raw_bureau.subject.as_ref());
        let answers = bureau::answers(resolver, raw_bureau.answers);
        let numbers = [raw_bureau.order_number, raw_bureau.document_number];
        let [order_number, document_number] = number::rules(resolver, numbers);
        let imports = bureau::imports(resolver, raw_bureau.imports);
        power::refuse_holder_words(resolver, &raw_bureau.roles);
        resolver.names.roles = bureau::roles(resolver, raw_bureau.roles);
        let powers = power::powers(resolver, raw_bureau.powers);
        let administrator = power::administrator(resolver, &raw_bureau.bureau, raw_bureau.administrator);
        let notices = notices::notices(resolver, &raw_bureau.bureau, raw_bureau.notices);
        resolver.names.documents = document::documents(resolver, parts.documents);
        document::check_templates(resolver, &parts.templates);
        resolver.names.clocks = rules::clocks(resolver, parts.clocks);
        resolver.names.workflow_ids = parts.workflows.iter().map(|text| text.stem.clone()).collect();
        let shared = parts.forms.into_iter().flat_map(|file| file.forms.0).collect();
        resolver.names.forms = form::forms(resolver, shared, None);
        workflow::workflows(resolver, parts.workflows);
        let calendar = calendar::of(resolver, &raw_bureau.bureau.calendar, parts.calendars);
        let overlays = overlay::overlays(resolver, parts.overlays);
        let cases = case::cases(resolver, parts.cases);
        let bureau = bureau::bureau(resolver, raw_bureau.bureau, raw_bureau.backup);
        let places = bureau::places(resolver, raw_bureau.stations, raw_bureau.grids);
        let (Some(bureau), Some(calendar)) = (bureau, calendar) else { return (None, cases) };
        let (texts, semantics) = (self.digests, self.semantics);
        let policy = Policy {
            digest: identity(&texts, semantics, &bureau.calendar, &calendar, is_of_bureau),
            whole: identity(&texts, semantics, &bureau.calendar, &calendar, |_| true),
            semantics,
            administrator,
            bureau,
            calendar,
            levels: self.names.levels,
            inspection_kinds: self.names.kinds,
            answers,
            order_number,
            document_number,
            attributes: self.names.attributes,
            imports,
            powers,
            roles: self.names.roles,
            places,
            notices,
            tiers: Tiers { order: self.names.tiers, file: self.tiers_file },
            tables: self.names.tables,
            params: self.names.params,
            clocks: self.names.clocks,
            documents: self.names.documents,
            templates: parts.templates,
            forms: self.names.forms,
            workflows: self.names.workflows,
            scripts: parts.scripts,
            exprs: self.exprs,
            openings: self.names.openings,
            standing: self.names.standing,
            overlays,
            station: None,
            changed: Vec::new(),
            sources: self.sources.clone(),
            texts,
        };
        check::all(&policy, is_whole, self.out);
        (Some(policy), cases)
    }

    /// Builds the tiers and all parameters.
    fn params(&mut self, tiers: Vec<raw::TiersFile>, files: Vec<raw::ParamsFile>) {
        let mut params = rules::tiers(self, tiers);
        for file in files {
            params.extend(rules::params(self, file.params.0));
            self.names.openings.extend(file.station_may);
        }
        self.reject_duplicates(params.iter().map(|param| At { value: param.id.as_str(), span: param.span }));
        self.names.params = params;
    }

    /// Keeps the problems within their bound; asked after each file.
    fn cap_diagnostics(&mut self) {
        cap_diagnostics(self.out, PROBLEMS_MAX);
    }

    /// Reports a name that nothing declares, with the nearest one that is declared; silent while
    /// a file that may declare it is broken.
    fn unknown<'k>(&mut self, code: Code, word: At<&str>, known: impl IntoIterator<Item = &'k str>) {
        // Nobody reads further, and looking for near names takes its time.
        if self.is_whole && self.out.len() < UNKNOWN_MAX {
            let unknown = Diagnostic::new(code, word.span).with("word", word.value);
            self.out.push(unknown.with_nearest(word.value, known));
        }
    }

    /// Returns the position of a name in a list; one that is not there is reported.
    fn position<'n, L: Iterator<Item = &'n str>>(
        &'n mut self,
        code: Code,
        word: &Word,
        list: impl Fn(&'n NameTable) -> L,
    ) -> Option<u16> {
        let Self { names, out, is_whole, .. } = self;
        let at = list(names).position(|known| known == word.value);
        if at.is_none() && *is_whole && out.len() < UNKNOWN_MAX {
            out.push(word.none_of(code, list(names)));
        }
        at.and_then(|at| u16::try_from(at).ok())
    }

    /// Returns a role; one that nothing declares is reported.
    fn role(&mut self, word: &Word) -> Option<RoleIx> {
        self.position(UNKNOWN_ROLE, word, |names| names.roles.iter().map(|role| role.id.as_str())).map(RoleIx)
    }

    /// Returns a problem level; one that nothing declares is reported.
    fn level(&mut self, word: &Word) -> Option<u16> {
        self.position(UNKNOWN_LEVEL, word, |names| names.levels.iter().map(String::as_str))
    }

    /// Returns a kind of inspection; one that nothing declares is reported.
    fn inspection_kind(&mut self, id: &Id) -> String {
        self.position(UNKNOWN_INSPECTION_KIND, id, |names| names.kinds.iter().map(String::as_str));
        id.text().to_owned()
    }

    /// Returns the kind of document of that id; one that nothing declares is reported.
    fn document(&mut self, id: &Word) -> Option<u16> {
        self.position(UNKNOWN_DOCUMENT, id, |names| names.documents.iter().map(|kind| kind.id.as_str()))
    }

    /// Refuses a key that is written where it means nothing.
    fn refuse_key(&mut self, key: &str, written: Option<Span>) {
        self.out.extend(written.map(|span| Diagnostic::new(KEY_DOES_NOT_FIT, span).with("key", key)));
    }

    /// Reports a key that has to be there.
    fn want_key(&mut self, key: &str, span: Span) {
        self.out.push(Diagnostic::new(KEY_WANTED, span).with("key", key));
    }

    /// Reports a key that texts of the first version do not know; returns whether it may stand.
    fn second_only(&mut self, key: &'static str, span: Span) -> bool {
        let may_stand = self.semantics >= Semantics::Second;
        if !may_stand {
            self.out.push(Diagnostic::new(SECOND_VERSION_ONLY, span).with("key", key));
        }
        may_stand
    }

    /// Reports a problem without arguments.
    fn say(&mut self, code: Code, span: Span) {
        self.out.push(Diagnostic::new(code, span));
    }

    /// Keeps what is marked `always: true`.
    fn standing(&mut self, is_standing: bool, address: String, named: At<&str>) {
        if is_standing {
            let item = StandingItem { address, title: named.value.to_owned(), span: named.span };
            self.names.standing.push(item);
        }
    }

    /// Reports a second declaration of a name.
    fn report_duplicate(&mut self, word: &str, second: Span, first: Span) {
        self.out.push(Diagnostic::new(DUPLICATE_ID, second).with("word", word).related(first, "label-first"));
    }

    /// Reports every name that is declared twice.
    fn reject_duplicates<'n>(&mut self, names: impl IntoIterator<Item = At<&'n str>>) {
        let mut seen: BTreeMap<&str, Span> = BTreeMap::new();
        for name in names {
            match seen.get(name.value) {
                Some(first) => self.report_duplicate(name.value, name.span, *first),
                None => drop(seen.insert(name.value, name.span)),
            }
        }
    }

    /// Refuses a length that is zero or negative.
    fn positive(&mut self, length: &At<Length>) {
        if length.value.count <= 0 {
            let wrong = Diagnostic::new(LENGTH_NOT_POSITIVE, length.span);
            self.out.push(wrong.with("word", length.value.argument()));
        }
    }

    /// Returns a whole number between two bounds; one outside is reported and clipped.
    fn bounded(&mut self, number: At<i64>, min: u32, max: u32) -> u32 {
        let clipped = number.value.clamp(i64::from(min), i64::from(max));
        if clipped != number.value {
            self.out.push(
                Diagnostic::new(NUMBER_RANGE, number.span)
                    .with("word", number.value.to_string())
                    .with("min", min.to_string())
                    .with("max", max.to_string()),
            );
        }
        u32::try_from(clipped).unwrap_or(max)
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

/// Returns the digest of every text, by path; line ends do not count.
fn digests(sources: &SourceMap) -> Vec<(String, Digest)> {
    let mut texts: Vec<(String, Digest)> = sources
        .files()
        .map(|(_, source)| (source.path.clone(), Digest::of(text::normalised(&source.text).as_bytes())))
        .collect();
    texts.sort();
    texts
}

/// Returns whether a text is the bureau's own and not a station's.
fn is_of_bureau(path: &str) -> bool {
    station_file(path).is_none()
}

/// Returns the digest of all that can change an answer: every text that is meant but cases and
/// calendars, the calendar in use, and the semantics version.
///
/// # Source
/// Policy language, rule 3.
fn identity(
    texts: &[(String, Digest)],
    semantics: Semantics,
    calendar_id: &str,
    calendar: &Calendar,
    is_meant: fn(&str) -> bool,
) -> Digest {
    let counts = |path: &str| is_meant(path) && PolicyFileKind::of(path).is_some_and(|(kind, _)| kind.counts);
    let version = (semantics as u32).to_be_bytes();
    let head = [version.as_slice(), calendar_id.as_bytes(), calendar.revision.bytes()];
    let body = texts
        .iter()
        .filter(|(path, _)| counts(path))
        .flat_map(|(path, digest)| [path.as_bytes(), digest.bytes().as_slice()]);
    Digest::of_parts("policy", head.into_iter().chain(body))
}

/// Returns whether a pattern of ids and `*` fits a path of ids.
pub(super) fn matches(pattern: &str, path: &str) -> bool {
    let (pattern, path) = (pattern.split('.'), path.split('.'));
    pattern.clone().count() == path.clone().count()
        && pattern.zip(path).all(|(want, got)| want == "*" || want == got)
}
