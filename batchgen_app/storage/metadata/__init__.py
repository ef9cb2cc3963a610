"""Settings inside of pictures: put in once, read again, left out of a copy; pixels are never
encoded again.

::

    writing    a picture with its settings and its XMP packet
    reading    what a picture tells of its settings
    cleaning   a copy that tells nothing, with colours and orientation as they were
      ├─ jpeg  segments
      ├─ webp  chunks
      │    └─ exif  what stands in either
      │         └─ user_comment  as text, whoever wrote it
      └─ png (one room up)

What cannot be taken apart for sure raises Odd, and is left as it is: the text beside a picture
tells its settings then.
"""
