//! What entries say of people: one act about one officer each, or all that a file laid down.

use serde_json::Value;

use super::Json;

/// What a file laid down about officers of one station.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PersonnelImport {
    /// Digest of the file.
    pub file: String,
    /// Posts with their days.
    pub posts: Vec<LaidPost>,
    /// Officers with the digests of their addresses.
    pub emails: Vec<(String, String)>,
}

/// One post that a file laid down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LaidPost {
    pub officer: String,
    pub role: String,
    /// First day.
    pub from: Option<String>,
    /// Last day.
    pub until: Option<String>,
}

impl PersonnelImport {
    /// The stable name of the kind of entry.
    pub(super) const KIND: &'static str = "people.imported";

    /// Returns it as a canonical value.
    pub(super) fn json(&self) -> Json<'_> {
        let post = |LaidPost { officer, role, from, until }: &'_ LaidPost| {
            let days = [from, until].map(|day| day.clone().map_or(Json::Null, Json::text));
            Json::List([officer, role].map(|text| Json::text(text.clone())).into_iter().chain(days).collect())
        };
        let email = |(officer, digest)| Json::List(vec![Json::text(officer), Json::text(digest)]);
        Json::map([
            ("file", Json::text(&self.file)),
            ("posts", Json::List(self.posts.iter().map(post).collect())),
            ("emails", Json::List(self.emails.iter().map(|(o, d)| (o, d)).map(email).collect())),
        ])
    }

    /// Reads it; none when the body has not its shape.
    pub(super) fn read(body: &Value) -> Option<Self> {
        let text = |value: &Value| value.as_str().map(str::to_owned);
        let post = |row: &Value| {
            let (from, until) = (text(row.get(2)?), text(row.get(3)?));
            Some(LaidPost { officer: text(row.get(0)?)?, role: text(row.get(1)?)?, from, until })
        };
        let email = |row: &Value| Some((text(row.get(0)?)?, text(row.get(1)?)?));
        Some(Self {
            file: text(body.get("file")?)?,
            posts: body.get("posts")?.as_array()?.iter().map(post).collect::<Option<_>>()?,
            emails: body.get("emails")?.as_array()?.iter().map(email).collect::<Option<_>>()?,
        })
    }
}

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
    Left { on: String },
    /// Authority handed on in writing.
    Delegated {
        to: String,
        /// A workflow, or `*`.
        scope: String,
        /// First day.
        from: String,
        /// Last day.
        until: String,
        document: String,
    },
    /// A recusal.
    Recused {
        /// From whom.
        subject: String,
        /// Who decided it; empty for collective discussion.
        decided_by: String,
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
