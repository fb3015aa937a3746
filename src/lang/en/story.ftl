# An order's story: one sentence for each thing that happened
told-opened = {$who} opened it: nominally due {$nominal}, to be done by {$due}
told-opened-undated = {$who} opened it, to be done by {$due}
told-entered = entered “{$step}”, in hand of {$people}
told-entered-step = entered “{$step}”
told-entered-step-due = “{$step}” began, to be done by {$due}
told-entered-due = entered “{$step}”, in hand of {$people}, due {$due}
told-term-missing = “{$field}” was not filled in; the term of “{$step}” is the one the policy has for that
story-field = {$field} of {$step}
term-source = {" "}(by {$field})
told-late-at-opening = “{$step}” came in after the moment of level {$level} (0 is nearly due); told once
told-completed = {$who} completed “{$step}”
told-completed-action = {$who} completed “{$step}”: {$action}
told-went = went on to “{$to}”
told-went-say = {$say}; went on to “{$to}”
told-done = “{$step}” is done
told-ended = came to its end at “{$step}”
told-stuck = “{$step}” is done, but the rule that says where to go failed; it waits for the rule to be mended: {$cause}
told-retried = the rule was mended; “{$step}” decided again where to go
told-bound = “{$step}” was done {$visits} {$visits ->
    [one] time
   *[other] times
 } already; went to “{$to}” instead
told-claimed = {$who} took on “{$step}”
told-returned = {$who} returned “{$step}”
told-recalled = {$who} took back “{$step}”, which was completed
told-transferred = {$who} transferred “{$step}” to {$to}
told-delegated = {$who} lets {$to} act at “{$step}”, and goes on answering for it
told-signer-added = {$who} asked {$to} to sign at “{$step}”
told-signed = {$who} signed at “{$step}”
told-to-confirm = {$what} of “{$step}” waits to be confirmed by {$people}
told-to-confirm-anew = the {$what} of “{$step}” is asked for anew, in place of the request before, and waits for {$people} in person
told-confirmed = {$who} confirmed {$what} of “{$step}”
told-nudged = {$who} reminded who has “{$step}” in hand
told-copied = {$who} let {$to} know of “{$step}”
told-extended = {$who} lengthened the term of “{$step}” {$by} (it was {$from}), approved by {$approver}
told-paused = {$who} interrupted the term of “{$step}”, approved by {$approver}
told-held = a signal came from outside: {$signal}; “{$step}” is held and its term stands still
told-resumed = {$who} let the term of “{$step}” run again, due {$due}
told-waived = the party gave up the wait of “{$step}” in writing
told-cancelled = {$who} cancelled this order
told-moved = the subject moved: {$from} → {$to}
told-handed-over = “{$step}” was handed over to {$to}
told-signal = a signal came from outside: {$signal}
told-signal-failed = the statutory clock of “{$step}” ran out, but what follows failed: {$clock}
told-sub-order-ended = what “{$step}” waited for is over: {$workflow}
told-migrated = goes on under the policy of release {$release}, at “{$step}”
told-migrated-due = goes on under the policy of release {$release}, at “{$step}”, due {$due}
told-wait-over = the wait of “{$step}” is over; it can be done
told-reminded = “{$step}” is due soon; its people were reminded
told-escalated = “{$step}” is overdue: escalation level {$level}
told-alarm = the statutory clock of “{$step}” is about to run out
told-clock-ended = the statutory clock of “{$step}” ran out
told-in-place = , in the place of {$of}
told-late-order = what {$who} handed in came late and was kept
told-late = what {$who} handed in for “{$step}” came late and was kept
told-date-moved = the working calendar changed; a date moved: {$from} → {$to}
told-date-set = the working calendar changed; a date is set: {$to}
told-other = {$event}
told-reason = {" "}({$reason})
told-written = , as done at {$written}
told-document = , by {$document}
told-excluded = not chosen: {$people}
told-why = {$who} ({$why})
told-short = too few qualified people; {$people} decides
told-items = checklist
told-none = none
told-files = { $count ->
    [1] 1 file
   *[other] {$count} files
 }
