# Texts of the import room.
