//! Spreadsheets damaged as people and programs damage them: no row is taken for something else.

use std::collections::BTreeMap;

use wubu::policy::ImportKind;

use super::order::{Place, run};

const SHEETS: usize = 200;
const HEADINGS: [&str; 9] = [
    "统一社会信用代码",
    "名称",
    "管辖所",
    "片区",
    "行业代码",
    "成立日期",
    "信用等级",
    "经营面积",
    "上次巡查",
];
const ALPHABET: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";

/// Numbers that look like chance, and are the same for a seed.
struct Draws(u64);

impl Draws {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(bound).expect("small")).expect("small")
    }

    fn pick<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len())]
    }
}

/// A unified credit code with its right check character.
fn credit_code(sheet: usize, row: usize) -> String {
    let body = format!("91370100{:09}", sheet * 100 + row);
    let worth = |letter: u8| ALPHABET.iter().position(|known| *known == letter).expect("of the alphabet");
    let (mut sum, mut weight) = (0, 1);
    for letter in body.bytes() {
        sum = (sum + worth(letter) * weight) % 31;
        weight = weight * 3 % 31;
    }
    format!("{body}{}", char::from(ALPHABET[(31 - sum) % 31]))
}

/// A good sheet: codes, old registration numbers and ids with letters.
fn sheet(nth: usize) -> Vec<Vec<String>> {
    let id = |row: usize| match row % 4 {
        0 => format!("3701{nth:03}{row:08}"),
        1 => format!("示-{nth}-{row}"),
        _ => credit_code(nth, row),
    };
    let rows = (0..8).map(|row| {
        let industry = ["5223", "0711", "0111", "5145"][row % 4];
        let (station, grid) = [("dongguan", "G01"), ("xihe", "G05")][row % 2];
        let [credit, area, patrol] =
            [["A", "1200.50", "2026-01-15"], ["D", "80", "2025-12-20"], ["C", "0.5", "2026-02-01"]][row % 3];
        let name = format!("示例{nth}号{row}店");
        [&id(row), &name, station, grid, industry, "2020-03-04", credit, area, patrol]
            .map(str::to_owned)
            .to_vec()
    });
    rows.collect()
}

/// What becomes of a cell; the text may still say the same, or be damaged.
fn damage(cell: &str, column: usize, draws: &mut Draws) -> String {
    let wide = |text: &str| -> String {
        let widen = |letter: char| {
            if letter.is_ascii_graphic() { char::from_u32(letter as u32 + 0xfee0) } else { None }
        };
        text.chars().map(|letter| widen(letter).unwrap_or(letter)).collect()
    };
    let is_number = !cell.is_empty() && cell.bytes().all(|byte| byte.is_ascii_digit());
    match (draws.below(16), column) {
        (0, _) => format!("'{cell}"),
        (1, 0 | 4) => format!("=\"{cell}\""),
        (2, 0 | 2..) => wide(cell),
        (3, _) => format!("\u{a0}{cell}\u{3000}"),
        (4, 0 | 2..=4) => format!("{cell}\u{200b}"),
        (5, 0 | 4 | 7) if is_number => format!("{cell}.0"),
        (6, 0) if is_number => format!("{}.{}E+{}", &cell[..1], &cell[1..6], cell.len() - 1),
        (7, 0 | 4) => cell.trim_start_matches('0').to_owned(),
        (8, 0) => cell.replacen('0', "O", 1),
        (9, 0) => cell.to_lowercase(),
        (10, 0) if cell.len() == 18 => format!("{} {}", &cell[..9], &cell[9..]),
        (11, 5 | 8) => {
            (*draws.pick(&["43894", "20/3/4", "4-3-2020", "2020-3-4x", "2020年13月4日"])).to_owned()
        }
        (12, 7) => (*draws.pick(&["1,200.50", "1.2E+3", "80平方米", "#VALUE!"])).to_owned(),
        (13, 2 | 3 | 6) => (*draws.pick(&["东关", "E", "#N/A", "G99", "0"])).to_owned(),
        (14, 4) => format!("{cell}99"),
        (15, 0) if cell.len() == 18 && is_number => format!("{}000", &cell[..15]),
        _ => format!(" {cell}\t"),
    }
}

