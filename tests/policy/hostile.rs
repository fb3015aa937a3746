//! Inputs too large to keep as files: made here, refused fast and small.

use std::time::{Duration, Instant};

use wubu::diag::{Code, codes};
use wubu::policy::load;

use super::texts;

/// Longest a hostile input may keep a processor; the plain policy takes milliseconds.
const PATIENCE: Duration = Duration::from_secs(5);

/// Returns whether a code has its case here.
pub(crate) fn tells(id: &str) -> bool {
    [
        codes::SUB_ORDER_DEEP,
        codes::SET_TOO_LARGE,
        codes::TOO_MANY_EXPRESSIONS,
        codes::TOO_MANY_STEPS,
        codes::FILE_TOO_LARGE,
    ]
    .iter()
    .any(|code| code.id == id)
}

/// Puts `text` in the place of a file of the base and returns the codes of what is said.
fn said(path: &str, text: impl Into<Vec<u8>>) -> Vec<&'static str> {
    let mut texts = texts("base");
    texts.retain(|(at, _)| at != path);
    texts.push((path.to_owned(), text.into()));
    said_of(texts)
}

fn said_of(texts: Vec<(String, Vec<u8>)>) -> Vec<&'static str> {
    // On one thread, so that what it computes can be told from what others do meanwhile.
    let alone = rayon::ThreadPoolBuilder::new().num_threads(1).build().expect("a thread");
    let (loaded, took) = alone.install(|| {
        let begun = (Instant::now(), computed());
        let loaded = load(texts);
        let took =
            begun.1.zip(computed()).map_or(begun.0.elapsed(), |(before, after)| after.saturating_sub(before));
        (loaded, took)
    });
    assert!(took < PATIENCE, "{took:?}");
    loaded.diagnostics.iter().map(|diagnostic| diagnostic.code.id).collect()
}

/// How long this thread has computed so far; nothing where the system does not say it.
fn computed() -> Option<Duration> {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    let nanoseconds = told.split(' ').next()?.parse().ok().filter(|nanoseconds| *nanoseconds > 0)?;
    Some(Duration::from_nanos(nanoseconds))
}

fn check(text: impl Into<Vec<u8>>, code: Code) {
    let said = said("workflows/visit.yaml", text);
    assert!(said.contains(&code.id), "{said:?}");
}

#[test]
fn y1_a_billion_laughs_is_refused_by_its_first_anchor() {
    let level = |n: u32| match n {
        0 => format!("a0: &a0 [{}]\n", ["x"; 9].join(", ")),
        n => format!("a{n}: &a{n} [{}]\n", [format!("*a{}", n - 1).as_str(); 9].join(", ")),
    };
    check((0..9).map(level).collect::<Vec<_>>().concat(), codes::ANCHOR);
}

#[test]
fn y3_a_hundred_thousand_brackets_are_too_deep() {
    check("[".repeat(100_000), codes::TOO_DEEP);
}

#[test]
fn y4_twenty_thousand_open_maps_are_too_deep() {
    check("{a: ".repeat(20_000), codes::TOO_DEEP);
    let line = |depth| format!("{}a:\n", " ".repeat(depth));
    check((0..400).map(line).collect::<Vec<_>>().concat(), codes::TOO_DEEP);
}

#[test]
fn y5_a_list_of_ten_megabytes_is_too_large() {
    check("- abcdefgh\n".repeat(1_000_000), codes::FILE_TOO_LARGE);
}

#[test]
fn y6_ten_thousand_anchors_are_refused() {
    let line = |n| format!("- &a{n} x\n");
    check((0..10_000).map(line).collect::<Vec<_>>().concat(), codes::ANCHOR);
}

#[test]
fn y34_a_key_of_two_megabytes_is_too_large() {
    check(format!("{}: x\n", "k".repeat(2 << 20)), codes::FILE_TOO_LARGE);
    // And one within the file limit is no key of ours.
    check(format!("{}: x\n", "k".repeat(200 << 10)), codes::COLON_IN_TEXT);
}

