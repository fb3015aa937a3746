# Texts of the calendar room.
