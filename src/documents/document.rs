//! The life of one document.

use std::fmt;

use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr, VariantNames};

use crate::id::OrderId;
use crate::lang;
use crate::policy::{Approver, DocumentKind, Policy, Restart, ServiceRule};
use crate::time::{Day, Stamp};

use super::{ActingPerson, Control, DocumentRefusal, OfficialNumber, Series};
use DocumentState as State;

/// Which document: the order it belongs to, and its place among that order's documents.
///
/// # Shape
/// Written `dongguan-12/3`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct DocumentKey {
    pub order: OrderId,
    /// Place among the order's documents, from 1.
    pub ordinal: i64,
}

impl fmt::Display for DocumentKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.order, self.ordinal)
    }
}

/// One document of an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    pub key: DocumentKey,
    pub kind: String,
    /// The step that made it.
    pub step: String,
    pub visit: i64,
    /// Station whose officers made it.
    pub station: String,
    /// Where it is in its life.
    pub state: DocumentState,
    /// Its official number, once signed off.
    pub number: Option<OfficialNumber>,
    /// The blank it is written on.
    pub control: Option<Control>,
    pub made: Authorship,
    pub marks: DocumentMarks,
    /// The served document it corrects or revokes.
    pub replaces: Option<Replacement>,
    /// The document that corrects or revokes it.
    pub replaced_by: Option<i64>,
}

/// Where a document is in its life. Its names stand in JSON, in the database and in ids of texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumString, IntoStaticStr, VariantNames)]
#[strum(serialize_all = "snake_case", const_into_str)]
pub enum DocumentState {
    /// Being written.
    Draft,
    /// Waits for its approver.
    Submitted,
    /// Signed by the officers who made it; nobody else has to.
    Signed,
    /// Signed off by its approver.
    Approved,
    /// Sealed.
    Sealed,
    /// Served, handed over or sent.
    Served,
    /// In the archive.
    Filed,
    /// Sent back with its step: it stays in the file as such, and nothing comes of it.
    Returned,
    /// Cancelled before it was served.
    Voided,
}

impl DocumentState {
    /// Returns whether the text can no longer change.
    pub const fn is_final(self) -> bool {
        !matches!(self, Self::Draft | Self::Submitted)
    }

    /// Returns whether nothing can come of it any more.
    pub const fn is_void(self) -> bool {
        matches!(self, Self::Returned | Self::Voided)
    }
}

/// Who made a document, and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Authorship {
    /// The officers.
    pub by: Vec<String>,
    pub at: Stamp,
}

/// What was done with a document since, as it stands in JSON.
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct DocumentMarks {
    /// Who signed it off.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approval: Option<ActorMark>,
    /// Who sealed it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seal: Option<ActorMark>,
    /// Who filed it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub filing: Option<ActorMark>,
    /// How it was served.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service: Option<Service>,
    /// Who signed a record of two officers first, while the second has yet to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first: Option<ActorMark>,
    /// Who has to sign it as himself then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub second: Option<String>,
}

/// Who did something, and when; in JSON a list of the two.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct ActorMark {
    pub by: String,
    pub at: Stamp,
}

impl Serialize for ActorMark {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        (&self.by, self.at).serialize(serializer)
    }
}

/// How a document was served.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Service {
    /// Who received it.
    pub to: String,
    pub way: ServiceWay,
    pub on: Day,
    /// Who served it.
    pub by: String,
    /// Number of the proof of service, or who signed for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub receipt: Option<String>,
}

/// The lawful ways of service.
///
/// # Source
/// 市场监督管理行政处罚程序规定 arts 74–76.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, EnumString, IntoStaticStr, VariantNames, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case", const_into_str)]
pub enum ServiceWay {
    /// 直接送达
    Direct,
    /// 留置送达
    Left,
    /// 邮寄送达
    Post,
    /// 电子送达
    Electronic,
    /// 委托送达
    Entrusted,
    /// 转交送达
    Forwarded,
    /// 公告送达
    Public,
}

/// Which served document another one takes the place of, and how.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Replacement {
    /// Its place among the order's documents.
    pub ordinal: i64,
    pub how: ReplacementHow,
}

/// How a served document is replaced. Its names stand in JSON, in the database and in ids of texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumString, IntoStaticStr)]
#[strum(serialize_all = "snake_case", const_into_str)]
pub enum ReplacementHow {
    /// 更正: it stands as corrected.
    Corrects,
    /// 撤销: it stands no more.
    Revokes,
}

