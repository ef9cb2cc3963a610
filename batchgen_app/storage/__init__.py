"""Remembers: what happened, what it came to, and the pictures themselves.

::

    storage                   all of it, opened together
    event_log ─▶ gallery      the log is the truth; the gallery is a projection that can be rebuilt
         └──────┬───┘             (gallery_query: what can be asked; gallery_rows: what is written;
                │                 gallery_follower: as the log goes on)
                │      image_search  all its pictures, by words, fields and orders (image_query;
                │                 search_rows: what they are found by; search_conditions: in SQL)
                │                 workflow_names: what these are called, and workflow_order by that
                │                 collections: those that share a tag; months: how many each has
                │                 suggestions: how what is typed may go on
                │                 lineage: which batch came of which
                │                 event_feed: new events for many readers, with one look for all
            database          one SQLite file, shared by several processes (connections, schema)
              ├─ lock_watch   while another program has it locked
              ├─ checkup      whether all in it is as it was written (word_check: its words)
              └─ integrity    whether it still is, after somebody else wrote into it
    images                    the batch folders: whole files or none
      ├─ arriving             a file that is too large to be held, as it comes; large_files: what
      │                       it is, by its first and last bytes
      ├─ pictures ─▶ png      is it a whole picture? its size, its thumbnail
      │    ├─ metadata/       its settings, inside: written, read, left out of a copy
      │    └─ decoding        every pixel, where memory and time are known before; decoding_apart
      │                       for the others: a decoder_process of its own, bounded
      │         └─ comparing  two pictures, pixel by pixel
      ├─ folder_pictures      what is there of an image; extras: beside it
      │    ├─ file_faults     why it cannot be shown
      │    └─ folder_remains  what it tells where the batch's own file does not
      ├─ batch_list           which batches have a folder, and which of them has changed
      ├─ seen_folders         what was there and is gone is not made anew: a drive was unplugged
      ├─ taking_in            a batch that was made elsewhere gets its folder
      ├─ batch_json           the batch's own file
      └─ trash                what was deleted, until somebody wants it back
    workflow_file             files that carry a workflow; workflow_library: those that are kept
      ├─ kept_workflow        what stands in the file of one, and how the file is called
      ├─ workflow_summary     what is known of one without its graph
      ├─ file_memory          the files of a folder; what was made of one, until it changes
      ├─ kept_files           one file of the library; summary_cache: what outlives the app
      └─ workflow_digest      what tells one from another, in the library and in the gallery
    style_book                the styles that people keep
    uploads                   pictures that people give
    picture_texts             what a picture says of how it was made, whichever program wrote it
    wildcards                 lists of words that people keep for their prompts
      └─ wildcard_lists       those in YAML and JSON
    archive                   several pictures as one streamed ZIP
    delivery/                 and with all that somebody needs who has no BatchGen
    batch_folder              the one way to what lies in a batch's folder; no link leads out of it
      ├─ open_folder          an open folder, and what has its names
      └─ atomic_files         written under another name, synced, then renamed
    recover/                  what comes back, after damage and from folders
    usage                     how much room the pictures take, by month and by model
    housekeeping/             looks through the files; another place for all of them
    rebuilding                a batch file anew, from what the pictures tell
    progress                  how far that has come, and what it came to
    locks                     who works on which batch, who keeps the database locked
    running_instance          where the app is, for another copy of it
    folders                   can it be written, how much room is there, which batches are not there
    faults                    what the disk or the database says, in words for a person

A picture is in its folder before the log says so, and stays there until the log says otherwise:
it goes to the trash after the event and comes back before it. So whatever the log shows is
there, also after a crash between the two; the next start then ends the move. An event is in the
log before the gallery shows it. Every ``sqlite3.Error`` and ``OSError`` leaves this room as a
``StorageError``.
"""
