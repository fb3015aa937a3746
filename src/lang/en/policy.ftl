# Policy files: how they are written (Y) and what they say (P)
Y001 = From here on this cannot be read: it is not well-formed YAML
    .help = Look at this line and the one above: indents must line up, a space must follow a colon, and text that holds : # {"{"} {"}"} [ ] , & * ! must be quoted
Y002 = The bracket or quote opened here is not properly closed
    .help = Add the ], {"}"} or quote where it should end, and put a comma between entries
Y003 = The indent of this line does not fit the lines around it
    .help = Lines of one level start in the same column, the next level two spaces further in; entries that begin with “- ” line up too
Y004 = A tab is used for indentation; only spaces may be
    .help = Replace the tab by spaces, two for each level; most editors can be set to do so
Y005 = { $wanted ->
    [space] This is a full-width space; an ordinary space is needed here
   *[other] ‘{$character}’ is a full-width character; ‘{$wanted}’ is needed here
 }
    .help = Switch to half-width input and type it again; full-width marks belong in sentences only
Y006 = A space is missing after the colon
    .help = Write “key: value”, with one space after the colon
Y007 = The file is in {$encoding}; it has to be UTF-8
    .help = Open it in an editor, choose “save as” with the encoding UTF-8, and try again
Y008 = There is a control character here ({$character})
    .help = Delete it and type the text again; it was probably pasted in
Y009 = There is an invisible character here ({$character}): what is shown is not what is read
    .help = Delete it and type the text again; it was probably pasted from a web page
Y010 = A file holds one document; another one begins here
    .help = Remove the ---, or put the second one into a file of its own
Y011 = The file is empty, or holds comments only
    .help = Write its content, or delete the file
Y012 = The file is too large; the most is {$limit}
    .help = Split it into files of at most {$limit}
Y013 = The policy files have {$size} in all; the most is {$limit}
    .help = See whether data files were put there; data belongs into register/ or is imported with wubu import
Y014 = This is nested more than {$limit} levels deep
    .help = Use fewer levels; a policy needs fewer than ten, so there are probably too many brackets
Y015 = Anchors (&) and aliases (*) are not used in policy files
    .help = Write the content out; if & or * belongs to the text, put the text in quotes
Y016 = Tags such as “{$word}” are not used in policy files
    .help = Remove the tag; if the exclamation mark belongs to the text, put the text in quotes
Y017 = The condition begins with an exclamation mark, so “{$word}” is read as a YAML tag
    .help = Put the whole condition in quotes, such as when: "!done"
Y018 = Merge keys (<<) are not used in policy files
    .help = Write the content out, so that a reader sees all of it
Y019 = “{$key}” is written twice in one place; the first is on line {$first}
    .help = Keep one; if they differ, decide which is meant
Y020 = Lines that begin with % are not used in policy files
    .help = Delete the line
