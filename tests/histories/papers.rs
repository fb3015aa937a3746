//! What people do with documents and blanks.

use wubu::documents::{DocumentFacts, ReplacementHow, ServiceWay};
use wubu::office::{
    self, BlankCommand, BlankFilter, BlankIssue, BlankLine, BlankUse, Correction, DocumentCommand,
    DocumentLine, MonthWish, ServiceWish,
};

use wubu::policy::ServiceRule;

use super::life::{Deed, Life};

/// Something is done with a document, as a rule what comes next.
pub(super) async fn document(life: &mut Life) -> Option<Deed> {
    let mut documents = life.documents().await;
    documents.retain(|document| !matches!(document.state, "filed" | "voided" | "returned"));
    let DocumentLine { id, kind, state, made_by, waits_for, station, .. } = life.chance.any(&documents)?;
    let is_internal =
        life.live.policy.document(&kind).is_some_and(|kind| kind.served == ServiceRule::Internal);
    let maker = match life.chance.any(&made_by) {
        Some(maker) => maker,
        None => life.somebody_at(&station, &["指挥中心", "所长"]).await,
    };
    let approver = life.somebody_at(&station, &["所长"]).await;
    let (kind, command, by) = match (state, life.chance.below(10)) {
        (_, 0) => ("void", DocumentCommand::Void, approver),
        ("draft", 1..=3) => ("submit", DocumentCommand::Submit, maker),
        ("draft" | "submitted", 4) => ("send back", DocumentCommand::SendBack, approver),
        ("draft" | "submitted", 5 | 6) => {
            if let Some(second) = waits_for {
                ("sign as second", DocumentCommand::Sign { with: None }, second)
            } else {
                let second = made_by.iter().find(|other| **other != maker).cloned();
                let with = second.or(Some(life.somebody_at(&station, &["监管人员"]).await));
                ("sign with", DocumentCommand::Sign { with }, maker)
            }
        }
        ("draft" | "submitted", _) => ("approve", DocumentCommand::Approve, approver),
        ("approved" | "signed", _) if is_internal => ("file", DocumentCommand::File, maker),
        ("approved" | "signed", 1..=7) => ("seal", DocumentCommand::Seal, maker),
        ("served", 1..=3) => ("file", DocumentCommand::File, maker),
        ("served", _) => return correct(life, id).await,
        _ => {
            let to = life.chance.percent(50).then(|| life.chance.words());
            let receipt = Some(life.chance.words());
            let way = if life.chance.percent(50) { ServiceWay::Direct } else { ServiceWay::Post };
            ("serve", DocumentCommand::Serve(ServiceWish { to, way, on: None, receipt }), maker)
        }
    };
    let done = office::act_on_document(life.cx(), &id, &command, &by).await;
    Some(Deed::of(kind, format!("{id} by {by}"), done))
}

async fn correct(life: &mut Life, id: String) -> Option<Deed> {
    let is_correction = life.chance.percent(50);
    let how = if is_correction { ReplacementHow::Corrects } else { ReplacementHow::Revokes };
    let (reason, by) = (Some(life.chance.words()), life.chief().await);
    let done = office::correct_document(life.cx(), &id, Correction { how, reason }, &by).await;
    Some(Deed::of(if is_correction { "correct" } else { "revoke" }, format!("{id} by {by}"), done))
}

/// The documents of an order are filed.
pub(super) async fn file(life: &mut Life) -> Option<Deed> {
    let order = life.chance.any(&life.orders(None).await)?;
    let by = life.somebody(&["指挥中心", "档案员"]).await;
    let done = office::file_order(life.cx(), &order.id, &by).await;
    Some(Deed::of("file order", format!("{} by {by}", order.id), done))
}

/// Something is done with blanks.
pub(super) async fn blank(life: &mut Life) -> Option<Deed> {
    let mut blanks = Vec::new();
    let each = |blank: BlankLine| {
        blanks.push(blank);
        Ok(())
    };
    office::blanks(life.cx(), &BlankFilter::default(), each).await.expect("read");
    if blanks.len() < 2 || life.chance.percent(10) {
        return issue(life).await;
    }
    let BlankLine { serial, kind, state, officer, voiding_with, station, .. } = life.chance.any(&blanks)?;
    let keeper = life.somebody_at(&station, &["所长", "文书保管员"]).await;
    let reason = Some(life.chance.words());
    let (name, command, by) = match (state, life.chance.below(8)) {
        ("in_stock", 0..=5) => {
            let to = life.somebody_at(&station, &["监管人员"]).await;
            ("sign out", BlankCommand::SignOut { to, order: None }, keeper)
        }
        ("signed_out", 0..=4) => {
            return use_blank(life, &serial, officer.unwrap_or_default(), &station).await;
        }
        ("signed_out", 5) => ("give back", BlankCommand::Return, keeper),
        (_, 6) => ("lose", BlankCommand::Lose { reason }, keeper),
        _ => {
            if let Some(second) = voiding_with {
                let command = BlankCommand::Void { with: None, has_original: true, reason: None };
                ("void blank as second", command, second)
            } else {
                let with = Some(life.somebody(&["法制科"]).await);
                ("void blank with", BlankCommand::Void { with, has_original: false, reason }, keeper)
            }
        }
    };
    let what = if name == "sign out" { kind } else { serial };
    let done = office::move_blank(life.cx(), &what, &command, &by).await;
    Some(Deed::of(name, format!("{what} by {by}"), done))
}

async fn issue(life: &mut Life) -> Option<Deed> {
    let kinds = &life.live.policy.documents;
    let kinds: Vec<String> = kinds.iter().filter(|kind| kind.blank).map(|kind| kind.id.clone()).collect();
    let (kind, count) = (life.chance.any(&kinds)?, 3);
    let stations: Vec<String> =
        life.officers().await.into_iter().filter_map(|officer| officer.station).collect();
    let station = life.chance.any(&stations)?;
    let by = life.somebody(&["法制科"]).await;
    let wish = BlankIssue { kind, count, station };
    let done = office::issue_blanks(life.cx(), &wish, &by).await;
    Some(Deed::of("issue blanks", format!("{wish:?} by {by}"), done))
}

async fn use_blank(life: &mut Life, serial: &str, by: String, station: &str) -> Option<Deed> {
    let mut orders = life.orders(Some("open")).await;
    orders.retain(|order| order.station == station);
    let order = life.chance.any(&orders)?;
    let facts = DocumentFacts::default();
    let wish = BlankUse { serial, order: &order.id, facts };
    let done = office::use_blank(life.cx(), wish, &by).await;
    Some(Deed::of("use blank", format!("{serial} for {} by {by}", order.id), done))
}

/// The books of the month before are closed.
pub(super) async fn close_month(life: &mut Life) -> Option<Deed> {
    let month = life.day(-31).to_string()[..7].to_owned();
    let by = life.somebody(&["法制科", "分管局长"]).await;
    let wish = MonthWish { month: &month, station: None, closed_by: Some(&by) };
    let done = office::reconcile_month(life.cx(), wish).await;
    Some(Deed::of("close month", format!("{month} by {by}"), done))
}
