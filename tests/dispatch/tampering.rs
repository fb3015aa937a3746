//! Hands in the database: `verify` finds each and names it.

use serde_json::Value;

use super::bureau::Bureau;
use super::run;
use super::story::Story;

const STORY: &str = "
story: 两户各有一条指令
given:
  subjects: [{id: 试-1, last_patrol: 2026-01-15}, {id: 试-2, last_patrol: 2026-01-15}]
  inspections: [{subject: 试-1, on: 2025-11-10}]
steps:
  - at: 2026-02-27T09:00
    tick: {opened: 0}
  - at: 2026-02-28T09:00
    tick: {opened: 2}
  - at: 2026-03-03T06:00
    tick: {opened: 0}
";

/// Lives through the story and runs a statement by hand; returns the bureau and its file.
async fn lived_and_edited(sql: &str) -> (Bureau, rusqlite::Connection) {
    let story: Story = serde_yaml::from_str(STORY).expect("a story");
    let mut bureau = Bureau::new(&story).await;
    for step in &story.steps {
        bureau.step(step).await.expect("as told");
    }
    let file = rusqlite::Connection::open(bureau.file()).expect("the database");
    file.execute_batch(sql).expect("a statement");
    (bureau, file)
}

/// Lives through the story, runs a statement by hand, and returns what `verify` finds, as
/// `code name=value …`.
fn found_after(sql: &str) -> Vec<String> {
    run(async {
        let (bureau, file) = lived_and_edited(sql).await;
        assert!(sql.is_empty() || file.total_changes() > 0 || sql.contains("TRIGGER"), "{sql}");
        drop(file);
        let verified = bureau.verify().await;
        let problems = verified["problems"].as_array().expect("a list");
        let told = |problem: &Value| {
            let args = problem["args"].as_object().expect("words");
            let args: Vec<String> =
                args.iter().map(|(name, value)| format!("{name}={}", value.as_str().unwrap_or(""))).collect();
            format!("{} {}", problem["code"].as_str().unwrap_or(""), args.join(" "))
        };
        problems.iter().map(told).collect()
    })
}

fn finds(sql: &str, wanted: &str) {
    let found = found_after(sql);
    assert!(found.iter().any(|problem| problem == wanted), "{sql}\nwanted {wanted}, found {found:?}");
}

/// The ledger's own guards, which a hand has to take away first.
const UNGUARDED: &str = "DROP TRIGGER ledger_keeps_its_lines; DROP TRIGGER ledger_loses_no_line; ";

#[test]
fn an_untouched_database_verifies() {
    assert_eq!(found_after(""), [""; 0]);
}

#[test]
fn an_edited_order_is_found_whatever_was_edited() {
    for edit in [
        "tier = '丙'",
        "due_on = '2026-12-31'",
        "step_due = '2026-12-31'",
        "scheduled_for = '2026-02-01'",
        "issued_at = '2026-02-27T23:00:00.000000Z'",
        "state = 'done', ended_on = '2026-03-01'",
        "step = 'archive'",
        "officer = 'P999'",
        "provisional = 1",
    ] {
        finds(&format!("UPDATE orders SET {edit} WHERE subject = '试-1'"), "V002 order=dongguan-1");
    }
}

#[test]
fn what_an_order_brings_about_is_found_when_edited() {
    let of_first = "WHERE home = 'dongguan' AND seq = 1";
    for (edit, what) in [
        (
            format!(
                "UPDATE term SET fires_at = '2026-12-31T00:00:00.000000Z' {of_first} AND kind = 'window'"
            ),
            "terms",
        ),
        (format!("DELETE FROM term {of_first} AND kind = 'window'"), "terms"),
        (format!("UPDATE outbox SET addressee = 'officer/x' {of_first}"), "errands"),
        (format!("DELETE FROM outbox {of_first}"), "errands"),
    ] {
        finds(&edit, &format!("V008 order=dongguan-1 what={what}"));
    }
    let progress = "INSERT INTO progress SELECT home, seq, '{\"record\":{\"steps\":{}},\"state\":{\"open\":[]}}' \
        FROM orders WHERE subject = '试-1'";
    finds(progress, "V008 order=dongguan-1 what=progress");
}