told-answer = {$field}: {$value}
told-nobody = whoever takes it on
story-now = Now:
story-places-duty = “{$step}”, visit {$visit}, in hand of {$people}
story-places-waiting = “{$step}”, visit {$visit}, can be done from {$until} on, in hand of {$people}
story-places-orders = “{$step}”, visit {$visit}, waits for other orders
story-places-parts = “{$step}”, visit {$visit}, waits for its parts
story-places-stuck = “{$step}”, visit {$visit}, waits for a mended rule: {$cause}
story-places-confirmation = “{$step}”, visit {$visit}, ends when it is confirmed
story-delegate = {", "}{$to} acts for {$from}
story-signers = {", "}waits for the signature of {$people}
story-paused = stands still since {$from}: {$reason}
story-unconfirmed = {$what} of “{$step}”, visit {$visit}: {$officer} (not yet confirmed)
story-asked-extension = {", "}{$by_law ->
    [yes] as long as the law gives
   *[other] by {$length}
 }, from {$from} to {$until} ({$reason})
story-asked-pause = {", "}not counted from {$from} on ({$reason})
story-sign = to be signed in person: wubu order act {$order} sign --step {$step} --as {$officer}
confirmed-completion = the work
confirmed-extension = the extension
confirmed-pause = the interruption
story-due = due {$day}, {$count ->
    [none] today
    [one] one day left
   *[many] {$days} days left
 }
story-overdue = due {$day}, {$count ->
    [one] one day late
   *[many] {$days} days late
 }
story-paper-visit = {", "}of visit {$visit}
story-paper-signed-by = {", "}to be signed off by {$roles}
story-paper-waits = {", "}waits for {$people} to confirm it
story-approve-after = nothing is approved and nothing ends before {$people} confirms (sign)
story-actions = What can be done now:
act-complete = complete
act-return = send back to the step before
act-claim = claim
act-transfer = hand over
act-delegate = delegate
act-add-signer = add a signer
act-sign = sign
act-recall = take back
act-nudge = nudge
act-copy = copy to
act-extend = extend
act-pause = pause the term
act-resume = resume the term
act-waive = the party waives the wait
act-cancel = cancel
act-retry = go on with the mended rule
story-action = {$roles}: {$actions}
story-documents = Documents:
story-parent = opened by
story-sub-orders = opened orders
story-related = {$number} ({$id}), { $open ->
    [yes] open{ $some ->
        [yes] : {$people}
       *[no] {""}
     }
   *[no] ended
 }
term-wait = end of the wait
term-clock = statutory term
term-alarm = warning of the statutory term

V008 = {$what ->
    [progress] The progress
    [terms] The terms
    [errands] The outbox messages
    [answers] The answers kept under its senders' keys
    [files] The files
   *[untold] The history
 } of order {$order} is not what its record tells when it is told again
    .help = A table was edited by hand; restore a backup, or let an administrator look at this order
V009 = {$table ->
    [term] The terms that fired
    [duty] The duties in hand
    [workload] The counts of each officer's duties
    [skip] The skips
    [due] The rows of the due table
    [submission] The late submissions
    [notice] The notices of what was told
    [document] The documents that steps make
   *[occurrence] The firings
 } are not what the ledger says ({$station}): rows were added, removed or edited by hand
    .help = Restore a backup, or hand the findings to an administrator
V010 = The order of subject {$subject} ({$station}) was opened, and yet it stands in the due table
    .help = Restore a backup, or hand the findings to an administrator
V011 = {$table ->
    [post] The post
    [leave] The leave
    [delegation] The delegation
    [conflict] The recusal
    [service] What is known of the officer
    [release] Release
    [proposal] Proposal
    [policy_version] The release of policy text
    [policy_text] Policy text
    [decision] Decision
    [fact] The part of documents
    [watermark] The watermark of trigger
    [tally] The count for caps
    [meta] The value
    [outbox] The outbox message
    [notice] The notice
    [progress] The progress kept for order
    [appraisal] The appraisal of
    [order_year] The beginning of the numbers of
    [order_floor] The floor that a restore left under the order numbers of
    [incident] The standstill
    [term] The term of order
    [act] The answer kept for order
    [attachment] The file of order
    [blank_issue] The issue of blanks
   *[blank_close] The closed month
 } {$row} is not what the ledger says: it was added, removed or changed by hand
    .help = Recompute derived tables with wubu verify --repair; what is not derived comes back from a backup only
V012 = File “{$file}” of order {$order} is not what was handed in: it is gone, or its bytes or what is kept of them were changed
    .help = Restore the file from a backup; its name in the folder beside the database is the digest of its bytes
told-cell = {", "}
told-row = {"; "}
signal-subject-closed = the subject closed
signal-subject-suspended = the subject suspended its business
signal-subject-resumed = the subject is in business again
signal-subject-moved = the subject moved
signal-officer-left = an officer left
signal-calendar-changed = the calendar changed
signal-tier-changed = the tier changed
the-engine = the system
