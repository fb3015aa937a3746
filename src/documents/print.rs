//! From what a document says to a page that can be printed.
//!
//! A page is looked for under the kind's own name, first among the policy's templates, then among
//! those built in, in the edition that the facts name, then under the name of its family. No template
//! sees a clock, a file or chance; each may do so much and no more.

use std::io;

use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment, Error, ErrorKind, UndefinedBehavior};
use serde::Serialize;

use crate::diag::codes::{TEMPLATE_FAILS, TEMPLATE_SYNTAX};
use crate::diag::{Diagnostic, Span};
use crate::id::OrderId;
use crate::lang::Lang;
use crate::policy::{Approver, DocumentKind, Policy, ServiceRule, Template};
use crate::time::{Day, Tz};

use super::edition::{Pages, editions};
use super::{Authorship, Document, DocumentFacts, DocumentKey, DocumentState, date};

/// Steps one page may take: a thousand rows of a table, and far from a second of work.
const FUEL: u64 = 500_000;
/// Bytes between the marks of one tag, and branches of all ifs of a page: the engine compiles both by calling
/// itself.
const TAG_MAX: usize = 1_000;
const BRANCHES_MAX: usize = 200;
/// How deep macros and included pages call each other.
const DEPTH: usize = 50;
/// Bytes of a printed page.
const PAGE_MAX: usize = 16 << 20;

/// Prints documents by the templates of one policy.
#[derive(Debug)]
pub struct Printer {
    /// One set of templates for each edition, from the first on.
    chinese: Vec<Environment<'static>>,
    /// The same for papers in English.
    english: Vec<Environment<'static>>,
}

/// Why a page could not be printed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PrintFault {
    pub template: String,
    /// The line in it, from 1.
    pub line: usize,
    /// What the template engine said.
    pub cause: String,
}

impl From<Error> for PrintFault {
    fn from(error: Error) -> Self {
        Self {
            template: error.name().unwrap_or_default().to_owned(),
            line: error.line().unwrap_or(1),
            cause: error.to_string(),
        }
    }
}

/// What a template is told of the document itself.
#[derive(Serialize)]
struct PrintedMarks<'a> {
    id: String,
    /// Its place among the documents of its order.
    place: i64,
    kind: &'a str,
    category: &'static str,
    served: &'static str,
    keep: &'static str,
    number: Option<String>,
    control: Option<String>,
    is_draft: bool,
    is_void: bool,
    made_on: String,
    signed_on: Option<String>,
    revokes: bool,
}

/// Everything a template is told.
#[derive(Serialize)]
struct TemplateInput<'a> {
    document: PrintedMarks<'a>,
    facts: &'a DocumentFacts,
}

impl Printer {
    /// Takes the templates built in and those of the policy, which were checked when it was loaded.
    pub fn new(policy: &Policy) -> Self {
        let text = |template: &Template| policy.sources.file(template.file).text.clone();
        let own = policy.templates.iter().map(|template| (template.kind.clone(), text(template)));
        let own = own.collect::<Vec<_>>();
        let [chinese, english] = [Lang::Zh, Lang::En].map(|lang| sets(editions(lang), &own, lang));
        Self { chinese, english }
    }

    /// Prints a document: the same facts and marks give the same bytes.
    ///
    /// # Errors
    /// [`PrintFault`] when a template of the policy fails on this document, or when a newer program made
    /// it in an edition that this one does not know.
    pub fn print(
        &self,
        kind: &DocumentKind,
        document: &Document,
        facts: &DocumentFacts,
        zone: Tz,
    ) -> Result<String, PrintFault> {
        let sets = match facts.language {
            Lang::Zh => &self.chinese,
            Lang::En => &self.english,
        };
        let edition = facts.edition.place().and_then(|place| sets.get(place));
        let unknown = || Error::new(ErrorKind::TemplateNotFound, format!("{} {}", kind.id, facts.edition));
        let templates = edition.ok_or_else(unknown)?;
        let template = match templates.get_template(&kind.id) {
            Ok(own) => own,
            Err(error) if error.kind() == ErrorKind::TemplateNotFound => {
                templates.get_template(family(kind))?
            }
            Err(error) => return Err(error.into()),
        };
        let told = TemplateInput { document: marks(kind, document, zone), facts };
        Ok(render(&template, &told)?)
    }
}

