"""What is handed out of batches: files under names of their own, in a ZIP or a folder; as a pack,
with all that somebody needs who has no BatchGen.

::

    pack             what is in a pack
      ├─ looking         which files there are of an image, and what is missing
      ├─ contact_sheet   the pictures on one sheet, for print and screen
      │    └─ lettering      a line of text in letters of any script
      └─ telling         what it says of its pictures, with their settings or without them
           └─ light_table     one HTML file that shows them, without any network
    parcel           named content, whose checksums are told while it is read; as one ZIP
    words            what stands in it
    exporting        what a search finds, from all batches
      └─ target          a folder or a ZIP, where nothing is written over
"""
