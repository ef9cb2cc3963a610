"""Keeps the house: what of the files is not as it should be, and another place for all of them.

::

    survey                    looks through the files
      ├─ findings             what it came to
      ├─ batch_look           what of one batch is missing, damaged, or does not belong there
      │    └─ belongings      what of a folder belongs to its batch
      ├─ file_check           every file whole, against the checksum that the log has of it
      └─ likeness             pictures that look alike
    moving                    the pictures to another folder, and the old ones away
      ├─ move_checks          whether that can be done
      └─ copying              one file, whole and read back
    move_record               how far it has come, in a file of the data folder
"""
