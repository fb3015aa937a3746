//! Files that say only some of what the register knows, in whatever order they come.

use std::collections::BTreeMap;

use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;
use wubu::policy::ImportKind;

use super::order::{Place, run};

/// All that is known before, and that nobody loses by saying nothing of it.
const WHOLE: &str = "统一社会信用代码,名称,管辖所,片区,行业代码,成立日期,信用等级,警示标志,经营面积,经营地址,状态,状态日期,上次巡查,纬度,经度\n";

const SUBJECTS: usize = 5;

/// Columns that carry no day: they stand in one of two files, or in both and say the same.
const UNDATED: [(&str, [&str; 3]); 6] = [
    ("名称", ["新名", "老名", ""]),
    ("管辖所,片区", ["dongguan,G02", "xihe,西河沿片区", ","]),
    ("行业代码", ["5223", "0711", ""]),
    ("信用等级", ["A", "D", ""]),
    ("警示标志", ["是", "否", ""]),
    ("纬度,经度", ["36.1,118.2", "36.5,118.3", ","]),
];

/// Columns whose cells carry their own day.
const DATED: [(&str, [&str; 5]); 2] = [
    ("状态,状态日期", [",", "在业,2026-02-03", "注销,2026-01-05", "歇业,2026-02-03", "注销,2026-02-20"]),
    ("上次巡查", ["", "2026-01-15", "2026-02-25", "2025-12-01", "2026-03-01"]),
];

/// What a file has: for each undated column, whether it is there; and what each cell says.
#[derive(Clone, Debug)]
struct Part {
    undated: Vec<bool>,
    dated: [bool; 2],
    /// Which of the subjects it names, with a word for each dated column.
    rows: Vec<Option<(usize, usize)>>,
}

fn part() -> impl Strategy<Value = Part> {
    let row = prop::option::weighted(0.8, (0..5_usize, 0..5_usize));
    let columns = (prop::collection::vec(any::<bool>(), 6), [any::<bool>(), any::<bool>()]);
    (columns, prop::collection::vec(row, SUBJECTS)).prop_map(|((undated, dated), rows)| Part {
        undated,
        dated,
        rows,
    })
}

impl Part {
    /// Writes the file for the subjects of one register; `words` says what all files say of undated columns.
    fn text(&self, register: &str, words: &[Vec<usize>]) -> String {
        let undated = || UNDATED.iter().enumerate().filter(|(at, _)| self.undated[*at]);
        let dated = || DATED.iter().enumerate().filter(|(at, _)| self.dated[*at]);
        let headings = undated().map(|(_, (name, _))| *name).chain(dated().map(|(_, (name, _))| *name));
        let mut text =
            std::iter::once("统一社会信用代码").chain(headings).collect::<Vec<_>>().join(",") + "\n";
        for (nth, row) in self.rows.iter().enumerate() {
            let Some((status, patrol)) = row else { continue };
            let words = undated().map(|(at, (_, cells))| cells[words[nth][at]]);
            let days = dated().map(|(at, (_, cells))| cells[if at == 0 { *status } else { *patrol }]);
            let id = format!("{register}-{nth}");
            text +=
                &(std::iter::once(id.as_str()).chain(words).chain(days).collect::<Vec<_>>().join(",") + "\n");
        }
        text
    }

    fn says_something(&self) -> bool {
        self.undated.contains(&true) || self.dated.contains(&true)
    }
}

fn whole(register: &str) -> String {
    let rows = (0..SUBJECTS).map(|nth| {
        format!("{register}-{nth},{nth}号店,nanmen,G09,5145,2020-01-01,D,是,120.5,南门大街,,,2026-01-20,36.2,118.1\n")
    });
    std::iter::once(WHOLE.to_owned()).chain(rows).collect()
}

/// What the register knows of each subject, without what names the register.
fn known(place: &Place, register: &str) -> BTreeMap<String, String> {
    let sql = "SELECT json_array(id, name, station, grid, lat, lon, statuses, last_patrol, attributes) FROM subject";
    let mark = format!("[\"{register}-");
    let of_register =
        place.texts(sql).into_iter().filter_map(|text| text.strip_prefix(&mark).map(str::to_owned));
    of_register.map(|text| (text[..1].to_owned(), text)).collect()
}

