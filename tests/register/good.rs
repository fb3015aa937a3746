//! Good files: whatever program wrote them, the same rows come out.

use std::fmt::Write as _;
use std::io::Read;
use std::path::Path;

use wubu::import::{
    FieldChange, GridRow, ImportRow, InspectionRow, OfficerRow, Reject, RejectsWriter, RowReader, StationRow,
    SubjectRow,
};
use wubu::lang::Lang;
use wubu::policy::AttributeKind;
use wubu::register::{Status, Value};

use super::declared::{Bureau, bureau, toronto};

const SUBJECTS: &str = "统一社会信用代码,名称,管辖所,片区,行业代码,成立日期,电话\n\
    91440300708461136T,示例一店,S01,G01,5211,2020-01-02,1\n\
    A02,\"示例\"\"二\"\"店,分店\",S01,,0111,2020/1/2,2\n\
    A03,𠮷野示例,S02,G05,6431,2020年1月2日,3\n";

fn all<T: ImportRow>(source: impl Read, bureau: &Bureau, map: Option<&str>) -> (Vec<T>, Vec<Reject>) {
    let mut reader = RowReader::<_, T>::open(source, bureau.declared(), map).expect("a readable file");
    let (mut rows, mut rejects) = (Vec::new(), Vec::new());
    while let Some(mut batch) = reader.next_batch(1_000).expect("no stop") {
        rejects.append(&mut batch.rejects);
        // Nothing is known here, so that nothing takes a doubt away.
        let mut doubts = std::mem::take(&mut batch.doubts);
        doubts.dedup_by_key(|doubt| doubt.row);
        rejects.extend(doubts.iter().map(|doubt| batch.reject(doubt.row, vec![doubt.problem.clone()])));
        let is_sure = |at: &usize| !doubts.iter().any(|doubt| doubt.row == *at);
        let taken = batch.rows.into_iter().enumerate().filter(|(at, _)| is_sure(at));
        rows.extend(taken.map(|(_, row)| row));
        rejects.sort_by_key(|reject| reject.place.row);
    }
    (rows, rejects)
}

fn set(text: &str) -> FieldChange<String> {
    FieldChange::Set(text.to_owned())
}

fn subjects(bytes: &[u8]) -> Vec<SubjectRow> {
    let (rows, rejects) = all(bytes, &bureau(), None);
    assert_eq!(rejects, []);
    rows
}

#[test]
fn every_encoding_and_delimiter_gives_the_same_rows() {
    let expected = subjects(SUBJECTS.as_bytes());
    assert_eq!(expected.len(), 3);
    assert_eq!(expected[1].name.as_deref(), Some("示例\"二\"店,分店"));
    let with_mark = [b"\xef\xbb\xbf".as_slice(), SUBJECTS.as_bytes()].concat();
    let (gb18030, ..) = encoding_rs::GB18030.encode(SUBJECTS);
    let little: Vec<u8> =
        "\u{feff}".encode_utf16().chain(SUBJECTS.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let big: Vec<u8> =
        "\u{feff}".encode_utf16().chain(SUBJECTS.encode_utf16()).flat_map(u16::to_be_bytes).collect();
    for bytes in [with_mark.as_slice(), &gb18030, &little, &big] {
        assert_eq!(subjects(bytes), expected);
    }
    let tabs = SUBJECTS.replace("店,分店", "店\u{1}分店").replace(',', "\t").replace('\u{1}', ",");
    let semicolons = SUBJECTS.replace("店,分店", "店\u{1}分店").replace(',', ";").replace('\u{1}', ",");
    let announced = format!("sep=;\r\n{semicolons}");
    let windows = SUBJECTS.replace('\n', "\r\n");
    let old_mac = SUBJECTS.replace('\n', "\r");
    let no_last_end = SUBJECTS.trim_end().to_owned();
    for text in [tabs, semicolons, announced, windows, old_mac, no_last_end] {
        assert_eq!(subjects(text.as_bytes()), expected, "{text}");
    }
}

#[test]
fn gb18030_is_told_even_when_the_first_chinese_comes_late() {
    let mut text = String::from("id,title\n");
    for nth in 0..20_000 {
        let _ = writeln!(text, "S{nth:05},station");
    }
    text.push_str("S99999,城东所\n");
    let (bytes, ..) = encoding_rs::GB18030.encode(&text);
    let (rows, rejects) = all::<StationRow>(&*bytes, &bureau(), None);
    assert_eq!((rows.len(), rejects.len()), (20_001, 0));
    assert_eq!(rows[20_000].title, "城东所");
}

#[test]
fn a_file_handed_over_byte_by_byte_gives_the_same_rows() {
    struct Drip<'a>(&'a [u8]);
    impl Read for Drip<'_> {
        fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
            let more = self.0.len().min(out.len()).min(1);
            out[..more].copy_from_slice(&self.0[..more]);
            self.0 = &self.0[more..];
            Ok(more)
        }
    }
    let (rows, _) = all::<SubjectRow>(Drip(SUBJECTS.as_bytes()), &bureau(), None);
    assert_eq!(rows, subjects(SUBJECTS.as_bytes()));
}

