"""Watch it: a batch while it waits and runs, here and on the page "/batch/…".

::

    page            the page "/batch/…", and the stage: progress, comparison, or in the trash
    progress        while it runs: the numbers, the picture that is being made, the way out
    thumbnails      a place for every image
    flow_buttons    paused, an image skipped, this one the last
    marks_by_key    what keys say of the pictures there
    queue_list      what waits
"""
