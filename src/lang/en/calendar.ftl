# Words of calendars, schedules and statutory clocks

-cron-help = The five fields are minute, hour, day of the month, month, weekday: "0 7 * * *" is every day at 7:00, "0 7 * * 1-5" is Monday to Friday at 7:00

C001 = A schedule has five fields (minute hour day month weekday); this one has {$found}
    .help = { -cron-help }. Six fields put the second first, seven add the year at the end; put one space between fields
C002 = “{$text}” is not a {$field ->
    [second] second
    [minute] minute
    [hour] hour
    [day] day of the month
    [month] month
    [weekday] weekday
   *[year] year
 }
    .help = {$field ->
    [weekday] Write 0 to 7 (0 and 7 are both Sunday), or SUN MON TUE WED THU FRI SAT
    [month] Write 1 to 12, or JAN to DEC
    [day] Write {$min} to {$max}; for every day write *
   *[other] Write a whole number from {$min} to {$max}, or *, a list 1,15, a range 1-5, a step */10
 }
C003 = There is no {$field ->
    [second] second
    [minute] minute
    [hour] hour
    [day] day of the month
    [month] month
    [weekday] weekday
   *[year] year
 } {$text}; it must be {$min} to {$max}
    .help = {$field ->
    [hour] Midnight is written 0
    [weekday] Sunday is 0 or 7, Monday 1, Saturday 6
   *[other] Check the order of the fields: minute hour day month weekday
 }
C004 = The range “{$text}” runs backwards
    .help = {$field ->
    [weekday] To cross the weekend, write two parts: FRI-MON becomes 5-7,1
   *[other] To cross the end, write two parts: from 22 to 2 o'clock becomes 22-23,0-2
 }
C005 = The step “{$text}” does not fit: it must be a whole number above 0 and no longer than its range
    .help = {$field ->
    [minute] Steps do not cross the hour: */90 is not every 90 minutes. Write out the times you want
   *[other] A step works only inside its own field ({$min} to {$max}); write out the numbers you want, such as 1,15
 }
C006 = A step needs * or a range in front of “/”; programs differ on what a single number means there
    .help = If you mean every so often from that number on, write {$instead}
C007 = “{$text}” is not supported in a schedule (L, W and # are not)
    .help = For the end of a month or the n-th working day, let the schedule fire every day and use days: workdays and the recur rules for the date
C008 = “{$text}” is a full-width character
    .help = Type the plain character “{$instead}” instead (switch the input method to English)
C009 = A number is missing in a list: every comma needs something on both sides
    .help = Remove the extra comma or add the missing number
C010 = This schedule does not fire once in the next nine years
    .help = Check that the month has that day (there is no 31 February) and that the year is not past
C011 = Nicknames such as “{$text}” are not supported
    .help = Write five fields. { -cron-help }
C012 = The schedule is too long; it may have {$most} characters
    .help = Use * or a range instead of a long list

C020 = The year {$year} is not between 1900 and 2200
    .help = Check the year
C021 = The year {$year} is listed twice
    .help = Put the rest days and make-up days of one year in one place
C022 = {$day} does not belong to {$year}
    .help = List each day under its own year; days in December of the year before, if the notice names them, may stand here too
C023 = {$day} is listed both as a rest day and as a working day
    .help = Check the State Council notice and keep one of the two
C024 = {$day} is an ordinary Monday to Friday anyway; it need not be listed as a make-up day
    .help = Check the date; make-up days are usually Saturdays or Sundays
C025 = The holidays of {$year} are not entered yet; dates in that year are counted Monday to Friday and marked provisional
    .help = When the notice is out, enter it with wubu calendar import; provisional dates are then computed again
C026 = The range of days “{$text}” runs backwards
    .help = Write first..last, both included, such as 2026-01-01..2026-01-03

C040 = No rule for “{$clock}” governs an event on {$from}; the earliest applies from {$first}
    .help = Check the date; for earlier events add the rule of that time under versions in rules/clocks.yaml
C041 = “{$clock}” cannot be paused for “{$reason}”
    .help = It can be paused for: {$known}
C042 = A pause for “{$reason}” needs a document
    .help = Name the served document ({$document}); without it the clock goes on
C043 = The pause runs backwards: {$from} is after {$to}
    .help = Write start..resume: the first day is not counted, the day of resuming is
C044 = The pause starts on {$from}, before the clock starts on {$start}
    .help = Check the dates; there is nothing to pause before the clock starts
C045 = The pause starts on {$from}, but the clock ran out on {$end}
    .help = A clock that has run out cannot be paused
C046 = “{$clock}” cannot be extended
    .help = The matter must be finished in time; the law knows no extension here
C047 = “{$clock}” can be extended {$times} times at most
    .help = No extension is left
C048 = The extension was granted on {$on}, after {$limit}, and has no effect
    .help = An extension must be granted before the clock runs out ({$limit} itself is in time)
C049 = The extension was granted on {$on}, before the clock started on {$start}
    .help = Check the day of the grant
C050 = “{$clock}” cannot be paused
    .help = No reason for a pause is listed for this clock; it goes on
