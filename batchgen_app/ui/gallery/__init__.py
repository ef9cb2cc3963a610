"""Find it: the page "/gallery".

::

    gallery     every batch, as piles that open in place
        toolbar     search and filters, as people see them
        filters     the same in the address, in words, and as a query
        piles       the grid of them, in order
        pile        one batch
    trash       the page "/trash": what was deleted, with its trash_pictures
"""
