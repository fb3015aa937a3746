//! What is still to be mended, by its count today.
//!
//! A count may not rise; when it falls, its ceiling is lowered here in the same commit. One that has
//! reached 0 stays there.

/// Names that two or more types share.
pub(super) const HOMONYMS: usize = 124;

/// Files that stand in a circle.
pub(super) const FILES_IN_CIRCLES: usize = 98;

/// Functions with an anonymous tuple as a parameter.
pub(super) const TUPLE_PARAMETERS: usize = 74;

/// Functions with more than five parameters.
pub(super) const MORE_THAN_FIVE: usize = 58;

/// Functions with five parameters or more; not asked once they are as few as `signatures` wants.
pub(super) const FIVE_OR_MORE: usize = 202;

/// Fails with one line for each place when there are more than the ceiling allows, and when there are
/// fewer, so that the ceiling follows.
pub(super) fn expect_at(ceiling: usize, name: &str, what: &str, found: &[String]) {
    if let Some(verdict) = verdict(ceiling, name, found.len()) {
        panic!("{what}: {verdict}\n{}", found.join("\n"));
    }
}

fn verdict(ceiling: usize, name: &str, count: usize) -> Option<String> {
    match count.cmp(&ceiling) {
        std::cmp::Ordering::Greater => Some(format!("{count}, at most {ceiling} are suffered")),
        std::cmp::Ordering::Less => {
            Some(format!("{count} are left of {ceiling}; lower {name} in tests/tidy/ceilings.rs"))
        }
        std::cmp::Ordering::Equal => None,
    }
}

#[test]
fn a_ceiling_holds_both_ways() {
    assert_eq!(verdict(2, "X", 2), None);
    assert!(verdict(2, "X", 3).is_some_and(|text| text.contains("at most 2")));
    assert!(verdict(2, "X", 1).is_some_and(|text| text.contains("lower X")));
}
