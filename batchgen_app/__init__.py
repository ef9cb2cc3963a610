"""BatchGen: one prompt, 2 to 20 ComfyUI variations.

The rooms, from the door down; each imports only what stands below it::

    __main__   python -m batchgen_app
    cli        the commands: options become Settings, results become text and exit codes
    web        the web server: pages and API on one port
    app        build(): makes every object and connects every wire
    ui         the pages; api  the same over HTTP, for scripts and for the pages' own numbers
    window     the native window: a process of its own, and the app's side of it
    services   what ui, api, window and cli may ask and do; they see nothing else of the app
    access     who may come in, and what they may do: one guard in front of everything, one table
    diagnostics  one text for whoever helps
    batches    does the work: the queue, the runner, one image after another
    secrets_store  the system's keyring, or a file of one's own
    comfy      speaks to a ComfyUI server: HTTP, websocket, what it offers
    demo       a ComfyUI-compatible server that paints; the embedded default
    storage    remembers: event log, gallery index, pictures
    logs       what a person who helps reads afterwards
    settings   which server is used, how the pages look
    places     where the files are
    core       what a batch is; pure
    language   which one each device reads; messages and texts
    adapters   what leans on the private parts of NiceGUI, uvicorn and others, in one place

The flow of one image::

    BatchRequest ─▶ BatchQueue ─▶ BatchRunner ─workflow, prompt_id─▶ ComfyClient ─▶ ComfyUI
                                      ▲                                              │
                                      └────────── messages ◀── ComfyListener ◀───────┘
                                      │
                                      └─event─▶ EventLog, then BatchState, then GalleryIndex

One word for one thing, in the code as on the pages:

    workflow    a node graph in ComfyUI's API format (``workflow.json``); its values come from roles
    prompt      one workflow submitted to a server, known by the ``prompt_id`` that we make. What
                a person types is the *positive prompt*, ``request.prompt``
    image       one planned picture of a batch, numbered from 1: queued, submitted, completed …
    picture     a file of pixels; the one of an image, its thumbnail, an extra that came with it
    preview     a frame while an image is sampled; never kept
    batch       ``batch_count`` images of one request (ComfyUI's ``batch_size`` is latents a prompt)
    event       what happened, in the log for good;  *message*  what a server says, or a text for
                people;  *signal*  in the app, that something changed
    caller      who asks: a role, a device, an address;  *grant*  until when they may
    stop        the wish that a batch ends: cancelled, by a person or by the app's own end
    late prompt one that the server still has when nobody waits for it any more
    record      to write an event down: ``event_recorder``;  *reconcile*  files and log, brought to
                one truth;  *repair*  a database, from what of it can be read
"""

__version__ = "0.1.0"
