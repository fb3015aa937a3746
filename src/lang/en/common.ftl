# Words used everywhere
level-error = error
level-warning = warning
level-help = what to do

# marks of lists and of what explains
mark-between = {", "}
mark-open = {" ("}
mark-close = )
