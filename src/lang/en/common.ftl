# Words used everywhere
level-error = error
level-warning = warning
level-help = what to do

# marks of lists and of what explains
mark-between = {", "}
mark-open = {" ("}
mark-close = )
io-cause = { $cause ->
    [absent] there is no such file or folder
    [denied] no permission
    [folder] it is a folder, not a file
    [no-folder] it is not a folder
    [full] the disk is full
    [read-only] the disk is read-only
    [large] it is too large
    [odd] it is not a regular file inside the folder
    [damaged] it is damaged, or no UTF-8 text
    [cut] it ends too soon
    [broken] nobody reads it any longer
    [changed] it was changed meanwhile
   *[other] {$cause}
 }