Y021 = What stands before a colon must be a name, not a bracket
    .help = See whether there is a bracket too many; text that begins with {"{"} or [ must be quoted
Y022 = In double quotes a backslash is followed by something unknown
    .help = Use single quotes, in which a backslash is just a backslash
Y023 = The text holds a colon and a space, which reads as another “key: value”
    .help = Put the whole text in quotes
P001 = “{$key}” is not known here
    .help = { $near ->
    [yes] Did you mean “{$nearest}”?
    [empty] Nothing of the kind is declared yet
   *[no] What can stand here: {$known}
 }
P002 = “{$key}” is missing
    .help = Add “{$key}: …”
P003 = The value is missing
    .help = Write it after the colon, or delete the whole line
P004 = { $want ->
    [map] Some “key: value” entries are
    [list] A list is
   *[text] A text is
 } wanted here; this is { $got ->
    [map] “key: value” entries
    [list] a list
   *[text] a text
 }
    .help = { $want ->
    [map] Write {"{"}key: value, key: value{"}"}, or one entry a line, indented
    [list] Write [a, b], or one entry a line, each beginning with “- ”
   *[text] Remove the brackets or the indent and write the text after the colon
 }
P005 = { $reason ->
    [quoted] The number “{$word}” is in quotes
    [decimal] “{$word}” is not a whole number
    [infinite] “{$word}” is not a definite number
    [spelling] A number is not written like “{$word}”
   *[other] “{$word}” is not a number
 }
    .help = { $reason ->
    [quoted] Remove the quotes
    [decimal] Write a whole number, without a point
   *[other] Write it like 12, -3 or 0.5: no plus sign, leading zeros, separators, unit or exponent
 }
P006 = The number “{$word}” is too large
    .help = If it is an id, put it in quotes; if it is an amount, check it
P007 = {$word} is out of range; {$min} to {$max} is allowed
    .help = Write a number from {$min} to {$max}
P008 = { $quoted ->
    [yes] “{$word}” is in quotes and so is text
   *[no] Yes or no is written true or false, not “{$word}”
 }
    .help = Write true or false, without quotes
P009 = “{$word}” is an id or a text but has no quotes; other programs read it as a number or a truth value and drop its zeros
    .help = Put it in quotes: "{$word}"
P010 = { $reason ->
    [look-alike] “{$character}” in the name “{$word}” is a letter of another alphabet that only looks Latin
   *[character] The name “{$word}” may not hold “{$character}”
 }
    .help = Use letters, digits, underscores and hyphens only, without spaces
P011 = { $reason ->
    [count] “{$word}” has no whole number in front
    [long] “{$word}” is too long
   *[unit] The unit of “{$word}” is not clear
 }
    .help = Write a number and a unit: workdays, days, hours, months or years; such as 5 workdays or 2 months
P012 = The length “{$word}” must be greater than zero
    .help = Write a positive number; negative ones belong only into after: of overdue
P013 = “{$word}”: a cycle is not counted in hours
    .help = Use days, workdays, months or years
P014 = “{$word}” is not a date
    .help = Write it like 2026-01-01, month and day with two digits, and check that the day exists
P015 = “{$word}” is not a year
    .help = Write four digits, such as 2026
P016 = “{$word}” cannot stand here
    .help = { $near ->
    [yes] Did you mean “{$nearest}”?
    [empty] Nothing of the kind is declared yet
   *[no] What can stand here: {$known}
 }
P017 = “{$word}” is used in conditions and cannot be named so
    .help = Use letters, digits and underscores only, and do not begin with a digit; no hyphens, points or slashes
P018 = “{$word}” already means something in conditions and cannot name a step or a fact
    .help = Choose another name
P019 = “{$word}” is built in
    .help = Choose another name; what is built in need not be declared
P020 = “{$word}” is declared twice
    .help = Rename or remove one of them
P021 = This says “{$word}”, the file or folder is called “{$file}”; they have to agree
    .help = Write “{$file}”, or rename the file
P022 = “{$key}” has no entry
    .help = Write at least one
P023 = “{$key}” does not belong here
    .help = Remove it, or check whether the right type was chosen
P024 = “{$key}” is needed here as well
    .help = Add “{$key}: …”
P025 = {$path} is not read: it is in the wrong place or has the wrong extension
    .help = Policy files end in .yaml or .rhai and stand directly in workflows, rules, calendars or stations/<id>/
P026 = There is no bureau.yaml
    .help = Name the policy folder with --policy, or make one with wubu init
P027 = There is no tier table
    .help = Write order and tiers in rules/tiers.yaml
P028 = There can be only one tier table; here is a second one
    .help = Merge them into one file
P029 = This file is none of the known tables: it has no tiers, table or params
    .help = A tier table has order and tiers; a look-up table has table, key, columns and rows; parameters stand under params; documents in rules/documents.yaml, clocks in rules/clocks.yaml
P030 = There are more than {$limit} conditions in all
    .help = Move workflows that are not used elsewhere
P031 = {$first} to {$last} is longer than {$limit} days, which no holiday is
    .help = Check the year and the month
P032 = “{$word}” is not in the folder register
    .help = Lists and outlines stand in the folder register; write register/stations.csv
P040 = There is no step “{$word}”
    .help = { $near ->
    [yes] Did you mean “{$nearest}”?
    [empty] Write the step under steps: of this workflow first
   *[no] What can stand here: {$known}
 }
P041 = There is no role “{$word}”
    .help = { $near ->
    [yes] Did you mean “{$nearest}”?
    [empty] Write the role under roles: of bureau.yaml first
   *[no] What can stand here: {$known}
 }
P042 = There is no workflow “{$word}”
    .help = { $near ->
    [yes] Did you mean “{$nearest}”?
    [empty] Write the workflow in the folder workflows first
   *[no] What can stand here: {$known}
 }
P043 = There is no form “{$word}”
    .help = { $near ->
    [yes] Did you mean “{$nearest}”?
    [empty] Write the form under forms: of this file first
   *[no] What can stand here: {$known}
 }
P044 = There is no kind of document “{$word}”
    .help = { $near ->
    [yes] Did you mean “{$nearest}”?
    [empty] Write the kind in rules/documents.yaml first
   *[no] What can stand here: {$known}
 }
P045 = There is no clock “{$word}”
    .help = { $near ->
    [yes] Did you mean “{$nearest}”?
    [empty] Write the clock in rules/clocks.yaml first
   *[no] What can stand here: {$known}
 }
P046 = There is no table “{$word}”
    .help = { $near ->
    [yes] Did you mean “{$nearest}”?
    [empty] Write the table in the folder rules first
   *[no] What can stand here: {$known}
 }
P047 = This table has no column “{$word}”
    .help = { $near ->
    [yes] Did you mean “{$nearest}”?
    [empty] Write the column under columns: of the table first
   *[no] What can stand here: {$known}
 }
P048 = Subjects have no attribute “{$word}”
    .help = { $near ->
    [yes] Did you mean “{$nearest}”?
    [empty] Write the attribute under subject.attributes: of bureau.yaml first
   *[no] What can stand here: {$known}
 }
P049 = There is no field “{$word}”
    .help = { $near ->
    [yes] Did you mean “{$nearest}”?
    [empty] Write the field under fields: of the form first
   *[no] What can stand here: {$known}
 }
P050 = There is no problem level “{$word}”
    .help = { $near ->
    [yes] Did you mean “{$nearest}”?
    [empty] Write the levels under problem_levels: of bureau.yaml first
   *[no] What can stand here: {$known}
 }
P051 = There is no tier “{$word}”
    .help = { $near ->
    [yes] Did you mean “{$nearest}”?
    [empty] Write the tiers in rules/tiers.yaml first
   *[no] What can stand here: {$known}
 }
P052 = The tier table has no length “{$word}”
    .help = { $near ->
    [yes] Did you mean “{$nearest}”?
    [empty] Write the length in each tier of rules/tiers.yaml first
   *[no] What can stand here: {$known}
 }
P053 = There is no calendar “{$word}” in the folder calendars
    .help = { $near ->
    [yes] Did you mean “{$nearest}”?
    [empty] Put a calendar into the folder calendars first
   *[no] What can stand here: {$known}
 }
P054 = There is no duty “{$word}”
    .help = { $near ->
    [yes] Did you mean “{$nearest}”?
    [empty] Write the duty under duties: of bureau.yaml first
   *[no] What can stand here: {$known}
 }
P055 = There is no text “{$word}” to compare with
    .help = { $near ->
    [yes] Did you mean “{$nearest}”?
    [empty] Nothing of the kind is declared yet
   *[no] What can stand here: {$known}
 }
P056 = There is no trigger “{$word}” (it is written workflow/trigger)
    .help = { $near ->
    [yes] Did you mean “{$nearest}”?
    [empty] Write the trigger under start: of the workflow first
   *[no] What can stand here: {$known}
 }
P057 = There is no time zone “{$word}”
    .help = The nearest name is {$nearest}
P060 = The step “{$step}” does not say what is to be done
    .help = Write who, run, start or parallel, or end: true
P061 = The step “{$step}” is two things at once
    .help = A step is one of who, run, parallel or start/set/draw; make another step for the rest
P062 = who names exactly one of role, duty and same_as
    .help = Such as {"{"}role: chief{"}"}, {"{"}duty: subject.grid{"}"} or {"{"}same_as: patrol{"}"}
P063 = “{$word}” is not another step that people do
    .help = same_as names an earlier step that has who
P064 = station can only be subject.station, not “{$word}”
    .help = Write subject.station, or remove it
P065 = It is not clear who is to be avoided: “{$word}”
    .help = Write conflicts, or <step>.done_by, such as patrol.done_by
P066 = The step “{$step}” leads nowhere
    .help = Write next, or end: true
P067 = The step “{$step}” has both end and next
    .help = Remove next if the order ends here, otherwise remove end
P068 = The last row of next in “{$step}” has a condition, so there is no way on when none holds
    .help = Add a last row without when
P069 = This row has no when, so the rows after it are never looked at
    .help = Move it to the end, or give it a when
P070 = No step leads to “{$step}”
    .help = Lead to it from some step with go: {$step}, or remove it
P071 = From “{$step}” no end can be reached
    .help = Lead from it, or from a step after it, to one with end: true
P072 = This can go round for ever: {$path}
    .help = Give a step of the loop visits: {"{"}at_most: N, then: step{"}"}, with a then that leads out of it
P073 = A workflow has at most {$limit} steps
    .help = Split it and connect the parts with run
P074 = Level {$level} stands twice
    .help = Write one row for each level
P075 = Levels {$level} and {$other} are out of order: the higher level comes later
    .help = Check after and level
P076 = The step “{$step}” has overdue and neither due nor clock to count from
    .help = Add due, or clock where the law sets the term
P077 = The step “{$step}” is an inspection; its form needs {$arrived} (a date or time) and {$problems} (a table with a column {$level})
    .help = Add these fields to its form, or remove records: inspection
P078 = The problem levels of the form “{$form}” ({$levels}) are not those of bureau.yaml ({$known})
    .help = Make them agree
P079 = The tier “{$tier}” has no “{$word}”
    .help = Add it to “{$tier}” in rules/tiers.yaml
P080 = The fact “{$word}” needs itself in the end
    .help = Let one of them do without the other
P081 = A signal has exactly one of do, go and start
    .help = Such as {"{"}on: subject.closed, do: cancel{"}"}; do is cancel, hold, resume, open or chief
P082 = The workflow runs itself: {$path}
    .help = Remove one of the runs
P083 = Workflows are nested more than {$limit} deep: {$path}
    .help = Use fewer levels
P084 = do: open belongs only into workflows with for: subject
    .help = A signal tells of one subject; change for, or write another workflow with for: subject
P090 = recur belongs only into workflows with for: subject
    .help = Change for, or remove recur and start by the schedule alone
P091 = A cycle cannot count from “{$word}”
    .help = { $near ->
    [yes] Did you mean “{$nearest}”?
    [empty] Nothing of the kind is declared yet
   *[no] What can stand here: {$known}
 }
P092 = “{$word}” is not a date, so no cycle can count from it
    .help = Use an attribute with type: date
P093 = first counts from registration, but subjects have no date attribute registered
    .help = Declare registered with type: date in bureau.yaml, or remove first
P094 = “{$word}” cannot be read
    .help = Write it like “40 per officer per month”: how many, for each what (officer, grid, station, subject), in which period (day, week, month, year)
P095 = The anchor is a fixed day of the month, but the cycle “{$word}” is not in months
    .help = Use months or years, or make the anchor rolling
P096 = The cycle “{$cycle}” { $tier ->
    [none] {""}
   *[other] of the tier “{$tier}”
 } needs {$needed} visits a year; at_most allows {$allowed}
    .help = Make the cycle longer, or raise at_most
P097 = The tier “{$word}” is not in order
    .help = Add it to order, strictest first
P098 = “{$tier}” is stricter than “{$other}” but has the longer cycle
    .help = Check the cycles of both
P099 = This version does not begin after the one before
    .help = List versions by from, oldest first, each day once
P100 = There is no “{$word}” to open
    .help = { $near ->
    [yes] Did you mean “{$nearest}”?
    [empty] Nothing of the kind is declared yet
   *[no] What can stand here: {$known}
 }
P101 = “{$word}” cannot be changed in that way
    .help = Use shorten for lengths (within for a tier's other lengths), add for checklists, add-or-earlier for overdue, lower or raise for parameters, lower for at_most, raise for scripts
P103 = There is no “{$word}”
    .help = { $near ->
    [yes] Did you mean “{$nearest}”?
    [empty] The bureau has not opened anything yet (station_may)
   *[no] Write workflow.steps.step.due, workflow.forms.form.items, workflow.start.trigger.at_most, tiers.tier.cycle or params.name, with ids and never with positions; open are: {$known}
 }
P104 = The bureau has not opened “{$word}” to this change
    .help = { $some ->
    [no] Nothing is open here; ask the bureau to open it in station_may
   *[yes] What is open here: {$open}; ask the bureau to open more in station_may
 }
P105 = { $why ->
    [range] “{$word}” is not possible: the bureau leaves a range
    [unit] “{$word}” is not in the bureau's unit (it says {$most} at most); which is longer only the calendar could say
   *[looser] “{$word}” is not possible: a station can only be stricter{ $most ->
        [none] {""}
       *[other] {" "}(the bureau says {$most} at most)
    }{ $floor ->
        [none] {""}
       *[other] {" "}and not go below {$floor}
    }
 }
    .help = { $one ->
    [yes] Only {$most} can stand here: nothing stricter is left
   *[no] { $floor ->
        [none] Write {$most} or a stricter value, in the bureau's unit
       *[other] { $most ->
            [none] Write {$floor} or more
           *[other] Write a value from {$floor} to {$most}, in the bureau's unit
        }
    }
 }
P106 = The window ends before it begins
    .help = Check from and to of valid
P107 = { $short ->
    [yes] “{$word}” is too short: write 6 letters or more of the digest of {$file}, which is now {$digest}
   *[no] {$file} was edited after this overlay was checked against it; its digest is now {$digest}
 }
    .help = { $short ->
    [yes] Write "{$digest}"
   *[no] Where nothing else is reported, everything in it still holds and it goes on; write the new digest when you next look at it
 }
P108 = “{$word}” is not a published item
    .help = Add published_item_id, the item's number in the published list; a station may ask for published items only
P109 = {$word} does not fit at level {$level}: the bureau has that level at {$was}
    .help = Write the bureau's day or an earlier one, in the same unit, or another level; leave out start where the bureau starts something there
P110 = “{$word}” is set by two overlays of this station that are in force on the same days
    .help = Let one of them end before the other begins, or change it in one of them only
P111 = Level {$level} at {$word} does not fit between the others of “{$step}”: levels rise with time
    .help = Compare the whole ladder with: wubu effective {$workflow} --station {$station}
P112 = The cycle “{$cycle}” of the tier “{$tier}” needs {$needed} visits a year; at_most allows {$allowed}
    .help = Make the cycle longer, or ask the bureau to raise at_most
P113 = The overlay “{$word}” ended on {$to} and no longer fits the policy
    .help = Nothing is held up by it, and it is not in force; delete it when you no longer need it
P181 = “{$word}” is not a time of day
    .help = Write it like "02:30", in quotation marks
P120 = “{$word}” is not a mail address
    .help = Write it like wubu@bureau.example: one @, with letters, digits and dots on both sides
P121 = “{$word}” is not an address that can be called
    .help = Begin with https:// (http:// on this machine), name the host, and leave out what follows a #
P122 = The address holds a password or a key, which must not stand in a policy file
    .help = Take it out of the address; put secrets in the environment variable WUBU_WEBHOOK_SECRET (or WUBU_WEBHOOK_SECRET_ID, with the id of the webhook)
P123 = Notices to “{$word}” are not encrypted on the way
    .help = Write https:// if the receiver can; inside the bureau's own network it may stay
P140 = The moment “{$word}” cannot be read
    .help = Write 2026-03-02T09:00, or only the day, 2026-03-02, which is its beginning
P141 = The case does not say which workflow is opened
    .help = Write workflow: and one of {$known}
P142 = There is no act “{$word}”
    .help = { $near ->
    [yes] Did you mean “{$nearest}”?
    [empty] No such name is declared yet
   *[no] There are: {$known}
 }
P143 = There is no refusal “{$word}”
    .help = { $near ->
    [yes] Did you mean “{$nearest}”? The codes are explained in docs/codes.md
    [empty] No such name is declared yet
   *[no] The codes are explained in docs/codes.md; they begin with R or C
 }
P144 = This moment lies before the one above it
    .help = Acts stand in the order of time; look at the date
P145 = The people of this case do not include “{$word}”
    .help = { $near ->
    [yes] Did you mean “{$nearest}”?
    [empty] No such name is declared yet
   *[no] There are: {$known}; somebody new goes to officers under given
 }
P146 = No workflow hears the signal “{$word}”
    .help = { $near ->
    [yes] Did you mean “{$nearest}”?
    [empty] No such name is declared yet
   *[no] There are: {$known}
 }
P147 = “{$word}” is neither an officer nor a role, so nobody can be told
    .help = { $near ->
    [yes] Did you mean “{$nearest}”?
    [empty] No such name is declared yet
   *[no] There are: {$known}
 }
P148 = The step “{$step}” has no level {$level}
    .help = Its levels under overdue: {$known}
P149 = The draw “{$word}” is checked and kept, but this version does not make it; the step only leaves a record
    .help = For now, draw outside the system and enter the result at a later step
P150 = Written like this, “{$key}” needs semantics: 2 in bureau.yaml
    .help = run wubu check --fix: it rewrites the folder in the second version, and its meaning stays
P151 = The action “{$word}” cannot both approve and return
    .help = keep one of approves and returns; where it only leads on, write neither
P152 = The action “{$action}” leads back to “{$to}” and does not say whether it sends back
    .help = write {"{"}id: {$action}, returns: true{"}"} where it sends the work back, so that nothing is signed off; {"{"}id: {$action}{"}"} where it does not
P153 = The form “{$word}” has a checklist and no field that it is answered in
    .help = add one to fields, such as items: {"{"}title: Checklist, type: items{"}"}
P154 = This step is an inspection: say of which kind, and which fields of its form are the arrival and the problems
    .help = write records: {"{"}inspection: kind, arrived: field, problems: table, level: column{"}"}
P155 = There is no kind of inspection “{$word}”
    .help = { $near ->
    [yes] Did you mean “{$nearest}”?
    [empty] Write the kinds under inspection_kinds: of bureau.yaml first
   *[no] Declared are: {$known}; a new one goes to inspection_kinds in bureau.yaml
 }
P156 = { $reason ->
    [unknown] Nothing fills {$part} in the number “{$word}”
    [year] The number “{$word}” shows the year but counts on beyond it, and would read like one of that year
   *[missing] The number “{$word}” has no {$part}, so that two could be the same
 }
    .help = { $reason ->
    [year] leave {$part} out, or write restart: yearly, which begins at 1 each year
   *[other] there are: {$known}
 }
P157 = the power “{$power}” cannot say persons: {$persons}
    .help = only {$known} can say persons: 2: one proposes and another approves; a step of two says officers: 2, and two persons for signing a record or voiding a blank are always asked for
P158 = The attribute “{$word}” is no length of time and cannot be a cycle
    .help = Take one of type: length, or of type: integer with a unit of time, such as unit: months
P159 = The term hangs on “{$word}”, which can say no term
    .help = take a field of type date, datetime or length (or a column of type date or length); for a choice write {"{"}by: step.field, terms: {"{"}critical: 24 hours, minor: 30 days{"}"}{"}"}
P160 = { $required ->
    [yes] “{$word}” need not have been filled when this step is entered, and nothing says which term applies then
    [table] “{$word}” may have no row, or a row that says nothing, and nothing says which term applies then
   *[no] “{$word}” may be left empty, and nothing says which term applies then
 }
    .help = { $way ->
    [choice] say so under else, such as else: 10 workdays
   *[value] say so after ??, such as {$word} ?? 10 workdays
 }{ $required ->
    [yes] {""}
    [table] {""}
   *[no] ; or make the field required: true
 }
P161 = No workflow opens orders of “{$workflow}”, so they have no parent
    .help = write run: {$workflow} in a step of the workflow above it, or take the term from a step of this one
P162 = “{$step}” is part of “{$parallel}” and leads to “{$to}”, which is no step of that part; the other parts do not wait for it
    .help = where the part is over write go: {$word}, and the order goes on when all parts are; what follows them stands under the next of “{$parallel}”
P163 = “{$word}” may be chosen, and nothing says which term it has then
    .help = add {$word} to terms, or say under else what the others have
P170 = The table answers the rows of “{$word}”, which is no table, or has no column like the first one here
    .help = write step.field, such as for_each: patrol.problems; what names a row has the same name in both, such as item
P171 = Step “{$step}” has a term, and nobody is told when it is over
    .help = say whom to tell, such as overdue: [{"{"}after: 0 workdays, level: 1, tell: assignees{"}"}]
P175 = Nobody would be asked “{$word}”: the form has no checklist, or no form asks the items of the tier
    .help = Add it to a form with a field of type items, such as that of the visit; else ask the bureau to give this form such a field
P176 = “{$title}” goes by the id {$id}, which is that of “{$known}”
    .help = Choose another id; the same id with the same title is one item, and asked once
P177 = The bureau has no station “{$word}”
    .help = { $near ->
    [yes] Did you mean “{$nearest}”?
    [empty] Its list of stations is empty
   *[no] Its stations are: {$known}
 }
P178 = Whether “{$word}” is a station of the bureau cannot be known: bureau.yaml names no list
    .help = Write stations: {"{"}file: register/stations.csv{"}"}; what is written for a station of a wrong name is in force for nobody
P179 = floor and ceiling of “{$word}” are { $number ->
    [yes] numbers
   *[no] lengths of time
 }
    .help = { $number ->
    [yes] Write for example floor: 10
   *[no] Write for example floor: 1 workday
 }
P180 = “{$word}” belongs under { $list ->
    [add] add: a list stands there, to which a station adds without changing what is in it
   *[tighten] tighten: a value stands there, which a station makes stricter
 }
    .help = { $list ->
    [add] Move it from tighten to add and list only what is new, as in {$word}: [{"{"}…{"}"}]
   *[tighten] Move it from add to tighten and write the value alone, as in {$word}: 1 workday
 }

label-first = the first is here
label-before = the version before
label-above = the one above
label-declared = declared here
label-tier = this tier
label-also = the other is here
label-from = from this day
label-other = compared with this
label-row = this row
label-base = edited since this was checked
label-misfit = no longer fits
label-bureau = the bureau's
