"""Remembers: what happened, what it came to, and the pictures themselves.

::

    event_log ─▶ gallery      the log is the truth; the gallery is a projection that can be rebuilt
         └──────┬───┘             (gallery_rows: what is written of a batch, and read back)
            database          one SQLite file, shared by several processes (connections, migrations)
              ├─ lockout      whether another program keeps it locked
              ├─ checkup      whether all in it is as it was written (checksums)
              └─ fitness      whether it still is, after somebody else wrote into it
    images                    the batch folders: whole files or none
      ├─ pictures ─▶ png      is it a whole picture? its size, its thumbnail, its text
      │    └─ decoding        every pixel, where memory and time are known before; decoding_apart
      │                       for the others: a decoder_process of its own, bounded
      ├─ lying, extras        what is there of an image, and beside it
      ├─ batch_json           the batch's own file
      ├─ remains              what the pictures tell where that file is lost
      └─ trash                what was deleted, until somebody wants it back
    workflow_file             files that carry a workflow
    archive                   several pictures as one streamed ZIP
    own_folder                the one way to what lies in a batch's folder; no link leads out of it
      ├─ directory            an open folder, and what has its names
      └─ files                written under another name, synced, then renamed
    reindex ─▶ telling        folders ─▶ log ─▶ gallery, when the database is lost or behind
      └─ reindex_report       what that came to, in words
    reconcile                 the same at every start, for folders that changed since the last one
    repair ─▶ salvage         a damaged database put aside, a new one of what can still be read
    absent                    batches whose folders are not there, in words
    progress                  how far that has come
    lock                      which process works on which batch; doorplate: where the app is
    folders                   can it be written, and how much room is there
    faults                    what the disk or the database says, in words for a person

A picture is in its folder before the log says so, and stays there until the log says otherwise: it
goes to the trash after the event and comes back before it. So whatever the log shows is there, also
after a crash between the two; the next start then ends the move. An event is in the log before the
gallery shows it. Every ``sqlite3.Error`` and ``OSError`` leaves this room as a ``StorageError``.
"""
