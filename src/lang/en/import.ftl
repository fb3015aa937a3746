# Import: problems of files, rows and cells. I00x, I01x stop the file; I02x to I07x reject one row.
I001 = the file is larger than {$limit} GB
    .help = split it and import the parts one by one
I002 = this is an Excel workbook, not CSV text
    .help = save it from Excel as “CSV UTF-8 (comma delimited)” and import that
I003 = this is a web page under another name
    .help = open it in Excel, save it as “CSV UTF-8 (comma delimited)” and import that
I004 = this file is not text
    .help = a CSV file is expected; export it again from where it comes from
I005 = from line {$line} on the text is neither UTF-8 nor GB18030 (it looks like {$encoding})
    .help = save it as “CSV UTF-8” and import that
I006 = line {$line} has bytes that {$encoding} does not know: the file was damaged on its way
    .help = export it again from where it comes from; importing the whole file again does no harm
I007 = the file is empty: there is no heading row
    .help = write the headings in the first row and the data from the second on
I008 = the columns are parted by full-width commas or semicolons
    .help = use plain commas, or save it from Excel as “CSV UTF-8 (comma delimited)”
I009 = the heading row (line {$line}) cannot be read
    .help = check that quotation marks come in pairs and that the row is not too long
I010 = there is no column “{$heading}”, which {$field} comes from{$is_near ->
        [no] {""}
       *[other] ; is it “{$nearest}”?
    }
    .help = change the heading row, or the map under imports in bureau.yaml; the file has: {$known}
I011 = there are two columns “{$heading}”: number {$first} and number {$second}
    .help = remove one of them, or change its heading
I012 = there is no import map called “{$map}”{$is_near ->
        [no] {""}
       *[other] ; is it “{$nearest}”?
    }
    .help = write one under imports in bureau.yaml; there are: {$known}
I013 = the import map “{$map}” does not say where {$field} comes from, which every row needs
    .help = add {$field} under imports in bureau.yaml: the heading of a column, or a fixed value {"{"}const: …{"}"}
I014 = the import map “{$map}” names {$field}, which the register does not have{$is_near ->
        [no] {""}
       *[other] ; is it {$nearest}?
    }
    .help = correct the name; there are: {$known}
I015 = the file has more than {$limit} rows
    .help = split it and import the parts one by one
I016 = far too many quotation marks are open: this is not well-formed CSV
    .help = export the file again, or save it from Excel as “CSV UTF-8 (comma delimited)”
I020 = this row has {$got} cells, the heading row has {$expected}
    .help = add or remove separators; a cell that holds a comma stands in quotation marks
I021 = a quotation mark of cell {$nth} has no other to go with it
    .help = write the missing one at the start or the end of the cell; where the mark belongs to the text, put the whole cell into quotation marks and write it twice
I022 = text follows the closing quotation mark of cell {$nth}
    .help = put the whole cell in quotation marks and write those inside it twice
I023 = this row is longer than {$limit} KB
    .help = check the quotation marks of the row before; very long texts do not belong in the register
I024 = cell {$nth} is longer than {$limit} KB
    .help = check the quotation marks; very long texts do not belong in the register
I030 = this must be filled and is blank
    .help = fill the cell; if no row has it, bureau.yaml can give a default
I031 = character {$position} of the id “{$value}” is a blank
    .help = remove blanks from the id, or correct it from the original
I032 = character {$position} of the id does not look the same everywhere ({$point})
    .help = type the id again instead of copying it from a page
I033 = Excel took the id “{$value}” for a number and damaged it, or letters were typed for 0 and 1
    .help = format the column as text in Excel, enter the ids again and export; lost digits cannot be restored. If the id is right as it is, write yes under “confirmed” in its row of the rejects file and import that file
I034 = the check character of the credit code “{$value}” is wrong: character {$position} should be {$expected}, or one before it is mistyped
    .help = correct it from the business licence; if it stands so on the licence, write yes under “confirmed” in its row of the rejects file and import that file
