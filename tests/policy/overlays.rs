//! Laying overlays on is a meet: never looser than the base, in whatever order, and nobody else's text.

use std::collections::BTreeSet;

use proptest::prelude::*;
use wubu::files::SHIPPED;
use wubu::policy::{DueRule, LengthRef, Policy, is_policy_path, load};
use wubu::time::Day;

/// What a station may write in one overlay of the shipped policy.
#[derive(Clone, Debug)]
struct Wish {
    from: u32,
    days: u32,
    tighten: Vec<(&'static str, String)>,
    add: Vec<(&'static str, String)>,
}

fn length(address: &'static str, most: u32, unit: &'static str) -> BoxedStrategy<(&'static str, String)> {
    (1..=most).prop_map(move |count| (address, format!("{count} {unit}"))).boxed()
}

fn tighten() -> impl Strategy<Value = (&'static str, String)> {
    prop_oneof![
        length("tiers.甲.cycle", 2, "个月"),
        length("tiers.乙.cycle", 3, "个月"),
        length("tiers.丙.cycle", 6, "个月"),
        length("five-step.steps.review.due", 3, "工作日"),
        length("five-step.steps.archive.due", 2, "工作日"),
        (12..=20).prop_map(|count| ("five-step.steps.patrol.due", format!("{count} 自然日"))),
        length("five-step.steps.patrol.due", 20, "工作日"),
        length("five-step.steps.revisit.due", 15, "工作日"),
        Just(("params.repeat_findings", "1".to_owned())),
    ]
}

fn add() -> impl Strategy<Value = (&'static str, String)> {
    let item = |address: &'static str| {
        (0..9_u32).prop_map(move |n| {
            (address, format!("[{{id: 事项{n}, title: 事项{n}, published_item_id: \"SP-{n}\"}}]"))
        })
    };
    let row = |level: u32, most: i32| {
        (1..=most).prop_map(move |after| {
            let row = format!("[{{after: {after} 工作日, level: {level}, tell: 所长}}]");
            ("five-step.steps.patrol.overdue", row)
        })
    };
    prop_oneof![
        item("five-step.forms.patrol.items"),
        item("tiers.甲.items"),
        item("tiers.丙.items"),
        row(2, 3),
        row(3, 10).prop_filter("the ladder rises", |(_, row)| !row.starts_with("[{after: 1 ")
            && !row.starts_with("[{after: 2 ")
            && !row.starts_with("[{after: 3 ")),
    ]
}

fn wish() -> impl Strategy<Value = Wish> {
    let tighten = prop::collection::btree_map(tighten().prop_map(|(at, to)| (at, to)), Just(()), 0..4);
    let add = prop::collection::btree_map(add(), Just(()), 0..3);
    (1..330_u32, 1..40_u32, tighten, add).prop_map(|(from, days, tighten, add)| {
        // One address once.
        let once = |all: Vec<(&'static str, String)>| {
            let mut seen = BTreeSet::new();
            all.into_iter().filter(|(address, _)| seen.insert(*address)).collect()
        };
        Wish {
            from,
            days,
            tighten: once(tighten.into_keys().collect()),
            add: once(add.into_keys().collect()),
        }
    })
}

fn day(ordinal: u32) -> Day {
    Day::from_yo_opt(2026, ordinal).expect("a day")
}

/// Writes overlays as the file of a station, in an order.
fn written(station: &str, wishes: &[(usize, Wish)]) -> String {
    let one = |(at, wish): &(usize, Wish)| {
        let part = |key: &str, all: &[(&str, String)]| {
            let start = if all.is_empty() { String::new() } else { format!("  {key}:\n") };
            all.iter().fold(start, |text, (address, to)| text + format!("    {address}: {to}\n").as_str())
        };
        format!(
            "- overlay: 细则{at}\n  station: {station}\n  base: {{}}\n  valid: {{from: {}, to: {}}}\n  \
             reason: 所务会\n  author: 所长\n{}{}",
            day(wish.from),
            day((wish.from + wish.days).min(365)),
            part("tighten", &wish.tighten),
            part("add", &wish.add),
        )
    };
    wishes.iter().map(one).collect()
}

/// Loads the shipped policy with overlays of some stations; each `(station, text)`.
fn policy(overlays: &[(&str, String)]) -> Policy {
    let shipped = SHIPPED.iter().filter(|(path, _)| is_policy_path(path) && !path.ends_with(".test.yaml"));
    let mut texts: Vec<(String, Vec<u8>)> =
        shipped.map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec())).collect();
    let own = overlays
        .iter()
        .map(|(station, text)| (format!("stations/{station}/overlay.yaml"), text.clone().into_bytes()));
    texts.extend(own);
    let loaded = load(texts);
    let told: Vec<String> = loaded
        .diagnostics
        .iter()
        .map(|told| format!("{} {:?} {}", told.code.id, told.args, loaded.sources.text(told.span)))
        .collect();
    loaded.policy.unwrap_or_else(|| panic!("{told:?} {overlays:?}"))
}

