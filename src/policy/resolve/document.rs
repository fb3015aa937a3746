//! `rules/documents.yaml`: kinds of documents, and the templates that print them.

use std::collections::BTreeMap;

use super::super::model::{Approver, Category, DocumentKind, Keep, ServiceRule, Template};
use super::super::raw::{self, Id, Word};
use super::Resolver;
use crate::diag::codes::{
    DOCUMENT_APPROVERS, DOCUMENT_NUMBER_MARK, DOCUMENT_PREFIX_NEEDLESS, DOCUMENT_PREFIX_TAKEN,
    DOCUMENT_PREFIX_WANTED, TEMPLATE_OF_NOTHING,
};
use crate::diag::{Diagnostic, Span};

/// The word that stands for the officers who made the document.
const OFFICERS: &str = "officers";

pub(super) fn documents(
    resolver: &mut Resolver<'_>,
    raw: Vec<(Id, raw::DocumentShape)>,
) -> Vec<DocumentKind> {
    resolver.reject_duplicates(raw.iter().map(|(id, _)| id.spelling()));
    let mut prefixes: BTreeMap<String, Span> = BTreeMap::new();
    raw.into_iter()
        .map(|(id, document)| {
            if let Some(prefix) = &document.prefix {
                if let Some(first) = prefixes.get(prefix.text()) {
                    resolver.out.push(prefix.wrong(DOCUMENT_PREFIX_TAKEN).related(*first, "label-first"));
                } else {
                    prefixes.insert(prefix.value.clone(), prefix.span);
                }
            }
            kind(resolver, &id, document)
        })
        .collect()
}

fn kind(resolver: &mut Resolver<'_>, id: &Id, raw: raw::DocumentShape) -> DocumentKind {
    let raw::DocumentShape { title, category, numbered, prefix, approver, served, keep, blank, says } = raw;
    let is_numbered = numbered.unwrap_or(prefix.is_some());
    match (&prefix, is_numbered) {
        (None, true) => {
            resolver.out.push(id.wrong(DOCUMENT_PREFIX_WANTED));
        }
        (Some(prefix), false) => {
            resolver.out.push(Diagnostic::new(DOCUMENT_PREFIX_NEEDLESS, prefix.span).with("word", id.text()));
        }
        (Some(prefix), true) => refuse_in_number(resolver, prefix),
        (None, false) => {}
    }
    DocumentKind {
        span: id.span,
        id: id.text().to_owned(),
        title,
        numbered: is_numbered,
        prefix: prefix.map(|prefix| prefix.value),
        category: category.unwrap_or(Category::Other),
        approver: self::approver(resolver, approver.0),
        served: served.unwrap_or(ServiceRule::Internal),
        keep: keep.unwrap_or(Keep::Years10),
        blank,
        says,
    }
}

fn approver(resolver: &mut Resolver<'_>, raw: Vec<Word>) -> Approver {
    let officers = raw.iter().find(|word| word.text() == OFFICERS).map(|word| word.span);
    match (officers, raw.len()) {
        (None, 0) => Approver::Nobody,
        (Some(_), 1) => Approver::Officers,
        (Some(span), _) => {
            resolver.say(DOCUMENT_APPROVERS, span);
            Approver::Officers
        }
        (None, _) => {
            for word in &raw {
                resolver.role(word);
            }
            Approver::Roles(raw.into_iter().map(|word| word.value).collect())
        }
    }
}

/// Reports a part of official numbers that holds marks of their other parts.
pub(super) fn refuse_in_number(resolver: &mut Resolver<'_>, word: &Word) {
    if let Some(mark) = word.value.chars().find(|c| !c.is_alphabetic()) {
        resolver.out.push(word.wrong(DOCUMENT_NUMBER_MARK).with("mark", mark.to_string()));
    }
}

/// Refuses templates of no kind of document.
pub(super) fn check_templates(resolver: &mut Resolver<'_>, templates: &[Template]) {
    for Template { kind, file } in templates {
        let documents = &resolver.names.documents;
        if resolver.is_whole && !documents.iter().any(|document| document.id == *kind) {
            let known = documents.iter().map(|document| document.id.as_str());
            let nothing = Diagnostic::new(TEMPLATE_OF_NOTHING, Span::new(*file, 0, 0));
            resolver.out.push(nothing.with("word", kind).with_nearest(kind, known));
        }
    }
}
