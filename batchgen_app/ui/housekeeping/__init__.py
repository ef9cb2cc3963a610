"""The page "/storage": how much room the pictures take, and whether their files are in order.

::

    page       the room by month and by model, the trash, the disk
    looking    a look through the files, and what the last one came to
      └─ groups     pictures of which one is enough
"""
