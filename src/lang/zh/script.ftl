# Texts of the script room.
