# What the command line says

cli-wubu = Wubu: a workflow and rules engine for inspection work, driven by files that policy staff edit
cli-usage = Usage:
cli-commands = Commands
cli-arguments = Arguments
cli-any-options = [OPTIONS]
cli-any-command = COMMAND
cli-values = {" "}(one of {$values})
cli-default = {" "}(if not given: {$value})
cli-options = Options
cli-arg-help = Print help
cli-arg-version = Print the version
usage-subcommand = “{$what}” needs what is to be done behind it
usage-command = there is no command “{$what}”
usage-argument = there is no argument “{$what}”
usage-missing = {$what} is missing
usage-value = {$what} cannot be “{$value}”
usage-other = the arguments do not fit: {$what} {$value}
usage-near = did you mean {$near}?
usage-known = it can be: {$known}
cli-example = Example:
cli-init = Make a policy folder with the shipped policy
cli-init-example = wubu init my-bureau --lang en
cli-check = Check the policy folder, report every problem at once, activate nothing
cli-check-example = wubu check --policy my-bureau
cli-test = Run the policy cases in *.test.yaml
cli-test-example = wubu test food
cli-import = Import subjects, inspections, officers, stations or grids
cli-import-example = wubu import subjects register.csv
cli-subject = Look at subjects: tier, score, next due date and why
cli-subject-example = wubu subject show 91110000100000001E
cli-due = The date arithmetic alone: the next due date after a patrol (no database)
cli-due-example = wubu due --since 2026-01-15 --tier TIER
cli-clock = Compute a statutory clock (no database)
cli-clock-example = wubu clock clue_verification --from 2026-04-30
cli-calendar = Show, preview or import a calendar of working days
cli-calendar-example = wubu calendar show 2026
cli-tick = One whole pass: evaluate triggers, open orders, fire terms; then exit
cli-tick-example = wubu tick --at 2026-03-01T08:00
cli-run = The daemon: dispatches on time (WUBU_LOG=info logs to stderr)
cli-run-example = wubu run --demo
cli-order = List, show or open orders
cli-order-example = wubu order list --state open --overdue
cli-order-list-example = wubu order list --state open --officer P001
cli-order-show-example = wubu order show dongguan-12
cli-order-open-example = wubu order open penalty --subject 91210100TEST0001X5 --reason "a complaint" --as P050
cli-order-act-example =
    wubu order act dongguan-12 complete --as P001 --form visit.json --attach photos=front.jpg
    wubu order act dongguan-12 transfer --as P049 --to P003,P004 --reason "on a course"
    wubu order act dongguan-12 extend --as P001 --by "5 workdays" --approver P049 --reason "the owner is away" --document E-1
    wubu order act dongguan-12 sign --as P049
cli-order-bulk-example = wubu order bulk reassign --officer P001 --to P003 --reason "another post" --as P049
cli-order-retry-example = wubu order retry --as P049
cli-explain-order-example = wubu explain order dongguan-12
cli-explain-subject-example = wubu explain subject SAMPLE-000001 --on 2026-03-20
cli-subject-list-example = wubu subject list --station dongguan
cli-subject-show-example = wubu subject show SAMPLE-000001
cli-calendar-show-example = wubu calendar show 2026
cli-calendar-plan-example = wubu calendar plan 2027.yaml
cli-calendar-import-example = wubu calendar import 2027.yaml --as P049
cli-release-show-example = wubu release show 3
cli-release-diff-example = wubu release diff 2 3
cli-plan-list-example = wubu plan list
cli-plan-show-example = wubu plan show 1
cli-incident-list-example = wubu incident list
cli-ledger-export-example = wubu ledger export
cli-release-list-example = wubu release list --proposed
cli-release-approve-example = wubu release approve 3 --as P049
cli-release-shadow-example = wubu release shadow 3 --days 5 --as P067
cli-release-rollback-example = wubu release rollback 2 --as P049
cli-explain = Say why an order was opened, or why a subject has none
cli-explain-example = wubu explain subject SAMPLE-000001 --on 2026-03-20
cli-promote = Propose what one station does for the whole bureau; it is written out, not put into force
cli-promote-example = wubu promote stations/dongguan --out proposal --html proposal.html
cli-arg-overlay = Which overlay: stations/ID, its file, or the overlay's own id
cli-arg-only = Propose this line alone (its address); may be given several times
cli-arg-html = Write a page for the meeting
cli-arg-out-folder = Write a whole policy folder, a new or an empty one
cli-apply = Activate the folder's policy as a release
cli-apply-example = wubu apply --as alice
cli-release = Look at, approve and roll back releases
cli-release-example = wubu release list
cli-verify = Refold the ledger, compare it with the tables, check the hash chains
cli-verify-example = wubu verify --repair --as Z01
cli-ledger = Write the record for others to check: one JSON line for each entry
cli-ledger-example = wubu ledger export --out ledger.jsonl
cli-ledger-export = Write the entries of every chain
cli-doctor = Check the environment and the database; list the limits
cli-doctor-example = wubu doctor --limits
cli-completions = Print a completion script for a shell
cli-completions-example = wubu completions bash > wubu.bash

cli-order-list = List orders
cli-order-show = Show one order
cli-order-open = Open an order by hand
cli-subject-list = List subjects
cli-subject-show = Show one subject
cli-effective = Show the text in force for a station, with who changed each line
cli-effective-example = wubu effective five-step --station dongguan --on 2026-07-01 --prose
cli-arg-draft = Show the files of the folder instead of what is in force; needs no database
cli-arg-prose = Write it as numbered clauses
cli-explain-order = Explain an order
cli-explain-subject = Explain a subject
cli-calendar-show = Show the working days of a year
cli-calendar-plan = Preview which dates an import would move
cli-calendar-import = Import one or more years
cli-release-list = List releases
cli-release-approve = Approve what somebody else proposed
cli-release-shadow = Judge a proposal beside the rules in force for some days, and see what would differ
cli-release-rollback = Go back to an earlier release