/// Everything of a policy that an overlay can reach, told in words.
fn lines(policy: &Policy) -> Vec<String> {
    let mut lines = Vec::new();
    for tier in &policy.tiers.order {
        lines.push(format!(
            "{} {:?} {:?} {:?} {:?}",
            tier.id, tier.cycle, tier.lengths, tier.items, tier.added
        ));
    }
    lines.extend(policy.params.iter().map(|param| format!("{} {}", param.id, param.value)));
    lines.extend(policy.forms.iter().map(|form| format!("{} {:?}", form.id, form.items)));
    for workflow in &policy.workflows {
        for step in &workflow.steps {
            let ladder: Vec<_> = step.overdue.iter().map(|row| (row.level, row.after, &row.tell)).collect();
            lines.push(format!("{} {:?} {ladder:?}", step.id, step.due));
        }
    }
    lines
}

/// Whether a term ends no later than another, whatever the tier, the window and the calendar.
fn is_no_later(one: &DueRule, base: &DueRule) -> bool {
    match (one, base) {
        (DueRule::After(LengthRef::Fixed(one)), DueRule::After(LengthRef::Fixed(base))) => {
            one.unit == base.unit && one.count <= base.count
        }
        (DueRule::Sooner { of, .. }, base) => **of == *base,
        (one, base) => one == base,
    }
}

