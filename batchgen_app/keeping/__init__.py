"""What must not lie open: access codes, and the headers that a server wants with every request.

::

    keyring         SystemKeyring: the system's own, asked so that nobody waits for it
    keeper          a text under a name: in the keyring, or in a file of one's own
    server_headers  the extra headers: in the keyring, or in a file of one's own
    words           what people read of it
"""
