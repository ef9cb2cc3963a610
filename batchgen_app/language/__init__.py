"""The language in which people read the pages, the window and the door.

::

    choosing    which language it is, once for a start of the app
    texts       what the words modules are written with: ``_`` and its kin
    said        what all other rooms say in English with ``later``, and how that is known again
    catalogs    GNU gettext's; ``dev.py texts`` brings them up to date

English is the source. The command line, the API, the event log and the logs stay English, for
programs read them; so does what a person gets to read there.
"""
