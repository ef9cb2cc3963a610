"""Choose: a batch that has ended, and its pictures.

::

    comparison      all of it, and which pictures are chosen
        summary         how it went, and how to get what is missing
        tile            one picture in the grid
    image_detail    one picture in the whole window, or two beside each other
    image_actions   hearts, stars and the trash; where a fault of the last action is told
"""
