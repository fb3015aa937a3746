//! From what a document says to a page that can be printed.
//!
//! A page is looked for under the kind's own name, first among the policy's templates, then among
//! those built in, then under the name of its family. No template sees a clock, a file or
//! chance; each may do so much and no more.

use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment, Error, ErrorKind, UndefinedBehavior};
use serde::Serialize;

use crate::diag::codes::{TEMPLATE_FAILS, TEMPLATE_SYNTAX};
use crate::diag::{Diagnostic, Span};
use crate::policy::{Approver, DocumentKind, Policy, Served, Template};
use crate::time::{Day, Tz};

use super::{Document, DocumentKey, DocumentState, Facts, Made, date};

/// The templates that come with the program, by name.
const BUILT_IN: [(&str, &str); 15] = [
    ("base", include_str!("templates/base.html")),
    ("parts", include_str!("templates/parts.html")),
    ("letter", include_str!("templates/letter.html")),
    ("approval", include_str!("templates/approval.html")),
    ("record", include_str!("templates/record.html")),
    ("list", include_str!("templates/list.html")),
    ("reg.order", include_str!("templates/reg.order.html")),
    ("reg.patrol", include_str!("templates/reg.patrol.html")),
    ("reg.revisit", include_str!("templates/reg.revisit.html")),
    ("reg.archive", include_str!("templates/reg.archive.html")),
    ("gui.suggest", include_str!("templates/gui.suggest.html")),
    ("pen.rectify", include_str!("templates/pen.rectify.html")),
    ("pen.notice", include_str!("templates/pen.notice.html")),
    ("pen.decision", include_str!("templates/pen.decision.html")),
    ("pen.receipt", include_str!("templates/pen.receipt.html")),
];

/// Steps one page may take: a thousand rows of a table, and far from a second of work.
const FUEL: u64 = 500_000;

/// Prints documents by the templates of one policy.
#[derive(Debug)]
pub struct Printer {
    templates: Environment<'static>,
}

/// Why a page could not be printed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PrintFault {
    /// The template.
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
struct Marks<'a> {
    id: String,
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
struct Told<'a> {
    document: Marks<'a>,
    facts: &'a Facts,
}

impl Printer {
    /// Takes the templates built in and those of the policy, which were checked when it was loaded.
    pub fn new(policy: &Policy) -> Self {
        let mut templates = environment();
        for Template { kind, file } in &policy.templates {
            // A policy whose templates do not parse was refused; the built-in one stays for it.
            let _ = templates.add_template_owned(kind.clone(), policy.sources.file(*file).text.clone());
        }
        Self { templates }
    }

    /// Prints a document: the same facts and marks give the same bytes.
    ///
    /// # Errors
    /// [`PrintFault`] when a template of the policy fails on this document.
    pub fn print(
        &self,
        kind: &DocumentKind,
        document: &Document,
        facts: &Facts,
        zone: Tz,
    ) -> Result<String, PrintFault> {
        let own = self.templates.get_template(&kind.id);
        let template = match own {
            Ok(own) => own,
            Err(error) if error.kind() == ErrorKind::TemplateNotFound => {
                self.templates.get_template(family(kind))?
            }
            Err(error) => return Err(error.into()),
        };
        let told = Told { document: marks(kind, document, zone), facts };
        Ok(template.render(Serde(&told))?)
    }
}

fn environment() -> Environment<'static> {
    let mut templates = Environment::new();
    templates.set_auto_escape_callback(|_| AutoEscape::Html);
    templates.set_undefined_behavior(UndefinedBehavior::Chainable);
    templates.set_fuel(Some(FUEL));
    let syntax = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build();
    templates.set_syntax(syntax.expect("no mark is changed"));
    // What is missing stands as nothing, not as a word for it.
    templates.set_formatter(|out, state, value| {
        if value.is_none() { Ok(()) } else { minijinja::escape_formatter(out, state, value) }
    });
    templates.add_filter("arabic", |text: &str| day(text).map_or_else(|| text.to_owned(), date::arabic));
    templates.add_filter("han", |text: &str| day(text).map_or_else(|| text.to_owned(), date::han));
    templates.add_filter("moment", |text: &str| moment(text).unwrap_or_else(|| text.to_owned()));
    for (name, text) in BUILT_IN {
        templates.add_template(name, text).expect("a test prints every template built in");
    }
    templates
}

/// Reads the day at the head of a date or a moment.
fn day(text: &str) -> Option<Day> {
    text.get(..10)?.parse().ok()
}

/// Writes a local date and time, such as 2026-03-10T09:30, as a date and a time; none when it is neither
/// that nor a date.
fn moment(text: &str) -> Option<String> {
    let written = date::arabic(day(text)?);
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
        (Served::Delivered | Served::Agency, _) => "letter",
        (Served::OnSpot, _) => "record",
        (Served::Internal, Approver::Roles(_)) => "approval",
        (Served::Internal, Approver::Nobody | Approver::Officers) => "list",
    }
}

fn marks<'a>(kind: &'a DocumentKind, document: &Document, zone: Tz) -> Marks<'a> {
    let made_on = document.made.at.day_in(zone);
    let signed_on = match (&document.approval, document.state.is_final()) {
        (Some(approval), _) => Some(approval.at.day_in(zone)),
        (None, true) => Some(made_on),
        (None, false) => None,
    };
    Marks {
        id: document.key.to_string(),
        kind: &kind.id,
        category: kind.category.name(),
        served: kind.served.name(),
        keep: kind.keep.name(),
        number: document.number.as_ref().map(ToString::to_string),
        control: document.control.as_ref().map(ToString::to_string),
        is_draft: !document.state.is_final(),
        is_void: document.state == DocumentState::Voided,
        made_on: made_on.to_string(),
        signed_on: signed_on.map(|day| day.to_string()),
        revokes: document.replaces.is_some_and(|replaces| replaces.how == super::ReplacementHow::Revokes),
    }
}

/// Checks a policy's templates: each must parse, and print a document that says little.
pub fn check_templates(policy: &Policy) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let mut whole = environment();
    for template in &policy.templates {
        let text = policy.sources.file(template.file).text.clone();
        if let Err(error) = whole.add_template_owned(template.kind.clone(), text) {
            found.push(wrong(policy, template, &error, TEMPLATE_SYNTAX));
        }
    }
    if !found.is_empty() {
        return found;
    }
    for template in &policy.templates {
        let Some(kind) = policy.documents.iter().find(|kind| kind.id == template.kind) else { continue };
        let document = sample(kind);
        let facts = Facts::default();
        let told = Told { document: marks(kind, &document, policy.bureau.zone), facts: &facts };
        let printed = whole.get_template(&template.kind).and_then(|page| page.render(Serde(&told)));
        if let Err(error) = printed {
            found.push(wrong(policy, template, &error, TEMPLATE_FAILS));
        }
    }
    found
}

fn sample(kind: &DocumentKind) -> Document {
    Document {
        key: DocumentKey { home: kind.id.clone(), seq: 1, ordinal: 1 },
        kind: kind.id.clone(),
        step: String::new(),
        visit: 1,
        station: String::new(),
        state: DocumentState::Draft,
        number: None,
        control: None,
        made: Made { by: Vec::new(), at: crate::time::Stamp::from_micros(0) },
        approval: None,
        seal: None,
        service: None,
        filing: None,
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
