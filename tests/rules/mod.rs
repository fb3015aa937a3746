//! What the rules room promises: every slip named, every answer explained, nothing that hangs.

mod bureau;
mod corpus;
mod judging;
