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
    keeping    keeps secrets: the system's keyring, or a file of one's own
    comfy      speaks to a ComfyUI server: HTTP, websocket, what it offers
    demo       a ComfyUI-compatible server that paints; the embedded default
    storage    remembers: event log, gallery index, pictures
    logs       what a person who helps reads afterwards
    settings   which server is used, how the pages look
    places     where the files are
    core       what a batch is; pure
    language   which one each device reads; messages and texts

The flow of one image::

    BatchRequest ─▶ BatchQueue ─▶ BatchRunner ─workflow, prompt_id─▶ ComfyClient ─▶ ComfyUI
                                      ▲                                              │
                                      └────────── messages ◀── ComfyListener ◀───────┘
                                      │
                                      └─event─▶ EventLog, then BatchState, then GalleryIndex
"""

__version__ = "0.1.0"
