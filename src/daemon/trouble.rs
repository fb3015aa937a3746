//! What keeps the daemon from its work: said once, until it is over.

/// What went wrong last, and has not ended since.
#[derive(Debug, Default)]
pub(super) struct Trouble {
    said: Option<String>,
}

impl Trouble {
    /// Returns whether it is another one than the last, which has to be said.
    pub(super) fn meets(&mut self, what: &str) -> bool {
        let is_new = self.said.as_deref() != Some(what);
        if is_new {
            self.said = Some(what.to_owned());
        }
        is_new
    }

    /// Returns whether there was one, whose end has to be said.
    pub(super) fn ends(&mut self) -> bool {
        self.said.take().is_some()
    }
}