#[test]
fn a_moment_that_did_not_fire_is_found() {
    let fired = "UPDATE term SET fired_at = '2026-03-02T22:00:00.000001Z' WHERE home = 'dongguan' AND seq = 1 \
        AND fired_at IS NOT NULL";
    finds(fired, "V009 table=term station=dongguan");
    let unfired = "UPDATE term SET fired_at = NULL WHERE home = 'dongguan' AND seq = 1";
    finds(unfired, "V009 table=term station=dongguan");
}

#[test]
fn rows_put_in_by_hand_are_found() {
    let duty = "INSERT INTO duty VALUES ('dongguan', 1, 'issue', 1, 'x', '2026-03-02T01:00:00.000000Z')";
    finds(duty, "V009 table=duty station=dongguan");
    let workload = "INSERT INTO workload VALUES ('dongguan', 'x', 1, '2026-03-02T01:00:00.000000Z')";
    finds(workload, "V009 table=workload station=");
    let skip = "INSERT INTO skip VALUES ('dongguan', 'five-step', 'cycle', '试-1', '2026-03-15', 'when', '2026-02-28')";
    finds(skip, "V009 table=skip station=dongguan");
    finds("UPDATE occurrence SET opened = opened + 1", "V009 table=occurrence station=");
    let due = "INSERT INTO due SELECT home, workflow, \"trigger\", 0, scheduled_for, subject, nominal, due_on, 0, \
        station, grid, tier, score, decision, NULL FROM orders WHERE subject = '试-1'";
    finds(due, "V010 subject=试-1 station=dongguan");
}

#[test]
fn a_deleted_order_is_found() {
    finds("DELETE FROM orders WHERE subject = '试-2'", "V002 order=dongguan-2");
}

#[test]
fn an_order_without_a_record_is_found() {
    let copy = "CREATE TEMP TABLE more AS SELECT * FROM orders WHERE subject = '试-2';
        UPDATE more SET seq = 3, nominal = '2026-09-09'; INSERT INTO orders SELECT * FROM more;";
    finds(copy, "V004 table=3 ledger=2");
}

#[test]
fn an_edited_subject_is_found() {
    finds("UPDATE subject SET name = '别的店' WHERE id = '试-1'", "V005 table=subjects row=dongguan/试-1");
}

#[test]
fn a_deleted_inspection_is_found() {
    finds("DELETE FROM inspection WHERE subject = '试-1'", "V006 table=inspections station=dongguan");
}

#[test]
fn an_edited_tier_is_found() {
    finds("UPDATE appraisal SET tier = '丙' WHERE subject = '试-2'", "V007 subject=试-2");
}

#[test]
fn the_ledger_refuses_an_edit() {
    let refused = std::panic::catch_unwind(|| found_after("UPDATE ledger SET actor = 'x'"));
    assert!(refused.is_err());
}

#[test]
fn an_edited_ledger_entry_is_found() {
    let edit = "UPDATE ledger SET actor = '别人' WHERE chain = 'dongguan' AND seq = 2";
    finds(&format!("{UNGUARDED}{edit}"), "V001 chain=dongguan seq=2");
}

#[test]
fn a_removed_ledger_entry_is_found() {
    let edit = "DELETE FROM ledger WHERE chain = 'dongguan' AND seq = 2";
    finds(&format!("{UNGUARDED}{edit}"), "V001 chain=dongguan seq=3");
}

#[test]
fn a_whole_chain_cannot_go_unseen() {
    finds(&format!("{UNGUARDED}DELETE FROM ledger WHERE chain = 'dongguan'"), "V001 chain=dongguan seq=1");
}

#[test]
fn the_newest_ledger_entry_cannot_go_unseen_either() {
    let edit = "DELETE FROM ledger WHERE chain = '' AND seq = (SELECT MAX(seq) FROM ledger WHERE chain = '')";
    // Releases, stations and grids, then two firings.
    finds(&format!("{UNGUARDED}{edit}"), "V001 chain= seq=6");
}

#[test]
fn a_row_that_says_where_a_chain_goes_on_is_found_when_edited() {
    let of_bureau = "WHERE chain = ''";
    for edit in [
        format!("UPDATE head SET seq = seq + 1 {of_bureau}"),
        format!("UPDATE head SET hash = (SELECT hash FROM ledger WHERE chain = '' AND seq = 1) {of_bureau}"),
        format!("UPDATE head SET at = '2026-03-02T22:00:00.000001Z' {of_bureau}"),
        format!("DELETE FROM head {of_bureau}"),
    ] {
        finds(&edit, "V001 chain= seq=7");
    }
    let of_none = "INSERT INTO head SELECT 'xihe', seq, hash, at FROM head WHERE chain = ''";
    finds(of_none, "V001 chain=xihe seq=1");
}

