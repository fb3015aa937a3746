//! What an order's file lacks before it can go to the archive.

use strum::IntoStaticStr;

use crate::policy::{DocumentKind, ServiceRule};

use super::{Blank, BlankState, Document, DocumentState};

/// One thing that prevents archiving.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lack {
    pub kind: LackKind,
    /// The document or the blank.
    pub what: String,
    /// Title of the document's kind, or who holds the blank.
    pub detail: String,
}

/// What a file can lack. Its names stand in JSON and in ids of texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, IntoStaticStr)]
#[strum(serialize_all = "snake_case", const_into_str)]
pub enum LackKind {
    /// A document was not signed off.
    Unapproved,
    /// A document that is sent out was not sealed.
    Unsealed,
    /// A document that is for somebody outside was not served.
    Unserved,
    /// A served document has no proof of service.
    NoReceipt,
    /// A blank signed out for the order has not come back.
    BlankOut,
}

/// Lists what an order's file lacks: its documents by kind, and the blanks signed out for it.
///
/// A document whose kind the policy no longer has is judged as one that stays in the bureau.
pub fn missing<'k>(
    documents: &[Document],
    blanks: &[Blank],
    kind_of: impl Fn(&str) -> Option<&'k DocumentKind>,
) -> Vec<Lack> {
    let of_documents = documents.iter().filter_map(|document| {
        let kind = kind_of(&document.kind);
        let served = kind.map_or(ServiceRule::Internal, |kind| kind.served);
        let lack = lack(document, served)?;
        let detail = kind.map_or_else(|| document.kind.clone(), |kind| kind.title.clone());
        Some(Lack { kind: lack, what: document.key.to_string(), detail })
    });
    let out = blanks.iter().filter_map(|blank| match &blank.state {
        BlankState::SignedOut { officer, .. } => {
            Some(Lack { kind: LackKind::BlankOut, what: blank.control.to_string(), detail: officer.clone() })
        }
        BlankState::InStock
        | BlankState::InUse { .. }
        | BlankState::Filed { .. }
        | BlankState::Voided { .. }
        | BlankState::Lost => None,
    });
    of_documents.chain(out).collect()
}

fn lack(document: &Document, served: ServiceRule) -> Option<LackKind> {
    match (document.state, served) {
        (DocumentState::Draft | DocumentState::Submitted, _) => Some(LackKind::Unapproved),
        (DocumentState::Signed | DocumentState::Approved, ServiceRule::Delivered | ServiceRule::Agency) => {
            Some(LackKind::Unsealed)
        }
        (DocumentState::Sealed, _) => Some(LackKind::Unserved),
        (DocumentState::Served, ServiceRule::Delivered) => {
            let has_receipt =
                document.marks.service.as_ref().is_some_and(|service| service.receipt.is_some());
            (!has_receipt).then_some(LackKind::NoReceipt)
        }
        // What was signed on the spot was in the party's hands when it was made.
        (DocumentState::Signed | DocumentState::Approved, ServiceRule::OnSpot | ServiceRule::Internal)
        | (DocumentState::Served, ServiceRule::Agency | ServiceRule::OnSpot | ServiceRule::Internal)
        | (DocumentState::Filed | DocumentState::Returned | DocumentState::Voided, _) => None,
    }
}