fn assert_no_looser(edition: &Policy, base: &Policy) {
    for (own, tier) in edition.tiers.order.iter().zip(&base.tiers.order) {
        assert!(own.cycle.unit == tier.cycle.unit && own.cycle.count <= tier.cycle.count);
        assert_eq!(own.items, tier.items);
        assert_eq!(own.lengths, tier.lengths, "nothing of the kind is open");
    }
    for (own, param) in edition.params.iter().zip(&base.params) {
        let (min, max) = param.station.expect("bounds");
        assert!((min..=max).contains(&own.value));
    }
    for (own, form) in edition.forms.iter().zip(&base.forms) {
        assert!(own.items.starts_with(&form.items));
    }
    for (own, workflow) in edition.workflows.iter().zip(&base.workflows) {
        for (own, step) in own.steps.iter().zip(&workflow.steps) {
            assert_eq!(own.due.len(), step.due.len());
            for (one, base) in own.due.iter().zip(&step.due) {
                assert!(is_no_later(one, base), "{one:?} {base:?}");
            }
            for row in &step.overdue {
                let own = own.overdue.iter().find(|own| own.level == row.level).expect("no level is lost");
                assert!(own.after.unit == row.after.unit && own.after.count <= row.after.count);
                assert!(row.tell.iter().all(|target| own.tell.contains(target)), "nobody is forgotten");
                assert_eq!(own.start, row.start);
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    /// Invariant of rule 21: the effective text is never looser than its base.
    #[test]
    fn no_overlay_loosens(wishes in prop::collection::vec(wish(), 1..8)) {
        let wishes: Vec<(usize, Wish)> = wishes.into_iter().enumerate().collect();
        let policy = policy(&[("dongguan", written("dongguan", &wishes))]);
        for key in policy.edition_keys() {
            assert_no_looser(&policy.edition(&key), &policy);
        }
        assert_no_looser(&policy.edition(&policy.every_overlay("dongguan")), &policy);
    }

    /// The merge is a meet: the same overlays in another order make the same text.
    #[test]
    fn the_order_of_overlays_does_not_matter(wishes in prop::collection::vec(wish(), 2..7), turn in 1..6_usize) {
        let mut wishes: Vec<(usize, Wish)> = wishes.into_iter().enumerate().collect();
        let one = policy(&[("dongguan", written("dongguan", &wishes))]);
        let turn = turn % wishes.len();
        wishes.rotate_left(turn);
        wishes.reverse();
        let other = policy(&[("dongguan", written("dongguan", &wishes))]);
        for ordinal in (1..=365).step_by(9) {
            let text = |policy: &Policy| {
                let key = policy.edition_key("dongguan", day(ordinal));
                key.map_or_else(|| lines(policy), |key| lines(&policy.edition(&key)))
            };
            prop_assert_eq!(text(&one), text(&other));
        }
    }

    /// A hundred overlays of one station leave the texts of five others, and the bureau's, as they are.
    #[test]
    fn one_station_changes_nothing_of_others(wishes in prop::collection::vec(wish(), 100)) {
        let quiet = |station| (station, format!(
            "overlay: {station}\nstation: {station}\nbase: {{}}\nvalid: {{from: 2026-03-01, to: 2026-09-30}}\n\
             reason: 所务会\nauthor: 所长\ntighten: {{tiers.乙.cycle: 2 个月}}\n"));
        let others = ["xihe", "nanmen", "beishan"].map(quiet);
        let wishes: Vec<(usize, Wish)> = wishes.into_iter().enumerate().collect();
        let before = policy(&others);
        let own = ("dongguan", written("dongguan", &wishes));
        let after = policy(&[&others[..], &[own]].concat());
        prop_assert_eq!(before.digest, after.digest);
        prop_assert_ne!(before.whole, after.whole);
        for station in ["xihe", "nanmen", "beishan", "chengzhong", "kaifa"] {
            for ordinal in (1..=365).step_by(30) {
                let text = |policy: &Policy| policy.edition_key(station, day(ordinal)).map(|key| {
                    let edition = policy.edition(&key);
                    (edition.digest, lines(&edition))
                });
                prop_assert_eq!(text(&before), text(&after));
            }
            prop_assert_eq!(
                before.next_edition(station, day(1)), after.next_edition(station, day(1))
            );
        }
    }

    /// The text of a station is another one exactly on its overlays' first days and the days after
    /// their last.
    #[test]
    fn texts_change_on_their_instants_alone(wishes in prop::collection::vec(wish(), 1..5)) {
        let wishes: Vec<(usize, Wish)> = wishes.into_iter().enumerate().collect();
        let policy = policy(&[("dongguan", written("dongguan", &wishes))]);
        let digest = |ordinal: u32| {
            policy.edition_key("dongguan", day(ordinal)).map(|key| policy.edition_digest(&key))
        };
        for ordinal in 2..=365 {
            let is_instant = policy.next_edition("dongguan", day(ordinal - 1)) == Some(day(ordinal));
            prop_assert!(is_instant || digest(ordinal) == digest(ordinal - 1));
        }
    }
}

#[test]
fn every_changed_line_knows_who_changed_it() {
    let text = "overlay: 夏季\nstation: dongguan\nbase: {}\nvalid: {from: 2026-06-01, to: 2026-09-30}\n\
                reason: 所务会 2026-05-12 第 4 项\nauthor: 所长\ntighten:\n  tiers.甲.cycle: 1 个月\n  \
                five-step.steps.review.due: 3 工作日\n";
    let policy = policy(&[("dongguan", text.to_owned())]);
    let key = policy.edition_key("dongguan", day(200)).expect("it is summer");
    let edition = policy.edition(&key);
    let (line, overlay) = edition.origin("tiers.甲.cycle").expect("it was changed");
    assert_eq!(edition.sources.start(line.span).line, 8);
    assert_eq!((overlay.author.as_str(), overlay.reason.as_str()), ("所长", "所务会 2026-05-12 第 4 项"));
    // What says the same as the bureau changes nothing.
    assert!(edition.origin("five-step.steps.review.due").is_none());
    assert!(policy.edition_key("dongguan", day(100)).is_none(), "it is spring");
    assert!(policy.edition_key("xihe", day(200)).is_none());
}
