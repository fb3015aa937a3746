//! Stories a policy officer can read, told through the command line; each has its transcript.
//!
//! `<name>.yaml` is a story: what is given, and what happens when. `<name>.out` is what came of it:
//! after each step the new lines of every order's history, where the orders stand, and who is told.
//! A new story is two files and a line in [`stories!`]; `WUBU_BLESS=1` writes the transcripts anew.

mod desk;
mod record;
mod story;

use std::path::PathBuf;

use desk::Teller;
use story::Story;

macro_rules! stories {
    ($($test:ident = $name:literal,)*) => {
        const NAMES: &[&str] = &[$($name),*];
        $(#[test] fn $test() { tell($name); })*
    };
}

stories! {
    a06_a_raised_tier = "a06-tier-up",
    a06_a_lowered_tier = "a06-tier-down",
    a07_a_closed_subject = "a07-closed",
    a07_a_suspended_subject = "a07-suspended",
    a08_an_officer_leaves = "a08-officer-leaves",
    a11_a_revisit_fails_twice = "a11-revisit-fails-twice",
    a17_the_right_to_be_heard = "a17-defence",
    a18_evidence_preserved = "a18-preservation",
    a22_the_ledger_of_blanks = "a22-ledger",
    a26_a_suspected_crime = "a26-crime",
    a_rule_that_fails = "incident",
    a_cancelled_sub_order_is_told_apart = "r28-cancelled",
    a_suspended_one_is_held = "r32-suspended",
    what_is_sent_back_goes_to_those_who_did_it = "r15-again",
    people_go_on_leave = "r16-leave",
    people_change_posts = "r16-posts",
    people_are_recused = "r16-recusal",
    people_come = "r16-arrival",
    who_decides_in_a_stead_signs = "r16-stand-ins-sign",
    the_second_of_two_signs_himself = "r35-two-officers",
    an_extended_term_is_escalated_again = "i12-extended",
    guidance_makes_the_paper_of_its_choice = "i12-guidance",
    a_whole_order = "whole-order",
    an_escalation_reads_the_register = "escalation-reads",
}

fn folder() -> PathBuf {
    crate::cli::root().join("tests/stories")
}

/// Tells a story and compares what came of it with its transcript.
fn tell(name: &str) {
    let read = |end: &str| std::fs::read_to_string(folder().join(format!("{name}.{end}")));
    let text = read("yaml").unwrap_or_else(|error| panic!("{name}.yaml: {error}"));
    let story: Story = serde_yaml::from_str(&text).unwrap_or_else(|error| panic!("{name}.yaml: {error}"));
    let mut teller = Teller::new(&story);
    let mut wrong = Vec::new();
    for (at, step) in story.steps.iter().enumerate() {
        wrong.extend(teller.step(step).into_iter().map(|problem| format!("step {}: {problem}", at + 1)));
    }
    let found = teller.ended();
    if std::env::var_os("WUBU_BLESS").is_some() {
        std::fs::write(folder().join(format!("{name}.out")), &found).expect("written");
    }
    assert!(wrong.is_empty(), "{name}:\n{}\n\n{found}", wrong.join("\n"));
    let told = read("out").unwrap_or_default();
    if told != found {
        let same = told.lines().zip(found.lines()).take_while(|(told, found)| told == found).count();
        let line = |text: &str| text.lines().nth(same).unwrap_or("(the end)").to_owned();
        panic!("{name}.out:{}\n  was  {}\n  is   {}\n\n{found}", same + 1, line(&told), line(&found));
    }
}

#[test]
fn every_story_is_told() {
    let files = std::fs::read_dir(folder()).expect("the folder is there");
    let names = files.filter_map(|file| {
        let path = file.expect("readable").path();
        let is_story = path.extension().is_some_and(|end| end == "out" || end == "yaml");
        Some(path.file_stem()?.to_str()?.to_owned()).filter(|_| is_story)
    });
    let untold: Vec<String> =
        names.filter(|name| name != "machine" && !NAMES.contains(&name.as_str())).collect();
    assert!(untold.is_empty(), "{untold:?}");
}
