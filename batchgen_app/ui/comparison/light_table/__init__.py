"""The light table: up to nine pictures beside each other, at the same zoom and the same spot.

::

    light_table   the view that covers the page, and what is done in it
    source        where its pictures come from: the images of a batch, or others
    words         its texts

Which pictures are shown and how is the browser's own: ``assets/light_table.js``, and its parts in
``assets/light_table/``.
"""