/// Makes the templates of each edition, with the policy's own in place of those built in.
fn sets(editions: &[Pages], own: &[(String, String)], lang: Lang) -> Vec<Environment<'static>> {
    let until = |newest| {
        let mut templates = environment(&editions[..newest], lang);
        for (kind, text) in own {
            // A policy whose templates do not parse was refused; the built-in one stays for it.
            let _ = templates.add_template_owned(kind.clone(), text.clone());
        }
        templates
    };
    (1..=editions.len()).map(until).collect()
}

/// Makes a set without templates, in which no page does more than it may.
pub(super) fn bare_environment() -> Environment<'static> {
    let mut templates = Environment::new();
    templates.set_auto_escape_callback(|_| AutoEscape::Html);
    templates.set_undefined_behavior(UndefinedBehavior::Chainable);
    templates.set_fuel(Some(FUEL));
    templates.set_recursion_limit(DEPTH);
    // It would carry a value from turn to turn of a loop, and nest it deeper each time.
    templates.remove_global("namespace");
    let syntax = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build();
    templates.set_syntax(syntax.expect("no mark is changed"));
    // What is missing stands as nothing, not as a word for it.
    templates.set_formatter(|out, state, value| {
        if value.is_none() { Ok(()) } else { minijinja::escape_formatter(out, state, value) }
    });
    templates
}

/// Makes a set of templates from the pages built in until an edition; the newer takes the older's place.
fn environment(editions: &[Pages], lang: Lang) -> Environment<'static> {
    let mut templates = bare_environment();
    let dated = move |write: fn(Day, Lang) -> String| {
        move |text: &str| day(text).map_or_else(|| text.to_owned(), |day| write(day, lang))
    };
    templates.add_filter("arabic", dated(date::written));
    templates.add_filter("han", dated(date::spelt));
    templates.add_filter("moment", move |text: &str| moment(text, lang).unwrap_or_else(|| text.to_owned()));
    for (edition, pages) in (1..).zip(editions) {
        for (name, text) in *pages {
            let printed = "a test prints every template built in";
            templates.add_template(name, text).expect(printed);
            // A page of a newer edition may say only what it says otherwise.
            templates.add_template_owned(format!("{edition}/{name}"), *text).expect(printed);
        }
    }
    templates
}

/// Reads the day at the head of a date or a moment.
fn day(text: &str) -> Option<Day> {
    text.get(..10)?.parse().ok()
}

/// Writes a local date and time, such as 2026-03-10T09:30, as a date and a time; none when it is neither
/// that nor a date.
fn moment(text: &str, lang: Lang) -> Option<String> {
    let written = date::written(day(text)?, lang);
    let rest = &text[10..];
    let time = rest.strip_prefix(['T', ' ']).and_then(|time| time.get(..5));
    match time {
        Some(time) if time.as_bytes()[2] == b':' => Some(format!("{written} {time}")),
        None if rest.is_empty() => Some(written),
        Some(_) | None => None,
    }
}

/// Returns the template for kinds without one of their own.
fn family(kind: &DocumentKind) -> &'static str {
    match (kind.served, &kind.approver) {
        (ServiceRule::Delivered | ServiceRule::Agency, _) => "letter",
        (ServiceRule::OnSpot, _) => "record",
        (ServiceRule::Internal, Approver::Roles(_)) => "approval",
        (ServiceRule::Internal, Approver::Nobody | Approver::Officers) => "list",
    }
}

