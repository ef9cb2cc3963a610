"""Does the work: batches wait in a queue, the runner makes one image after another.

::

    desk        what people do with batches: start, repeat, resume, stop
    curating    what people think of images, what they throw away and want back
    planning        a request becomes seeds and a graph that this server can run
    recovery    at the start: what the app left unfinished when it died
    mending     later: a database that turns out damaged, as soon as no batch runs
    queue       batches wait their turn
    runner      one batch, image by image, one more prompt waiting on the server
    image_run       one image's life
    prompt          its time on the server: submitted, followed to its end, cancelled
    collecting      its way home: fetched, stored
    adopting        files that the log does not know, and the other way round
    asking          a server or disk in trouble is tried again, for everybody to see
    stragglers      prompts that nobody waits for any more are stopped behind the batch's end
    patience        how long to wait for what
    stopping        the wish to stop, and how long may still be waited after it
    server      the ComfyUI server in use: client, listener, catalog; is it there; another one
    watching        what the websocket says, sorted by prompt
    activity            what the server does before the first step
    passing             of that, what the pages show
    sending             and the pictures that come no other way
    journal     the way of every event: log, then state, then whoever listens
    heartbeat   time passes for the batch that runs, also where nothing happens
    clock       the time, which goes forward
"""
