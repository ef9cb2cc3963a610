"""Watch it: a batch while it waits and runs, here and on the page "/batch/…".

::

    page            the page "/batch/…"
    batch_stage     the face of a batch: progress, comparison, or in the trash
    progress        while it runs
        poller          the numbers, which the browser asks for by itself
        live_preview    the picture that is being made
        thumbnails      a place for every image
        cancelling      the way out
    queue_list      what waits
    pace            how often what changes quickly is shown
"""
