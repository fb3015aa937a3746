# Words used everywhere
level-error = error
level-warning = warning
level-help = what to do
