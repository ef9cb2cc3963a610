"""Find it: the page "/gallery".

::

    gallery     every batch, as piles that open in place
        filters     search and filters: as people see them, in the address, as a query
        pile        one batch, and all of them in order
    trash       the page "/trash": what was deleted
"""
