"""Choose: a batch that has ended, and its pictures.

::

    comparison      all of it
        summary         how it went, and how to get what is missing
        selection       which pictures are chosen
        tile            one picture in the grid
        nothing_made    in the place of the grid, where there is no picture
    image_detail    one picture in the whole window
    side_by_side    two of them
    viewer          what both look through
    curating        hearts, stars and the trash
    attempts        where a fault of the last action is told
"""