#[test]
fn columns_may_stand_in_any_order_and_unmapped_ones_are_named_once() {
    let bureau = bureau();
    let reader =
        RowReader::<_, SubjectRow>::open(SUBJECTS.as_bytes(), bureau.declared(), None).expect("readable");
    assert_eq!(reader.unmapped().collect::<Vec<_>>(), ["电话"]);
    let turned: String = SUBJECTS
        .lines()
        .filter(|line| !line.contains('"'))
        .map(|line| line.split(',').rev().collect::<Vec<_>>().join(",") + "\n")
        .collect();
    let (rows, straight) = (subjects(turned.as_bytes()), subjects(SUBJECTS.as_bytes()));
    assert_eq!((&rows[0], &rows[1]), (&straight[0], &straight[2]));
}

#[test]
fn every_field_of_a_full_map_is_read_as_declared() {
    let file = std::fs::read(folder("bad/values.csv")).expect("a corpus file");
    let (rows, _) = all::<SubjectRow>(&*file, &bureau(), Some("full"));
    let row = &rows[0];
    assert_eq!((&row.lat, &row.lon), (&set("23.1"), &set("113.2")));
    assert_eq!(row.status, Some(Status::Active));
    assert_eq!(row.last_patrol.clone().map(|on| on.to_string()), set("2025-12-01"));
    let (months, said) = row.attributes.split_last().expect("attributes");
    assert_eq!(said, ["5211", "A", "true", "2020-01-02", "120.5", "3", "备注", "3 个月"].map(set));
    assert_eq!(*months, FieldChange::Keep, "the file has no such column");
    assert_eq!(
        (rows[1].status, rows[1].status_on.map(|on| on.to_string())),
        (Some(Status::Suspended), Some("2026-02-03".to_owned()))
    );
    assert_eq!(rows[1].attributes[1], FieldChange::Keep, "a blank says nothing");
}

#[test]
fn what_is_kept_is_typed_by_its_declaration() {
    let file = std::fs::read(folder("bad/values.csv")).expect("a corpus file");
    let (rows, _) = all::<SubjectRow>(&*file, &bureau(), Some("full"));
    let bureau = bureau();
    let kinds = bureau.declared().attributes.iter().map(|attribute| &attribute.kind);
    let values: Vec<Value> = kinds
        .zip(&rows[0].attributes)
        .map(|(kind, kept)| Value::of(kind, kept.clone().or(None).as_deref()))
        .collect();
    let day = "2020-01-02".parse().expect("a day");
    let text = |text: &str| Value::Text(text.into());
    let area = Value::Decimal("120.5".into());
    let [code, class, note, cycle] = ["5211", "A", "备注", "3 个月"].map(text);
    let expected = [code, class, Value::Flag(true), Value::Day(day), area, Value::Integer(3), note, cycle];
    assert_eq!(values, [&expected[..], &[Value::Missing]].concat());
    let choice = AttributeKind::Choice { of: vec!["A".into()] };
    for (kind, kept) in [(AttributeKind::Date, "soon"), (AttributeKind::Flag, "是"), (choice, "Z")] {
        assert_eq!(Value::of(&kind, Some(kept)), Value::Missing);
    }
}

