//! What holds although somebody else writes between reading and writing.

use wubu::id::TriggerId;
use wubu::store::watermarks::{self, Watermark};
use wubu::store::{reappraisals, subjects};

use super::register::subject;
use super::{Place, run, stamp, text};

#[test]
fn whoever_is_marked_after_others_were_read_keeps_the_mark() {
    run(async {
        let place = Place::new();
        let store = place.open().await;
        let mut tx = store.begin().await.expect("begins");
        let rows = ["a", "b", "c"].map(|id| subject(id, "东"));
        subjects::upsert_many(&mut tx, &rows).await.expect("writes");
        // Read were only these; the mark of `b` came later, and nobody is called `a0`.
        reappraisals::add_many(&mut tx, &[("东".into(), "a0")]).await.expect("marks");
        reappraisals::clear(&mut tx, &[("东", "a"), ("东", "c")]).await.expect("clears");
        let left = reappraisals::all(&mut tx).await.expect("reads");
        assert_eq!(left.into_iter().collect::<Vec<_>>(), [(text("东"), text("b"))]);
        tx.commit().await.expect("commits");
    });
}

#[test]
fn a_watermark_goes_on_and_never_back_unless_the_clock_is_set_right() {
    run(async {
        let place = Place::new();
        let store = place.open().await;
        let mut tx = store.begin().await.expect("begins");
        let trigger = TriggerId { workflow: text("five-step"), trigger: text("cycle") };
        let mark = |at: &str| Watermark {
            trigger: trigger.clone(),
            starts_at: stamp("2026-03-01T00:00:00Z"),
            at: stamp(at),
        };
        for at in ["2026-03-02T00:00:00Z", "2026-03-05T00:00:00Z", "2026-03-03T00:00:00Z"] {
            watermarks::set(&mut tx, &mark(at)).await.expect("writes");
        }
        assert_eq!(watermarks::list(&mut tx).await.expect("reads"), [mark("2026-03-05T00:00:00Z")]);
        let right = stamp("2026-03-04T00:00:00Z");
        watermarks::set_back(&mut tx, right).await.expect("writes");
        assert_eq!(watermarks::list(&mut tx).await.expect("reads"), [mark("2026-03-04T00:00:00Z")]);
        tx.commit().await.expect("commits");
    });
}
