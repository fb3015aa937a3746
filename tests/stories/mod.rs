//! Orders lived through, from the first step to the last.

mod ladder;
mod machine;
mod told;
