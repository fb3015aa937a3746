//! Puts the shipped policy into the binary, in Chinese and in English, so that `wubu init` and `run --demo` need no
//! folder, and the words of the policy language into constants.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

const SHIPPED: [&str; 5] = ["bureau.yaml", "workflows", "rules", "calendars", "register"];

/// The folder that the shipped policy stands in, and the table that is made of it.
const EDITIONS: [(&str, &str); 2] = [("", "shipped.rs"), ("examples/english", "shipped_english.rs")];

/// Chinese spellings of the policy language's own words.
const SPELLINGS: &str = "src/lang/zh/spellings.txt";

fn main() -> io::Result<()> {
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    let out = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default());
    println!("cargo:rerun-if-changed={SPELLINGS}");
    fs::write(out.join("spellings.rs"), spellings(&fs::read_to_string(root.join(SPELLINGS))?))?;
    println!("cargo:rerun-if-changed=migrations");
    for (folder, table) in EDITIONS {
        fs::write(out.join(table), shipped(&root.join(folder))?)?;
    }
    Ok(())
}

/// Writes the table of one folder's policy: path below it and text, by path.
fn shipped(folder: &Path) -> io::Result<String> {
    let mut files = Vec::new();
    for name in SHIPPED {
        println!("cargo:rerun-if-changed={}", folder.join(name).display());
        collect(&folder.join(name), &mut files)?;
    }
    files.sort();
    let mut table = String::from("&[\n");
    for file in files {
        let path = file.strip_prefix(folder).unwrap_or(&file).to_string_lossy().replace('\\', "/");
        let _ = writeln!(table, "    ({path:?}, include_str!({:?})),", file.to_string_lossy());
    }
    table.push(']');
    Ok(table)
}

/// Writes the constants of `spellings.rs`.
fn spellings(text: &str) -> String {
    let (mut part, mut consts, mut all, mut headings) = ("", String::new(), String::new(), String::new());
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
        if line.starts_with('[') {
            part = line;
            continue;
        }
        let (name, said) = line.split_once(" = ").unwrap_or_else(|| panic!("{SPELLINGS}: {line}"));
        let said: Vec<&str> = said.split(" | ").collect();
        let letters = |word: &&str| word.chars().collect::<Vec<char>>();
        let _ = match (part, name, said.as_slice()) {
            ("[words]", _, [plain, chinese @ ..]) => {
                let _ = writeln!(all, "    {name},");
                let chinese_too = chinese.join("`, `");
                let value = format!("Spelling {{ plain: {plain:?}, chinese: &{chinese:?} }}");
                writeln!(consts, "/// `{plain}`, `{chinese_too}`.\npub const {name}: Spelling = {value};")
            }
            ("[headings]", _, said) => {
                let (kind, field) = name.split_once('.').unwrap_or_else(|| panic!("{SPELLINGS}: {line}"));
                writeln!(headings, "    ({kind:?}, {field:?}, &{said:?}),")
            }
            (_, "DATE_MARKS", said) => {
                let marks: Vec<String> = said.iter().map(|marks| format!("&{:?}", letters(marks))).collect();
                writeln!(
                    consts,
                    "/// What stands behind year, month and day; the first is what is written.\n\
                    pub const DATE_MARKS: [&[char]; 3] = [{}];",
                    marks.join(", ")
                )
            }
            (_, "TIME_MARKS", said) => {
                let marks: Vec<String> = said.iter().map(|marks| format!("&{:?}", letters(marks))).collect();
                writeln!(
                    consts,
                    "/// What stands behind hour and minute.\n\
                    pub const TIME_MARKS: [&[char]; 2] = [{}];",
                    marks.join(", ")
                )
            }
            (_, "DIGITS", [digits]) => writeln!(
                consts,
                "/// Digits of a year as they are spelt.\n\
                pub const DIGITS: [char; 10] = {:?};",
                letters(digits)
            ),
            (_, "TEN", [ten]) => writeln!(
                consts,
                "/// The sign for ten.\n\
                pub const TEN: char = {:?};",
                letters(ten)[0]
            ),
            _ => panic!("{SPELLINGS}: {line}"),
        };
    }
    format!(
        "{consts}/// Every word.\npub const ALL: &[Spelling] = &[\n{all}];\n\
         /// Headings of imported files: kind of file, field, headings.\n\
         pub const HEADINGS: &[(&str, &str, &[&str])] = &[\n{headings}];\n"
    )
}

fn collect(path: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    if path.is_file() {
        files.push(path.to_owned());
    } else if path.is_dir() {
        for entry in fs::read_dir(path)? {
            collect(&entry?.path(), files)?;
        }
    }
    Ok(())
}
