P130 = “{$word}” is to carry a number, but has no prefix
    .help = add one, such as prefix: ORDER; or drop numbered: true
P131 = “{$word}” carries no number, but has a prefix
    .help = drop the prefix, or drop numbered: false
P132 = the prefix “{$word}” belongs to another kind of document already
    .help = numbers run on for each prefix, so two kinds cannot share one; give one of them another
P133 = officers cannot stand beside roles
    .help = write officers alone where those who made it sign, and roles alone where a superior does; any of several roles is [chief, deputy]
P134 = “{$mark}” in “{$word}” cannot be part of an official number
    .help = use characters or letters only; year, brackets and running number are added
P135 = template {$word} belongs to no kind of document
    .help = { $near ->
    [yes] did you mean “{$nearest}.html”?
    [empty] declare the kind in rules/documents.yaml first
   *[no] a file is named after its kind; known are: {$known}
 }
P136 = { $cause ->
    [tag-too-long] a tag of the template is too long
    [too-many-branches] the template has too many elif
   *[other] the template is not well formed: {$cause}
 }
    .help = { $cause ->
    [tag-too-long] a tag has at most 1,000 bytes: divide it, and give its parts names with set
    [too-many-branches] a template has at most 200 elif: write a table instead
   *[other] braces come in pairs, and every if, for and block has its endif, endfor, endblock
 }
P137 = the template cannot be printed: {$cause}
    .help = printing an empty document failed; check names and filters against docs/policy-language.md

R060 = the policy in force has no kind of document “{$kind}”
    .help = kinds written on blanks are: {$known}
R061 = there is no document “{$document}”
    .help = write order/place, such as dongguan-12/3; wubu document list --order ID lists them
R062 = document {$document} { $state ->
    [draft] is still a draft
    [submitted] waits for its approver
    [signed] is signed
    [approved] is signed off
    [sealed] is sealed
    [served] was served
    [filed] is in the archive
    [returned] was returned and is void
   *[voided] is void
 } and { $again ->
    [yes] need not be
   *[no] cannot be
 } { $act ->
    [submit] submitted
    [sign] signed
    [approve] signed off
    [send_back] sent back
    [seal] sealed
    [serve] served
    [file] filed
    [return] returned with its step
   *[void] voided
 }
    .help = the order is: draft, signing off (or two signatures), seal, service, archive
R063 = document {$document} ({$kind}) was not signed off and cannot be served
    .help = {$approver} signs it off first: wubu document approve
R064 = document {$document} ({$kind}) was not sealed and cannot be served
    .help = seal it first: wubu document seal
R065 = {$person} may not sign off {$kind}
    .help = {$approver} does, and only for the own station; while away, whoever decides the order in that stead: the substitute, who was delegated to in writing, the head one scope up
R066 = {$person} made document {$document} and may not sign off their own
    .help = somebody else with the role does
R067 = {$kind} is not to be { $act ->
    [submit] submitted
    [sign] signed by officers
    [approve] signed off
    [send_back] sent back
    [seal] sealed
    [serve] served
    [file] filed
    [return] returned with its step
   *[void] voided
 }
    .help = approver and served in rules/documents.yaml say how this kind is signed and served
R068 = {$kind} wants two signatures
    .help = never fewer than two officers: one signs with --as and names the other with --with, who then signs with --as himself
R092 = document {$document} waits for the signature of {$second}; {$person} cannot sign it
    .help = {$second} signs with wubu document sign {$document} --as HIMSELF; whoever signed first may name another with --with
R069 = document {$document} was served and cannot be voided
    .help = what was served is corrected or revoked by another document: wubu document correct
R070 = document {$document} was not served
    .help = void it and make another instead; to file it, serve it first
R071 = document {$document} was replaced by {$by} already
    .help = correct {$by} instead
R072 = service on {$on} is impossible: it lies between {$first} and {$last}
    .help = not before the signature, not in the future
R073 = there is no blank “{$blank}”
    .help = a control number is kind-year-number, such as pen.rectify-2026-000001
