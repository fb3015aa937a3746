//! What entries say of documents and blanks.

use serde_json::Value;

use super::Json;

/// One act on documents or blanks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DocumentBody {
    /// Documents were made.
    Made { documents: Vec<MadeDocument> },
    /// Something was done with one document.
    Changed(ChangedDocument),
    /// Blanks were issued to a station.
    Issued {
        /// Kind of document.
        kind: String,
        year: i64,
        /// First number.
        first: i64,
        /// Last number.
        last: i64,
    },
    /// A blank went to another place.
    Blank(MovedBlank),
    /// A month was closed.
    Closed {
        month: String,
        /// Kind, and how many were issued, in stock, signed out, in use, filed, voided, lost.
        books: Vec<(String, [i64; 7])>,
    },
    /// A month could not be closed, and somebody was told.
    NotClosed {
        month: String,
        /// Code of the refusal.
        code: String,
    },
}

/// One document that was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MadeDocument {
    /// Running number of its order.
    pub seq: i64,
    /// Its place there.
    pub ordinal: i64,
    pub kind: String,
    /// State it was made in.
    pub state: String,
    /// Official number, when it has one already.
    pub number: Option<String>,
    /// The blank it is written on.
    pub control: Option<String>,
    /// The served document it replaces.
    pub replaces: Option<i64>,
}

/// What was done with one document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangedDocument {
    /// Running number of its order.
    pub seq: i64,
    /// Its place there.
    pub ordinal: i64,
    /// What was done.
    pub act: String,
    /// State it has now.
    pub state: String,
    /// Official number, when it got one.
    pub number: Option<String>,
    /// What belongs to the act: how, when and to whom it was served, who signed besides.
    pub detail: Vec<(String, String)>,
}

/// Where one blank went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MovedBlank {
    /// Its number.
    pub control: String,
    /// What was done.
    pub act: String,
    /// State it has now.
    pub state: String,
    /// What belongs to the act: to whom, with whom, why, whether the original was kept.
    pub detail: Vec<(String, String)>,
}

impl DocumentBody {
    /// Returns the stable name of the kind.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Made { .. } => "document.made",
            Self::Changed(_) => "document.changed",
            Self::Issued { .. } => "document.blanks_issued",
            Self::Blank(_) => "document.blank_moved",
            Self::Closed { .. } => "document.month_closed",
            Self::NotClosed { .. } => "document.month_not_closed",
        }
    }

    /// Returns the body as a canonical value.
    pub fn json(&self) -> Json<'_> {
        match self {
            Self::Made { documents } => {
                Json::map([("rows", Json::List(documents.iter().map(MadeDocument::json).collect()))])
            }
            Self::Changed(ChangedDocument { seq, ordinal, act, state, number, detail }) => Json::map([
                ("seq", Json::Int(*seq)),
                ("ordinal", Json::Int(*ordinal)),
                ("act", Json::text(act)),
                ("state", Json::text(state)),
                ("number", Json::maybe(number.as_deref())),
                ("detail", pairs(detail)),
            ]),
            Self::Issued { kind, year, first, last } => Json::map([
                ("kind", Json::text(kind)),
                ("year", Json::Int(*year)),
                ("first", Json::Int(*first)),
                ("last", Json::Int(*last)),
            ]),
            Self::Blank(MovedBlank { control, act, state, detail }) => Json::map([
                ("control", Json::text(control)),
                ("act", Json::text(act)),
                ("state", Json::text(state)),
                ("detail", pairs(detail)),
            ]),
            Self::Closed { month, books } => {
                let line = |(kind, counts): &(String, [i64; 7])| {
                    let counts = counts.iter().map(|count| Json::Int(*count));
                    Json::List(std::iter::once(Json::text(kind.clone())).chain(counts).collect())
                };
                Json::map([
                    ("month", Json::text(month)),
                    ("rows", Json::List(books.iter().map(line).collect())),
                ])
            }
            Self::NotClosed { month, code } => {
                Json::map([("month", Json::text(month)), ("code", Json::text(code))])
            }
        }
    }

    /// Reads a body of one of these kinds.
    pub(super) fn read(kind: &str, body: &Value) -> Option<Self> {
        let text = |key: &str| body.get(key)?.as_str().map(str::to_owned);
        let int = |key: &str| body.get(key)?.as_i64();
        let rows = |key: &str| body.get(key)?.as_array();
        Some(match kind {
            "document.made" => {
                Self::Made { documents: rows("rows")?.iter().map(MadeDocument::read).collect::<Option<_>>()? }
            }
            "document.changed" => Self::Changed(ChangedDocument {
                seq: int("seq")?,
                ordinal: int("ordinal")?,
                act: text("act")?,
                state: text("state")?,
                number: text("number"),
                detail: read_pairs(rows("detail")?)?,
            }),
            "document.blanks_issued" => Self::Issued {
                kind: text("kind")?,
                year: int("year")?,
                first: int("first")?,
                last: int("last")?,
            },
            "document.blank_moved" => Self::Blank(MovedBlank {
                control: text("control")?,
                act: text("act")?,
                state: text("state")?,
                detail: read_pairs(rows("detail")?)?,
            }),
            "document.month_closed" => Self::Closed {
                month: text("month")?,
                books: rows("rows")?.iter().map(read_line).collect::<Option<_>>()?,
            },
            "document.month_not_closed" => Self::NotClosed { month: text("month")?, code: text("code")? },
            _ => return None,
        })
    }
}

