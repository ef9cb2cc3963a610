"""Does the work: batches wait in a queue, the runner makes one image after another.

::

    backend         the running app without its faces
    batch_service   what people do with batches: start, repeat, resume, stop
      accepted          what is said of one that waits its turn
      known_batches     those in memory, each of them once, and those from the log
      planning          a request becomes seeds and a graph that this server can run
        workflow_reader   what it brings as a workflow, understood with what the server tells
        model_families    to which family a model belongs
        built_in_workflows  the graph for it, with the files that go along
        needed_files      what of these is missing
        input_pictures    pictures to start from, brought to the server
        dynamic_prompts   what each image shows, where the words vary
      bench             what plans for one server, and the search for one that can make it
      runners           a runner for each batch, on a server
      making_again      one picture once more, by its own file
      proving           whether it came out as it was, or what differs
    picture_reader  how a picture was made, by any program, as a request for this server
    import_service  pictures that were made elsewhere come into the gallery
    flow_service    the batch at work: paused, continued, an image skipped, finished early
    handing_over    a batch goes from one server to another
    image_service   what people think of images, what they throw away and want back
    trash_service   what lies in the trash, and is removed for good
    survey_service  looks through the files of all pictures, when somebody asks for it
    moving_service  the pictures are copied to another folder, and the old ones removed
    moving_at_start the new folder is used, once it has everything
    queue           batches wait their turn, one runs on each server
      heartbeat         time passes for those that run
      placing         which server makes a waiting batch, and what it waits for till then
    runner          one batch, image by image, one more prompt waiting on the server
      flow              which image is begun next, and when
      image_graphs      what the server gets for each image
      last_words        what is said at the end
      image_outcomes    what became of one that gave no picture
      image_job         one image's life: submitted, followed, brought home
        submissions       its time on the server: sent, and again where the server loses it
          pictures_again    what the server has lost of what it starts from
          prompt            one of these: submitted, followed to its end, cancelled
            prompts           those of a batch, which share a server and its troubles
        download          its way home: fetched, stored
      stopping          the wish to stop, and how long may still be waited after it
      retry             a server or disk in trouble is tried again, for everybody to see
      timeouts          how long to wait for what; the clock
    servers         all that make batches, in order of preference
    offers          what all of them together have to choose from
    server          one of them: client, listener, catalog; is it there; another one in its place
      connecting        how it is spoken to
      prompt_tracker    what the websocket says, sorted by prompt: pictures too, and what pages show
        activity          what the server does before the first step and behind the last one
      late_headers      headers of it that the keyring gives only once it was unlocked
      late_prompts      prompts that nobody waits for any more are stopped behind the batch's end
    event_recorder  the way of every event: log, then state, then whoever listens
    startup_recovery
                    at the start: what the app left unfinished when it died
      reconcile_files   batch.json follows the log; files that the log does not know, and the
                        other way round
    live_repair     later: a database that turns out damaged, as soon as no batch runs
"""