R074 = blank {$blank} { $state ->
    [in_stock] is in stock
    [signed_out] is signed out
    [in_use] is in use
    [filed] is in the archive
    [voided] is void
   *[lost] is lost
 } and { $again ->
    [yes] need not be
   *[no] cannot be
 } { $act ->
    [sign_out] signed out
    [use] used
    [return] returned
    [void] voided
    [hand_in] handed in
    [lost] reported lost
   *[file] filed
 }
    .help = the order is: stock, signed out, used, archive; a void number is never used again
R075 = {$person} keeps the blanks and cannot use one
    .help = keeping and using are apart: another officer uses it, or another keeper gives it out
R076 = blank {$blank} was signed out to {$holder}; {$person} cannot use it
    .help = whoever signed for it uses it; otherwise return it and sign it out again
R077 = voiding wants a second person; {$person} cannot do it alone
    .help = name who approves with --with: neither who asks nor who holds it; that one confirms with wubu document void SERIAL --as HIMSELF
R078 = {$person} lacks the role “{$role}” and cannot { $act ->
    [issue] issue blanks
    [sign_out] sign blanks out
    [return] take blanks back
    [void] void blanks
   *[hand_in] take originals
 }
    .help = {$role} does that; roles stand in the list of officers
R079 = {$station} has no {$kind} left in stock
    .help = ask the legal section for more: wubu document issue
R080 = {$kind} is not written on blanks
    .help = it needs no blank: its steps make it and it is numbered when signed off; wubu document list --blanks shows what is on blanks. Who writes the policy can change that
R081 = {$count} cannot be issued at once
    .help = between 1 and {$limit} at a time
R082 = {$month} cannot be closed: void blanks without their original ({$blanks})
    .help = the supervision office was told; once an original is found: wubu document void NUMBER --original kept
R083 = {$month} cannot be closed: {$issued} of {$kind} were issued, but {$found} are accounted for
    .help = the supervision office was told; wubu verify names the record that was altered
R084 = {$month} is not over; it can be closed from {$from} on
    .help = leave --close out to look only
R085 = {$month} is closed for {$station}
    .help = later changes count for the next month
R190 = blank {$blank} was signed out for order {$order} and is not used in another
    .help = use it there, or have it taken back and signed out for this order
R185 = {$person} does not serve at {$station} and cannot take its blanks
    .help = let an officer of the station take it; blanks for another station are issued to that station
R086 = the file is not complete: {$lacks}
    .help = finish each: sign off, seal, serve, return blanks that were not used
R087 = no station is called “{$station}”
    .help = { $near ->
        [none] write its title or its id; there are: {$known}
       *[other] did you mean {$near}? Write its title or its id; there are: {$known}
    }
R093 = no grid is called “{$grid}”, or more than one
    .help = write its id; there are: {$known}
R088 = the list of officers has no “{$person}”
    .help = use the officer's id; wubu import officers reads the list
R089 = blank {$blank} does not belong to {$station}
    .help = each station keeps its own; to share, return them to the legal section first

F005 = the document cannot be printed: template {$template}, line {$line}: {$cause}
    .help = mend the template below rules/templates, or move it away to use the one built in

document-issued = {$count} issued: {$first} to {$last}
document-blank = {$blank}: {$state}
document-document = {$document}: {$state} {$number}
document-count = {$count} in all
document-filed = {$count} filed
document-printed = written to {$file}
document-changed-since = note: the template has changed since; this is not what was printed when it was signed off
document-even = the books balance: {$issued} issued, {$found} accounted for
document-uneven = the books do not balance: {$issued} issued, {$found} accounted for
document-closed = {$month} is closed
document-original-missing = void without its original: {$blank}
blank-in_stock = in stock
blank-signed_out = signed out
blank-in_use = in use
blank-filed = filed
blank-voided = void
blank-voiding = {$state}; waits for {$second} to confirm that it is voided
blank-lost = lost
paper-opened-for = Opened because
paper-draft = draft
paper-submitted = submitted
paper-signed = signed
paper-approved = signed off
paper-sealed = sealed
paper-served = served
paper-filed = filed
paper-returned = returned
paper-voided = void
service-way-direct = by hand
service-way-left = left there
service-way-post = by post
service-way-electronic = electronically
service-way-entrusted = by another authority
service-way-forwarded = forwarded
service-way-public = by public notice
lack-none = the file lacks nothing
lack-unapproved = not signed off: {$what} ({$detail})
lack-unsealed = not sealed: {$what} ({$detail})
lack-unserved = not served: {$what} ({$detail})
lack-no_receipt = no proof of service: {$what} ({$detail})
lack-blank_out = blank not returned: {$what} (with {$detail})

