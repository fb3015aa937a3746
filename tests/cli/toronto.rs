//! A second, real policy: an excerpt of Toronto's food premises.

use super::{Desk, out};

#[test]
fn the_excerpt_is_dispatched_once_and_verifies() {
    let desk = Desk::new("examples/toronto");
    let data = desk.policy.join("data");
    let file = |name: &str| data.join(name).display().to_string();
    let subjects = desk.json(["import", "subjects", &file("toronto-businesses.csv")]);
    assert_eq!(subjects["rejected"], 0);
    let inspections = desk.json(["import", "inspections", &file("toronto-inspections.csv")]);
    assert_eq!(inspections["rejected"], 0);

    let first = desk.json(["tick", "--at", "2012-12-31"]);
    assert_eq!(first["opened"], 19, "{first}");
    let orders = desk.json(["order", "list", "--at", "2012-12-31"]);
    let of_tier = |tier: &str| {
        let all = orders.as_array().expect("a bare array");
        all.iter().filter(|order| order["tier"] == tier).count()
    };
    assert_eq!((of_tier("high"), of_tier("medium"), of_tier("low")), (2, 17, 0));

    assert_eq!(desk.json(["tick", "--at", "2012-12-31"])["opened"], 0);
    let again = desk.json(["import", "subjects", &file("toronto-businesses.csv")]);
    assert_eq!((&again["added"], &again["changed"]), (&0.into(), &0.into()));
    assert_eq!(again["unchanged"], subjects["added"]);
    let verified = desk.run(["verify"]);
    assert!(verified.status.success(), "{}", out(&verified));
}

#[test]
fn a_tick_before_the_last_one_is_refused_and_names_both() {
    let desk = Desk::new("examples/toronto");
    desk.json(["tick", "--at", "2012-12-31"]);
    let refused = desk.run(["tick", "--at", "2012-12-30"]);
    assert_eq!(refused.status.code(), Some(1));
    let said = super::err(&refused);
    assert!(said.contains("2012-12-30T23:59:59") && said.contains("2012-12-31T23:59:59"), "{said}");
}