/// Lives through the story, runs a statement by hand, repairs, and returns which tables were put right, and what
/// is found afterwards.
fn repaired_after(sql: &str) -> (Vec<String>, Value) {
    run(async {
        let (bureau, file) = lived_and_edited(sql).await;
        assert!(file.total_changes() > 0, "{sql}");
        let ground = "SELECT (SELECT COUNT(*) || MAX(hash) FROM ledger WHERE kind <> 'tables.repaired') \
            || (SELECT group_concat(digest || text) FROM policy_text) || (SELECT group_concat(digest) FROM subject)";
        let ground = |file: &rusqlite::Connection| -> String {
            file.query_one(ground, [], |row| row.get(0)).expect("ground")
        };
        let before = ground(&file);
        let now = super::bureau::moment("2026-03-03T07:00");
        let repaired = wubu::office::repair(bureau.context(now), None).await.expect("repaired");
        assert_eq!(before, ground(&file), "{sql}: the ground is as it was");
        let entries: i64 = file
            .query_one("SELECT COUNT(*) FROM ledger WHERE kind = 'tables.repaired'", [], |row| row.get(0))
            .expect("the ledger");
        assert_eq!(entries, i64::from(!repaired.repaired.is_empty()), "{sql}: what was done is recorded");
        let tables = repaired.repaired.iter().map(|table| table.table.to_owned()).collect();
        (tables, serde_json::json!(repaired.verified.problems))
    })
}

#[test]
fn derived_tables_are_worked_out_anew() {
    let of_first = "WHERE home = 'dongguan' AND seq = 1";
    let duty = "INSERT INTO duty VALUES ('dongguan', 1, 'issue', 1, 'x', '2026-03-02T01:00:00.000000Z')";
    for (edit, tables) in [
        (
            format!("UPDATE orders SET state = 'done', ended_on = '2026-03-01', officer = 'P999' {of_first}"),
            vec!["orders"],
        ),
        (format!("DELETE FROM term {of_first} AND fired_at IS NULL"), vec!["orders"]),
        (format!("DELETE FROM orders {of_first}"), vec!["orders"]),
        (
            "INSERT INTO workload VALUES ('dongguan', 'x', 1, '2026-03-02T01:00:00.000000Z')".to_owned(),
            vec!["workload"],
        ),
        (duty.to_owned(), vec!["duty", "workload"]),
        (
            "INSERT INTO incident VALUES ('dongguan', 1, 'issue', 'S104', '2026-03-02T01:00:00.000000Z')"
                .to_owned(),
            vec!["incident"],
        ),
        (
            "INSERT INTO tally VALUES ('dongguan', 'five-step', 'cycle', 'officer', '2026-02', 'x', 1)"
                .to_owned(),
            vec!["tally"],
        ),
        ("UPDATE appraisal SET tier = '丙' WHERE subject = '试-2'".to_owned(), vec!["appraisal"]),
        ("UPDATE appraisal SET changes_on = '2099-01-01'".to_owned(), vec!["appraisal"]),
    ] {
        let wanted: Vec<String> = tables.into_iter().map(str::to_owned).collect();
        assert_eq!(repaired_after(&edit), (wanted, serde_json::json!([])), "{edit}");
    }
}

#[test]
fn what_is_due_is_worked_out_anew() {
    let lost = "DELETE FROM due";
    let story = STORY.replace("2026-01-15}", "2026-02-15}").replace("opened: 2", "opened: 0");
    run(async {
        let story: Story = serde_yaml::from_str(&story).expect("a story");
        let mut bureau = Bureau::new(&story).await;
        for step in &story.steps {
            bureau.step(step).await.expect("as told");
        }
        let file = rusqlite::Connection::open(bureau.file()).expect("the database");
        assert!(file.execute(lost, []).expect("a statement") > 0);
        let found = bureau.verify().await;
        assert_eq!(found["problems"][0]["args"]["table"], "due", "{found}");
        let now = super::bureau::moment("2026-03-03T07:00");
        let repaired = wubu::office::repair(bureau.context(now), None).await.expect("repaired");
        assert_eq!(repaired.repaired.iter().map(|t| t.table).collect::<Vec<_>>(), ["due"]);
        assert_eq!(serde_json::json!(repaired.verified.problems), serde_json::json!([]));
    });
}
