use std::collections::BTreeMap;

use serde::Deserialize;
use wubu::calendar::LocalCalendar;
use wubu::lang::Lang;
use wubu::policy::{ClockRule, ClockVersion, ExtendBefore, Extension};
use wubu::terms::{ClockChanges, End, Grant, Pause, clock_end};
use wubu::time::{Day, Stamp, Tz};

use super::{calendar, cases, length, nowhere, roll, stamp};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ClockFile {
    rules: BTreeMap<String, RuleText>,
    cases: Vec<ClockCase>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RuleText {
    title: String,
    versions: Vec<VersionText>,
    roll: String,
    alarm: Option<String>,
    extend: Option<ExtendText>,
    #[serde(default)]
    pauses: BTreeMap<String, String>,
}

#[derive(Deserialize)]
struct VersionText {
    from: Day,
    length: String,
    basis: String,
}

#[derive(Deserialize)]
struct ExtendText {
    by: String,
    times: u32,
    before: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ClockCase {
    case: String,
    clock: String,
    from: String,
    #[serde(default)]
    pauses: Vec<PauseText>,
    #[serde(default)]
    extend: Vec<String>,
    expect: Option<Answer>,
    refused: Option<String>,
}

#[derive(Deserialize)]
struct PauseText {
    from: Day,
    to: Day,
    reason: String,
    document: String,
}

#[derive(Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
struct Answer {
    raw_end: String,
    end: String,
    alarm: Option<String>,
    #[serde(default)]
    paused: i64,
    version: Option<String>,
    #[serde(default)]
    provisional: bool,
}

fn rule(id: &str, text: &RuleText) -> ClockRule {
    let version = |version: &VersionText| ClockVersion {
        from: version.from,
        length: length(&version.length),
        basis: version.basis.clone(),
    };
    let extend = |extend: &ExtendText| Extension {
        by: length(&extend.by),
        times: extend.times,
        role: None,
        before: if extend.before == "raw_end" { ExtendBefore::RawEnd } else { ExtendBefore::End },
    };
    ClockRule {
        id: id.to_owned(),
        title: text.title.clone(),
        versions: text.versions.iter().map(version).collect(),
        roll: roll(Some(&text.roll), wubu::calendar::Roll::None),
        alarm: text.alarm.as_deref().map(|alarm| roll(Some(alarm), wubu::calendar::Roll::None)),
        extend: text.extend.as_ref().map(extend),
        pauses: text.pauses.iter().map(|(reason, document)| (reason.clone(), document.clone())).collect(),
        span: nowhere(),
    }
}

fn check(rules: &BTreeMap<String, RuleText>, case: &ClockCase) {
    let zone = Tz::Asia__Shanghai;
    let rule = rule(&case.clock, &rules[&case.clock]);
    let from = match case.from.parse::<Day>() {
        Ok(day) => Stamp::day_end(day, zone),
        Err(_) => stamp(&case.from),
    };
    let pause = |text: &PauseText| Pause {
        from: text.from,
        to: text.to,
        reason: text.reason.clone(),
        document: text.document.clone(),
    };
    let pauses: Vec<Pause> = case.pauses.iter().map(pause).collect();
    let grants: Vec<Grant> = case.extend.iter().map(|on| Grant { on: on.parse().ok() }).collect();
    let changes = ClockChanges { pauses: &pauses, grants: &grants };
    let answer = clock_end(&rule, from, changes, LocalCalendar { calendar: &calendar(None), zone });
    let show = |end: End| match end {
        End::Day(day) => day.to_string(),
        End::Moment(at) => at.rfc3339_in(zone),
    };
    let found = answer.as_ref().ok().map(|answer| Answer {
        raw_end: show(answer.raw_end),
        end: show(answer.end),
        alarm: answer.alarm.map(|day| day.to_string()),
        paused: answer.pauses.iter().map(|stretch| stretch.days).sum(),
        version: case
            .expect
            .as_ref()
            .and_then(|expect| expect.version.as_ref())
            .map(|_| answer.version.to_string()),
        provisional: answer.provisional,
    });
    assert_eq!(found, case.expect, "{}: {answer:?}", case.case);
    let refused = answer.as_ref().err().map(|refusal| refusal.id().to_owned());
    assert_eq!(refused, case.refused, "{}", case.case);
    if let Err(refusal) = &answer {
        super::texts::check(refusal.id(), &refusal.args());
    }
}

#[test]
fn statutory_clocks_end_on_the_days_of_the_scenarios() {
    let file: ClockFile = cases("clocks.yaml");
    for case in &file.cases {
        check(&file.rules, case);
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ShippedCase {
    clock: String,
    from: String,
    end: String,
}

#[test]
fn every_shipped_clock_ends_on_the_day_counted_by_hand() {
    let live = wubu::office::load_shipped(Lang::Zh).unwrap_or_else(|_| panic!("the shipped policy loads"));
    let (policy, zone) = (&live.policy, live.policy.bureau.zone);
    let all: Vec<ShippedCase> = cases("shipped-clocks.yaml");
    let told: Vec<&str> = all.iter().map(|case| case.clock.as_str()).collect();
    let declared: Vec<&str> = policy.clocks.iter().map(|clock| clock.id.as_str()).collect();
    assert_eq!(told, declared, "a line a clock, in the order of rules/clocks.yaml");
    for (case, rule) in all.iter().zip(&policy.clocks) {
        let from = match case.from.parse::<Day>() {
            Ok(day) => Stamp::day_end(day, zone),
            Err(_) => stamp(&format!("{}:00+08:00", case.from)),
        };
        let answer = clock_end(rule, from, ClockChanges::default(), policy.local_calendar());
        let end = match answer.unwrap_or_else(|refusal| panic!("{}: {refusal:?}", case.clock)).end {
            End::Day(day) => day.to_string(),
            End::Moment(at) => at.rfc3339_in(zone)[..16].to_owned(),
        };
        assert_eq!(end, case.end, "{}", case.clock);
    }
}

#[test]
fn an_answer_keeps_what_it_was_counted_from() {
    let file: ClockFile = cases("clocks.yaml");
    let rule = rule("case_decision", &file.rules["case_decision"]);
    let zone = Tz::Asia__Shanghai;
    let from = stamp("2026-07-06T10:00:00+08:00");
    let day = |text: &str| text.parse::<Day>().expect("a day");
    let pause = Pause {
        from: day("2026-08-03"),
        to: day("2026-08-27"),
        reason: "检测".to_owned(),
        document: "告知书第 14 号".to_owned(),
    };
    let cn = calendar(None);
    let changes = ClockChanges { pauses: &[pause], grants: &[Grant { on: None }] };
    let by = LocalCalendar { calendar: &cn, zone };
    let answer = clock_end(&rule, from, changes, by).expect("an answer");
    assert_eq!(answer.anchor, from);
    assert_eq!((answer.length, answer.count()), (length("90 自然日"), 120));
    assert_eq!(answer.extended.map(|extended| (extended.times, extended.by)), Some((1, length("30 自然日"))));
    assert_eq!(answer.version, day("2021-07-15"));
    assert_eq!(answer.basis, "市场监督管理行政处罚程序规定第六十四条");
    assert_eq!(answer.calendar, cn.revision);
    assert_eq!(answer.end.over_at(zone), stamp("2026-11-28T00:00:00+08:00"));
}