cli-arg-policy = The policy folder; also environment WUBU_POLICY
cli-arg-fix = rewrite the policy in the newest version of the language; its meaning, comments and layout stay
cli-arg-db = The database; also environment WUBU_DB
cli-arg-lang = Language
cli-arg-rehearsal = Rehearse: --at may lie ahead of the clock, also where the daemon has run
cli-arg-at = Act as if now were this: RFC 3339, 2026-03-01T08:00, or a bare date (its last second)
cli-arg-format = How the answer is written
cli-arg-dir = The folder to make
cli-arg-shell = Name of the shell
cli-arg-kind = What to import: subjects, inspections, officers, stations or grids
cli-arg-file = The file
cli-arg-map = Which import map of bureau.yaml to use; default when not given
cli-arg-filter = Run only cases whose name contains this
cli-arg-coverage = Also report which rule lines no case reached
cli-arg-id = The id
cli-arg-since = The day of the last patrol
cli-arg-every = its own cycle, such as 6 months (only where cycles stand in the register)
cli-arg-why-officer = Why this officer does not have it
cli-arg-why-tier = Why it does not have this tier
cli-arg-why-before = Why none was issued by this day
cli-arg-tier = The risk tier
cli-arg-trigger = The trigger, written WORKFLOW/ID
cli-arg-name = Id of the clock
cli-arg-from = The moment it counts from
cli-arg-pause = A pause, written A..B:REASON:DOCUMENT; may be repeated
cli-arg-extend = An extension was granted
cli-arg-on = The day
cli-arg-station = The station
cli-arg-grid = The grid
cli-arg-officer = The officer
cli-arg-workflow = The workflow
cli-arg-step = The step
cli-arg-state = The state: open, done or cancelled
cli-arg-overdue = Only what is overdue
cli-arg-limit = List at most so many
cli-arg-subject = Id of the subject
cli-arg-due = Last day of the window
cli-arg-reason = The reason
cli-arg-shadow-days = For how many days
cli-arg-begins = first day it is in force; now where none is named
cli-arg-proposed = only what waits for approval or for its day
cli-arg-release = number of the release
cli-arg-as = Who acts
cli-arg-watch = Check the files again whenever they change, and activate them when they hold
cli-arg-demo = Make the sample register in an empty database and dispatch at once
cli-arg-accept-clock = Accept the clock as it is now and go on from here
cli-arg-limits = List the limits
cli-arg-since-moment = Only entries from this moment on: 2026-03-01, 2026-03-01T08:00 or RFC 3339
cli-arg-repair = Recompute derived tables from the record where they differ; the record is never touched
cli-arg-year = The year
cli-order-act = do one thing on an order
cli-order-bulk = hand over, cancel or retry many orders at once
cli-order-retry = resume orders that stood still, after their rule was mended
cli-signal = note something that happened outside, for the open orders it concerns and those it opens
cli-signal-example = wubu signal subject.closed --subject 911011200000000001 --as P050
cli-incident = look at orders that stand still because a rule failed
cli-incident-example = wubu incident list
cli-incident-list = list them by cause
cli-order-bulk-reassign = hand many over
cli-order-bulk-cancel = cancel many
cli-order-bulk-retry = retry many that stand still
cli-arg-action = complete, return, claim, transfer, delegate, add-signer, sign, recall, nudge, copy, extend, pause, resume, waive, cancel, or an action of the step's own
cli-arg-filled = the form as filled, a JSON file
cli-arg-attach = a file for a field, as field=file; may be given several times
cli-arg-key = the sender's key: the same one again gets the first answer
cli-arg-seen = the version you saw; refused when the order has changed since
cli-arg-signal = its name, such as subject.closed, or any that a workflow has under signals
cli-arg-receivers = for whom; several with commas
cli-arg-by = by how much, such as 5 workdays
cli-arg-approver = who approved it
cli-arg-proof = the document that proves it
cli-arg-note = what is said
cli-arg-yes = go on; without it, only count
cli-arg-stuck = why they stand still, or how it begins, such as S104
cli-arg-withdraw = take back the leave that begins on this day: entered wrongly, or not taken after all
cli-arg-dry-run = only show what would happen
cli-arg-data = what comes with it, as JSON

check-fixed = rewritten: {$path}
check-summary = {$files} {$files ->
    [one] file checked
   *[other] files checked
 }: {$errors} {$errors ->
    [one] error
   *[other] errors
 }, {$warnings} {$warnings ->
    [one] warning
   *[other] warnings
 }
init-done = {$count} {$count ->
    [one] file
   *[other] files
 } written to {$dir}. Next: wubu check --policy {$dir}

U001 = “{$text}” given for {$argument} is not a time
    .help = write 2026-03-01T08:00, or "2026-03-01 08:00" in quotation marks, or 2026-03-01 (its last second)
U002 = “{$text}” given for {$argument} is not a date
    .help = write it like 2026-03-01 or 2026/3/1, the year first
U003 = there is something in {$dir} already; nothing was written
    .help = name a new or an empty folder
U004 = there is no {$what} called “{$name}”
    .help = there are: {$known}
U005 = several triggers recur; say which one
    .help = add --trigger; there are: {$known}
U006 = “{$text}” given for {$argument} cannot be read
    .help = write it as {$form}

F001 = the policy folder cannot be read: {$file}: {io-cause}
    .help = name the folder that holds bureau.yaml with --policy
F002 = the file {$file} cannot be written: {io-cause}
    .help = { $cause ->
        [absent] make the folder it is to lie in first, or name another one
        [folder] name a file, not only a folder
        [full] free some disk space and try again
       *[other] look at its name, the folder's permissions and the disk space
     }
F003 = the file {$file} cannot be read: {io-cause}
    .help = { $cause ->
        [absent] look at its name and path; a name alone is looked for in the folder where the command runs
        [folder] name a file, not only a folder
        [denied] ask the administrator for permission to read it
        [changed] try again
       *[other] look at its name and its permissions
     }
U009 = {$what} is missing
    .help = add {$what}; wubu order act --help says what each action needs
U011 = {$path} is there already and is another kind of file; it was not overwritten
    .help = name another file, or move that one away first
U010 = no case has “{$filter}” in its name{$near ->
    [yes] ; did you mean “{$nearest}”?
   *[no] {""}
 }
    .help = {$count ->
    [0] there are no cases in this folder yet: write them in *.test.yaml under workflows or rules
   *[other] without a name, all {$count} are run
 }
