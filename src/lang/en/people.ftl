# People: why somebody was passed over, why somebody may not

excluded-unknown = not in the roster
excluded-left = had left by that day
excluded-leave = on leave that day
excluded-post = did not hold the post that day
excluded-uncertified = had no enforcement certificate
excluded-lapsed = certificate not valid that day
excluded-conflict = keeps away from this subject
excluded-avoided = did a step that this one judges
exclusion-unknown = not in the roster
exclusion-left = left on {$on}
exclusion-leave = on leave until {$to}, substitute: {$substitute}
exclusion-post = does not hold the post “{$role}” that day
exclusion-uncertified = has no enforcement certificate
exclusion-lapsed = certificate valid only until {$until}
exclusion-conflict = keeps away from this subject ({$document})
exclusion-avoided = did “{$because}” and so must not do this step

R020 = the roster has no officer “{$officer}”{$near ->
    [yes] ; was “{$nearest}” meant?
   *[no] {""}
 }
    .help = check the id; new people are imported first (wubu import officers)
R021 = “{$officer}” left on {$on} and can no longer act
    .help = whoever took over acts; if the date is wrong, correct it with wubu officer left
R022 = “{$officer}” is on leave until {$to}{$replaced ->
    [yes] {"; "}{$substitute} stands in
   *[no] {"; "}nobody stands in
 }
    .help = the substitute acts meanwhile; after an early return, they or a head shorten the leave with wubu officer leave; one entered wrongly is taken back with --withdraw
R023 = “{$officer}” has no enforcement certificate, which this step asks for
    .help = let a certified officer act; if there is a certificate, import its number and last day
R024 = the certificate of “{$officer}” was valid until {$until}, not on the day of the act
    .help = let an officer with a valid certificate act; if it was renewed, import the new last day
R025 = “{$officer}” keeps away from this subject ({$document})
    .help = let somebody else act, or let the chief assign the step anew
R026 = “{$officer}” did “{$step}” and must not judge their own work
    .help = whoever does a thing and whoever reviews it are two people; let another head act
R027 = this step is not that of “{$officer}”; it is with {$assignees}
    .help = let its owner act; the owner or the chief can transfer it
R028 = this step is for “{$role}”, which “{$officer}” does not hold that day
    .help = {$some ->
        [yes] it is held by {$able}; let one of them act, or act on their written delegation
       *[no] let the holder act, or act on a written delegation; where nobody holds it, ask the next head up to see to it
     }
R029 = “{$officer}” has claimed this step
    .help = let them act, or ask them to give it back first
R030 = this step takes {$needed} officers together; only {$present} took part
    .help = nobody does it alone. Let the owner or the chief name who went along: wubu order act ID transfer --to ID,ID --reason TEXT
R031 = “{$officer}” is named twice; it takes different people
    .help = name another officer who took part
R032 = only “{$role}” in person may do this step
    .help = the law allows neither delegation nor a substitute here; let the principal act
R033 = the authority of “{$officer}” was itself delegated and cannot be delegated again
    .help = let the one who delegated it first delegate it in writing once more
R034 = the days run backwards: {$from} is after {$to}
    .help = the first day cannot be later than the last
R035 = no document is named
    .help = this needs something in writing; give the name or number of the document
R189 = “{$officer}” does not serve at “{$station}”, whose people do this step
    .help = name somebody of that station; when the subject has moved, import the register first, and its duties move by themselves
R036 = “{$officer}” cannot stand in for, or delegate to, themselves
    .help = name another officer
R037 = the recusal of “{$officer}” is decided by {$decider ->
    [collective] the heads in collective discussion
    [principal] the principal head
   *[head] a head of the station or of the bureau
 }
    .help = staff: a head; a deputy head: the principal; the principal: collective discussion; say who decided with --decided-by ID, who lays it down himself
R038 = “{$officer}” wrote this change and cannot approve it
    .help = let somebody else approve it
R039 = the policy has no role or duty “{$role}”{$near ->
    [yes] ; was “{$nearest}” meant?
   *[no] {""}
 }
    .help = roles stand under roles in bureau.yaml, duties in rules/duties.yaml
R090 = “{$officer}” still has {$blanks} blank documents in hand and cannot leave
    .help = let the keeper take them back, or have them voided or reported lost; wubu document list --blanks --officer lists them

