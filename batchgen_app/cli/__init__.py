"""The commands. Options become Settings; results become text, files and exit codes.

::

    main        the command line itself, and the table of all commands
      making_commands   those that make pictures, or say how they are made
      folder_commands   those that work on folders and database, without the app
    options     what several commands share
    opening     the window or the browser, at once; serving: the app in it, or alone
    generate    one batch in the terminal, new or resumed; display shows it
      generate_options  what it is told
    workflow    what is understood of one
    imports     how pictures were made; on request they come into the gallery
    server_here the servers, without the app
    doctor      could a batch run here, and if not, what to do; a text for whoever helps
    reindex, events, search, export
                what works on the folders and the database themselves
    demo_engine the demo engine on its own
    exits       faults as text and exit code; Ctrl-C and SIGTERM end a command in order

What works with the running app asks and does through ``services``. ``doctor``, ``reindex``,
``events``, ``search`` and ``export`` open the rooms below on their own: they are for when the app
cannot start, must not or need not.
"""

from batchgen_app.cli.main import main

__all__ = ["main"]