V020 = numbers of “{$series}” were given up to {$last}, but {$found} documents carry {$distinct} different ones, the highest {$max}
V021 = control numbers of {$series} were given up to {$last}, but there are {$found} blanks
V022 = {$station}: {$issued} of {$kind} were issued, but {$found} are accounted for
V023 = document {$document} is not what the record says
V024 = blank {$blank} is not what the record says
V025 = document {$document} was served without being signed off

cli-document = Documents: blanks kept like invoices; signing off, seal, service, archive, print
cli-document-example = wubu document issue pen.rectify 50 --to dongguan --as P01
    wubu document render dongguan-12/1 --out order.html
cli-document-issue-example = wubu document issue pen.rectify 50 --to dongguan --as P051
cli-document-sign-out-example = wubu document sign-out pen.rectify --to P001 --as P051
cli-document-use-example = wubu document use pen.rectify-2026-000001 --order dongguan-12 --form found.json --as P001
cli-document-return-example = wubu document return pen.rectify-2026-000001 --as P051
cli-document-void-example = wubu document void pen.rectify-2026-000001 --original kept --with P002 --reason misspelt --as P051
cli-document-lost-example = wubu document lost pen.rectify-2026-000001 --reason stolen --as P001
cli-document-list-example = wubu document list --order dongguan-12
cli-document-reconcile-example = wubu document reconcile --month 2026-03 --station dongguan
cli-document-render-example = wubu document render dongguan-12/1 --out order.html
cli-document-sign-example = wubu document sign dongguan-12/2 --with P002 --as P001
cli-document-submit-example = wubu document submit dongguan-12/2 --as P001
cli-document-approve-example = wubu document approve dongguan-12/2 --as P049
cli-document-seal-example = wubu document seal dongguan-12/2 --as P049
cli-document-serve-example = wubu document serve dongguan-12/2 --how direct --on 2026-03-13 --as P001
cli-document-file-example = wubu document file dongguan-12 --as P051
cli-document-correct-example = wubu document correct dongguan-12/2 --reason "wrong address" --as P001
cli-document-missing-example = wubu document missing dongguan-12
cli-document-issue = Issue blanks to a station
cli-document-sign-out = Sign a blank out to an officer
cli-document-use = Make a document on a blank
cli-document-return = Take an unused blank back
cli-document-void = Void a blank, keeping its original; also to hand an original in later
cli-document-lost = Report a blank lost
cli-document-list = List documents, or blanks
cli-document-reconcile = Balance the books; --close closes the month
cli-document-render = Print as HTML
cli-document-sign = Two officers sign
cli-document-submit = Lay before the approver
cli-document-approve = Sign off, and give the official number
cli-document-seal = Seal
cli-document-serve = Record the service
cli-document-file = File
cli-document-correct = Correct or revoke a served document by another one
cli-document-missing = What an order's file lacks
cli-arg-form = File of what it says (JSON)
cli-arg-document-kind = Kind of document, such as pen.rectify
cli-arg-count = How many
cli-arg-serial = Control number, such as pen.rectify-2026-000001
cli-arg-what = Kind (the lowest number in stock) or control number
cli-arg-document-id = Document, written order/place
cli-arg-to = To whom: station, officer or recipient
cli-arg-with = The other person
cli-arg-order = Id of the order
cli-arg-original = The original: kept or missing
cli-arg-month = Month, such as 2026-03
cli-arg-close = Close the month
cli-arg-out = Write to this file
cli-arg-how = Way of service: direct, left, post, electronic, entrusted, forwarded, public
cli-arg-receipt = Number of the proof of service, or who signed for it
cli-arg-revoke = Revoke (corrects otherwise)
cli-arg-blanks = List blanks
head-document = document
head-kind = kind
head-number-of = number
head-control = control no.
head-made = made
head-holder = holder
head-issued-count = issued
head-found = accounted

signature-missing = {$name} (not yet confirmed)
signature-instead = {$name} (confirmed by {$other} instead)
signature-instead-missing = {$name} ({$other} instead, not yet confirmed)