/// What is done with a document. Its names stand in records and in ids of texts.
#[derive(Clone, Debug, IntoStaticStr)]
#[strum(serialize_all = "snake_case", const_into_str)]
pub enum DocumentAct<'a> {
    /// It is laid before its approver.
    Submit,
    /// An officer signs it, and names the one who has to sign with him, or signs as the one who was named.
    Sign { by: &'a ActingPerson, with: Option<&'a ActingPerson> },
    /// Its approver signs it off.
    Approve(&'a ActingPerson),
    /// It is sent back to be written again.
    SendBack(&'a ActingPerson),
    /// Its step is sent back, and it with it.
    Return,
    /// It gets the seal.
    Seal(&'a ActingPerson),
    /// It is served, handed over or sent.
    Serve(&'a Service),
    /// It goes to the archive.
    File(&'a ActingPerson),
    /// It is cancelled.
    Void(&'a ActingPerson),
}

impl DocumentAct<'_> {
    /// Returns the state that a document is in once it is done; none where it goes back.
    const fn leads_to(&self) -> Option<DocumentState> {
        match self {
            Self::Submit => Some(DocumentState::Submitted),
            Self::Sign { .. } => Some(DocumentState::Signed),
            Self::Approve(_) => Some(DocumentState::Approved),
            Self::Seal(_) => Some(DocumentState::Sealed),
            Self::Serve(_) => Some(DocumentState::Served),
            Self::File(_) => Some(DocumentState::Filed),
            Self::Void(_) => Some(DocumentState::Voided),
            Self::SendBack(_) | Self::Return => None,
        }
    }
}

/// A document after an act.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentMove {
    pub document: Document,
    /// The series it needs its number from, in the same transaction.
    pub wants_number: Option<Series>,
}

/// Officers who sign a record.
///
/// # Source
/// CXGD art. 22; S2 of the domain report §5.
const SIGNATURES: usize = 2;

/// Returns the state a document of a kind is made in: signed where nobody else has to sign, else a draft.
pub fn made_state(kind: &DocumentKind, by: &[String]) -> DocumentState {
    match &kind.approver {
        Approver::Nobody => DocumentState::Signed,
        Approver::Officers if distinct(by) >= SIGNATURES => DocumentState::Signed,
        Approver::Officers | Approver::Roles(_) => DocumentState::Draft,
    }
}

fn distinct(ids: &[String]) -> usize {
    ids.iter().collect::<std::collections::BTreeSet<_>>().len()
}

/// Does one act on a document.
///
/// # Refusals
/// R062 when it does not fit the document's state, R063 and R064 for service before signature or
/// seal, R065 and R066 for the approver, R067 when the kind knows no such act, R068 for a lone officer,
/// R092 for whoever was not named as the second, R069 for voiding what was served, R072 for an impossible day of service.
///
/// # Source
/// Domain report §2.1: approval comes before service, and a served document is never voided.
pub fn act_on_document(
    policy: &Policy,
    kind: &DocumentKind,
    document: Document,
    act: &DocumentAct<'_>,
    now: Stamp,
) -> Result<DocumentMove, DocumentRefusal> {
    let today = now.day_in(policy.bureau.zone);
    let mark = |by: &ActingPerson| Some(ActorMark { by: by.id.clone(), at: now });
    let mut moved = document;
    let mut wants_number = None;
    moved.state = match (act, moved.state) {
        (DocumentAct::Submit, State::Draft) => match kind.approver {
            Approver::Roles(_) => State::Submitted,
            Approver::Nobody | Approver::Officers => return Err(no_such_act(kind, act)),
        },
        (DocumentAct::Sign { by, with }, State::Draft) => {
            let signed = sign(kind, &moved, SignaturePair { by, with: *with }, act)?;
            moved.made.by = signed.by;
            (moved.marks.first, moved.marks.second) = match signed.waits_for {
                Some(second) => (mark(by), Some(second)),
                None => (None, None),
            };
            if moved.marks.second.is_some() {
                State::Draft
            } else {
                wants_number = Series::of(policy, kind, today);
                State::Signed
            }
        }
        (DocumentAct::Approve(by), State::Draft | State::Submitted) => {
            approve(policy, kind, &moved, by, act)?;
            moved.marks.approval = mark(by);
            wants_number = Series::of(policy, kind, today);
            State::Approved
        }
        (DocumentAct::SendBack(by), State::Submitted) => {
            approve(policy, kind, &moved, by, act)?;
            State::Draft
        }
        (DocumentAct::Return, State::Draft | State::Submitted) => State::Returned,
        (DocumentAct::Seal(by), State::Signed | State::Approved) => {
            if !is_sealed_kind(kind) {
                return Err(no_such_act(kind, act));
            }
            moved.marks.seal = mark(by);
            State::Sealed
        }
        (DocumentAct::Serve(service), state) => {
            ready_to_serve(policy, kind, &moved, state, act)?;
            service_day(policy, &moved, service.on, today)?;
            moved.marks.service = Some((*service).clone());
            State::Served
        }
        (DocumentAct::File(by), state) => {
            ready_to_file(kind, &moved, state, act)?;
            moved.marks.filing = mark(by);
            State::Filed
        }
        (DocumentAct::Void(_), State::Served | State::Filed) => {
            return Err(DocumentRefusal::ServedStands { document: moved.key.to_string() });
        }
        (DocumentAct::Void(_), state) if !state.is_void() => State::Voided,
        (_, state) => return Err(unfit(&moved, state, act)),
    };
    Ok(DocumentMove { document: moved, wants_number })
}

/// Makes the document that corrects or revokes a served one; the served one stays as it is.
///
/// # Refusals
/// R070 when it was not served, R071 when it was replaced already.
pub fn replace(
    served: &Document,
    ordinal: i64,
    how: ReplacementHow,
    made: Authorship,
) -> Result<(Document, Document), DocumentRefusal> {
    if !matches!(served.state, DocumentState::Served | DocumentState::Filed) {
        return Err(DocumentRefusal::NotServed { document: served.key.to_string() });
    }
    if let Some(by) = served.replaced_by {
        let by = DocumentKey { ordinal: by, ..served.key.clone() };
        return Err(DocumentRefusal::ReplacedAlready {
            document: served.key.to_string(),
            by: by.to_string(),
        });
    }
    let replacement = Document {
        key: DocumentKey { ordinal, ..served.key.clone() },
        state: DocumentState::Draft,
        number: None,
        control: None,
        made,
        marks: DocumentMarks::default(),
        replaces: Some(Replacement { ordinal: served.key.ordinal, how }),
        replaced_by: None,
        ..served.clone()
    };
    Ok((Document { replaced_by: Some(ordinal), ..served.clone() }, replacement))
}

impl Series {
    /// Returns what a document of a kind is numbered within when it is signed off on a day; none
    /// for kinds without a number.
    pub fn of(policy: &Policy, kind: &DocumentKind, on: Day) -> Option<Self> {
        use chrono::Datelike as _;
        let prefix = kind.prefix.clone().filter(|_| kind.numbered)?;
        let year = match policy.document_number.restart {
            Restart::Yearly => on.year(),
            Restart::Never => 0,
        };
        Some(Self { prefix, organ: policy.bureau.organ.clone(), year })
    }
}

/// Who signs, and who is to sign with him.
#[derive(Clone, Copy)]
struct SignaturePair<'a> {
    by: &'a ActingPerson,
    with: Option<&'a ActingPerson>,
}

/// Who has signed, the one who has yet to among them.
struct Signatures {
    by: Vec<String>,
    waits_for: Option<String>,
}

/// Nobody signs for another: of two officers the first names the second, who signs as himself. Where no people
/// are kept, the first signs for both.
///
/// # Source
/// Policy language, rule 35.
fn sign(
    kind: &DocumentKind,
    document: &Document,
    pair: SignaturePair<'_>,
    act: &DocumentAct<'_>,
) -> Result<Signatures, DocumentRefusal> {
    let SignaturePair { by, with } = pair;
    let (id, with_id) = (by.id.clone(), with.map(|with| with.id.clone()));
    let DocumentMarks { first, second, .. } = &document.marks;
    match (&kind.approver, first, second, with_id) {
        (Approver::Roles(_), ..) => Err(no_such_act(kind, act)),
        (Approver::Nobody, _, _, with) => {
            Ok(Signatures { by: std::iter::once(id).chain(with).collect(), waits_for: None })
        }
        (Approver::Officers, Some(first), Some(second), None) if *second == id => {
            Ok(Signatures { by: vec![first.by.clone(), id], waits_for: None })
        }
        (Approver::Officers, Some(first), Some(second), _) if first.by != id => {
            let (document, second) = (document.key.to_string(), second.clone());
            Err(DocumentRefusal::NotTheSecond { document, person: id, second })
        }
        (Approver::Officers, _, _, Some(with)) if with != id => {
            let waits_for = by.roles.is_some().then(|| with.clone());
            Ok(Signatures { by: vec![id, with], waits_for })
        }
        (Approver::Officers, ..) => Err(DocumentRefusal::TwoOfficers { kind: kind.title.clone() }),
    }
}

fn approve(
    policy: &Policy,
    kind: &DocumentKind,
    document: &Document,
    by: &ActingPerson,
    act: &DocumentAct<'_>,
) -> Result<(), DocumentRefusal> {
    let Approver::Roles(roles) = &kind.approver else {
        return Err(no_such_act(kind, act));
    };
    if !roles.iter().any(|role| by.holds(policy, role, &document.station)) {
        return Err(DocumentRefusal::NotTheApprover {
            person: by.id.clone(),
            kind: kind.title.clone(),
            approver: lang::list(roles),
        });
    }
    if document.made.by.contains(&by.id) {
        return Err(DocumentRefusal::OwnDocument {
            person: by.id.clone(),
            document: document.key.to_string(),
        });
    }
    Ok(())
}

/// Returns whether documents of the kind carry the seal.
fn is_sealed_kind(kind: &DocumentKind) -> bool {
    match kind.served {
        ServiceRule::Delivered | ServiceRule::Agency => true,
        ServiceRule::OnSpot | ServiceRule::Internal => false,
    }
}

fn ready_to_serve(
    policy: &Policy,
    kind: &DocumentKind,
    document: &Document,
    state: DocumentState,
    act: &DocumentAct<'_>,
) -> Result<(), DocumentRefusal> {
    if kind.served == ServiceRule::Internal {
        return Err(no_such_act(kind, act));
    }
    match state {
        State::Draft | State::Submitted => Err(not_approved(policy, kind, document)),
        State::Signed | State::Approved if is_sealed_kind(kind) => {
            Err(DocumentRefusal::NotSealed { document: document.key.to_string(), kind: kind.title.clone() })
        }
        State::Signed | State::Approved | State::Sealed => Ok(()),
        State::Served | State::Filed | State::Returned | State::Voided => Err(unfit(document, state, act)),
    }
}

fn not_approved(policy: &Policy, kind: &DocumentKind, document: &Document) -> DocumentRefusal {
    let roles = match &kind.approver {
        Approver::Roles(roles) => roles.iter().map(String::as_str).collect(),
        Approver::Nobody | Approver::Officers => vec![policy.bureau.title.as_str()],
    };
    DocumentRefusal::NotApproved {
        document: document.key.to_string(),
        kind: kind.title.clone(),
        approver: lang::list(roles),
    }
}

fn service_day(policy: &Policy, document: &Document, on: Day, today: Day) -> Result<(), DocumentRefusal> {
    let signed = document.marks.approval.as_ref().map_or(document.made.at, |mark| mark.at);
    let first = signed.day_in(policy.bureau.zone);
    if on < first || on > today {
        return Err(DocumentRefusal::ServiceDay { on, first, last: today });
    }
    Ok(())
}

fn ready_to_file(
    kind: &DocumentKind,
    document: &Document,
    state: DocumentState,
    act: &DocumentAct<'_>,
) -> Result<(), DocumentRefusal> {
    match (state, kind.served) {
        // What was signed on the spot was in the party's hands when it was made.
        (State::Served, _)
        | (State::Signed | State::Approved, ServiceRule::Internal | ServiceRule::OnSpot) => Ok(()),
        (State::Signed | State::Approved | State::Sealed, _) => {
            Err(DocumentRefusal::NotServed { document: document.key.to_string() })
        }
        (State::Draft | State::Submitted | State::Filed | State::Returned | State::Voided, _) => {
            Err(unfit(document, state, act))
        }
    }
}

fn no_such_act(kind: &DocumentKind, act: &DocumentAct<'_>) -> DocumentRefusal {
    DocumentRefusal::NoSuchAct { kind: kind.title.clone(), act: act.into_str() }
}

fn unfit(document: &Document, state: DocumentState, act: &DocumentAct<'_>) -> DocumentRefusal {
    DocumentRefusal::State {
        document: document.key.to_string(),
        state: state.into_str(),
        act: act.into_str(),
        again: if act.leads_to() == Some(state) { "yes" } else { "no" },
    }
}
