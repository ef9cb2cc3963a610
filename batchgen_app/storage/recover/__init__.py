"""What comes back: of a damaged database, and from the folders.

::

    repair ─▶ salvage         a damaged database put aside, a new one of what can still be read
    reconcile                 at every start, folders that changed since the last one
    reindex                   folders ─▶ log ─▶ gallery, when the database is lost or behind
      └─ folder_state         what a batch's folder tells beyond the log
"""