/// Writes a sheet in which some cells, rows and the file itself are damaged.
fn mangled(rows: &[Vec<String>], draws: &mut Draws, may_blank: bool) -> String {
    let mut rows = rows.to_vec();
    for _ in 0..=draws.below(6) {
        let (row, column) = (draws.below(rows.len()), draws.below(HEADINGS.len()));
        let cell = rows[row][column].clone();
        rows[row][column] =
            if may_blank && draws.below(8) == 0 { String::new() } else { damage(&cell, column, draws) };
    }
    if draws.below(5) == 0 {
        let (one, two) = (draws.below(rows.len()), draws.below(rows.len()));
        let copy = rows[one].clone();
        rows.insert(two, copy);
    }
    let mut order: Vec<usize> = (0..HEADINGS.len()).collect();
    if draws.below(4) == 0 {
        order.rotate_left(draws.below(HEADINGS.len()));
    }
    let quote = |cell: &str| format!("\"{}\"", cell.replace('"', "\"\""));
    let line = |cells: &[&str]| order.iter().map(|at| quote(cells[*at])).collect::<Vec<_>>().join(",");
    let mut text = line(&HEADINGS) + "\r\n";
    for row in &rows {
        let cells: Vec<&str> = row.iter().map(String::as_str).collect();
        text += &match draws.below(24) {
            0 => line(&cells).replacen(',', "", 1),
            1 => line(&cells) + ",\"\"",
            2 => line(&cells).replacen('"', "", 1),
            _ => line(&cells),
        };
        text += "\r\n";
    }
    text
}

/// What the register knows of the subjects of a sheet, by name.
fn known(place: &Place) -> BTreeMap<String, String> {
    let sql =
        "SELECT json_array(name, id, station, grid, last_patrol, attributes) FROM subject ORDER BY name, id";
    let mut known = BTreeMap::new();
    for text in place.texts(sql) {
        let name = text.split('"').nth(1).expect("a name").to_owned();
        assert_eq!(known.insert(name, text), None, "one shop stands there twice");
    }
    known
}

#[test]
fn two_hundred_damaged_sheets_and_no_row_is_silently_wrong() {
    run(async {
        let (place, truth) = (Place::new().await, Place::new().await);
        let mut draws = Draws(20_260_312);
        let (mut kept, mut rejected) = (0, 0);
        for nth in 0..SHEETS {
            let rows = sheet(nth);
            let good = mangled_none(&rows);
            truth.take(ImportKind::Subjects, &good, false).await;
            let is_known = nth % 2 == 0;
            if is_known {
                place.take(ImportKind::Subjects, &good, false).await;
            }
            let done = place.take(ImportKind::Subjects, &mangled(&rows, &mut draws, is_known), false).await;
            assert_eq!(
                done.changed,
                0,
                "sheet {nth}: {:?}",
                place.texts("SELECT name FROM subject WHERE name NOT LIKE '示例%店'")
            );
            kept += done.added + done.unchanged;
            rejected += done.rejected;
        }
        let (known, truth) = (known(&place), known(&truth));
        for (name, text) in &known {
            // A number keeps its digits as they were written: 80.0 is 80.
            let text = text.replace(".0\\\"", "\\\"");
            assert_eq!(Some(&text), truth.get(name), "{name}");
        }
        assert!(kept > 1_000 && rejected > 150, "{kept} kept, {rejected} rejected");
        place.is_sound().await;
    });
}

/// Writes a sheet as it is.
fn mangled_none(rows: &[Vec<String>]) -> String {
    let lines = rows.iter().map(|row| row.join(",") + "\n");
    std::iter::once(HEADINGS.join(",") + "\n").chain(lines).collect()
}
