"""Remembers: what happened, what it came to, and the pictures themselves.

::

    storage                   all of it, opened together
    event_log ─▶ gallery      the log is the truth; the gallery is a projection that can be rebuilt
         └──────┬───┘             (gallery_query: what can be asked; gallery_rows: what is written)
            database          one SQLite file, shared by several processes (connections, schema)
              ├─ checkup      whether all in it is as it was written
              └─ integrity    whether it still is, after somebody else wrote into it
    images                    the batch folders: whole files or none
      ├─ pictures ─▶ png      is it a whole picture? its size, its thumbnail, its text
      │    └─ decoding        every pixel, where memory and time are known before; decoding_apart
      │                       for the others: a decoder_process of its own, bounded
      ├─ folder_pictures      what is there of an image, and what it tells; extras: beside it
      ├─ batch_json           the batch's own file
      └─ trash                what was deleted, until somebody wants it back
    workflow_file             files that carry a workflow; workflow_library: those that are kept
    uploads                   pictures that people give
    archive                   several pictures as one streamed ZIP
    batch_folder              the one way to what lies in a batch's folder; no link leads out of it
      ├─ open_folder          an open folder, and what has its names
      └─ atomic_files         written under another name, synced, then renamed
    recover/                  what comes back, after damage and from folders
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
