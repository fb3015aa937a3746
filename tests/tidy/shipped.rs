//! Facts of the shipped policy that no loader would miss.

use super::source::read;

#[test]
fn the_document_kinds_are_forty_seven() {
    let text = read("rules/documents.yaml");
    let count = |series: &str| text.lines().filter(|line| line.starts_with(series)).count();
    assert_eq!([count("pen."), count("gui."), count("reg.")], [28, 8, 11]);
}

#[test]
fn every_division_of_the_standard_has_a_row() {
    let text = read("rules/industries.yaml");
    let missing: Vec<String> =
        (1..=97).map(|n| format!("{{code: \"{n:02}\",")).filter(|row| !text.contains(row)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn the_sample_bureau_has_24_grids_in_6_stations() {
    assert_eq!(read("register/stations.csv").lines().count() - 1, 6);
    assert_eq!(read("register/grids.csv").lines().count() - 1, 24);
    assert_eq!(read("register/grids.geojson").matches("\"Feature\"").count(), 24);
}
