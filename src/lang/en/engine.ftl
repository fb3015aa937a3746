# Acting on orders: why not, and what to do

R010 = order {$order} has changed since you looked at it: you saw version {$version}, it is at version {$now}
    .help = look at it again with wubu order show {$order}, then decide
R011 = this order has come to its end and cannot be acted on
    .help = wubu order show tells how it ended; if there is more to do, open a new one with wubu order open
R012 = the order is not at the step “{$step}”
    .help = wubu order show tells where it is; a form handed in late is kept and passed on to whoever has it now, so send it with --form
R013 = the order is at several steps at once: {$here}
    .help = say which one is meant with --step
R014 = “{$step}” waits for other orders, not for a person
    .help = finish the orders it waits for; wubu order show lists them
R015 = the order stands here until a rule is mended: {$cause}
    .help = ask whoever keeps the rules to mend and activate it, then resume the orders with wubu order retry
R016 = the wait before “{$step}” is not over; it can be done from {$from}
    .help = come back then; when the party gave up the wait in writing, use waive and name the document
R017 = “{$step}” needs one of its actions: {$known}
    .help = write one of them in place of the action, such as wubu order act ID {$first} --as USER
R018 = “{$step}” has no action “{$action}”
    .help = {$some ->
        [yes] this step offers {$known};
       *[no] this step offers none, and is done with complete;
     } wubu order act --help lists the actions every step has
R019 = “{$step}” needs the form “{$form}”
    .help = hand it in with --form; it has to say {$fields}; wubu order show ID --form prints it empty

R100 = the form “{$form}” is not filled as it should be and was not taken
    .help = mend what is listed below and hand it in again; the rest may stay as it is
R101 = the signature of “{$officer}” is missing
    .help = ask {$officer} to sign with sign, then complete; nudge reminds
R102 = the term is interrupted since {$from}: nothing can be completed, and it need not be interrupted again
    .help = when the cause is gone, let the term run on with resume, then complete
R103 = the term of “{$step}” is not interrupted
    .help = it is running; there is nothing to resume
R104 = “{$step}” does not wait for anything
    .help = it can be done now
R105 = “{$step}” has no term that could be lengthened or interrupted
    .help = wubu order show lists the steps with terms; statutory terms are set by clock in the rules
R106 = there is no step before “{$step}” to which it could go back
    .help = whoever made a mistake can take it back with recall; a chief can end the order with cancel
R107 = there is nothing that could be recalled
    .help = only what was just completed and nobody has gone on with can be recalled; otherwise ask whoever has it to use return
R108 = this step is not “{$officer}”'s
    .help = wubu order show names who has it; they or a chief can hand it over with transfer
R109 = “{$officer}” may not do this; it belongs to “{$role}”
    .help = {$some ->
        [yes] who can: {$able}; or have the authority handed on in writing first
       *[no] ask somebody who holds that post, or have the authority handed on in writing first
     }
R110 = there is no officer “{$officer}” in the register{$near ->
    [yes] ; was “{$nearest}” meant?
   *[no] {""}
 }
    .help = check the id; new people are taken in with wubu import officers
R111 = “{$officer}” cannot approve or countersign their own matter
    .help = ask somebody else who may
R112 = {$work ->
    [open] “{$step}” is not handed in yet, so there is nothing for {$officer} to sign
   *[none] nothing waits for the signature of “{$officer}”
 }
    .help = {$work ->
    [open] {$assignees} first hands in the form (complete), then you sign; or you hand it in and the other signs
   *[none] whoever has the duty asks for one with add-signer; what is to be confirmed is signed by the person named in it and by nobody else
 }
R113 = the length “{$length}” cannot be read
    .help = write a positive number and a unit, such as 5 workdays or 10 days
R196 = “{$step}” extended by {$length} ends on {$until}, which is past (today is {$today})
    .help = an extension counts from the last day there was, not from today: write a longer one, to today or later; that it was late stays on record
R114 = this order does not stand still because of a rule
    .help = wubu incident list names the orders that do
R230 = the new text of “{$workflow}” has no step at which an order that is at “{$step}” could go on
    .help = say {$step}: <new step> under migrate: of running:; the new step must be of the same kind (a duty, sub-orders or parallel parts)
