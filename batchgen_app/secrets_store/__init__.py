"""What must not lie open: access codes, and the headers that a server wants with every request.

::

    store           a text under a name: in the system's keyring, or in a file of one's own
    server_headers  the extra headers, kept there
    words           what people read of it
"""
