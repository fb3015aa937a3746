//! `docs/cli.md` against the program: what it shows is there, and what it says is not built is not.

use super::{Desk, err, out, root};

fn page() -> String {
    std::fs::read_to_string(root().join("docs/cli.md")).expect("the page")
}

/// What stands between backticks.
fn quoted(text: &str) -> Vec<String> {
    text.split('`').skip(1).step_by(2).map(|part| part.replace("\\|", "|")).collect()
}

/// The commands of a line such as `order bulk reassign|cancel [filters] --as USER`, each as its words.
fn commands(line: &str) -> Vec<Vec<String>> {
    let is_word = |word: &&str| {
        word.chars().all(|c| c.is_ascii_lowercase() || "|-".contains(c)) && !word.starts_with('-')
    };
    let words = line.split(' ').take_while(is_word);
    words.fold(vec![Vec::new()], |known, word| {
        let add = |before: &Vec<String>| {
            let more = word.split('|').map(|one| [before.as_slice(), &[one.to_owned()]].concat());
            more.collect::<Vec<_>>()
        };
        known.iter().flat_map(add).collect()
    })
}

#[test]
fn every_command_and_option_of_the_page_is_there() {
    let (desk, page) = (Desk::new("."), page());
    let rows = page.lines().filter_map(|line| line.strip_prefix("| `")?.split("` |").next());
    let rows = rows.flat_map(|cell| quoted(&format!("`{cell}`"))).filter(|line| !line.starts_with("--"));
    let (mut seen, mut wrong) = (0, Vec::new());
    for line in rows {
        for words in commands(&line) {
            let help = desk.command().args(&words).arg("--help").output().expect("the program starts");
            let shown = out(&help);
            if !help.status.success() {
                wrong.push(format!("{words:?}: {}", err(&help)));
            }
            let options = line.split(|c: char| c.is_whitespace() || "[]".contains(c));
            let options = options.filter(|word| word.starts_with("--"));
            wrong.extend(options.filter(|o| !shown.contains(*o)).map(|o| format!("{words:?} has no {o}")));
            seen += 1;
        }
    }
    assert!(seen > 50, "only {seen} commands found on the page");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_the_page_says_is_not_built_is_not() {
    let (desk, page) = (Desk::new("."), page());
    let (_, missing) = page.split_once("**Not built yet**").expect("the paragraph");
    let missing = missing.split("\n\n").next().map(quoted).expect("its end");
    assert!(!missing.is_empty());
    for line in missing {
        let said = desk.command().args(line.split(' ')).output().expect("the program starts");
        let (code, text) = (said.status.code(), err(&said));
        let is_missing = text.contains("没有命令") || text.contains("没有参数");
        assert!(code == Some(2) && is_missing, "{line} is there: {code:?} {text}");
    }
}

#[test]
fn a_server_that_is_not_there_is_said_to_be() {
    let desk = Desk::new(".");
    for command in [["release", "list"], ["backup", "b"]] {
        let database = ["--db", "postgres://wubu:geheim@127.0.0.1:1/wubu"];
        let said = desk.command().args(database).args(command).output().expect("the program starts");
        let text = err(&said);
        assert_eq!(said.status.code(), Some(3), "{text}");
        assert!(
            text.contains("连不上 postgres://wubu@127.0.0.1:1/wubu") && !text.contains("geheim"),
            "{text}"
        );
    }
    let said = desk.run(["--db", "postgres://wubu:geheim@127.0.0.1:1/wubu", "restore", "b"]);
    assert!(!err(&said).contains("geheim"), "{}", err(&said));
}