R231 = { $count ->
        [one] one open order
       *[other] {$count} open orders
    } of “{$workflow}” cannot go on under the new text, which is not in force: {$orders}
    .help = mend running: by the reasons below, or write running: keep and let them finish under theirs
R232 = with the new names the steps “{$first}” and “{$second}” become one, “{$step}”
    .help = name another step for one of them under migrate: of running:
R115 = the rule still fails: {$cause}
    .help = ask whoever keeps the rules to look at that line; try again when it is mended and activated
R116 = orders would start orders more than {$limit} deep; “{$workflow}” was not opened
    .help = ask whoever keeps the rules which workflows start each other
R117 = “{$step}” has no form
    .help = act without --form; if the form is for another step, name it with --step
R118 = “{$officer}” has taken it on already
    .help = {$officer} or a chief can hand it over with transfer
R119 = a reason or a document must be given
    .help = write the reason with --reason and the number of the document with --document
R120 = the statutory term “{$clock}” does not allow this
    .help = the ground follows below; the terms are set in rules/clocks.yaml
R122 = the key “{$key}” was used for another act
    .help = use the same key only to send the same act again; another act needs a new one
R123 = the rule that says whether “{$field}” of the form “{$form}” must be filled fails: {$cause}
    .help = ask whoever keeps the rules to mend and activate it; keep the form and hand it in again then
R188 = “{$steps}” is done already and only waits for {$officer} to confirm it
    .help = sign it: wubu order act {$order} sign --as {$as}
R124 = “{$steps}” still waits for {$people} to confirm it
    .help = each of them signs as himself: wubu order act {$order} sign --as {$signer}; nothing is approved and the order does not end before

act-open = done. {$number} ({$id}) is now at “{$step}”
act-ended = done. {$number} ({$id}) is {$state}; its last step was “{$step}”
act-late = {$number} ({$id}) { $ended ->
        [yes] is {$state}
       *[no] has moved on to “{$step}”
    }: what you handed in is kept{ $some ->
        [yes] , and {$people} is told
       *[no] {""}
    }; wubu order show {$id} tells it in the history
act-confirmed = confirmed “{$step}”: { $what ->
        [extension] the extension asked for by {$by}
        [pause] the pause asked for by {$by}
       *[completion] the work handed in by {$by}
    }
act-waits = { $what ->
        [extension] the extension is not in force yet: {$people} has to sign
        [pause] the pause is not in force yet: {$people} has to sign
       *[completion] “{$title}” has still to be confirmed by {$people} in person
    }: wubu order act {$id} sign --step {$step} --as {$officer}
act-short = “{$step}” takes {$needed} officers and only {$people} has it, who cannot complete it alone; name both: wubu order act {$id} transfer --to ID,ID --reason TEXT
act-unsigned = to be signed off by {$roles}: {$title} ({$document}); it is signed with their approval, or before that with wubu document approve {$document}
act-signed = signed off with it: {$documents}
act-unexplained = sent back without a reason: whoever has it again does not know what to change. Add --reason TEXT next time; this time say it with wubu order act {$id} nudge --note TEXT
act-repeated = this is the answer of the first time; nothing was done twice
bulk-preview = {$orders} {$orders ->
    [one] order matches
   *[other] orders match
 }; nothing was done yet. Add --yes to go on
bulk-done = {$orders} {$orders ->
    [one] order
   *[other] orders
 } matched, {$done} were done, {$refused} were refused
bulk-refused = {$id}  [{$code}] {$text}
incident-line = {$cause}  {$orders} {$orders ->
    [one] order stands
   *[other] orders stand
 } still, since {$since}
incident-order = {$id}  at “{$step}” since {$since}
incident-none = no order stands still
signal-noted = signal {$name} noted ({$id}){ $orders ->
    [0] ; it opened no order, and no open order listens to it
   *[other] {""}
 }
signal-opened = opened: {$orders}
signal-reached = reached: {$orders}
signal-already = open already, so that no other was opened: {$orders}
signal-register = note: a signal reaches open orders alone; in the register {$id} still is {$status}, and orders go on falling due. Import a file with its new status and date: wubu import subjects FILE.csv
