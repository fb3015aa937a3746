# Texts of the script room. S0 is found by reading a script, S1 by running it.
S001 = {$expects ->
        [semicolon] this statement has no ; at its end
        [yes] the script cannot be read on from here: {$found}; {$wanted} is expected
       *[no] the script cannot be read on from here: {$found}
    }
    .help = look here and at the line above: are brackets paired, is a semicolon or a comma missing or doubled
S002 = full-width {$found} is used here
    .help = switch the keyboard to English and write {$ascii}
S003 = the letter {$found} in {$word} only looks like an English one
    .help = delete the word and type it again with the English keyboard
S004 = this is too large; the limit is {$limit} KiB
    .help = move long tables to a YAML table under rules and read it with lookup, or split the file
S005 = this is nested too deeply; {$limit} levels at most
    .help = turn a long else-if into a table read with lookup; give parts of a long condition to functions with names
S006 = {$word} may not be used in rules
    .help = a rule sees one subject and its history, no clock, no files, and cannot catch errors; remove it
S007 = this text has no closing quote
    .help = add a double quote at the end of the text; text cannot run over lines
S008 = nothing here is called {$name}{$near ->
        [yes] ; did you mean {$nearest}?
       *[no] {""}
    }
    .help = ask a subject as subject.attribute; name what is your own with let first; put text in double quotes. Names known here: {$known}
S009 = there is no function called {$name}{$near ->
        [yes] ; did you mean {$nearest}?
       *[no] {""}
    }
    .help = the list of functions is fixed, for example {$known}; or write one with fn in the same file
S010 = {$name} takes {$wanted} arguments, {$got} are written
    .help = add or remove arguments; they are separated by commas
S011 = a subject has no {$attribute}{$near ->
        [yes] ; did you mean {$nearest}?
       *[no] {""}
    }
    .help = attributes are declared in bureau.yaml; use the id or the title. Known: {$known}
S012 = there is no field {$field} here{$near ->
        [yes] ; did you mean {$nearest}?
       *[no] {""}
    }
    .help = fields come from the form, the step or the order. Known: {$known}
S013 = the two sides cannot be compared: left is {$left ->
        [kind-flag] yes or no
        [kind-number] a number
        [kind-text] text
        [kind-day] a date
        [kind-count] a count of days
        [kind-subject] the subject
        [kind-row] a row of a table
        [kind-record] a group of fields
        [kind-list] a list
        [kind-lambda] a condition
        [kind-nothing] no value
       *[other] something else
    }, right is {$right ->
        [kind-flag] yes or no
        [kind-number] a number
        [kind-text] text
        [kind-day] a date
        [kind-count] a count of days
        [kind-subject] the subject
        [kind-row] a row of a table
        [kind-record] a group of fields
        [kind-list] a list
        [kind-lambda] a condition
        [kind-nothing] no value
       *[other] something else
    }
    .help = compare numbers with numbers and text with text; no quotes around numbers, quotes around text
S014 = a condition must be yes or no; this is {$kind ->
        [kind-flag] yes or no
        [kind-number] a number
        [kind-text] text
        [kind-day] a date
        [kind-count] a count of days
        [kind-subject] the subject
        [kind-row] a row of a table
        [kind-record] a group of fields
        [kind-list] a list
        [kind-lambda] a condition
        [kind-nothing] no value
       *[other] something else
    }
    .help = write a comparison such as area > 500, or ask with has(…)
S015 = {$text} is none of the possible values, so this never holds{$near ->
        [yes] ; did you mean {$nearest}?
       *[no] {""}
    }
    .help = possible values: {$known}
S016 = the subject cannot be used as a whole
    .help = say which part, such as subject.industry; it can only be handed to a function as an argument
S017 = a condition between bars may use only its own parameter, not {$name} from outside
    .help = write the value itself, or use a for loop in a function
S018 = {$list} may be empty, and all holds of an empty list
    .help = put {$list}.len() > 0 && in front
S019 = the value after switch may be missing, or its type is not known
    .help = ask with has(…) or give a default with ?? first, or use if
S020 = this may be missing, and then the subject stays undecided
    .help = ask with has(…) first, or give a default with ??, as in (subject.area ?? 0.0)
S021 = “{$text}” is not a period
    .help = write a number and a unit, such as 12 months, 1 year, 30 days; not working days or hours
S022 = this must be written out and cannot be a variable
    .help = write the text in double quotes, so that it can be checked when loaded
S023 = there is no problem level “{$level}”{$near ->
        [yes] ; did you mean {$nearest}?
       *[no] {""}
    }
    .help = levels are listed under problem_levels in bureau.yaml: {$known}
S024 = there is no table “{$table}”{$near ->
        [yes] ; did you mean {$nearest}?
       *[no] {""}
    }
    .help = tables are YAML files under rules. Known: {$known}
S025 = table {$table} has no column {$column}{$near ->
        [yes] ; did you mean {$nearest}?
       *[no] {""}
    }
    .help = its columns: {$known}
S026 = there is no parameter “{$param}”{$near ->
        [yes] ; did you mean {$nearest}?
       *[no] {""}
    }
    .help = parameters are declared under params. Known: {$known}
S027 = {$name} may stand only on one side of a comparison with a number or param(…)
    .help = write it like {$name}(subject.last_patrol) > 90, so that the day of change can be computed
S028 = there is no tier “{$tier}”{$near ->
        [yes] ; did you mean {$nearest}?
       *[no] {""}
    }
    .help = tiers are listed in rules/tiers.yaml: {$known}; no spaces around them