U007 = {$path} is not readable JSON: line {$line}, letter {$column} { $flaw ->
    [comma] has a comma too many before it
    [wide] is the Chinese mark “{$found}”, where the plain one is needed
    [cut] is the end, and something is still open
    [key] is no name of a field
    [colon] should be a colon
    [between] has no comma before it, or a bracket is not closed
    [value] is no value of JSON
    [after] stands behind the end
    [break] breaks the line within quotation marks
    [escape] cannot follow a backslash
    [number] is no number
    [depth] stands within too many brackets
    [encoding] is no UTF-8 text
    [empty] is where nothing stands
   *[other] cannot be read
 }
    .help = { $flaw ->
        [comma] delete the comma behind the last entry
        [wide] write the plain quotation mark " , colon : and comma ,
        [cut] add the quotation mark or bracket that is missing
        [key] put the name in plain double quotation marks, such as "arrived"
        [break] write it on one line, with \n for a new line
        [escape] write a path as a/b.jpg; write a backslash twice
        [encoding] save it as UTF-8 in your editor
        [value] put text in plain double quotation marks; yes and no are true and false; nothing is null
       *[other] write the form as JSON, such as {"{"}"arrived": "2026-03-13T09:30"{"}"}
     }
U012 = {$path} is not in the shape of what a document says
    .help = write {"{"}"answers": [{"{"}"title": "Found", "fields": [{"{"}"title": "Facts", "value": "…"{"}"}]{"}"}], "reason": "…"{"}"}
U020 = “{$key}” of {$path} has no place in a document{$near ->
    [yes] ; was “{$nearest}” meant?
   *[no] {""}
 }
    .help = what can be written here: {$known}. What the document says is written {"{"}"answers": [{"{"}"title": "Found", "fields": [{"{"}"title": "Facts", "value": "…"{"}"}]{"}"}], "reason": "…"{"}"}
document-use-empty = note: there was no --form, so this document has a heading and says nothing; if it should, void it and write another one
F006 = the office is closing; nothing was done
    .help = try again later
F900 = something broke inside the program: {$cause}
    .help = give this sentence to the administrator

R001 = this order exists already
    .help = see wubu order list
R002 = the policy in force has no workflow “{$workflow}”
    .help = there are: {$known}
R003 = the register has no subject with the id “{$subject}”{$near ->
    [yes] ; was “{$nearest}” meant?
   *[no] {""}
 }
    .help = look it up with wubu subject list; the id has to be complete
R004 = there is no order with the id “{$order}”
    .help = look it up with wubu order list
R005 = workflow “{$workflow}” is not about subjects and cannot be opened for “{$subject}”
    .help = choose a workflow that is for: subject
R006 = the day {$day} lies before today, {$today}
    .help = give today or a later day
R007 = time does not go back: asked for {$at}, but the last tick was at {$last}
    .help = with --at: check the date, give {$last} or later, or leave it out; without --at the clock of this machine is slow, and the administrator sets it right first
R140 = something was done on this order at {$last}; this cannot have been done at {$at}
    .help = leave out --at to record it now; for a step that is over, and where --step was not given, name it, and both moments are kept
R141 = {$at} has not come yet: it is {$clock}
    .help = leave out --at. To try a later day copy the database file and try it there (--db); --rehearsal writes into this database as well and moves its time ahead
R180 = no workflow hears a signal “{$name}”{$near ->
    [yes] ; was “{$nearest}” meant?
   *[no] {""}
 }
    .help = there are: {$known}
R184 = this database runs by the machine’s clock (now {$clock}); {$at} cannot be accepted as now
    .help = leave --at out to accept the machine’s clock; to try another moment, copy the database file and try it there (--db)
R142 = this is another bureau's policy: the database belongs to "{$known}" (zone {$zone}), the folder is "{$proposed}" (zone {$other-zone})
    .help = look at --policy and --db; another bureau has a database of its own
R143 = “{$field}” says {$arrived}: it must lie between the order’s issue ({$issued}) and now ({$now})
    .help = look at year, month, day and time of “{$field}” and hand the form in again
R170 = “{$field}” names the file {$file}, which is not there ({$folder})
    .help = photos and signatures lie in the folder of the form; look at the name and hand it in again
R171 = “{$field}” names the file {$file}, which does not lie in the folder of the form, and is not attached
    .help = put the file beside the form ({$folder}) and write its name alone
R172 = the form has no field “{$name}” for files
    .help = {$some ->
        [yes] files of this form go into: {$known}
       *[no] this form has no field for files; leave out --attach
     }
R176 = {$name} ({$subject}) is closed; no order is opened for it
    .help = if the register is wrong, import the right status first
release-waiting = {$count} {$count ->
    [one] more waits
   *[other] more wait
 } for approval or for their day: wubu release list --proposed
R155 = no proposal {$release} waits
    .help = wubu release list --proposed lists those that do
R156 = proposal {$release} was made before release {$active}, which is in force now
    .help = apply the folder once more, so that it is proposed on what is in force
R186 = release {$release} has been approved by “{$officer}” already
    .help = another day is {$officer}’s to name; see wubu release list --proposed
R157 = there is no release {$release}
    .help = wubu release list lists them
R158 = this would drop or weaken what is marked always: {$items}
    .help = put it back; or do it again with --reason TEXT --as AUTHOR, and let a second person approve it
R008 = no policy has been activated in this database
    .help = run wubu apply or wubu import first
R009 = the clock says {$now}, which is before the last tick at {$last}; dispatch is held
    .help = it goes on when the clock has passed {$last}; if the clock is right now, run wubu tick --accept-clock

# Headings and words
standard-output = standard output
no = no
unknown = not known
yes = yes
undecided = undecided
tier-kept = {$tier} (undecided, the last one)
provisional = provisional: the calendar of a year concerned is not published yet; it will be computed again
head-order = order
head-order-number = number
head-subject = subject
head-person = person
head-station-subject = station
head-grid-subject = grid
head-bureau-subject = bureau
head-name = name
head-station = station
head-grid = grid
head-tier = tier
head-score = score
head-step = step
head-state = state
head-status = status
head-issued = issue date
head-issue = issue date
head-due = due
days-late = {$days} {$days ->
    [one] day
   *[other] days
 }
