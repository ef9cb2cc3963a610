"""The language in which people read pages, window and login; each device has its own.

::

    choosing    which language it is: chosen on the device, else in its browser, else usual
    message     what every room says with ``later``: English that keeps what it was made of
    texts       for whoever reads now: ``told`` for messages, ``_`` and its kin for words modules;
                English that comes back from an old event log is known again
    catalogs    GNU gettext's; ``dev.py texts`` brings them up to date

English is the source. The command line, the API, the event log and the logs stay English, for
programs read them; so does what a person gets to read there.

Whose language it is: the page for which something is done (``ui.page_language`` finds it by
NiceGUI's slot, so also where another page or a batch set it in motion), else that of the request
that is answered (the guard knows it), else the usual one. The window's is always the usual one.
"""
