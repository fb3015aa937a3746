//! What is laid down about people, with what follows of it for the duties they have.

use crate::office::authority;
use crate::office::people::{self, OfficerStory, PersonnelFact, officer_story};
use crate::office::signals::carry;
use crate::office::{ActContext, Answer};

/// Lays something down about an officer, with its entry in the record; duties that are somebody's no
/// longer because of it go to others at once.
///
/// # Refusals
/// Whatever the people room says against it; an actor who is unknown, gone or on leave.
pub async fn record_personnel(
    cx: ActContext<'_>,
    officer: &str,
    what: &PersonnelFact,
    actor: &str,
) -> Answer<OfficerStory> {
    if authority::named(cx, people::lay_down(cx, officer, what, actor).await).await? {
        carry::carry(cx).await?;
    }
    officer_story(cx, officer).await
}
