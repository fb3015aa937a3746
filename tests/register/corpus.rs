//! Bad files: each has beside it what must be said of it.
//!
//! # Shape
//! `name.csv` and `name.txt`; the first line of the text is the kind and, where it is not
//! `default`, the map. Then one line for whatever is said, in order: `stops CODE`,
//! `ROW COLUMN CODE`, `remark ROW COLUMN CODE`, and last `taken N`.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use wubu::diag::codes::{self, IMPORT};
use wubu::import::{
    CellProblem, FileStop, GridRow, ImportRow, InspectionRow, OfficerRow, Problem, RowReader, StationRow,
    SubjectRow,
};
use wubu::lang::Lang;

use super::declared::bureau;

/// Codes that no small file can bring about, or that the caller gives; each has its own test.
const ELSEWHERE: [&str; 25] = [
    "I001", "I015", "I016", "I060", "I061", "I062", "I063", "I065", "I071", "I072", "I073", "I074", "I075",
    "I076", "I077", "I078", "I079", "I080", "I090", "I091", "I092", "I093", "I096", "I097", "I098",
];

#[test]
fn every_bad_file_gets_the_answer_beside_it() {
    let mut wrong = String::new();
    let mut met = BTreeSet::from(ELSEWHERE.map(str::to_owned));
    for path in files() {
        let expected = std::fs::read_to_string(path.with_extension("txt")).unwrap_or_default();
        let (head, expected) = expected.split_once('\n').unwrap_or_default();
        let got = answer(&std::fs::read(&path).expect("a corpus file"), head);
        met.extend(got.split_whitespace().filter(|word| word.starts_with('I')).map(str::to_owned));
        if got != expected {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            let _ = write!(wrong, "== {name}\n-- expected\n{expected}-- got\n{got}");
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
    let unmet: Vec<&str> = IMPORT.iter().map(|code| code.id).filter(|id| !met.contains(*id)).collect();
    assert!(unmet.is_empty(), "no file brings about {unmet:?}");
}

#[test]
fn every_code_has_a_sentence_and_a_cure_in_both_languages() {
    for code in IMPORT {
        assert_eq!(
            (Lang::Zh.has(code.id), Lang::En.has(code.id)),
            ((true, true), (true, true)),
            "{}",
            code.id
        );
    }
}

#[test]
fn no_sentence_shows_a_gap_or_a_bracket_of_its_template() {
    for path in files() {
        let expected = std::fs::read_to_string(path.with_extension("txt")).unwrap_or_default();
        let head = expected.lines().next().unwrap_or_default();
        for problem in problems(&std::fs::read(&path).expect("a corpus file"), head) {
            for lang in [Lang::Zh, Lang::En] {
                for sentence in [problem.text(lang), problem.help(lang)] {
                    let is_whole = !sentence.contains("{$") && !sentence.is_empty();
                    assert!(is_whole, "{}: {sentence}", problem.code.id);
                }
            }
        }
    }
}

#[test]
fn a_good_row_can_be_rejected_by_who_knows_the_register() {
    let file = "id,title,station\nG01,一片区,S09\nG02,\"二\n片区\",S01\n";
    let bureau = bureau();
    let mut reader =
        RowReader::<_, GridRow>::open(file.as_bytes(), bureau.declared(), None).expect("a grid file");
    let batch = reader.next_batch(10).expect("no stop").expect("rows");
    let known = ["S01".to_owned(), "S02".to_owned()];
    for code in [codes::SUBJECT_UNKNOWN, codes::STATION_UNKNOWN, codes::GRID_UNKNOWN, codes::OFFICER_UNKNOWN]
    {
        let problem = Problem::new(code).value("S09").near("S09", &known);
        let column = Some("station".to_owned());
        let reject = batch.reject(1, vec![CellProblem { column, problem: problem.clone() }]);
        assert_eq!((reject.place.row, reject.place.line), (3, 3));
        assert_eq!(reject.cells, ["G02", "二\n片区", "S01"]);
        assert!(problem.text(Lang::Zh).contains("S09") && problem.text(Lang::En).contains("S09"));
    }
}

fn files() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/register/bad");
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)
        .expect("the corpus")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "csv"))
        .collect();
    files.sort();
    files
}

fn answer(bytes: &[u8], head: &str) -> String {
    let mut lines = String::new();
    let mut said = Vec::new();
    let taken = by_kind(bytes, head, &mut |place, problem| said.push((place, problem)));
    said.sort_by_key(|(place, _)| *place);
    for ((row, is_remark), problem) in said {
        let remark = if is_remark { "remark " } else { "" };
        let column = problem.column.unwrap_or_else(|| "-".into());
        let _ = writeln!(lines, "{remark}{row} {column} {}", problem.problem.code.id);
    }
    for problem in taken.as_ref().err().into_iter().flatten() {
        let _ = writeln!(lines, "stops {}", problem.code.id);
    }
    if let Ok(taken) = taken {
        let _ = writeln!(lines, "taken {taken}");
    }
    lines
}

fn problems(bytes: &[u8], head: &str) -> Vec<Problem> {
    let mut all = Vec::new();
    let stopped = by_kind(bytes, head, &mut |_, problem| all.push(problem.problem)).err();
    all.extend(stopped.into_iter().flatten());
    all
}

type Say<'a> = &'a mut dyn FnMut((u64, bool), CellProblem);

fn by_kind(bytes: &[u8], head: &str, say: Say<'_>) -> Result<usize, Vec<Problem>> {
    let mut words = head.split_whitespace();
    let (kind, map) = (words.next().unwrap_or_default(), words.next());
    match kind {
        "subjects" => read::<SubjectRow>(bytes, map, say),
        "inspections" => read::<InspectionRow>(bytes, map, say),
        "officers" => read::<OfficerRow>(bytes, map, say),
        "stations" => read::<StationRow>(bytes, map, say),
        "grids" => read::<GridRow>(bytes, map, say),
        other => panic!("no kind of file is called {other}"),
    }
}

fn read<T: ImportRow>(bytes: &[u8], map: Option<&str>, say: Say<'_>) -> Result<usize, Vec<Problem>> {
    let problems = |stopped| match stopped {
        FileStop::File(problems) => problems,
        FileStop::Broke(error) => panic!("reading memory broke: {error}"),
    };
    let bureau = bureau();
    let mut reader = RowReader::<_, T>::open(bytes, bureau.declared(), map).map_err(problems)?;
    let mut taken = 0;
    while let Some(batch) = reader.next_batch(3).map_err(problems)? {
        // Nothing is known here, so that nothing takes a doubt away.
        taken += batch.rows.len() - batch.doubts.chunk_by(|one, next| one.row == next.row).count();
        for doubt in &batch.doubts {
            say((batch.places[doubt.row].row, false), doubt.problem.clone());
        }
        for reject in batch.rejects {
            reject.problems.into_iter().for_each(|problem| say((reject.place.row, false), problem));
        }
        batch.remarks.into_iter().for_each(|remark| say((remark.place.row, true), remark.problem));
    }
    Ok(taken)
}
