//! When things fire.

/// A checked schedule.
#[derive(Clone, Debug)]
pub struct Cron {
    /// As written.
    pub text: String,
}