window-over = window over
head-late = overdue
head-last = last patrol
head-every = Cycle
head-trigger = Trigger
head-nominal = nominal due
head-window = window
head-workflow = workflow
head-assignees = assignees
head-policy = policy
head-calendar = calendar
head-why = decided by
head-approved-by = approved by
head-release = release
head-activated = activated
head-proposed = proposed
head-begins = begins
head-actor = by
head-limit = limit
head-value = value
head-unit = unit
head-check = check
head-clock = clock
head-raw-end = end as counted
head-end = end
head-alarm = internal warning
head-count = length
head-basis = legal basis
head-rest = rest days (Monday to Friday)
head-work = make-up working days
state-open = open
state-done = done
state-cancelled = cancelled
status-active = active
status-suspended = suspended
status-closed = closed
unit-bytes = bytes
unit-levels = levels
unit-seconds = seconds
unit-operations = operations
unit-entries = entries
unit-workdays = working days
unit-days = days
unit-hours = hours
unit-months = months
unit-years = years
unit-workday = working day
unit-day = day
unit-hour = hour
unit-month = month
unit-year = year
term-reminder = reminder
term-level = escalation, level {$level}
term-fired = told {$at}
term-due = due
term-overdue = reminder or escalation
story-history = History:
story-terms = Terms:
order-count = {$count} {$count ->
    [one] order
   *[other] orders
 }
order-opened = {$number} opened ({$id})
subject-count = {$count} {$count ->
    [one] subject
   *[other] subjects
 }
subject-other = also by {$trigger}: nominally due {$nominal}, at the latest {$due}, to be issued {$issue}
subject-why = Why? Run wubu explain subject {$id}
no-next-closed = closed: nothing more is due
no-next-suspended = suspended: the cycle waits and goes on when it is active again
no-next-ordered = the order of this cycle has been opened already
import-absent = columns the file does not have; what is known stays, what is new has the defaults: {$headings}
import-ignored = columns without a field, ignored: {$headings}
import-strangers = {$count} {$count ->
    [one] officer of grids is
   *[other] officers of grids are
 } not in the register: {$named}. Others do their work meanwhile, and what is open stays where it is; correct what is mistyped, import who is missing (wubu import officers)
import-done = {$read} {$read ->
    [one] row
   *[other] rows
 } read: {$added} added, {$changed} changed, {$unchanged} unchanged, {$rejected} rejected
import-rejects = the rejected rows and the reasons are in {$file}
import-would = only tried, the register is as it was. {$read} {$read ->
    [one] row
   *[other] rows
 } read: {$added} would be added, {$changed} changed, {$unchanged} unchanged, {$rejected} rejected
import-tiers = Tiers would change:
import-tiers-none = No tier would change
import-tier-move = {"  "}{$from} → {$to}: {$count}
import-tier-new = (new)
import-tier-undecided = (undecided)
import-next = Next visits: {$earlier} earlier, {$later} later, {$none} without a date
import-late = note: {$count} are late as soon as they are imported, first {$name}, due {$due}. Without a last patrol the count begins with the day of registration; where there was one, add it and import again, or each is escalated as soon as its order is opened
import-tried = To import for good, run it again without --dry-run
clock-accepted = the clock is accepted as it is; dispatch goes on
clock-ahead = the clock says {$now}, but by the time that passed it should be {$expected}; dispatch is held. If the clock is right, run wubu tick --accept-clock
clock-pause = pause {$from} to {$to}: {$days} {$days ->
    [one] day
   *[other] days
 } not counted
files-differ = note: the folder differs from the active release, which goes on; run wubu apply to activate the folder
tick-firings = {$trigger}  {$nominal} to {$last}, {$count} times  {$outcome} {$reason}
tick-firing = {$trigger}  {$nominal}  {$outcome} {$reason}
tick-done = done up to {$now}: {$appraised} {$appraised ->
    [one] subject
   *[other] subjects
 } appraised, {$opened} {$opened ->
    [one] order
   *[other] orders
 } opened, {$skipped} skipped, {$undecided} undecided
tick-passed-over = no order for {$subject}, {$station}: {$reason}
passed-over-no-valid-pair = too few officers who may do it
passed-over-deferred-cap = the officer's cap is used up; it stays due
passed-over-suspended = nothing is opened while its business is suspended
passed-over-undecided = the condition could not be decided
passed-over-when = the condition does not hold
passed-over-overlap = an earlier order is still open
passed-over-queue = it waits for the end of an earlier order
tick-skipped-more = others got no order either, and only the first are named; wubu explain subject ID says why of each
tick-quarantine = note: these rules are in quarantine and decide nothing new ({$cause}, {$subjects} {$subjects ->
    [one] subject
   *[other] subjects
 } without an answer); subjects keep their tier until mended rules are activated
health-quarantine = rules in quarantine
firing-fired = fired
firing-caught-up = caught up
firing-missed = missed
firing-skipped = skipped
firing-not-in-force = (the workflow is not in force yet)
firing-window = (beyond the window for catching up)
firing-superseded = (a later one is caught up instead)
firing-policy-none = (the policy does not catch up)
apply-active = release {$release} is active, policy {$policy}
cli-plan = See what the folder's policy would change, before it is in force
cli-plan-example = wubu plan --horizon 90d --max-load 6
cli-plan-list = List the plans that were made
cli-plan-show = Show once more what a plan came to
cli-arg-horizon = how many days to look ahead: 90d, 90, 3 months
cli-arg-against = which release to compare with
cli-arg-behind = list the subjects and orders behind each number
cli-arg-max-tier-moves = largest share of subjects whose tier may change, such as 2%; beyond it the exit code is 1
cli-arg-max-load = most orders for one officer in one week; beyond it the exit code is 1
cli-arg-no-undecided = exit with 1 when the rules have no answer for some subject
cli-arg-plan = number of a plan; refused when text, release or register are no longer those of the plan
plan-head = plan {$plan}: the folder's policy ({$policy}) in force now, against release {$against}; from {$from} to {$until}, with nobody acting
plan-lapsed = Of the stations’ own measures these do not hold with this text; it was tried without them. Whoever answers for them must have them adapted or ended before it can be applied:
plan-same = it is the policy in force; nothing would change
plan-reworded = the text is worded otherwise; what it does is the same
plan-unseen = with nobody acting, no tier, order or week of these days changes; what is edited shows when people act
plan-begins = the first difference is on {$day}
plan-tiers = subjects with another tier: {$count} of {$subjects}
plan-ahead = over the next 90 days, with nobody acting:
plan-changes = what the text says otherwise:
release-why = reason: {$reason}
release-plan = plan looked at before: {$plan}
release-back = goes back to release {$release}
release-head = release {$release} ({$policy}), { $state ->
        [proposed] proposed at {$at} and not in force
       *[active] in force since {$at}
    }, by {$actor}{ $approved ->
        [yes] , approved by {$by}
       *[no] {""}
    }