I035 = the id “{$value}” already stands in row {$first}
    .help = keep one of the two rows; an id may stand once in a file
I036 = “{$value}” is what a spreadsheet shows for a failed formula
    .help = mend the formula, or enter the real value
I037 = character {$position} is a control character ({$point})
    .help = type the cell again
I038 = character {$position} was lost in an earlier conversion; only “�” is left
    .help = export the file again, or restore the character from the original
I039 = the text has characters that do not show, or not everywhere alike ({$point}); it was taken as it is
    .help = compare it with the original; type it again if they are not meant
I040 = “{$value}” is not a date
    .help = write 2026-02-03, 2026/2/3, 2026.2.3 or 20260203
I041 = there is no such day as “{$value}”
    .help = correct it from the original
I042 = the year of “{$value}” has two digits, so it could be one of several
    .help = write the year with four digits, such as 2026-02-03
I043 = “{$value}” is Excel's number of a day, not a date
    .help = format the column as yyyy-mm-dd in Excel and export again
I044 = “{$value}” is not between {$from} and {$to}
    .help = look whether the year is mistyped
I045 = “{$value}” is not a number
    .help = write digits and a decimal point, without a unit
I046 = “{$value}” has thousands separators
    .help = leave them out, such as 1200.50
I047 = “{$value}” is not a whole number, or is too large
    .help = write digits only, without a decimal point or a unit
I048 = “{$value}” is not a number of problems
    .help = write a whole number from 0 to {$most}; blank means none
I049 = “{$value}” is no length of time
    .help = Write it like 3 months, 10 workdays or 1 year: a positive number and its unit
I094 = “{$value}” cannot be “{$title}”: subjects are visited by it, so that it is a whole number from 1 up
    .help = write how long a cycle is; leave it blank where none is set yet
I050 = “{$value}” is neither yes nor no
    .help = write yes or no (true, false, Y, N, 1 and 0 will do as well)
I051 = “{$value}” is not one of the choices{$is_near ->
        [no] {""}
       *[other] ; is it “{$nearest}”?
    }
    .help = there are: {$known}
I052 = “{$table}” has no “{$value}”
    .help = correct the code; if it is really needed, ask those who keep the rules to add it to the table {$table_id}
I053 = the code “{$value}” may have lost a leading zero; then it was “{$nearest}”
    .help = if it was lost, format the column as text in Excel, enter the codes again and export; if not, write yes under “confirmed” in its row of the rejects file and import that file; if it comes every time, say it by values under imports in bureau.yaml
I054 = “{$value}” is not a known status{$is_near ->
        [no] {""}
       *[other] ; is it “{$nearest}”?
    }
    .help = there are: {$known}
I055 = “{$value}” is beyond {$limit} degrees
    .help = look whether latitude and longitude are swapped
I056 = there is a latitude without a longitude, or the other way round
    .help = fill both cells or neither
I057 = there is no role “{$value}”{$is_near ->
        [no] {""}
       *[other] ; is it “{$nearest}”?
    }
    .help = the roles in bureau.yaml are: {$known}
I058 = “{$value}” is not a mail address
    .help = write it like zhao@bureau.example: one @, with letters, digits and dots on both sides; leave it blank where there is none
I059 = the last day {$value} lies before the first, {$from}
    .help = check both days; leave the last day blank where a post has none
I060 = the register has no subject “{$value}”
    .help = import the subjects first, then the inspections
I061 = no station is called “{$value}”{$is_near ->
        [no] {""}
       *[other] ; is it “{$nearest}”?
    }
    .help = there are: {$known}{$whose ->
        [officers] . Of people of the bureau itself, leave the cell blank
       *[others] {""}
     }
I062 = no grid is called “{$value}”{$is_near ->
        [no] {""}
       *[other] ; is it “{$nearest}”?
    }
    .help = there are: {$known}
