//! `Y…`: a file that is not well-formed YAML in our dialect. `P…`: a policy that does not hold together.

use super::codes;

codes! { POLICY:
    /// The file is not well-formed YAML; no better-aimed code applies.
    YAML_SYNTAX = "Y001", Error;
}
