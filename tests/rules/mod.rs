//! What the rules room promises: every slip named, every answer explained, nothing that hangs.

mod agree;
mod appraising;
mod branching;
mod bureau;
mod change;
mod corpus;
mod judging;
mod promised;