cli-officer = Look at people; lay down posts, leaves, departures, delegations and recusals
cli-officer-example = wubu officer leave P01 --from 2026-03-01 --to 2026-03-05 --substitute P04 --as P07
cli-officer-list-example = wubu officer list --station dongguan
cli-officer-show-example = wubu officer show P001
cli-officer-post-example = wubu officer post P004 --role inspector --from 2026-03-01 --as P049
cli-officer-leave-example = wubu officer leave P001 --from 2026-03-01 --to 2026-03-05 --substitute P004 --as P049
cli-officer-left-example = wubu officer left P001 --on 2026-03-31 --as P049
cli-officer-delegate-example = wubu officer delegate P049 --taker P053 --from 2026-03-01 --to 2026-03-05 --document D-1 --as P049
cli-officer-conflict-example = wubu officer conflict P001 --subject 91210100TEST0001X5 --decided-by P049 --document C-1 --as P049
cli-officer-email-example = wubu officer email P001 --address p001@example.cn --as P001
cli-officer-list = List people
cli-officer-show = All that is kept of one person
cli-officer-post = Lay down a post or duty with its days
substitute-uncertified = note: {$who} has no valid certificate; steps that ask for one go to others of the grid or to a head instead
cli-officer-leave = Lay down a leave and who stands in; one that begins on the same day is replaced
cli-officer-left = Lay down the last day of service; from 24:00 on nothing can be done
cli-officer-delegate = Lay down a written delegation
cli-officer-conflict = Lay down a recusal
cli-officer-email = Lay down where notices go
cli-arg-role = role or duty
cli-arg-from-day = first day
cli-arg-until-day = last day
cli-arg-to-day = last day
cli-arg-substitute = who stands in
cli-arg-taker = who may use the authority
cli-arg-document = the document it rests on
cli-arg-decided-by = who decided; left out when it was collective discussion
cli-arg-address = e-mail address
head-officer = officer
head-roles = posts
head-certified = certified
head-open = open
head-left = left on
head-email = e-mail
head-post = post
head-leave = leave
leave-substitute = substitute: {$who}
every-workflow = every workflow
head-delegation = delegation
recusal-waits = (collective discussion, said by {$officer}; it counts once another head says so, too)
head-recusal = recusal
service-serving = serving
service-on-leave = on leave
service-left = left
power-word = {$power ->
    [post] lay down a post or duty of this officer
    [leave] lay down a leave of this officer
    [departure] lay down that this officer leaves
    [delegation] lay down that this authority is handed on
    [conflict] lay down a recusal of this officer
    [address] lay down where this officer's notices go
    [import] import subjects and inspections
    [import-staff] import officers, stations and grids
    [apply] put a policy into force or propose it
    [approve] approve a proposed policy
    [rollback] go back to an earlier policy
    [calendar] import a calendar
    [signal] give a signal about this subject
    [open] open an order by hand
    [retry] let orders that stand still go on, or undelivered messages be tried again
    [issue] issue blanks to this station
    [keep] sign this blank out, take it back or void it
    [lost] report this blank lost
    [close-month] close the books of this month
    [draft] make this document or lay it before its approver
    [sign-off] sign this document off, send it back or void it
    [seal] seal this document
    [serve] record the service of this document
    [file] file these documents
    [correct] correct or revoke this document
    [accept-clock] accept the clock
    [repair] work derived tables out anew
    [nudge] remind those who have this order
    [copy] send a copy of this order
    [attach] hand in files for this order
   *[other] do this
 }

R150 = {$officer} may not {power-word}
    .help = {$some ->
    [yes] who may: {$able}
   *[no] nobody in the register may; a head of the bureau is missing, or the administrator imports one (wubu import officers)
 }
R151 = {$officer} may not {power-word}: it is their own matter
    .help = nobody decides their own; let another head do it
R152 = {$officer} cannot give the role “{$role}”, which is not below their own
    .help = let a head of a higher rank give it
R153 = no officer is registered in this database, so nobody can be told by name
    .help = import the list of officers first (wubu import officers); until then only import, apply and tick are allowed
R181 = the policy names “{$officer}” as administrator (administrator: in bureau.yaml), who is nobody of the roster or has left
    .help = add --as ID of somebody who may; and let administrator: name somebody in service, then wubu apply
R191 = “{$officer}” can hold “{$role}” from today ({$today}) on, and not from a day that is over
    .help = let the post begin today; posts held for long are imported with their first day: wubu import officers
R194 = “{$officer}” cannot be given authority for days that are over: a delegation begins today ({$today}) or later
    .help = write today or a later day; what was left undone is for whoever had the authority on those days
R192 = “{$officer}” still did something at {$at} and cannot have been gone or on leave on that day
    .help = write a later day; if it was somebody else who acted, find that out first
R182 = this recusal is {$decider}’s decision, and “{$officer}” cannot lay it down
    .help = whoever decides it lays it down: let {$decider} do it as himself (--as), or the administrator by the written decision
R183 = “{$address}” is no mail address
    .help = write one address such as name@example.org, without blanks, line breaks or further addresses
R154 = a person must be named: only who is in the register may {power-word}
    .help = add --as with the officer's id
system-administrator = system administrator
