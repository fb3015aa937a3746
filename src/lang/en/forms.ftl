# Forms and attachments

R040 = the answer to “{$field}” has {$size} KiB; the limit is {$limit} KiB
    .help = shorten the texts; photos and files are attached, not written into the form
R041 = “{$field}” is answered field by field
    .help = write it as {"{"}"field": "content"{"}"}; fields go by id or by Chinese title
R042 = “{$field}” has no field “{$word}”{$near ->
    [yes] ; was “{$nearest}” meant?
   *[no] {""}
 }
    .help = it has: {$known}
R043 = “{$field}”{$row ->
    [0] {""}
   *[other] {" "}(row {$row})
 } must be filled
    .help = fill it; blanks count as nothing
R044 = “{$field}” is there twice
    .help = write each field, item and photo once; do not use both its id and its title
R045 = “{$field}” takes a text, not {$word}
    .help = write it in quotes
R046 = “{$field}” takes a number, not {$word}
    .help = only the number, without quotes, unit or commas, such as 12 or 12.5
R047 = “{$field}”{$row ->
    [0] {""}
   *[other] {" "}(row {$row})
 } takes a date, not {$word}
    .help = write it as 2026-03-13 or 2026/3/13, the year first
R048 = “{$field}” takes a date and a time, not {$word}
    .help = write it as 2026-03-13 09:30
R049 = “{$field}”{$row ->
    [0] {""}
   *[other] {" "}(row {$row})
 } cannot be “{$word}”{$near ->
    [yes] ; was “{$nearest}” meant?
   *[no] {""}
 }
    .help = it can be: {$known}
R050 = the item “{$field}” has no result
    .help = every item takes “{$good}”, “{$bad}” or “{$none}”
R051 = the item “{$field}” cannot be answered “{$word}”{$near ->
    [yes] ; was “{$nearest}” meant?
   *[no] {""}
 }
    .help = it takes “{$good}”, “{$bad}” or “{$none}”
R052 = this form has no item “{$word}”{$near ->
    [yes] ; was “{$nearest}” meant?
   *[no] {""}
 } ({$field})
    .help = this time it has: {$known}
R053 = “{$field}” takes a list
    .help = put it in brackets, such as ["one", "two"]; a row of a table is {"{"}"column": "content"{"}"}
R054 = “{$field}” needs at least {$min}; there are {$found}
    .help = {$of ->
        [files] photos lie beside the form, which names them; or attach them with --attach "{$field}=FILE", once for each
       *[rows] add what is missing, then hand it in again
     }
R055 = “{$field}” takes a place, not {$word}
    .help = write it as {"{"}"lat": latitude, "lon": longitude{"}"}, within ±90 and ±180
R193 = “{$field}” wants a length of time, not {$word}
    .help = write a positive count and its unit, such as "5 workdays", "10 days" or "24 hours"
R173 = “{$item}” is answered “{$bad}”, and “{$field}” does not name it
    .help = write the problem with “{$item}”, and its level, in “{$field}”; or mend the answer, if it is wrong
R174 = “{$word}” in “{$field}” is none of the problems that were found
    .help = { $near ->
    [yes] Did you mean “{$nearest}”?
   *[no] Found were: {$known}
 }
R175 = “{$field}” does not answer “{$row}”
    .help = write a row for each problem that was found, with what became of it
R056 = “{$field}” names the file {$word}, which is not attached to this order
    .help = attach the file first and write the id it was given
R057 = the file “{$field}” has {$size} MiB; the limit is {$limit} MiB
    .help = compress it, or divide it into several files
R058 = the file “{$field}” is not of a kind that is taken
    .help = its content decides, not its name. Taken are: {$known}
R059 = this order has {$limit} files already; “{$field}” is one too many
    .help = put files together, or attach it to a related order
form-none = the step in hand wants no form; name another step with --step
form-attached = photos have to be attached; write behind the command:
form-attach = --attach "{$field}=name of the photo.jpg" (at least {$count}; --attach once for each)
form-by-case = depending on the answers, add:
form-optional = may be left out; otherwise add:
form-text = text
form-number = a number, without quotation marks
form-date = YYYY-MM-DD
form-moment = YYYY-MM-DD HH:MM
form-length = a length, such as 7 days
form-photo = name of the photo.jpg
form-signature = name of the picture.jpg
form-lat = latitude, a number without quotation marks
form-lon = longitude, a number without quotation marks
cli-arg-blank-form = print the empty form of the step as JSON: save it, fill it in, hand it in with order act --form
