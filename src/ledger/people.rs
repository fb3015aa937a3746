//! What entries say of people: one act about one officer each.

use serde_json::Value;

use super::Json;

/// What was laid down about an officer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PeopleAct {
    /// A post from a day to a day.
    Post {
        /// The role or duty.
        role: String,
        /// First day.
        from: Option<String>,
        /// Last day.
        until: Option<String>,
    },
    /// A leave.
    Leave {
        /// First day.
        from: String,
        /// Last day.
        to: String,
        /// Who stands in.
        substitute: Option<String>,
    },
    /// The last day of service.
    Left {
        /// The day.
        on: String,
    },
    /// Authority handed on in writing.
    Delegated {
        /// To whom.
        to: String,
        /// A workflow, or `*`.
        scope: String,
        /// First day.
        from: String,
        /// Last day.
        until: String,
        /// The paper.
        document: String,
    },
    /// A recusal.
    Recused {
        /// From whom.
        subject: String,
        /// Who decided it; empty for collective discussion.
        decided_by: String,
        /// The paper.
        document: String,
    },
    /// Where notices go. The address is personal; only its digest stands here.
    Email {
        /// Digest of the address.
        digest: String,
    },
}

impl PeopleAct {
    /// Returns the stable name of the kind of entry.
    pub(super) const fn kind(&self) -> &'static str {
        match self {
            Self::Post { .. } => "people.post",
            Self::Leave { .. } => "people.leave",
            Self::Left { .. } => "people.left",
            Self::Delegated { .. } => "people.delegated",
            Self::Recused { .. } => "people.recused",
            Self::Email { .. } => "people.email",
        }
    }

    /// Returns the act as a canonical value.
    pub(super) fn json<'a>(&'a self, officer: &'a str) -> Json<'a> {
        let officer = ("officer", Json::text(officer));
        match self {
            Self::Post { role, from, until } => Json::map([
                officer,
                ("role", Json::text(role)),
                ("from", Json::maybe(from.as_deref())),
                ("until", Json::maybe(until.as_deref())),
            ]),
            Self::Leave { from, to, substitute } => Json::map([
                officer,
                ("from", Json::text(from)),
                ("to", Json::text(to)),
                ("substitute", Json::maybe(substitute.as_deref())),
            ]),
            Self::Left { on } => Json::map([officer, ("on", Json::text(on))]),
            Self::Delegated { to, scope, from, until, document } => Json::map([
                officer,
                ("to", Json::text(to)),
                ("scope", Json::text(scope)),
                ("from", Json::text(from)),
                ("until", Json::text(until)),
                ("document", Json::text(document)),
            ]),
            Self::Recused { subject, decided_by, document } => Json::map([
                officer,
                ("subject", Json::text(subject)),
                ("decided_by", Json::text(decided_by)),
                ("document", Json::text(document)),
            ]),
            Self::Email { digest } => Json::map([officer, ("digest", Json::text(digest))]),
        }
    }

    /// Reads an act; none when the kind is another one or the body has not its shape.
    pub(super) fn read(kind: &str, body: &Value) -> Option<Self> {
        let text = |key: &str| body.get(key)?.as_str().map(str::to_owned);
        Some(match kind {
            "people.post" => Self::Post { role: text("role")?, from: text("from"), until: text("until") },
            "people.leave" => {
                Self::Leave { from: text("from")?, to: text("to")?, substitute: text("substitute") }
            }
            "people.left" => Self::Left { on: text("on")? },
            "people.delegated" => Self::Delegated {
                to: text("to")?,
                scope: text("scope")?,
                from: text("from")?,
                until: text("until")?,
                document: text("document")?,
            },
            "people.recused" => Self::Recused {
                subject: text("subject")?,
                decided_by: text("decided_by")?,
                document: text("document")?,
            },
            "people.email" => Self::Email { digest: text("digest")? },
            _ => return None,
        })
    }
}