release-same = it says the same as before; only layout and comments differ
release-nothing = nothing
release-change = {$file}  {$address}: {$from} → {$to}
release-changes-more = {$count} more: wubu release diff
cli-release-show = Show what a release changed
cli-release-diff = Compare two releases, or a release and the folder
cli-arg-release-release = number of the release
cli-arg-release-from = release to compare with
cli-arg-release-to = which release; the folder's policy when left out
plan-title = What a change of the policy would do
plan-fact-plan = plan
plan-fact-policy = policy
plan-fact-against = against release
plan-fact-days = days looked ahead
plan-fact-how = how it was found out
plan-how = the register as it is was copied twice; one copy lived through these days under the policy in force, the other under the changed one, with nobody acting
plan-edited = What the text says otherwise
plan-effects = What it does
plan-by-week = Orders issued each week
plan-week-of = week of {$week}
plan-week-before = now
plan-week-after = then
plan-by-officer = Whose weeks get busier
plan-officer = officer
plan-week-head = week
plan-subject = subject
plan-why-before = why now
plan-why-after = why then
plan-examples-title = Examples
plan-annex = Annex: the orders that change
plan-order-workflow = workflow
plan-order-change = change
plan-order-appear = more
plan-order-vanish = fewer
plan-order-move = other date
plan-order-nominal = nominal date
plan-order-issue = issued
plan-no-list = for the names: wubu plan --list --html
plan-sign-author = proposed by
plan-sign-approver = approved by
plan-page = the page to print: {$file}
plan-orders = orders: {$appear} more, {$vanish} fewer, {$moves} with other dates, {$shifted} the same but issued on another day
plan-migrated = open orders of “{$workflow}” that go on under this text: {$orders}
plan-renamed = of these at a step with another id: {$steps}
plan-terms = open orders whose term ends on another day: {$count}
plan-calendar = the calendar is another: by it {$count} open { $count ->
        [one] order has a date
       *[other] orders have dates
    } that would be another day; apply moves none of them, wubu calendar import does
plan-paper = a paper reads otherwise: {$paper}; unsigned drafts, which will print the new words: {$drafts}
plan-papers-more = papers besides that read otherwise: {$count}
plan-undecided = subjects the rules would no longer have an answer for: {$count}; they keep their tier, because:
plan-workload = weeks of officers that change: {$weeks}; most orders for one officer in one week: {$before} now, {$after} then
plan-week = {$officer}, week of {$week}: {$before} → {$after}
plan-examples = Examples (why it is so, asked today):
plan-example = · {$subject}
plan-before = now: {$why}
plan-after = then: {$why}
plan-grounds = what decides then:
plan-gate-tiers = over the limit: {$moved} of {$subjects} subjects have another tier, more than --max-tier-moves
plan-gate-load = over the limit: of the weeks that get busier, {$weeks} are above --max-load, the most in the week of {$week} for {$officer}: {$orders}
plan-gate-undecided = over the limit: no answer for {$undecided} subjects (--no-undecided)
plan-tail = once it is what you want: wubu apply --plan {$plan} --as USER; who is behind each number: --list
head-plan = plan
head-against = against release
plan-count = {$count} plans
R210 = there is no plan {$plan}
    .help = see wubu plan list
R211 = plan {$plan} no longer says what is so: { $what ->
        [text] the folder's policy was edited since
        [release] another release came into force since
       *[register] the register, its people or the day changed since
    }
    .help = make another: wubu plan, look at it, and give its number
R220 = “{$workflow}” was not in force on {$on}
    .help = write a day after it came into force; wubu release list says when that was
U030 = “{$text}” is no number of days
    .help = write 90d, 90 or 3 months, at most {$most} days
U031 = “{$text}” is no share
    .help = write 2% or 0.02
U032 = {$on} is not among the days looked at, {$from} to {$until}
    .help = write a day from today on, or look further ahead with --horizon
U040 = run lives by the clock and takes no --at
    .help = Leave out --at; one pass at a moment is wubu tick --at MOMENT
apply-powers = bureau.yaml gives other people power ({$keys}); that takes a second person
apply-proposed = release {$release} is proposed, policy {$policy}; somebody else approves it: wubu release approve {$release} --as APPROVER
release-drops = drops or weakens standing items: {$items}
release-reason = reason: {$reason}
shadow-runs = release {$release} is judged beside the rules in force: {$days} days so far, {$left} to come; at the first pass of each day
shadow-ended = release {$release} was judged beside the rules in force for {$days} days, and no day is to come
shadow-day = {$on}: {$judged} judged; another tier for {$moved}, the same tier and another score for {$scores}; undecided by the proposal alone {$undecided}
shadow-tiers = {$from} → {$to}: {$count}
shadow-subject = {$subject} ({$station}): {$from} → {$to}
shadow-undecided = undecided
proposal-reason = reason of release {$release}: {$reason}
proposal-drops = release {$release} drops or weakens standing items: {$items}
apply-approved = release {$release} is approved, policy {$policy}, and begins on its day
calendar-proposed = the calendar is proposed and waits for a second person: wubu release approve {$release} --as APPROVER
run-waits = waiting until it stops; Ctrl-C ends this one
run-started = {$bureau} is running. Database {$db}, policy {$policy}. Ctrl-C ends it
run-waits-for-it = the daemon waits and goes on once it can be opened; Ctrl-C ends it
run-database-gone = the database {$db} is not where it was; waiting, and going on once it is back
run-database-replaced = another file stands where the database {$db} was; opening it
run-recovered = all is well again; going on
run-failed = this did not succeed and will be tried again:
run-stopped = ended; the next start goes on from here
run-more = and {$count} more; wubu order list has them all
demo-made = sample register made (all invented): {$stations} {$stations ->
    [one] station
   *[other] stations
 }, {$grids} {$grids ->
    [one] grid
   *[other] grids
 }, {$subjects} {$subjects ->
    [one] subject
   *[other] subjects
 }, {$inspections} {$inspections ->
    [one] inspection
   *[other] inspections
 }
demo-goes-on = the database has a register already; going on
watch-broken = the changed files have errors; the running policy goes on:
watch-dropped = the changed files no longer have what is marked always: {$items}; that wants a reason: wubu apply --reason TEXT --as AUTHOR
check-overlay = Overlay “{$overlay}” ({$station}), {$from} to {$to}, {$count} { $count ->
    [one] change
   *[other] changes
 }, { $state ->
    [coming] not begun
    [ended] over: no longer in force; delete it when you no longer need it
   *[live] within its window
 }
