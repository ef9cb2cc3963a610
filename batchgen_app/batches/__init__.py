"""Does the work: batches wait in a queue, the runner makes one image after another.

::

    queue     BatchQueue: checks a request, plans it, lets it wait its turn
    runner    BatchRunner: one batch, image by image, one more prompt waiting on the server
    prompting     one image on the server: submit it, follow it to its end, cancel it
    collecting    one picture home: fetch it, store it
    server    the ComfyUI server in use: client, listener, catalog, and who watches which prompt
    watching  what the websocket says, sorted by prompt
    journal   the way of every event: log, then state, then whoever listens
"""
