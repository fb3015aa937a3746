//! Every kind of document on paper, by the pages built in of the first edition and the kept policy.
//!
//! A page of full facts stands in a file; of drafts, void ones and corrections only digests do.

use std::fmt::Write as _;

use wubu::digest::Digest;
use wubu::documents::{
    Document, DocumentFacts, DocumentMarks, DocumentState, Printer, Replacement, ReplacementHow,
};
use wubu::office;
use wubu::policy::DocumentKind;

use super::{expect_folder, golden};
use crate::documents::ZONE;
use crate::documents::pages::{document, facts};

#[test]
fn every_kind_prints_as_it_did() {
    let live = office::load_folder(&golden("kept/policy"), wubu::time::Day::MIN)
        .unwrap_or_else(|_| panic!("the policy loads"));
    let printer = Printer::new(&live.policy);
    let print = |kind: &DocumentKind, document: &Document, facts: &DocumentFacts| {
        printer.print(kind, document, facts, ZONE).unwrap_or_else(|fault| panic!("{}: {fault:?}", kind.id))
    };
    let mut pages = Vec::new();
    let mut digests = String::new();
    for kind in &live.policy.documents {
        let full = facts(kind);
        let page = print(kind, &document(kind, DocumentState::Approved), &full);
        pages.push((format!("pages/{}.html", kind.id), page));
        let draft = Document {
            number: None,
            marks: DocumentMarks::default(),
            ..document(kind, DocumentState::Draft)
        };
        let void = document(kind, DocumentState::Voided);
        let replaces = Some(Replacement { ordinal: 1, how: ReplacementHow::Revokes });
        let revokes = Document { replaces, ..document(kind, DocumentState::Approved) };
        let said = DocumentFacts {
            reason: Some("地址有误".to_owned()),
            replaces: Some("示市监〔2026〕1号".to_owned()),
            ..full.clone()
        };
        let all = [(&draft, &DocumentFacts::default()), (&void, &full), (&revokes, &said)];
        let [draft, void, revokes] =
            all.map(|(document, facts)| Digest::of(print(kind, document, facts).as_bytes()).short());
        let _ = writeln!(digests, "{} draft {draft} void {void} revokes {revokes}", kind.id);
    }
    pages.push(("pages/digests.txt".to_owned(), digests));
    expect_folder("pages", pages);
}