I063 = there is no officer “{$value}”
    .help = import the officers first, or correct the id
I064 = there are days of a post, and no role
    .help = write the role whose days they are, or leave the days blank

I065 = “{$value}” has not come yet (today is {$today}), so nobody can have been there
    .help = look whether the year is mistyped; only what was inspected is imported
I066 = this is not in the register yet, and what is new needs this to be filled
    .help = fill the cell; if it is not new, look whether its id is mistyped
I067 = character {$position} of the credit code “{$value}” cannot be “{$letter}”{$is_meant ->
        [no] {""}
       *[other] ; it may be “{$meant}”
    }
    .help = correct it from the business licence; if it stands so on the licence, write yes under “confirmed” in its row of the rejects file and import that file
I068 = “{$value}” looks like the credit code {$nearest} with other marks in it
    .help = write the 18 characters alone
I069 = “{$value}” is a formula and no id
    .help = enter the id itself, in a column formatted as text
I070 = “{$value}” only begins like a code of “{$table}”; a whole code has {$digits} digits
    .help = correct the code; if it is really needed, ask those who keep the rules to add it to the table {$table_id}, or to say by values under imports in bureau.yaml which one it stands for
I071 = the grid “{$value}” belongs to {$elsewhere}, not to {$station}
    .help = correct the station or the grid; where the station changes, give the new grid as well. The grids of {$station} are: {$known}
I072 = more than one is called “{$value}”
    .help = write the id; there are: {$known}
I073 = this row would change the roles, posts, station or grids of {$value}, who imports it
    .help = nobody decides his own; let another head who may do so import the row, or the administrator without --as
I074 = {$officer} cannot give or take away “{$value}”: this role is not below his own
    .help = let a head of higher rank import the row, or the administrator without --as
I080 = {$value} cannot change what is kept of {$officer}, who does not stand below
    .help = let a head of higher rank import the row, or the administrator without --as
I091 = “{$value}” is no id; it looks as if none was known
    .help = write the number of the licence; where there is none, give one of your own that nobody else has, such as unlicensed-2026-001
I092 = “{$value}” differs from {$other} only by the case of its letters
    .help = if it is the same, write the id that is known; if not, choose an id that cannot be mistaken
I093 = the title “{$value}” is that of {$other}
    .help = if it is the same station, write its id; if not, choose another title, so that lists of people and grids can tell them apart
I090 = the post's day “{$value}” is over; a post begins today ({$today}) or later, and ends no earlier
    .help = leave the first day blank for today; for posts held for long let the administrator import the row without --as; one that has ended is written with wubu officer post
I096 = “{$value}” is kept for the program and cannot be an officer's id
    .help = choose another id
I097 = the id “{$value}” has letters of two scripts and looks like another id
    .help = type it anew in one script instead of copying it
I098 = whoever imports this keeps away from {$value} ({$document}) and may not change what is kept of it
    .help = let somebody else import this row, or the administrator
I075 = “{$value}” is the id of {$officer} but for the case of its letters, and nobody is registered twice
    .help = if it is the same person, write the id of the register; if not, choose an id that cannot be mistaken
I076 = the certificate “{$value}” is {$officer}’s already
    .help = one certificate, one person: write the id of the register if it is the same person; correct the number; or first correct the other’s
I077 = “{$value}” is the visit that order {$order} recorded itself; an import cannot rewrite it
    .help = of an order’s visit the form that was handed in counts; if it is another inspection, give it another id
I078 = “{$value}” is a name; this cell takes the officer's id
    .help = write the id: {$officer}
I079 = “{$value}” is more than one person; this cell takes one id
    .help = one main officer and one backup officer
# Rejects file
rejects-row = row
rejects-column = column
rejects-code = code
rejects-reason = reason
rejects-cure = what to do
rejects-confirmed = confirmed
rejects-mark = {"; "}