S029 = the answer here must be {$wanted ->
        [tier] a tier, which is text
        [flag] yes or no
       *[other] a number
    }, but it is {$kind ->
        [kind-flag] yes or no
        [kind-number] a number
        [kind-text] text
        [kind-day] a date
        [kind-count] a count of days
        [kind-subject] the subject
        [kind-row] a row of a table
        [kind-record] a group of fields
        [kind-list] a list
        [kind-lambda] a condition
        [kind-nothing] no value
       *[other] something else
    }
    .help = answer with what the function is asked for
S030 = this way through ends without an answer; it must be {$wanted ->
        [tier] a tier, which is text
        [flag] yes or no
       *[other] a number
    }
    .help = add an else, or write the answer at the end
S031 = no rules file defines the function {$name}
    .help = write fn {$name}(subject) in rules/risk.rhai
S032 = the function {$name} is defined twice
    .help = keep one; rename or delete the other
S033 = {$name} comes back to calling itself
    .help = functions in rules cannot call each other in a circle; use a for loop
S034 = there is too much here to check; the limit is {$limit}
    .help = split the file, or turn repeated tests into a table
S035 = this stands outside any function and would never run
    .help = move it into a fn, or delete it
S036 = the function {$name} must take exactly one parameter
    .help = write fn {$name}(subject); the name is free
S037 = this must be {$wanted ->
        [kind-flag] yes or no
        [kind-number] a number
        [kind-text] text
        [kind-day] a date
        [kind-count] a count of days
        [kind-subject] the subject
        [kind-row] a row of a table
        [kind-record] a group of fields
        [kind-list] a list
        [kind-lambda] a condition
        [kind-nothing] no value
       *[other] something else
    }, but it is {$kind ->
        [kind-flag] yes or no
        [kind-number] a number
        [kind-text] text
        [kind-day] a date
        [kind-count] a count of days
        [kind-subject] the subject
        [kind-row] a row of a table
        [kind-record] a group of fields
        [kind-list] a list
        [kind-lambda] a condition
        [kind-nothing] no value
       *[other] something else
    }
    .help = use a fitting attribute; time functions take a date field of the subject directly
S038 = the function {$name} uses a loop, switch or a list and runs on the slower path
    .help = it may stay; with many subjects, if and lookup are much faster
S039 = a comparison is written ==; one = assigns
    .help = change = to ==
S040 = reading this script broke the program
    .help = undo the last change and add it again in parts to find the sentence; please tell the maintainers
S041 = {$name} cannot be used in a form: whether a field must be filled does not depend on the day
    .help = compare with another field of the form, or ask in the workflow's facts
S042 = the bureau has not opened {$name} to stations
    .help = ask the bureau to write {"{"}path: rules.{$name}, change: raise{"}"} under station_may in rules/tiers.yaml, or remove the function
S101 = the rule took more than {$limit} steps
    .help = check that loops end, or use a table
S102 = calls are nested more than {$limit} deep
    .help = functions cannot go on calling; use a for loop
S103 = the rule built a text or list that is too large
    .help = a rule should read, and not build long content
S104 = a value that the rule compares is missing
    .help = complete the register or the record, or ask with has(…), ?? or <step>.done in the rule
S105 = values of different types are compared: {$left} and {$right}
    .help = compare numbers with numbers and text with text
S106 = {$word} is not allowed in rules
    .help = remove it
S107 = this cannot be calculated: {$what}
    .help = can the divisor be zero, or a number too large
S108 = the score is not a finite number
    .help = look at divisions, powers and the arguments of sqrt and ln
S109 = the rule answered “{$tier}”, which is no tier
    .help = tiers are: {$known}; no spaces around them
S110 = the rule did not answer with what it was asked for: {$found}
    .help = tier answers with text, score with a number, a condition with yes or no
S111 = the rule failed here: {$what}
    .help = check the sentence at this place
S112 = running the rule broke the program
    .help = the subject keeps its tier; please tell the maintainers
S113 = the evaluation was told to stop; this is no verdict
    .help = run it again
S114 = this version of the rules is in quarantine and decides nothing new; the subject keeps its tier
    .help = wubu doctor names the place that fails; mend the rules and activate them, then all are appraised again
S115 = the record holds {$found} under {$field}, which must be {$wanted ->
        [kind-flag] yes or no
        [kind-number] a number
        [kind-text] text
        [kind-day] a date
        [kind-record] a group of fields
        [kind-list] a list
       *[other] something else
    }
    .help = correct the record of this step; the form says what belongs there
S116 = the rule took longer than {$limit} milliseconds, twice; this is no verdict
    .help = it is asked again on the next day, or when it is tried again; if it stays so, let the rule build shorter texts and lists

# Why a rule gave no answer, in a sentence: code is one of those above, place where the rule stands.
rule-cause = {$place ->
    [none] {""}
   *[other] {$place}:{" "}
 }{$code ->
    [S101] the rule takes too long
    [S102] functions call each other too deeply
    [S103] the rule makes too long a text or list
    [S104] what the rule compares is not there
    [S105] the two sides of a comparison are of different kinds
    [S106] the rule uses what rules may not
    [S107] it cannot be computed, such as a division by zero
    [S108] the score is no finite number
    [S109] the rule answered with a tier that does not exist
    [S110] the rule answered with something else than was asked
    [S111] the rule failed
    [S112] the program failed while running the rule
    [S113] the evaluation was stopped
    [S114] this version of the rules decides nothing new at present
    [S115] what is recorded does not fit the form
    [S116] the rule took too much time
   *[other] the rule gave no answer
 } ({$code})
undecided-since = Undecided: {$cause}. Tier and score are the last ones decided
station-script-failed = The station's own script has no answer: {$cause}. Tier and score are those of the bureau's script
undecided-lacks = what the rules read and do not have: {$names}
undecided-line = {$file}, line {$line}: {$text}
