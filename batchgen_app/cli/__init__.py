"""The commands. Options become Settings; results become text, files and exit codes.

::

    main        the command line itself: options, exit codes for faults
    generate    one batch in the terminal, new or resumed; display shows it, signals stop it
    doctor      could a batch run here, and if not, what to do; diagnosing: a text for whoever helps
    reindex, events
                what works on the folders and the database themselves

What works with the running app asks and does through ``services``. The last two lines open the
rooms below on their own: they are for when the app cannot start, or must not.
"""

from batchgen_app.cli.main import main

__all__ = ["main"]