check-overlay-base = {"  "}Once you have checked the texts it changes, name them: base: {"{"}{$base}{"}"}
check-standing = {$count} {$count ->
    [one] standing item
   *[other] standing items
 } (always: true); a release that no longer has one is only proposed
watch-proposed = the changed files hold together (policy {$policy}) and wait for a second person: wubu apply --as AUTHOR, then wubu release approve N --as APPROVER
calendar-year = {$year}: {$days} working days
calendar-move = {$order}: {$from} → {$to}
ledger-exported = {$count} {$count ->
    [one] entry
   *[other] entries
 } written to {$path}
verify-repaired = recomputed: {$table ->
    [orders] orders, their progress and terms
    [duty] duties in hand
    [workload] how much everybody has in hand
    [incident] orders that stand still
    [tally] counts for caps
    [appraisal] appraisals
   *[due] the due table
 }: {$rows} {$rows ->
    [one] row
   *[other] rows
 }
verify-nothing-repaired = nothing was recomputed: no derived table differs from the record, or a chain is broken
verify-clean = verified: {$events} {$events ->
    [one] ledger entry
   *[other] ledger entries
 }, {$orders} {$orders ->
    [one] order
   *[other] orders
 }, {$subjects} {$subjects ->
    [one] subject
   *[other] subjects
 }, no problem
verify-problems = {$problems} {$problems ->
    [one] problem
   *[other] problems
 } found: {$events} {$events ->
    [one] ledger entry
   *[other] ledger entries
 }, {$orders} {$orders ->
    [one] order
   *[other] orders
 }, {$subjects} {$subjects ->
    [one] subject
   *[other] subjects
 }
effective-head = { $release ->
    [none] { $station ->
        [none] {$title} ({$workflow}) as the bureau would have it on {$on}: the files of the folder, not in force
       *[other] {$title} ({$workflow}) as it would be for {$station} on {$on}: the files of the folder, not in force
    }
   *[other] { $station ->
        [none] {$title} ({$workflow}) as the bureau has it on {$on} (release {$release})
       *[other] {$title} ({$workflow}) as it is in force for {$station} on {$on} (release {$release})
    }
 }
effective-sooner = {$bureau}, or {$station} where that ends sooner
effective-answer = { $certain ->
    [yes] as the form says in {$source}
   *[no] as the form says in {$source}, and where it says nothing {$otherwise}
 }
effective-by-answer = by what the form says in {$source}: {$terms}{ $certain ->
    [yes] {""}
   *[no] , else {$otherwise}
 }
effective-cap = {$number}. {$of}: {$value}.
effective-cap-value = at most {$count} { $count ->
    [one] order
   *[other] orders
 } { $per ->
    [officer] for each grid's main officer
    [grid] in each grid
    [station] at each station
   *[subject] for each subject
 } { $period ->
    [day] a day
    [week] a week
    [month] a month
   *[year] a year
 }
effective-rung = level {$level} ({ $when ->
    [before] {$after} before the last day
    [at] once the last day is over
   *[after] {$after} after the last day
 }){ $told ->
    [none] {""}
   *[other] {" "}tells {$told}
 }{ $start ->
    [none] {""}
   *[other] , starts “{$start}”
 }
effective-cycle = {$number}. {$of}: visited every {$value}.
effective-length = {$number}. {$of}: {$what} of the table of tiers, {$value}.
effective-items = {$number}. {$of}: what is checked is {$value}.
effective-window = the end of the order's window
effective-of-tier = what the tier lists
effective-due = {$number}. {$of}: the time to do it is {$value}.
effective-overdue = {$number}. {$of}: when it takes longer: {$value}.
effective-param = {$number}. {$of}: {$value}.
effective-aside = {" "}[{$text}]
effective-origin = the station's own, overlay {$overlays}; { $was ->
    [none] the bureau has nothing here
   *[other] the bureau says {$was}
 }
effective-overlay = “{$overlay}” ({$from} to {$to}, {$author}: {$reason}), {$file}:{$line}
effective-script = {$number}. {$of}: {$value}.
effective-every = {$number}. {$of}: {$value}.
effective-own-cycle = each by its own cycle (“{$attribute}” in the register)
effective-fixed-cycle = every {$length}
effective-tier-cycle = each by the cycle of its tier
effective-says = {$of}: {$value}
effective-rules-tier = Tier
effective-rules-score = Score
effective-stricter = the bureau's script and the station's are both asked, the stricter answer holds
effective-script-origin = the station's own script, without a last day, in force until the file is deleted: {$file}:{$line}
head-overlay = overlay
head-overlay-line = line in the overlay
U014 = {$name} has several overlays: {$known}
    .help = say which one by its id, as in: wubu promote ID
promote-head = Promotion: overlay “{$overlay}” of {$station} ({$from} to {$to}, {$author}: {$reason})
promote-clauses = { $count ->
    [0] Nothing changes for the bureau.
   *[other] From now on the whole bureau would have:
 }
promote-was = { $was ->
    [none] new
   *[other] was {$was}
 }