fn marks<'a>(kind: &'a DocumentKind, document: &Document, zone: Tz) -> PrintedMarks<'a> {
    let made_on = document.made.at.day_in(zone);
    let signed_on = match (&document.marks.approval, document.state.is_final()) {
        (Some(approval), _) => Some(approval.at.day_in(zone)),
        (None, true) => Some(made_on),
        (None, false) => None,
    };
    PrintedMarks {
        id: document.key.to_string(),
        place: document.key.ordinal,
        kind: &kind.id,
        category: kind.category.into_str(),
        served: kind.served.into_str(),
        keep: kind.keep.into_str(),
        number: document.number.as_ref().map(ToString::to_string),
        control: document.control.as_ref().map(ToString::to_string),
        is_draft: !document.state.is_final(),
        is_void: document.state.is_void(),
        made_on: made_on.to_string(),
        signed_on: signed_on.map(|day| day.to_string()),
        revokes: document.replaces.is_some_and(|replaces| replaces.how == super::ReplacementHow::Revokes),
    }
}

/// Checks a policy's templates: each must parse, and print a document that says little, with the pages
/// that new papers are made with.
pub fn check_templates(policy: &Policy) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let mut whole = environment(editions(policy.bureau.language), policy.bureau.language);
    for template in &policy.templates {
        let text = policy.sources.file(template.file).text.clone();
        if let Some((at, cause)) = too_much(&text) {
            let span = Span::new(template.file, at.start, at.end);
            found.push(Diagnostic::new(TEMPLATE_SYNTAX, span).with("cause", cause));
        } else if let Err(error) = whole.add_template_owned(template.kind.clone(), text) {
            found.push(wrong(policy, template, &error, TEMPLATE_SYNTAX));
        }
    }
    if !found.is_empty() {
        return found;
    }
    for template in &policy.templates {
        let Some(kind) = policy.documents.iter().find(|kind| kind.id == template.kind) else { continue };
        let document = sample(kind);
        let facts = DocumentFacts::default();
        let told = TemplateInput { document: marks(kind, &document, policy.bureau.zone), facts: &facts };
        let printed = whole.get_template(&template.kind).and_then(|page| render(&page, &told));
        if let Err(error) = printed {
            found.push(wrong(policy, template, &error, TEMPLATE_FAILS));
        }
    }
    found
}

/// Prints a page, no further than its bound.
pub(super) fn render(template: &minijinja::Template<'_, '_>, told: &impl Serialize) -> Result<String, Error> {
    let mut page = BoundedPage(Vec::new());
    template.render_captured_to(Serde(told), &mut page)?;
    String::from_utf8(page.0).map_err(|_| Error::new(ErrorKind::WriteFailure, "UTF-8"))
}

/// Takes what is printed until it is too much.
struct BoundedPage(Vec<u8>);

impl io::Write for BoundedPage {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.0.len() + bytes.len() > PAGE_MAX {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        self.0.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Returns the first place of a text at which its compilation would go too deep, with the cause by name.
fn too_much(text: &str) -> Option<(std::ops::Range<usize>, &'static str)> {
    let (mut from, mut branches) = (0, 0);
    while let Some(at) = text[from..].find(['{']).map(|at| from + at) {
        let end_mark = match text.as_bytes().get(at + 1) {
            Some(b'{') => "}}",
            Some(b'%') => "%}",
            Some(_) | None => {
                from = at + 1;
                continue;
            }
        };
        let end = text[at..].find(end_mark).map_or(text.len(), |end| at + end);
        let tag = &text[at..end];
        if tag.len() > TAG_MAX {
            return Some((at..at + 2, "tag-too-long"));
        }
        branches += usize::from(tag.contains("elif"));
        if branches > BRANCHES_MAX {
            return Some((at..end, "too-many-branches"));
        }
        from = end.max(at + 2);
    }
    None
}

fn sample(kind: &DocumentKind) -> Document {
    Document {
        key: DocumentKey { order: OrderId { home: kind.id.clone(), seq: 1 }, ordinal: 1 },
        kind: kind.id.clone(),
        step: String::new(),
        visit: 1,
        station: String::new(),
        state: DocumentState::Draft,
        number: None,
        control: None,
        made: Authorship { by: Vec::new(), at: crate::time::Stamp::from_micros(0) },
        marks: super::DocumentMarks::default(),
        replaces: None,
        replaced_by: None,
    }
}

fn wrong(policy: &Policy, template: &Template, error: &Error, code: crate::diag::Code) -> Diagnostic {
    let text = &policy.sources.file(template.file).text;
    let is_here = error.name().is_none_or(|name| name == template.kind);
    let at = error.range().filter(|at| is_here && at.end <= text.len());
    let at = at.unwrap_or_else(|| line_of(text, if is_here { error.line().unwrap_or(1) } else { 1 }));
    let cause = error.detail().map_or_else(|| error.kind().to_string(), str::to_owned);
    Diagnostic::new(code, Span::new(template.file, at.start, at.end)).with("cause", cause)
}

/// Returns where a line stands, from 1.
fn line_of(text: &str, line: usize) -> std::ops::Range<usize> {
    let start: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    let length = text[start..].lines().next().map_or(0, str::len);
    start..start + length
}

#[cfg(test)]
mod tests {
    use super::super::Edition;
    use super::*;
    use crate::policy::{Category, Keep};