#[test]
fn a_set_over_its_limit_is_refused_whole() {
    let part = "# x\n".repeat(60_000).into_bytes();
    let texts = (0..80).map(|n| (format!("workflows/w{n}.yaml"), part.clone())).collect();
    assert_eq!(said_of(texts), [codes::SET_TOO_LARGE.id]);
}

#[test]
fn the_two_hundred_and_first_step_is_refused() {
    let head = "workflow: visit\ntitle: x\nfor: subject\neffective: 2026-01-01\nsteps:\n";
    let step = |n| format!("  s{n}: {{who: {{role: 所长}}, next: [{{go: s{}}}]}}\n", n + 1);
    let steps = (0..200).map(step).collect::<Vec<_>>().concat();
    check(format!("{head}{steps}  s200: {{end: true}}\n"), codes::TOO_MANY_STEPS);
}

#[test]
fn more_expressions_than_can_be_numbered_are_refused() {
    let fact = |n| format!("  f{n}: 1 + 1\n");
    let facts = (0..4_000).map(fact).collect::<Vec<_>>().concat();
    let mut all = texts("base");
    for n in 0..17 {
        let head = format!("workflow: w{n}\ntitle: x\nfor: subject\neffective: 2026-01-01\nfacts:\n");
        all.push((
            format!("workflows/w{n}.yaml"),
            format!("{head}{facts}steps: {{a: {{end: true}}}}\n").into_bytes(),
        ));
    }
    assert!(said_of(all).contains(&codes::TOO_MANY_EXPRESSIONS.id));
}

#[test]
fn a_chain_of_ten_workflows_is_too_deep() {
    let head = "title: x\nfor: subject\neffective: 2026-01-01\nsteps:\n";
    let link = |n| {
        let text = format!(
            "workflow: w{n}\n{head}  a: {{run: w{}, next: [{{go: b}}]}}\n  b: {{end: true}}\n",
            n + 1
        );
        (format!("workflows/w{n}.yaml"), text.into_bytes())
    };
    let last = format!("workflow: w9\n{head}  b: {{end: true}}\n").into_bytes();
    let mut all = texts("base");
    all.extend((0..9).map(link));
    all.push(("workflows/w9.yaml".to_owned(), last));
    assert_eq!(said_of(all), [codes::SUB_ORDER_DEEP.id]);
}

#[test]
fn a_file_cut_anywhere_is_read_without_a_panic() {
    let whole =
        texts("good").into_iter().find(|(path, _)| path == "workflows/five-step.yaml").expect("there").1;
    for end in (0..whole.len()).step_by(97) {
        drop(said("workflows/visit.yaml", &whole[..end]));
    }
}

#[test]
fn a_file_with_a_full_width_mark_anywhere_is_read_without_a_panic() {
    let whole = texts("base").into_iter().find(|(path, _)| path == "workflows/visit.yaml").expect("there").1;
    let whole = String::from_utf8(whole).expect("UTF-8");
    let places: Vec<usize> = whole.char_indices().map(|(at, _)| at).step_by(7).collect();
    for (at, mark) in places.into_iter().zip("：，“”［］｛｝‘’！＃　（".chars().cycle()) {
        let changed = format!("{}{mark}{}", &whole[..at], &whole[at..]);
        drop(said("workflows/visit.yaml", changed));
    }
}

#[test]
fn a_file_with_any_byte_changed_is_read_without_a_panic() {
    let whole = texts("base").into_iter().find(|(path, _)| path == "workflows/visit.yaml").expect("there").1;
    for (at, mark) in (0..whole.len()).step_by(13).zip(b"{}[]:,&*!|>'\"#%@`-? \t\n\0\xff".iter().cycle()) {
        let mut changed = whole.clone();
        changed[at] = *mark;
        drop(said("workflows/visit.yaml", changed));
    }
}