#[test]
fn stations_grids_and_officers_need_no_map() {
    let (grids, _) =
        all::<GridRow>("片区编号,名称,所属工商所,主办\nG01,一片区,S01,P01\n".as_bytes(), &bureau(), None);
    assert_eq!((grids[0].station.as_deref(), &grids[0].officer), (Some("S01"), &set("P01")));
    assert_eq!(grids[0].backup, FieldChange::Keep);
    let (officers, _) =
        all::<OfficerRow>("id,name,roles\nP01,示例甲,所长；监管人员\n".as_bytes(), &bureau(), None);
    assert_eq!(officers[0].roles, FieldChange::Set(["所长", "监管人员"].map(str::to_owned).to_vec()));
}

#[test]
fn officers_may_have_an_address_and_the_days_of_their_posts() {
    let file = "工号,姓名,角色,邮箱,任职自,任职至\nP01,示例甲,所长、监管人员,ａ@bureau.example,2026年1月1日,\nP02,示例乙,所长,,,\n";
    let (officers, rejects) = all::<OfficerRow>(file.as_bytes(), &bureau(), None);
    assert_eq!(rejects, []);
    let days = |row: &OfficerRow| [row.from, row.until].map(|day| day.map(|day| day.to_string()));
    assert_eq!(officers[0].email.as_deref(), Some("a@bureau.example"));
    assert_eq!(days(&officers[0]), [Some("2026-01-01".to_owned()), None]);
    assert_eq!((officers[1].email.as_deref(), days(&officers[1])), (None, [None, None]));
}

#[test]
fn rejects_can_be_mended_and_imported_again() {
    let file = "统一社会信用代码,名称,管辖所,片区,行业代码,成立日期\n\
        A01,=HYPERLINK(1),S01,,5211,2020-02-30\nA02,-1+1,S01,,5211,\nA03,\"a,b\",S01,,-5,2020-01-01\n";
    let (_, rejects) = all::<SubjectRow>(file.as_bytes(), &bureau(), None);
    assert_eq!(rejects.len(), 3);
    let headings: Vec<String> =
        file.lines().next().into_iter().flat_map(|line| line.split(',')).map(str::to_owned).collect();
    let mut writer = RejectsWriter::new(Vec::new(), Lang::En, &headings).expect("memory");
    for reject in &rejects {
        writer.write(reject).expect("memory");
    }
    let written = String::from_utf8(writer.finish().expect("memory")).expect("UTF-8");
    insta::assert_snapshot!(written.trim_start_matches('\u{feff}'), @r#"
    row,column,code,reason,what to do,confirmed,统一社会信用代码,名称,管辖所,片区,行业代码,成立日期
    2,成立日期,I041,there is no such day as “2020-02-30”,correct it from the original,,A01,'=HYPERLINK(1),S01,,5211,2020-02-30
    3,成立日期,I066,"this is not in the register yet, and what is new needs this to be filled","fill the cell; if it is not new, look whether its id is mistyped",,A02,'-1+1,S01,,5211,
    4,行业代码,I052,“行业表” has no “-5”,"correct the code; if it is really needed, ask those who keep the rules to add it to the table industries",,A03,"a,b",S01,,-5,2020-01-01
    "#);
    let mended = written
        .replace("2020-02-30", "2020-02-29")
        .replace("5211,\n", "5211,2020-01-02\n")
        .replace(",-5,", ",52,");
    let (rows, rejects) = all::<SubjectRow>(mended.as_bytes(), &bureau(), None);
    assert_eq!(rejects, []);
    assert_eq!(
        rows.iter().map(|row| row.name.as_deref().unwrap_or_default()).collect::<Vec<_>>(),
        ["=HYPERLINK(1)", "-1+1", "a,b"]
    );
}

#[test]
fn an_excerpt_of_torontos_register_is_taken_whole() {
    let read = |name: &str| std::fs::read(folder("data").join(name)).expect("an excerpt");
    let (subjects, bad_subjects) = all::<SubjectRow>(&*read("toronto-businesses.csv"), &toronto(), None);
    let (inspections, bad_inspections) =
        all::<InspectionRow>(&*read("toronto-inspections.csv"), &toronto(), None);
    assert_eq!((bad_subjects, bad_inspections), (Vec::new(), Vec::new()));
    assert_eq!((subjects.len(), inspections.len()), (200, 1_028));
    let known = |id: &str| subjects.iter().any(|subject| subject.id == id);
    assert!(inspections.iter().all(|inspection| known(&inspection.subject)));
    assert!(subjects.iter().all(|subject| subject.station.as_deref() == Some("toronto")));
}

fn folder(name: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/register").join(name)
}
