//! What is laid down about people.

use wubu::office::{self, PersonnelFact};
use wubu::people::{Conflict, Decider, Delegation, Leave, Post};
use wubu::policy::ImportKind;

use super::life::{Deed, Life};

/// Something is laid down about somebody.
pub(super) async fn lay_down(life: &mut Life) -> Option<Deed> {
    let officer = life.somebody(&["监管人员", "所长", "副所长", "指挥中心"]).await;
    let other = life.somebody(&["监管人员", "所长", "副所长"]).await;
    let by = life.somebody(&["机关负责人", "分管局长"]).await;
    let document = life.chance.words();
    let days = [life.chance.days(4), 4 + life.chance.days(9)];
    let [first, last] = days.map(|days| life.day(days));
    let (kind, what) = match life.chance.below(12) {
        0..=3 => {
            let substitute = life.chance.percent(60).then_some(other);
            ("leave", PersonnelFact::Leave(Leave { from: first, to: last, substitute }))
        }
        4 => ("left", PersonnelFact::Left(first)),
        5 | 6 => {
            let until = life.chance.percent(70).then_some(last);
            let role = (*life.chance.of(&["副所长", "监管人员", "所长"])).to_owned();
            ("post", PersonnelFact::Post(Post { role, from: Some(first), until }))
        }
        7 | 8 => {
            let delegation = Delegation {
                from: officer.clone(),
                to: other,
                scope: "*".to_owned(),
                from_day: first,
                to_day: last,
                document,
            };
            ("delegation", PersonnelFact::Delegation(delegation))
        }
        9 | 10 => {
            let subject = life.any_subject().await?;
            let decided_by =
                if life.chance.percent(50) { Decider::Collective } else { Decider::Officer(by.clone()) };
            let conflict = Conflict { officer: officer.clone(), subject, decided_by, document };
            ("conflict", PersonnelFact::Conflict(conflict))
        }
        _ => ("address", PersonnelFact::Email(format!("{}@bureau.example", life.chance.below(99)))),
    };
    let done = office::record_personnel(life.cx(), &officer, &what, &by).await;
    Some(Deed::of(kind, format!("{officer} {what:?} by {by}"), done))
}

/// A list of some people comes in, with some of its columns.
pub(super) async fn officers(life: &mut Life) -> Option<Deed> {
    let columns: &[&str] = match life.chance.below(4) {
        0 => &["id", "email"],
        1 => &["id", "name", "station", "roles"],
        2 => &["id", "certificate", "certified_until"],
        _ => &["id", "name", "station", "roles", "certificate", "certified_until", "email"],
    };
    let mut csv = headings(life, "officers", columns);
    let stations: Vec<String> = life.officers().await.into_iter().filter_map(|one| one.station).collect();
    for _ in 0..=life.chance.below(3) {
        let is_new = life.chance.percent(20);
        let id = if is_new { life.chance.new_name("新") } else { life.somebody(&["监管人员"]).await };
        let of = |column: &&str| match *column {
            "id" => id.clone(),
            "name" => format!("{id}某"),
            "station" => life.chance.any(&stations).unwrap_or_default(),
            "roles" => {
                (*life.chance.of(&["监管人员", "监管人员", "指挥中心", "监管人员、副所长"])).to_owned()
            }
            "certificate" => format!("执-{id}"),
            "certified_until" => life.day(300).to_string(),
            _ => format!("{}@bureau.example", life.chance.below(99)),
        };
        csv += &row(columns.iter().map(of));
    }
    let done = life.import(ImportKind::Officers, &csv, None).await;
    Some(Deed::of("import officers", csv, done))
}

/// A list of some stations or grids comes in.
pub(super) async fn places(life: &mut Life) -> Option<Deed> {
    let is_grid = life.chance.percent(70);
    let stations: Vec<String> = life.officers().await.into_iter().filter_map(|one| one.station).collect();
    let station = life.chance.any(&stations)?;
    let (kind, csv) = if is_grid {
        let columns = ["id", "title", "station", "officer", "backup"];
        let (officer, backup) = (life.somebody(&["监管人员"]).await, life.somebody(&["监管人员"]).await);
        let id = format!("{station}-{}", life.chance.below(3));
        let title = format!("{id}片");
        let csv = headings(life, "grids", &columns)
            + row([id, title, station, officer, backup].into_iter()).as_str();
        (ImportKind::Grids, csv)
    } else {
        let title = format!("{station}所{}", life.chance.below(9));
        (
            ImportKind::Stations,
            headings(life, "stations", &["id", "title"]) + row([station, title].into_iter()).as_str(),
        )
    };
    let done = life.import(kind, &csv, None).await;
    Some(Deed::of(if is_grid { "import grids" } else { "import stations" }, csv, done))
}

/// The first line of a file with these columns.
pub(super) fn headings(life: &Life, what: &str, columns: &[&str]) -> String {
    row(columns.iter().map(|column| life.heading(what, column)))
}

/// A line of a file.
pub(super) fn row(cells: impl Iterator<Item = String>) -> String {
    let cells: Vec<String> = cells.map(|cell| format!("\"{}\"", cell.replace('"', "\"\""))).collect();
    format!("{}\n", cells.join(","))
}