#[test]
fn two_partial_files_in_any_order_give_the_same_register() {
    run(async {
        let place = Place::new().await;
        let words = prop::collection::vec(prop::collection::vec(0..3_usize, 6), SUBJECTS);
        let mut runner = TestRunner::deterministic();
        for nth in 0..60 {
            let tree = (part(), part(), words.clone()).new_tree(&mut runner).expect("a case");
            let (one, two, words) = tree.current();
            let (first, second) = (format!("甲{nth}"), format!("乙{nth}"));
            for (register, parts) in [(&first, [&one, &two]), (&second, [&two, &one])] {
                place.take(ImportKind::Subjects, &whole(register), false).await;
                for part in parts.into_iter().filter(|part| part.says_something()) {
                    place.take(ImportKind::Subjects, &part.text(register, &words), false).await;
                }
            }
            assert_eq!(known(&place, &first), known(&place, &second), "{one:?} {two:?} {words:?}");
            assert_eq!(known(&place, &first).len(), SUBJECTS);
        }
        place.is_sound().await;
    });
}

#[test]
fn what_a_file_does_not_say_stays_as_it_is_known() {
    run(async {
        let place = Place::new().await;
        place.take(ImportKind::Subjects, &whole("店"), false).await;
        let before = known(&place, "店");
        let blank = format!("{WHOLE}店-0,,,,,,,,,,,,,,\n");
        for text in [&blank, "统一社会信用代码,经营地址\n店-0,\n店-1,南门大街\n"] {
            let done = place.take(ImportKind::Subjects, text, false).await;
            assert_eq!((done.changed, done.rejected), (0, 0), "{text}");
        }
        let done =
            place.take(ImportKind::Subjects, "统一社会信用代码,信用等级\n店-0,A\n店-9,A\n", false).await;
        assert_eq!((done.changed, done.rejected, done.absent.len()), (1, 1, 14));
        let after = known(&place, "店");
        assert_eq!(after["0"], before["0"].replace(r#"\"credit\":\"D\""#, r#"\"credit\":\"A\""#));
        assert_eq!(after["1"], before["1"]);
    });
}

#[test]
fn officers_grids_and_inspections_keep_what_a_file_does_not_say() {
    run(async {
        let place = Place::new().await;
        let officers =
            "工号,姓名,所属工商所,角色,执法证号,执法证有效期至\nP901,示例甲,东关工商所,所长,Z1,2030-01-01\n";
        place.take(ImportKind::Officers, officers, false).await;
        let sql = "SELECT json_array(name, station, roles, certificate, certified_until) FROM officer WHERE id = 'P901'";
        let before = place.texts(sql);
        for text in ["工号,姓名\nP901,示例甲\n", "工号,姓名,角色,执法证号\nP901,,,\n"] {
            assert_eq!(place.take(ImportKind::Officers, text, false).await.unchanged, 1, "{text}");
        }
        assert_eq!(place.texts(sql), before);
        let done = place.take(ImportKind::Officers, "工号,执法证号\nP901,Z2\nP902,Z3\n", false).await;
        assert_eq!((done.changed, done.rejected), (1, 1));

        let done = place.take(ImportKind::Grids, "编号,名称\nG01,东关街新片区\nG99,无所片区\n", false).await;
        assert_eq!((done.changed, done.rejected), (1, 1));
        let grid = "SELECT json_array(title, station, officer, backup) FROM grid WHERE id = 'G01'";
        assert_eq!(place.texts(grid), [r#"["东关街新片区","dongguan","P001","P002"]"#]);

        place.take(ImportKind::Subjects, &whole("店"), false).await;
        let visit = "编号,统一社会信用代码,日期,结果,重大问题数,一般问题数\nJ1,店-0,2026-01-20,不合格,1,2\n";
        place.take(ImportKind::Inspections, visit, false).await;
        let inspection = "SELECT json_array(on_day, result, problems) FROM inspection WHERE id = 'J1'";
        for text in ["编号,统一社会信用代码,日期,结果\nJ1,店-0,2026-01-20,\n", visit] {
            assert_eq!(place.take(ImportKind::Inspections, text, false).await.unchanged, 1, "{text}");
        }
        let more = "编号,统一社会信用代码,日期,结果,一般问题数\nJ1,店-0,2026-01-20,不合格,3\n";
        assert_eq!(place.take(ImportKind::Inspections, more, false).await.changed, 1);
        assert_eq!(place.texts(inspection), [r#"["2026-01-20","不合格","{\"一般\":3,\"重大\":1}"]"#]);
        place.is_sound().await;
    });
}

#[test]
fn a_grid_belongs_to_its_station_and_both_may_be_called_by_their_titles() {
    run(async {
        let place = Place::new().await;
        let heading = "统一社会信用代码,名称,管辖所,片区,行业代码,成立日期\n";
        let row = |id: &str, places: &str| format!("{id},示例店,{places},5223,2020-01-01\n");
        let mut text = heading.to_owned();
        for (id, places) in [
            ("a", "dongguan,G01"),
            ("b", "东关工商所,东关街片区"),
            ("c", "东关 工商所,Ｇ０１"),
            ("d", "dongguan,G05"),
            ("e", "东关所,G01"),
            ("f", "dongguan,别处片区"),
            ("g", "dongguan,"),
        ] {
            text += &row(id, places);
        }
        let done = place.take(ImportKind::Subjects, &text, false).await;
        assert_eq!((done.added, done.rejected), (4, 3));
        let places = place.texts("SELECT json_array(id, station, grid) FROM subject ORDER BY id");
        let expected = ["a", "b", "c"].map(|id| format!(r#"["{id}","dongguan","G01"]"#));
        assert_eq!(places[..3], expected);
        let rejects = std::fs::read_to_string(place.folder.path().join("part.rejects.csv")).expect("rejects");
        for said in ["I071", "不归东关工商所", "I061", "东关工商所 dongguan", "I062"] {
            assert!(rejects.contains(said), "{said}: {rejects}");
        }
        // Moved without its grid, which stays behind.
        let moved = "统一社会信用代码,管辖所\na,西河工商所\ng,西河工商所\n";
        let done = place.take(ImportKind::Subjects, moved, false).await;
        assert_eq!((done.changed, done.rejected), (1, 1));
        let moved = "统一社会信用代码,管辖所,片区\na,西河工商所,G06\n";
        let done = place.take(ImportKind::Subjects, moved, false).await;
        assert_eq!((done.changed, done.rejected), (1, 0));
    });
}

#[test]
fn what_is_asked_about_is_taken_once_a_person_confirms_it() {
    run(async {
        let place = Place::new().await;
        let text = "统一社会信用代码,名称,管辖所,行业代码,成立日期\n\
            91370100MA3FGHIJ2K,老店,dongguan,5223,2020-01-01\n店-1,租赁店,dongguan,711,2020-01-01\n";
        assert_eq!(place.take(ImportKind::Subjects, text, false).await.rejected, 2);
        let rejects = std::fs::read_to_string(place.folder.path().join("part.rejects.csv")).expect("rejects");
        let confirmed =
            rejects.replace(",,91370100MA3FGHIJ2K", ",是,91370100MA3FGHIJ2K").replace(",,店-1", ",是,店-1");
        let done = place.take(ImportKind::Subjects, &confirmed, false).await;
        assert_eq!((done.added, done.rejected), (2, 0));
        let said = place.texts("SELECT body FROM ledger WHERE kind = 'register.confirmed'");
        assert_eq!(said.len(), 1);
        assert!(said[0].contains("91370100MA3FGHIJ2K") && said[0].contains("I067"), "{said:?}");
        // From then on it is known, and nobody asks again.
        let done = place.take(ImportKind::Subjects, text, false).await;
        assert_eq!((done.unchanged, done.rejected), (2, 0));
        place.is_sound().await;
    });
}

#[test]
fn a_file_that_is_only_tried_changes_nothing_and_says_what_it_would() {
    run(async {
        let place = Place::new().await;
        place.take(ImportKind::Subjects, &whole("店"), false).await;
        let all = "SELECT json_array(id, digest) FROM subject UNION ALL SELECT json_array(home, subject) FROM mark \
            UNION ALL SELECT json_array(chain, seq) FROM ledger";
        let before = place.texts(all);
        let text = "统一社会信用代码,名称,管辖所,行业代码,成立日期,信用等级,警示标志,上次巡查\n\
            店-0,,,5145,,B,否,\n店-1,,,,,,,2026-02-10\n新-1,新店,dongguan,5223,2020-01-01,B,否,2026-01-15\n新-2,,,,,,,\n";
        let done = place.take(ImportKind::Subjects, text, true).await;
        assert_eq!((done.added, done.changed, done.rejected), (1, 2, 1));
        let preview = done.preview.expect("tried");
        assert!(preview.tiers.iter().any(|(from, _, count)| from.is_none() && *count == 1), "{preview:?}");
        assert!(preview.tiers.iter().any(|(from, to, _)| from.is_some() && to.is_some()), "{preview:?}");
        assert_eq!((preview.next.earlier, preview.next.later, preview.next.none), (0, 2, 0));
        assert_eq!(place.texts(all), before);
        assert_eq!(place.take(ImportKind::Subjects, text, false).await.preview, None);
    });
}
