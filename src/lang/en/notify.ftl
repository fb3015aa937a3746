# What people are sent: each thing by itself, and nothing that is not needed.

notice-subject-one = {$order}: {$what}
notice-subject-many = {$count} things to tell you
notice-several = These {$count}, in the order they happened:
notice-step = {$step}: {$what}
notice-since = Since {$since}
notice-term = by {$due}: {$of}
notice-of = for: {$of}
notice-due = Due {$due}
notice-by = By: {$by}
notice-reason = Reason: {$reason}
notice-note = Note: {$note}
notice-confirmed-completion = the other officer has confirmed it in person
notice-confirmed-extension = the approver has signed, the term is longer
notice-confirmed-pause = the approver has signed, the term stands still
notice-confirm-extension = a longer term is asked for, for you to approve
notice-confirm-pause = an interruption of the term is asked for, for you to approve
notice-asked-extension = {$by_law ->
    [yes] As long as the law gives
   *[other] By {$length}
 }: from {$from} to {$until}
notice-asked-pause = Not counted from {$from} on, until it is resumed
notice-proof = Document: {$proof}
notice-anew = This stands in place of the request before, which is void
notice-sign = To agree, sign in person: wubu order act {$order} sign --step {$step} --as {$own}
notice-own-id = "your own id"
notice-settled = signed already, or not asked of you any more; nothing to do
notice-blanks = Blanks: {$blanks}
notice-late = (late already when it came in; told now)
notice-key = Reference {$key}
notice-foot = Sent by the five-step system of {$bureau}; please do not reply.
notice-reminder = due soon
notice-level = overdue, level {$level}
notice-other = something new ({$kind})
notice-kind-assigned = yours to do
notice-kind-told = for your attention
notice-kind-late-at-opening = it was late already when it came in
notice-kind-nudged = a reminder: please see to it soon
notice-kind-copied = a copy for you
notice-kind-transferred = transferred
notice-kind-delegated = delegated
notice-kind-signer-added = your signature is asked for as well
notice-kind-to-confirm = confirm this with your own signature
notice-kind-returned = returned
notice-kind-recalled = recalled
notice-kind-extended = the term was extended
notice-kind-paused = the term is suspended
notice-kind-resumed = the term runs again
notice-kind-cancelled = cancelled
notice-kind-blanks-back = please bring the blanks back
notice-kind-incident = stopped by an incident
notice-kind-signed = Signed by the one who was asked
notice-kind-alarm = A statutory term is about to end
notice-kind-clock-ended = A statutory term has ended
notice-kind-handed-over = handed over to others
notice-kind-late-submission = something was handed in late and is kept; wubu order show tells it in the history of the order
notice-kind-no-valid-pair = what is due cannot be dispatched: too few people who may do it
notice-kind-tell = a blank changed hands
notice-kind-proposed = a change of the policy waits for your approval (wubu release approve)
notice-kind-approved = your change of the policy is approved
notice-kind-overtaken = your change of the policy was overtaken by a later release; propose it again
notice-kind-backup-late = the database has no complete backup that is new enough, or the last try failed; wubu doctor says why
notice-kind-lapsed = a change of the policy that you proposed or approved could not begin on its day, and its approval has lapsed; wubu plan says why, propose it or approve it again
notice-about-returned = sent back, for you to do again
notice-about-blank-voiding = a blank waits for your word that it is voided (wubu document void SERIAL --as your own id)
notice-about-blank-voided = a blank was voided
notice-about-blank-lost = a blank is reported lost
notice-about-month-not-closed = the books of a month could not be closed
notice-blank = blank: {$blank}
notice-month = month: {$month}
notice-release = release {$release}
notice-no-pair = {$subjects} wait to be dispatched ({$some}); {$needed} {$needed ->
    [one] person is
   *[other] people are
 } wanted, and {$left} of the roster can go that day. Assign people, renew certificates or change the officers of the grid; the next firing dispatches them
notice-moved-from = Before: {$from} ({$cause}); the deadline stays
notice-moved-to = Now: {$to} ({$cause}); the deadline stays
moved-leave = on leave
moved-left = left the service
moved-post = the post is no longer held
moved-station = moved to another station
moved-grid = no longer an officer of the grid
moved-short = a partner is away and too few are left
