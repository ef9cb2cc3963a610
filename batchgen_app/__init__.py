"""BatchGen: one prompt, 2 to 20 ComfyUI variations.

The rooms (packages, or modules that stand alone), each importing only what stands below it::

    __main__   python -m batchgen_app
    cli        the commands: options become Settings, results become text and exit codes
    web        the web server: pages and API on one port
    kept_files  scripts and style sheets, answered from memory
    root_path   a path below which everything is served
    app        build(): makes every object and connects every wire
    ui         the pages; api  the same over HTTP, for scripts and for the pages' own numbers
    window     the native window: a process of its own, and the app's side of it
    services   what ui, api, window and cli may ask and do; they see nothing else of the app
    access     who may come in, and what they may do: one guard in front of everything, one table
    diagnostics  one text for whoever helps
    batches    does the work: the queue, the runner, one image after another
    secrets_store  the system's keyring, or a file of one's own
    comfy_api  speaks to a fleet: Comfy API v2, by its official client
    comfy      speaks to a ComfyUI server: HTTP, websocket, what it offers
    demo       a ComfyUI-compatible server that paints, used where no ComfyUI is found
    storage    remembers: event log, gallery index, pictures
    logs       what is written down for whoever helps, without what people wrote
    settings   which server is used, how the pages look
    workflows  understands graphs: which input is the prompt, the seed, the size; pure
    places     where the files are
    licences   whose work is in the app, and on which terms
    private_files  those that only their owner can read
    core       what a batch is; pure
    language   which one each device reads; messages and texts
    adapters   what leans on the private parts of NiceGUI, uvicorn and others, in one place

The flow of one image::

    BatchRequest ─▶ BatchQueue ─▶ BatchRunner ─▶ ImageJob ─workflow, prompt_id─▶ ComfyClient
                                                  │   ▲                              │
                        picture, then event ◀─────┘   │                           ComfyUI
                                 │                    │                              │
       EventLog, then BatchState, then GalleryIndex   └── PromptTracker ◀── ComfyListener

``CONTRIBUTING.md`` has the same module by module, and the ways to a page and through a crash.

One word for one thing, in the code as on the pages:

    workflow    a node graph in ComfyUI's API format (``workflow.json``); its values come from roles
    prompt      one workflow submitted to a server, known by the ``prompt_id`` that we make. What
                a person types is the *positive prompt*, ``request.prompt``
    template    a positive or negative prompt in which words are chosen anew for each image;
                *words*  what it became there;  *wildcard*  a list to choose from, by its name
    image       one planned picture of a batch, numbered from 1: pending, submitted, completed …
    picture     a file of pixels; the one of an image, its thumbnail, an extra that came with it
    preview     a frame while an image is sampled; never kept
    batch       ``batch_count`` images of one request (ComfyUI's ``batch_size`` is latents a prompt)
    event       what happened, in the log for good;  *message*  what a server says, or a text for
                people;  *signal*  in the app, that something changed
    caller      who asks: a role, a device, an address;  *grant*  until when they may
    stop        the request that a batch ends: by a person who cancels it, or by Ctrl-C
    late prompt one that the server still has, or takes in only now, when nobody waits for it any
                more: it is cancelled there
    record      to write an event down: ``event_recorder``;  *reconcile*  files and log, brought to
                one truth;  *repair*  a database, from what of it can be read
    bring home  to fetch, store and log the picture that a prompt has made
    face        what people and programs use the app by: ``ui``, ``api``, ``window``, ``cli``
    passing     an event that is shown and never logged: a step, a preview, trouble of the server
    turn        a lock, or its holder's time: what was checked still holds when it is written
"""

__version__ = "0.1.0"
