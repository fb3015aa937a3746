//! What must hold for any file: nothing panics, and what was written is what is read.

use proptest::prelude::*;
use wubu::import::{FileStop, ImportRow, RowReader, StationRow, SubjectRow};

use super::declared::bureau;

fn read<T: ImportRow>(bytes: &[u8], max: usize) -> Option<(Vec<T>, usize)> {
    let bureau = bureau();
    let mut reader = RowReader::<_, T>::open(bytes, bureau.declared(), None).ok()?;
    let (mut rows, mut rejected) = (Vec::new(), 0);
    loop {
        match reader.next_batch(max) {
            Ok(Some(batch)) => {
                rejected += batch.rejects.len();
                rows.extend(batch.rows);
            }
            Ok(None) => return Some((rows, rejected)),
            Err(FileStop::File(_)) => return None,
            Err(FileStop::Broke(error)) => panic!("reading memory broke: {error}"),
        }
    }
}

fn title() -> impl Strategy<Value = String> {
    "[ -~\u{4e00}-\u{4fff}\n\"，；]{0,30}".prop_map(|text| format!("示{text}例"))
}

#[test]
fn a_file_of_nothing_but_open_quotes_is_given_up_soon() {
    let endless = "x\",\"\n".repeat(2_000_000);
    let stray_at_last = format!("{}x\"y\n", "x\",\"\n".repeat(10_000)).repeat(100);
    for rows in [endless, stray_at_last] {
        let file = format!("id,title\n{rows}");
        let bureau = bureau();
        let mut reader =
            RowReader::<_, StationRow>::open(file.as_bytes(), bureau.declared(), None).expect("readable");
        let problems = loop {
            match reader.next_batch(100) {
                Ok(batch) => assert!(batch.is_some(), "the end was reached"),
                Err(FileStop::File(problems)) => break problems,
                Err(FileStop::Broke(error)) => panic!("reading memory broke: {error}"),
            }
        };
        assert_eq!(problems[0].code.id, "I016");
        assert!(reader.read() < 2_000, "{}", reader.read());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn what_a_csv_writer_wrote_is_read_back(titles in prop::collection::vec(title(), 1..20), max in 1_usize..7) {
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_record(["id", "title"]).expect("memory");
        for (nth, title) in titles.iter().enumerate() {
            writer.write_record([format!("S{nth}"), title.clone()]).expect("memory");
        }
        let bytes = writer.into_inner().expect("memory");
        let (rows, rejected) = read::<StationRow>(&bytes, max).expect("a readable file");
        prop_assert_eq!(rejected, 0);
        let got: Vec<&str> = rows.iter().map(|row| row.title.as_str()).collect();
        prop_assert_eq!(got, titles.iter().map(String::as_str).collect::<Vec<_>>());
    }

    #[test]
    fn any_bytes_end_in_rows_or_a_reason(bytes in prop::collection::vec(any::<u8>(), 0..400), quotes in any::<bool>()) {
        let mut file = b"id,title\n".to_vec();
        let marks = [b',', b'\n', b'"', b'\r'];
        file.extend(bytes.iter().map(|byte| if quotes { marks[usize::from(byte % 4)] } else { *byte }));
        let _ = read::<StationRow>(&file, 5);
        let _ = read::<StationRow>(&bytes, 5);
    }

    #[test]
    fn a_row_respelt_is_the_same_and_a_changed_row_another(
        names in prop::collection::btree_set("[a-z]{1,8}", 2..8), year in 1900_i32..2100,
    ) {
        let line = |id: usize, name: &str| format!("A{id},{name},S01,G01,5211,{year}-03-04\n");
        let heading = "统一社会信用代码,名称,管辖所,片区,行业代码,成立日期\n";
        let file: String = std::iter::once(heading.to_owned())
            .chain(names.iter().enumerate().map(|(id, name)| line(id, name)))
            .collect();
        let respelt = file.replace("-03-04", "年3月4日").replace("S01", " Ｓ０１");
        let (one, _) = read::<SubjectRow>(file.as_bytes(), 3).expect("a readable file");
        let (two, _) = read::<SubjectRow>(respelt.as_bytes(), 100).expect("a readable file");
        prop_assert_eq!(&one, &two);
        let (moved, _) = read::<SubjectRow>(file.replace("G01", "G02").as_bytes(), 3).expect("a readable file");
        prop_assert!(one.iter().zip(&moved).all(|(one, moved)| one != moved));
    }
}
