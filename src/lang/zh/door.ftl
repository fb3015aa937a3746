# Texts of the door room.