promote-hindered = What cannot be taken over as it stands, and stays with the station:
hindrance-window-term = {$address} ({$file}:{$line}): the bureau's term is the end of the order's window, which differs from order to order; one length would loosen it for orders of a shorter window, so that it is not written for you. The bureau can write two terms in that step, due: [order.window.to, the station's length]: the one that ends sooner is told of first, and each has the ladder; then delete the station's line
hindrance-form-term = {$address} ({$file}:{$line}): the bureau's term is what a form says, which differs from order to order; one length would loosen it where the form says less, so that it is not written for you. The bureau can shorten what its choices mean (terms, else); then delete the station's line
hindrance-tier-term = {$address} ({$file}:{$line}): the bureau's term is the tier's, and some tier has less; one length would loosen it there, so that it is not written for you. The bureau can shorten the tiers that have more in the table of tiers; then delete the station's line
hindrance-no-checklist = {$address} ({$file}:{$line}): the form has no field that items are answered in; first add a field of type: items
hindrance-unwritten = {$address} ({$file}:{$line}): the bureau's text is not written in a way that can be edited; write the clause in by hand
hindrance-script = {$file}: scripts are not merged; write what it adds into the function of that name under rules, try it with wubu test, then remove the station's
promote-not-begun = The overlay has not begun: there is nothing to compare yet.
promote-no-database = No database: only what would change, without shares in time; of the stations only those with overlays are known.
promote-timeliness = Share in time:
promote-adoption = The stations today:
promote-texts = What changes in the texts:
promote-removed = {$file}: all of it is the bureau's now; removed
promote-case = “{$name}”, {$file}:{$line}
promote-more-cases = and {$count} more: see wubu test
promote-checked = { $stand ->
    [no] The check fails: until what is named above is mended the proposal is of no use.
    [yes] The check passes, and so do all cases, as before.
   *[cases] The check passes; {$count} cases no longer pass: change what they expect, or think again:
 }
promote-written = Written to {$file}; the policy in force is untouched.
promote-page = The page for the meeting: {$file}
promote-next = { $written ->
    [no] Next: write a whole policy with --out DIR, then wubu check, wubu plan and wubu apply --reason DECISION --as USER
   *[other] Next: wubu --policy {$folder} check, and wubu --policy {$folder} plan to see what it would do; once it is decided: wubu --policy {$folder} apply --reason DECISION --as USER
 }
promote-clause = Clause {$number}
timeliness-workflow = {$title}: whole orders
timeliness-step = {$title}: this step
timeliness-none = N/A (nothing to count)
timeliness-with = At the station, with it
timeliness-before = At the station, before
timeliness-others = Other stations
timeliness-periods = Issued {$from} to {$to}, beside the station's own of {$before} to {$until} and other stations' of the same days
adopted-same = the same at {$stations}
adopted-stricter = stricter at {$stations}
adopted-looser = less than this at {$stations}
adopted-other = something else at {$stations}
adopted-bureau = as the bureau says at {$stations}
adopted-between = {"; "}
adopted-nobody = no other station to compare
adopted-line = {$clause}: {$said}
adopter-same = The same
adopter-stricter = Stricter
adopter-looser = Own, less than this
adopter-other = Something else
adopter-bureau = As the bureau says
meeting-title = Proposal to the bureau: “{$overlay}” of {$station}
meeting-station = Proposed by
meeting-overlay = Overlay
meeting-valid = In force
meeting-reason = Reason
meeting-author = Author
meeting-days = {$from} to {$to}
meeting-clauses = What the whole bureau would have
meeting-hindered = What stays with the station
meeting-timeliness = Share in time
meeting-counted = Counted
meeting-how-counted = In time: a step left by the last day of its term; an extension or interruption that was granted moves that day. A whole order is in time when it is done and none of its steps was late. What is open and past its term counts as late; what was cancelled, and what is open and in time, is not counted. Per cent are rounded down.
meeting-adoption = The stations today
meeting-clause = Clause
meeting-texts = Annex: what changes in the texts
meeting-check = Check
meeting-sign-station = For the station
meeting-sign-legal = Legal office
meeting-sign-bureau = For the bureau
meeting-date = Date
why-term = “{$step}” ends on {$end}, as the form says in {$source}{ $some ->
    [yes] {" "}({$of})
   *[no] {""}
 }
why-overlay = { $some ->
    [no] {$address}
   *[yes] {$says} ({$address})
 } is the station's own: overlay “{$overlay}” ({$from} to {$to}, {$author}: {$reason}), {$file}:{$line}
why-overruled = {$address}: the station's script is the stricter one ({$file}:{$line}); the bureau's answers {$bureau}
instead-condition = For the trigger's condition to hold, one of these would have to be otherwise:
instead-condition-none = With one thing otherwise the trigger's condition would still not hold; two at least would have to be
instead-tier = To be {$tier}, one of these would have to be otherwise:
instead-tier-none = With one thing otherwise it would not be {$tier}; two at least would have to be
instead-tier-held = It is {$tier} as it is
instead-input = {$input}: now {$from}, would have to be {$to}{ $some ->
    [no] {""}
   *[other] {" "}or {$more} more
}
instead-before = To be issued by {$day}, one of these would have to be otherwise:
instead-before-none = Neither another tier nor an earlier last visit would have it issued by {$day}
instead-before-tier = {$tier}: it would be issued on {$issue}
instead-before-visit = last visited on {$on} or before
choice-chosen = {$at} “{$step}” (visit {$visit}): {$chosen} chosen
choice-behind = {$at} “{$step}” (visit {$visit}): {$officer} could do it but came after {$chosen}; first come those who did it before, the officer and the backup of the grid, then who has fewest in hand and was given one longest ago
choice-excluded = {$at} “{$step}” (visit {$visit}): {$officer} could not do it: {$reason}; {$chosen} chosen
choice-not-meant = {$at} “{$step}” (visit {$visit}): the step does not mean {$officer} (another role, grid or station); {$chosen} chosen
choice-may-take = The step that is in hand now can be transferred to {$officer}
choice-may-not-take = The step that is in hand now cannot be transferred to {$officer}:
why-inputs = What was read:
read-active = active
read-status = status
read-last_patrol = last patrol
read-id = id
read-name = name
read-station = station
read-home = first station
read-grid = grid
read-lat = latitude
read-lon = longitude
read-tier = tier
read-has = whether there is: {$of}
read-problems = problems found ({$of})
read-overdue_count = times overdue ({$of})
read-within = {$of} at most ago
read-days_since = days since {$of}
read-days_until = days until {$of}
limit-plan = days a plan looks ahead
limit-policy-file = policy file
limit-policy-set = all policy files
limit-policy-nesting = nesting of a policy file
limit-script = script
limit-script-operations = operations of one evaluation
limit-script-calls = calls in a script
limit-script-expressions = nesting of an expression
limit-script-string = text in a script
limit-script-array = list in a script
limit-script-map = map in a script
limit-script-stack = stack of a script
limit-import-file = imported file
limit-import-row = row of an imported file
limit-import-field = field of an imported file
limit-orders-transaction = orders in one transaction
limit-steps = steps of a workflow
limit-visits = visits of a step
limit-sub-orders = depth of sub-orders
limit-errand-attempts = attempts to deliver one message
limit-errand-backoff = longest wait between two attempts
limit-form-answer = answer of a form
limit-attachment = attachment
limit-attachments = attachments of an order

# What verifying finds
V001 = the chain of {$chain} breaks at entry {$seq}: that entry was changed, removed or swapped
    .help = stop using the database, keep it as it is, and give it to the auditors
V002 = order {$order} is not as the ledger says: its row was changed, or is gone
    .help = find out from the ledger who changed it; the row can be restored from there
V003 = order numbers in the ledger are not consecutive: {$order} where number {$expected} was due
    .help = stop using the database, keep it as it is, and give it to the auditors
V004 = the table has {$table} orders, the ledger opened {$ledger}
    .help = orders were added or removed by hand; compare with the ledger
V005 = {$row} of {$table} is not what was imported; it was changed by hand
    .help = import the right list again, and find out who changed it
V006 = {$table} of {$station} do not match the count or the sum in the ledger: rows were added, removed or changed by hand
    .help = compare with the file imported last
V007 = the appraisal of subject {$subject} is not what computing it again gives
    .help = run wubu tick and verify again; if it stays, give it to the administrator

# Explanations
why-days = nominally due {$nominal}, at the latest {$due}, to be issued {$issue}
post-always = without end
filter-unknown-state = there is no state “{$name}”; write one of {$known}
filter-unknown = the policy in force has no such {$what}: “{$name}”; it has {$known}
why-reason = It was opened for this reason: {$reason}
why-opened = order {$number} ({$order}) was opened at {$at} by {$trigger}: tier {$tier}, {$dated ->
    [yes] nominally due {$nominal}, at the latest
   *[no] at the latest
 } {$due}, issue date {$issue}
why-due = its issue date has come: nominally due {$nominal}, at the latest {$due}, issue date {$issue}; the next firing opens it
why-opened-by = order {$number} ({$order}) was opened at {$at} { $how ->
    [order] by order {$from} ({$parent}) at “{$step}”{ $some ->
        [yes] : {$say}
       *[no] {""}
     }
    [hand] by hand, by {$by}
   *[signal] because of the signal “{$signal}”
 }; at the latest {$due}
why-unstaffed = its issue date {$issue} has come, and nobody can be sent: of {$station}, “{$step}” needs {$needed} {$needed ->
    [one] officer
   *[other] officers
 } with a certificate and no conflict, and {$left} {$left ->
    [one] is
   *[other] are
 } there; at the latest {$due}. Once there are enough, the next firing opens it{ $some ->
    [yes] ; {$able} can send somebody
   *[no] {""}
 }
why-deferred = its issue date {$issue} has come, but the officer's cap is used up; it stays due, at the latest {$due}
why-not-due = its issue date has not come: nominally due {$nominal}, at the latest {$due}, issue date {$issue}
why-held-suspended = its issue date {$issue} has come, but it is suspended
why-held-undecided = its issue date {$issue} has come, but the condition could not be answered; it is listed
why-held-when = its issue date {$issue} has come, but the trigger's condition does not hold
why-held-overlap = its issue date {$issue} has come, but an earlier order is still open; skipped
why-held-queue = its issue date {$issue} has come; it waits for the end of an earlier order
why-none-closed = it is closed; nothing more is opened
why-none-no-tier = its tier was never decided, so no due date can be computed
why-none-no-cycle = the register has no cycle of its own for it, so no due date can be computed
why-none-no-anchor = never patrolled and no registration date, so no due date can be computed
why-none-ordered = the order of this cycle{ $some ->
    [yes] {", "}{$number} ({$order}),
   *[no] {""}
 } is open already
why-none-other-kind = this workflow is not about subjects
why-none-no-trigger = the policy in force has no recurring trigger

test-done = {$passed} {$passed ->
    [one] case
   *[other] cases
 } passed, {$failed} failed
test-differs = {$field}: expected {$expected}, got {$got}
test-line = line {$line},{" "}
test-order = workflow {$order},{" "}
test-no-order = no such order was opened
test-refused = not done [{$code}]: {$because}
test-coverage = of {$lines} places that can decide, cases reached {$reached}{ $all ->
    [yes] {""}, all of them
   *[no] ; those not reached are listed above
 }
test-coverage-steps = of {$lines} steps, cases reached {$reached}{ $all ->
    [yes] {""}, all of them
   *[no] ; those not reached are listed above
 }
test-coverage-rows = of {$lines} rows of next, cases reached {$reached}{ $all ->
    [yes] {""}, all of them
   *[no] ; those not reached are listed above
 }
health-file = database
health-bytes = size in bytes
health-integrity = integrity
health-ok = sound
health-served = on a server, which looks after it itself
health-none = none
health-subjects = subjects
health-orders = orders
health-waiting = waiting for appraisal
term-window = end of the window
no-next-no-tier = the tier is not decided: no due date can be computed
no-next-no-cycle = the register has no cycle of its own for it: no due date can be computed
no-next-no-anchor = never patrolled and no registration date: no due date can be computed
no-next-other-kind = this workflow is not about subjects
F004 = the folder has no calendar “{$calendar}” that lists years
    .help = the calendar in use is {$known}; name it after calendar: in the file

# Messages on their way out.
cli-inbox = What an officer has been told, newest first
cli-inbox-example = wubu inbox --as P001
cli-outbox = Outbox messages: waiting, not delivered, tried again
cli-outbox-example = wubu outbox list --state dead
cli-outbox-list-example = wubu outbox list --state dead
cli-outbox-retry-example = wubu outbox retry --cause nobody --preview
cli-outbox-deliver-example = wubu outbox deliver
cli-outbox-list = List what waits by receiver, and what was not delivered by cause
cli-outbox-retry = Try again what was given up for a cause
cli-outbox-deliver = Deliver now, once (a running daemon does it by itself)
cli-arg-cause = Why it was given up, such as nobody or webhook/bridge/http-410
cli-arg-preview = Only say how many
head-cause = cause
head-channel = channel
head-receiver = receiver
head-how-many = count
head-at = at
outbox-waiting = waiting
outbox-nobody = nobody in the post of {$role} {$station}
outbox-dead = not delivered
channel-inbox = inbox
channel-mail = mail
channel-webhook = webhook
inbox-count = {$count} {$count ->
    [one] message
   *[other] messages
 }
inbox-waiting = {$count ->
    [1] 1 more is written and on its way
   *[other] {$count} more are written and on their way
 }: the next tick (wubu tick, or wubu run where it runs) lays them here
outbox-would-retry = {$count} would be tried again
outbox-retried = {$count} will be tried again
outbox-delivered = {$addressed} {$addressed ->
    [one] outbox message
   *[other] outbox messages
 } addressed, {$nobody} for nobody; {$delivered} {$delivered ->
    [one] message
   *[other] messages
 } delivered, {$again} to be tried again, {$dead} given up, {$held} held for want of a secret
channel-no-secret = {$channel}: its secret is not in the environment (WUBU_SMTP_URL for mail, WUBU_WEBHOOK_SECRET for webhooks); messages wait
channel-bad-secret = {$channel}: its secret in the environment cannot be used; messages wait