    /// The second changes one page, and what both are made from.
    const TWO: [Pages; 2] = [
        &[("base", "one"), ("letter", "letter {% include 'base' %}"), ("list", "list {% include 'base' %}")],
        &[("base", "two"), ("letter", "a letter {% include 'base' %}")],
    ];

    fn kind(id: &str, served: ServiceRule) -> DocumentKind {
        DocumentKind {
            id: id.to_owned(),
            title: String::new(),
            numbered: false,
            prefix: None,
            category: Category::Other,
            approver: Approver::Nobody,
            served,
            keep: Keep::Always,
            blank: false,
            says: None,
            span: Span::new(crate::diag::SourceMap::default().add("rules/documents.yaml", ""), 0, 0),
        }
    }

    fn printed(kind: &DocumentKind, facts: &DocumentFacts) -> Result<String, PrintFault> {
        let own = [("own".to_owned(), "own {% include 'base' %}".to_owned())];
        Printer { chinese: sets(&TWO, &own, Lang::Zh), english: Vec::new() }.print(
            kind,
            &sample(kind),
            facts,
            Tz::UTC,
        )
    }

    fn of_edition(edition: &str) -> DocumentFacts {
        serde_json::from_str(&format!("{{\"edition\":{edition}}}")).expect("facts")
    }

    #[test]
    fn a_paper_prints_in_the_edition_it_names_and_else_in_the_first() {
        let (letter, list) =
            (kind("x.letter", ServiceRule::Delivered), kind("x.list", ServiceRule::Internal));
        let all =
            |facts: &DocumentFacts| [&letter, &list].map(|kind| printed(kind, facts).expect("it prints"));
        assert_eq!(all(&DocumentFacts::default()), ["letter one", "list one"]);
        assert_eq!(all(&of_edition("1")), ["letter one", "list one"]);
        assert_eq!(all(&of_edition("2")), ["a letter two", "list two"]);
        // A bureau's own page keeps to what the paper was made with as well.
        let own = kind("own", ServiceRule::Delivered);
        assert_eq!(printed(&own, &DocumentFacts::default()).as_deref(), Ok("own one"));
        assert_eq!(printed(&own, &of_edition("2")).as_deref(), Ok("own two"));
    }

    #[test]
    fn an_edition_of_a_newer_program_is_a_fault() {
        for edition in ["0", "3"] {
            let fault = printed(&kind("x.letter", ServiceRule::Delivered), &of_edition(edition));
            let cause = fault.expect_err("unknown").cause;
            assert!(cause.contains(&format!("x.letter {edition}")), "{cause}");
        }
    }

    #[test]
    fn the_first_edition_is_not_written_down() {
        let text = |facts: &DocumentFacts| serde_json::to_value(facts).expect("facts");
        assert_eq!(text(&DocumentFacts::default()).get("edition"), None);
        assert_eq!(text(&of_edition("2"))["edition"], 2);
        assert_eq!(of_edition("1"), DocumentFacts::default());
        let (kind, newest) = (
            kind("x", ServiceRule::OnSpot),
            DocumentFacts { edition: Edition::NEWEST, ..DocumentFacts::default() },
        );
        assert!(
            Printer { chinese: sets(editions(Lang::Zh), &[], Lang::Zh), english: Vec::new() }
                .print(&kind, &sample(&kind), &newest, Tz::UTC)
                .is_ok()
        );
    }
}
