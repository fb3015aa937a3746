//! What was laid down about officers, told again by the entries that say so.

use crate::ledger::{LaidPost, PeopleAct, PersonnelImport};
use crate::office::Answer;
use crate::office::audit::findings::VerifyReport;
use crate::office::audit::told_rows::{ToldRow, ToldRows};
use crate::office::people::email_digest;
use crate::people::{Conflict, Delegation, Leave, Post};
use crate::store::people::{LaidDown, laid_down};
use crate::store::{ReadTx, bureau};
use crate::time::{Day, Stamp};

/// Takes in what an entry lays down.
pub(crate) fn hear(told: &mut ToldRows, act: PeopleAct, at: Stamp) {
    match act {
        PeopleAct::Imported(PersonnelImport { emails, posts, file: _ }) => {
            for (officer, digest) in emails {
                told.hear(service(&officer, "email", &digest), at);
            }
            for LaidPost { officer, role, from, until } in posts {
                told.hear(post(&officer, [&role, from.as_deref().unwrap_or("")], until.as_deref()), at);
            }
        }
        PeopleAct::Post { from, officer, role, until } => {
            told.hear(post(&officer, [&role, from.as_deref().unwrap_or("")], until.as_deref()), at);
        }
        PeopleAct::Leave { from, officer, substitute, to } => {
            told.hear(ToldRow::new("leave", &[&officer, &from], &[Some(&to), substitute.as_deref()]), at);
        }
        PeopleAct::Left { officer, on } => told.hear(service(&officer, "left", &on), at),
        PeopleAct::Delegated { document, from, officer, scope, to, until } => {
            let key = [officer.as_str(), &to, &scope, &from];
            told.hear(ToldRow::new("delegation", &key, &[Some(&until), Some(&document)]), at);
        }
        PeopleAct::Recused { decided_by, document, officer, subject } => {
            let columns = [Some(decided_by.as_str()), Some(&document)];
            told.hear(ToldRow::new("conflict", &[&officer, &subject], &columns), at);
        }
        PeopleAct::Email { digest, officer } => told.hear(service(&officer, "email", &digest), at),
    }
}

fn post(officer: &str, [role, from]: [&str; 2], until: Option<&str>) -> ToldRow {
    ToldRow::new("post", &[officer, role, from], &[until])
}

fn service(officer: &str, what: &str, said: &str) -> ToldRow {
    ToldRow::new("service", &[officer, what], &[Some(said)])
}

/// Compares what is laid down with what the ledger says.
pub(crate) async fn compare(reader: &mut ReadTx, told: &mut ToldRows, done: &mut VerifyReport) -> Answer<()> {
    let maybe = |day: Option<Day>| day.map(|day| day.to_string());
    let LaidDown { posts, leaves, delegations, conflicts, services } = laid_down(reader).await?;
    for (officer, Post { role, from, until }) in posts {
        let (from, until) = (maybe(from).unwrap_or_default(), maybe(until));
        told.find(post(&officer, [&role, &from], until.as_deref()), done);
    }
    for (officer, Leave { from, to, substitute }) in leaves {
        let (from, to) = (from.to_string(), to.to_string());
        let row = ToldRow::new("leave", &[&officer, &from], &[Some(&to), substitute.as_deref()]);
        told.find(row, done);
    }
    for Delegation { from, to, scope, from_day, to_day, document } in delegations {
        let (from_day, to_day) = (from_day.to_string(), to_day.to_string());
        let columns = [Some(to_day.as_str()), Some(&document)];
        told.find(ToldRow::new("delegation", &[&from, &to, &scope, &from_day], &columns), done);
    }
    for Conflict { officer, subject, decided_by, document } in conflicts {
        let decided_by = decided_by.text();
        let columns = [Some(decided_by.as_str()), Some(&document)];
        told.find(ToldRow::new("conflict", &[&officer, &subject], &columns), done);
    }
    for (officer, left, email) in services {
        if let Some(left) = maybe(left) {
            told.find(service(&officer, "left", &left), done);
        }
        if let Some(email) = email {
            told.find(service(&officer, "email", &email_digest(&email)), done);
        }
    }
    Ok(())
}

/// The rows of one list of the bureau: how many, and the sum of the digests of what they say.
pub(crate) type ListSum = (i64, String);

/// Compares the lists of stations, grids and officers with what their newest imports say they were.
pub(crate) async fn compare_lists(
    reader: &mut ReadTx,
    said: impl Fn(&str) -> Option<ListSum>,
    done: &mut VerifyReport,
) -> Answer<()> {
    let lists = [
        ("stations", bureau::audit::<crate::import::StationRow>(reader).await?),
        ("grids", bureau::audit::<bureau::GridRecord>(reader).await?),
        ("officers", bureau::audit::<bureau::OfficerRecord>(reader).await?),
    ];
    for (table, bureau::ListAudit { edited, sum }) in lists {
        for row in edited {
            done.find("V005", vec![("table", table.to_owned()), ("row", row)]);
        }
        let (rows, digests) = said(table).unwrap_or_default();
        // Imports of earlier builds say how many there are and no more.
        if rows != sum.rows || !(digests.is_empty() || digests == sum.digests.to_string()) {
            done.find("V006", vec![("table", table.to_owned()), ("station", String::new())]);
        }
    }
    Ok(())
}
