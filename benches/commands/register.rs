//! The files of a bureau of some size: its policy folder, and what its register is imported from.

use std::fs::{self, File};
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};

use wubu::time::Day;

use crate::ground::{STATIONS, credit_code, day};

/// Subjects of a grid, where there are enough.
const PER_GRID: usize = 500;
/// Grids there are at least.
const FEWEST_GRIDS: usize = 24;
/// Inspections of a subject.
pub(crate) const INSPECTIONS: u64 = 5;
/// What may be opened for an officer in a month: what the sample says, and what lets all through.
const CAP: (&str, &str) = ("at_most: 40 per officer", "at_most: 100000 per officer");
/// The sample's outlines are of its own grids.
const OUTLINES: &str = ", outlines: register/grids.geojson";

/// Who holds something at each station: role and the last part of the id.
const OF_STATION: [(&str, &str); 5] = [
    ("所长", "chief"),
    ("副所长", "deputy"),
    ("指挥中心", "command"),
    ("档案员", "archive"),
    ("文书保管员", "keeper"),
];
/// Who holds something for the whole bureau.
const OF_BUREAU: [(&str, &str); 5] = [
    ("法制科", "legal"),
    ("登记科", "registry"),
    ("监察室", "audit"),
    ("分管局长", "director"),
    ("机关负责人", "head"),
];

/// The policy that is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum WhosePolicy {
    /// The one kept beside the benches, so that figures can be compared with earlier ones.
    Pinned,
    /// The one that comes with the program.
    Shipped,
}

/// Grids of a register of that size.
pub(crate) fn grids(subjects: usize) -> usize {
    subjects.div_ceil(PER_GRID).max(FEWEST_GRIDS)
}

/// Whether a subject's order is due on the day of the tick: every second one of each grid.
fn is_due(n: usize, subjects: usize) -> bool {
    (n / grids(subjects)).is_multiple_of(2)
}

/// The station of a grid.
pub(crate) fn station(grid: usize) -> &'static str {
    STATIONS[grid % STATIONS.len()]
}

/// Somebody of a station by the last part of the id.
pub(crate) fn officer(station: &str, part: &str) -> String {
    format!("{station}-{part}")
}

/// Writes the policy folder.
pub(crate) fn write_policy(folder: &Path, whose: WhosePolicy, subjects: usize) {
    let texts: Vec<(String, String)> = match whose {
        WhosePolicy::Shipped => {
            wubu::files::SHIPPED.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect()
        }
        WhosePolicy::Pinned => {
            let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/ground/policy");
            let found = wubu::files::read_folder(&root).expect("the pinned policy");
            found.into_iter().map(|(path, bytes)| (path, String::from_utf8(bytes).expect("UTF-8"))).collect()
        }
    };
    let kept =
        texts.into_iter().filter(|(path, _)| !path.starts_with("register/") && !path.ends_with(".test.yaml"));
    for (path, text) in kept {
        let path = folder.join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("makes");
        fs::write(path, text.replace(CAP.0, CAP.1).replace(OUTLINES, "")).expect("writes");
    }
    fs::create_dir_all(folder.join("register")).expect("makes");
    write_places(folder, subjects);
}

fn csv(path: PathBuf, head: &str) -> BufWriter<File> {
    let mut file = BufWriter::new(File::create(path).expect("a file"));
    writeln!(file, "{head}").expect("writes");
    file
}

fn write_places(folder: &Path, subjects: usize) {
    let mut file = csv(folder.join("register/stations.csv"), "编号,名称");
    for station in STATIONS {
        writeln!(file, "{station},{station}所").expect("writes");
    }
    let mut file = csv(folder.join("register/grids.csv"), "编号,名称,所属工商所,主责人员,后备人员");
    let mut people =
        csv(folder.join("register/officers.csv"), "工号,姓名,所属工商所,角色,执法证号,执法证有效期至");
    for grid in 0..grids(subjects) {
        let station = station(grid);
        let both = [2 * grid + 1, 2 * grid + 2].map(|n| format!("P{n:05}"));
        writeln!(file, "G{grid:04},第{grid}片区,{station},{},{}", both[0], both[1]).expect("writes");
        for id in both {
            writeln!(people, "{id},{id},{station},监管人员,Z{id},2030-12-31").expect("writes");
        }
    }
    for station in STATIONS {
        for (role, part) in OF_STATION {
            let id = officer(station, part);
            writeln!(people, "{id},{id},{station},{role},Z{id},2030-12-31").expect("writes");
        }
    }
    for (role, id) in OF_BUREAU {
        writeln!(people, "{id},{id},,{role},Z{id},2030-12-31").expect("writes");
    }
}

/// Writes the subjects; with `changed`, every hundredth has another address and credit class.
pub(crate) fn write_subjects(path: &Path, subjects: usize, changed: bool) {
    let head =
        "统一社会信用代码,名称,管辖所,片区,行业代码,成立日期,信用等级,警示标志,重点区域,经营面积,经营地址";
    let mut file = csv(path.to_owned(), head);
    for n in 0..subjects {
        let grid = n % grids(subjects);
        let (industry, _) = kind(n);
        let other = changed && n.is_multiple_of(100);
        let (credit, street) = if other { ("C", "新街") } else { ("B", "示例街道") };
        writeln!(
            file,
            "{},示例第{n}号店,{},G{grid:04},{industry},2020-01-01,{credit},否,否,{}.5,{street}{}号",
            credit_code(n),
            station(grid),
            n % 900 + 10,
            n % 999
        )
        .expect("writes");
    }
}

/// The industry of a subject, and when one that is due now was inspected last.
fn kind(n: usize) -> (&'static str, &'static str) {
    match n / 3 % 10 {
        0 => ("07", "2026-01-20"),
        1 | 2 => ("0511", "2025-12-20"),
        _ => ("06", "2025-09-20"),
    }
}

/// Writes the inspections, five of each subject.
pub(crate) fn write_inspections(path: &Path, subjects: usize) {
    let mut file = csv(path.to_owned(), "编号,统一社会信用代码,日期,结果,重大问题数,一般问题数");
    for n in 0..subjects {
        let last: Day = if is_due(n, subjects) { day(kind(n).1) } else { day("2026-03-01") };
        let id = credit_code(n);
        for k in 0..INSPECTIONS {
            let on = last - chrono::Days::new(90 * k);
            writeln!(file, "{n}-{k},{id},{on},通过,0,{}", u64::from((n as u64 + k).is_multiple_of(7)))
                .expect("writes");
        }
    }
}