impl MadeDocument {
    fn json(&self) -> Json<'_> {
        Json::List(vec![
            Json::Int(self.seq),
            Json::Int(self.ordinal),
            Json::text(&self.kind),
            Json::text(&self.state),
            Json::maybe(self.number.as_deref()),
            Json::maybe(self.control.as_deref()),
            self.replaces.map_or(Json::Null, Json::Int),
        ])
    }

    fn read(row: &Value) -> Option<Self> {
        let maybe = |at: usize| row[at].as_str().map(str::to_owned);
        Some(Self {
            seq: row[0].as_i64()?,
            ordinal: row[1].as_i64()?,
            kind: maybe(2)?,
            state: maybe(3)?,
            number: maybe(4),
            control: maybe(5),
            replaces: row[6].as_i64(),
        })
    }
}

fn pairs(pairs: &[(String, String)]) -> Json<'_> {
    let pair = |(key, value): &'_ (String, String)| {
        Json::List(vec![Json::text(key.clone()), Json::text(value.clone())])
    };
    Json::List(pairs.iter().map(pair).collect())
}

fn read_pairs(rows: &[Value]) -> Option<Vec<(String, String)>> {
    let pair = |row: &Value| Some((row[0].as_str()?.to_owned(), row[1].as_str()?.to_owned()));
    rows.iter().map(pair).collect()
}

fn read_line(row: &Value) -> Option<(String, [i64; 7])> {
    let mut counts = [0; 7];
    for (at, count) in counts.iter_mut().enumerate() {
        *count = row[at + 1].as_i64()?;
    }
    Some((row[0].as_str()?.to_owned(), counts))
}

#[cfg(test)]
mod tests {
    use super::super::{Body, Entry, NotABody};
    use super::*;

    fn one_of_each() -> Vec<DocumentBody> {
        let text = |text: &str| text.to_owned();
        vec![
            DocumentBody::Made {
                documents: vec![MadeDocument {
                    seq: 7,
                    ordinal: 1,
                    kind: text("reg.order"),
                    state: text("draft"),
                    number: None,
                    control: Some(text("reg.order-2026-000001")),
                    replaces: Some(3),
                }],
            },
            DocumentBody::Changed(ChangedDocument {
                seq: 7,
                ordinal: 1,
                act: text("approve"),
                state: text("approved"),
                number: Some(text("示监令〔2026〕1号")),
                detail: vec![(text("with"), text("P02"))],
            }),
            DocumentBody::Issued { kind: text("pen.rectify"), year: 2026, first: 1, last: 50 },
            DocumentBody::Blank(MovedBlank {
                control: text("pen.rectify-2026-000001"),
                act: text("void"),
                state: text("voided"),
                detail: vec![(text("original"), text("kept"))],
            }),
            DocumentBody::Closed {
                month: text("2026-03"),
                books: vec![(text("pen.rectify"), [50, 30, 4, 2, 12, 1, 1])],
            },
            DocumentBody::NotClosed { month: text("2026-03"), code: text("R082") },
        ]
    }

    #[test]
    fn every_body_reads_back() {
        for body in one_of_each().into_iter().map(Body::Document) {
            let text = body.json().canonical();
            assert_eq!(Entry::saying(body.kind(), &text).read(), Ok(body), "{text}");
        }
        assert_eq!(Entry::saying("document.made", "{}").read(), Err(NotABody));
        assert_eq!(Entry::saying("document.else", "{}").read(), Err(NotABody));
    }
}
