//! How long `check` takes over a large folder: a thousand workflow files and a thousand scripts.
//!
//! The folder is the shipped policy with copies of one of its workflows under other names, and
//! scripts that no two are alike; reading it from disk is part of what is timed.
//!
//! Run with `cargo bench --bench check`; a number of files of each kind and of rounds may follow
//! `--`.

mod ground;

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use ground::{median, number, timed};
use wubu::lang::Lang;
use wubu::office;

/// Bytes of a script: with the workflows, a thousand of each are about five million.
const SCRIPT_BYTES: usize = 2_300;

fn main() {
    let (count, rounds) = (number(0, 1_000), number(1, 5));
    ground::print_machine();
    let folder = tempfile::tempdir().expect("a folder");
    let bytes = generate(folder.path(), count);
    println!("check of {count} workflow files and {count} scripts, {:.1} MB", ground::float(bytes) / 1e6);
    println!("{:>6} {:>10} {:>10} {:>10}", "round", "seconds", "CPU s", "peak MiB");
    let mut all = Vec::new();
    for round in 1..=rounds {
        ground::forget_peak();
        let (examined, spent) =
            timed(|| office::examine(folder.path(), wubu::time::Day::MIN).expect("reads"));
        if examined.live.is_none() {
            let first = examined.diagnostics.first();
            panic!("the folder is not sound: {} problems, first {first:?}", examined.diagnostics.len());
        }
        let (wall, cpu) = (spent.wall.as_secs_f64(), spent.cpu.as_secs_f64());
        println!("{round:>6} {wall:>10.2} {cpu:>10.2} {:>10}", ground::peak_mib());
        all.push(wall);
    }
    println!("median {:>10.2} s; under 2 wanted", median(all));
}

/// Writes the folder; returns the bytes of what was added to the shipped policy.
fn generate(folder: &Path, count: usize) -> usize {
    let shipped = office::load_shipped(Lang::Zh).expect("the shipped policy is sound");
    let mut model = String::new();
    for (path, text) in shipped.texts.iter().chain(&shipped.places) {
        let place = folder.join(path);
        fs::create_dir_all(place.parent().expect("below the folder")).expect("a folder");
        fs::write(place, text).expect("writes");
        if path == "workflows/guidance.yaml" {
            model = String::from_utf8(text.clone()).expect("UTF-8");
        }
    }
    let mut bytes = 0;
    for n in 0..count {
        let workflow = model.replace("workflow: guidance", &format!("workflow: guidance-{n}"));
        let script = script(n);
        bytes += workflow.len() + script.len();
        fs::write(folder.join(format!("workflows/guidance-{n}.yaml")), workflow).expect("writes");
        fs::write(folder.join(format!("rules/part-{n}.rhai")), script).expect("writes");
    }
    bytes
}

/// Writes a script of functions whose names no other script has.
fn script(n: usize) -> String {
    let mut text = String::new();
    let mut part = 0;
    while text.len() < SCRIPT_BYTES {
        let _ = write!(
            text,
            "// 第 {n} 组第 {part} 条：按行业、信用等级和最近的问题折算。\n\
             fn 折算_{n}_{part}(主体) {{\n\
             \x20   let 分 = lookup(\"industries\", 主体.行业).points + {part};\n\
             \x20   分 += lookup(\"credit\", 主体.信用等级).points;\n\
             \x20   if 主体.警示标志 {{ 分 += 6; }}\n\
             \x20   if 主体.problems(\"12 个月\", \"重大\") >= 2 && !主体.重点区域 {{ 分 += {n}; }}\n\
             \x20   if 分 > 60 {{ 60 }} else {{ 分 }}\n\
             }}\n\n"
        );
        part += 1;
    }
    text
}
