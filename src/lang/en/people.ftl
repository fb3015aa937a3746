# People: why somebody was passed over, why somebody may not

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
R022 = “{$officer}” is on leave until {$to}
    .help = the substitute acts meanwhile; after an early return, shorten the leave with wubu officer leave
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
    .help = a deputy does not stand for the head; let the holder act, or act on a written delegation
R029 = “{$officer}” has claimed this step
    .help = let them act, or ask them to give it back first
R030 = this step takes {$needed} officers together; only {$present} took part
    .help = name the others who went along; nobody does it alone
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
R036 = “{$officer}” cannot stand in for, or delegate to, themselves
    .help = name another officer
R037 = the recusal of “{$officer}” is decided by {$decider ->
    [collective] the heads in collective discussion
    [principal] the principal head
   *[head] a head of the station or of the bureau
 }
    .help = staff: a head; a deputy head: the principal; the principal: collective discussion
R038 = “{$officer}” wrote this change and cannot approve it
    .help = let somebody else approve it
R039 = the policy has no role or duty “{$role}”{$near ->
    [yes] ; was “{$nearest}” meant?
   *[no] {""}
 }
    .help = roles stand under roles in bureau.yaml, duties in rules/duties.yaml
