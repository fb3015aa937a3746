//! Every hostile or mistaken script under `bad/`, with the code and the place it must get.
//!
//! The first line of a file says what is expected: `// expect: S011 3:12` for each problem that
//! reading finds, or `// fault: S101 3:5` for what running it gives instead of a tier or score.
//! `// when: …` adds the condition of a trigger; `// fine` expects nothing.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use wubu::diag::{Span, codes};
use wubu::lang::Lang;
use wubu::policy::Policy;
use wubu::rules::Rules;

use super::bureau::{day, policy, subject, with_expressions};

/// Longest that reading and running one script may take.
const PATIENCE: Duration = Duration::from_secs(if cfg!(debug_assertions) { 30 } else { 2 });

fn files() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/rules/bad");
    let mut files: Vec<PathBuf> =
        fs::read_dir(folder).expect("the corpus").map(|entry| entry.expect("a file").path()).collect();
    files.sort();
    files
}

/// Reads and runs one script; returns what was found, as `S011 3:12`.
fn findings(policy: &Policy) -> (Vec<String>, Vec<String>) {
    let place = |span: Span| {
        let start = policy.sources.start(span);
        format!("{}:{}", start.line, start.column)
    };
    let (rules, found) = Rules::compile(policy);
    for problem in &found {
        for lang in [Lang::Zh, Lang::En] {
            let text = lang.text(problem.code.id, &problem.args);
            let help = lang.help(problem.code.id, &problem.args);
            assert!(!text.contains("{$") && !help.contains("{$"), "{}: {text} {help}", problem.code.id);
        }
    }
    let mut read: Vec<String> = found.iter().map(|d| format!("{} {}", d.code.id, place(d.span))).collect();
    read.sort();
    let Some(rules) = rules else { return (read, Vec::new()) };
    let one = subject("5223");
    let judged = rules.judge(policy, &[one], day("2026-03-01"), &AtomicBool::new(false));
    let faults = [judged[0].tier.as_ref().err(), judged[0].score.as_ref().err()];
    for fault in faults.into_iter().flatten() {
        for lang in [Lang::Zh, Lang::En] {
            let text = lang.text(fault.code.id, &fault.args);
            assert!(!text.contains("{$") && !text.contains("::"), "{}: {text}", fault.code.id);
        }
    }
    let faults = faults.into_iter().chain(judged[0].when.iter().map(|when| when.as_ref().err()));
    let mut run: Vec<String> =
        faults.flatten().map(|fault| format!("{} {}", fault.code.id, place(fault.span))).collect();
    run.sort();
    run.dedup();
    (read, run)
}

#[test]
fn every_bad_script_gets_its_code_and_place() {
    let mut wrong = Vec::new();
    let mut seen = BTreeSet::new();
    for file in files() {
        let text = fs::read_to_string(&file).expect("UTF-8");
        let header = text.lines().take_while(|line| line.starts_with("// ")).collect::<Vec<_>>();
        let listed = |key: &str| -> Vec<String> {
            let lines = header.iter().filter_map(|line| line.strip_prefix("// ")?.strip_prefix(key));
            let mut list: Vec<String> = lines.map(|line| line.trim().to_owned()).collect();
            list.sort();
            list
        };
        let when = listed("when:");
        let policy = match when.first() {
            Some(when) => with_expressions(&text, Some(when), &[], &[]),
            None => policy(&text),
        };
        let begun = Instant::now();
        let (read, run) = findings(&policy);
        let took = begun.elapsed();
        seen.extend(read.iter().chain(&run).map(|line| line[..4].to_owned()));
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if (listed("expect:"), listed("fault:")) != (read.clone(), run.clone()) {
            wrong.push(format!("{name}: read {read:?}, run {run:?}"));
        }
        if took > PATIENCE {
            wrong.push(format!("{name}: took {took:?}"));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
    // Reading or running broke: no script is known that does it. Stopping is the caller's doing.
    // Depth and forbidden words are found by reading, and how long something takes is the machine's;
    // `host` tests what stands behind that.
    // What only forms and records can get wrong has its cases under `branching`.
    let without = [
        codes::SCRIPT_CRASHED,
        codes::RULE_CRASHED,
        codes::RULE_STOPPED,
        codes::RULE_QUARANTINED,
        codes::RULE_CALL_DEPTH,
        codes::RULE_NOT_ALLOWED,
        codes::RULE_TIME,
        codes::SCRIPT_NO_DAY,
        // Stations' scripts have their cases in `judging`.
        codes::SCRIPT_NOT_OPEN,
        codes::RULE_RECORD,
    ];
    let without = without.map(|code| code.id);
    let lacking: Vec<_> = codes::SCRIPT
        .iter()
        .map(|code| code.id)
        .filter(|id| !seen.contains(*id) && !without.contains(id))
        .collect();
    assert!(lacking.is_empty(), "codes without a case: {lacking:?}");
}

#[test]
fn every_code_has_its_text_in_both_languages() {
    for code in codes::SCRIPT {
        assert_eq!(Lang::Zh.has(code.id), (true, true), "{}", code.id);
        assert_eq!(Lang::En.has(code.id), (true, true), "{}", code.id);
    }
}

#[test]
fn endless_nesting_and_huge_scripts_are_refused_in_time() {
    let script = |body: &str| format!("fn tier(s) {{ {body} }}");
    let nested =
        |open: &str, close: &str| script(&format!("1 {}1{}", open.repeat(4_000), close.repeat(4_000)));
    let each = |count: usize, line: &dyn Fn(usize) -> String| (0..count).map(line).collect::<String>();
    let scripts = [
        nested("(", ")"),
        nested("[", "]"),
        nested("{", "}"),
        nested("!", ""),
        nested("-", ""),
        script(&format!("let x = s{}; \"甲\"", ".a".repeat(8_000))),
        script(&format!("let x = s{}; \"甲\"", "[0]".repeat(8_000))),
        script(&format!("let x = 1{}; \"甲\"", "+1".repeat(12_000))),
        script(&each(900, &|n| format!("if s.area == {n} {{ \"甲\" }} else "))),
        script(&"let v=1;".repeat(2_500)),
        script(&format!("\"{}\"", "长".repeat(6_000))),
        script(&format!("switch 1 {{ {} }}", each(2_500, &|n| format!("{n}=>1,")))),
        "fn f(s) { 1 }\n".repeat(2_000),
        each(70, &|n| format!("fn f{n}(s) {{ 1 }}\n")),
        "x".repeat(5 * 1024 * 1024),
        each(60, &|n| format!("fn f{n}(s) {{ f{0}(s) + f{0}(s) }}\n", n + 1))
            + "fn f60(s) { 1 }\nfn tier(s) { f0(s) }",
    ];
    for script in scripts {
        let begun = Instant::now();
        let (read, run) = findings(&policy(&script));
        let start = script.chars().take(60).collect::<String>();
        assert!(!read.is_empty() || !run.is_empty(), "{start}");
        assert!(begun.elapsed() < PATIENCE, "{:?}: {start}", begun.elapsed());
    }
}
