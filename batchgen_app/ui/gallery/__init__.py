"""Find it: the page "/gallery".

::

    gallery     every batch, as piles that open in place
        pile        one batch, and all of them in order
        card        one picture of an open one
    images      every picture by itself
        image_deeds   what is done with them
        image_grid    how they are seen
        found_view    one in large, and from there all that were found
          found         which those are, around the one that is seen
        listing       where the grid finds them
        first_images  those that the page brings along
        taking        several on their way out
        downloads     the ZIP of them, or the pack
    collections   every set of pictures with a name
    head        what stands above all of them: the way from one to the other, how much there is
    importing   pictures that were made elsewhere, on their way in
    toolbar     search and filters, as people see them
    filters     the same in the address, and as a query
    view        which of them
    trash       the page "/trash": what was deleted
"""
