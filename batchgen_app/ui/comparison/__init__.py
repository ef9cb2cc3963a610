"""Choose: a batch that has ended, and its pictures.

::

    comparison      all of it
        summary         how it went, and how to get what is missing
        tile            one picture in the grid
        fitting_grid    the grid, which fits the window
        selection       which pictures are chosen, and what can be done with all of them
        downloading     the pictures as a ZIP, or as a delivery pack (file_name: how one is called)
        shown           which pictures are shown, in which order
        filters         the chips that say so
    lineage         what the batch came from, above; what came of it, below (of the progress, too)
    regenerate      the same again, queued beside what one looks at, and taken back
    try_a_change    the same seeds with something changed
    proof           a picture made again from its own file, and what came of it
      proof_progress  how far it has come
    old_and_new     what came of that: pairs of the same seed, and what was changed
    remote          the way to a phone on which it is judged, too
    image_detail    one picture in the whole window
        order           which are gone through
        seen            which one, also when pictures come and go
        large_view      how it is drawn, and the strip of all of them
        detail_panel    what can be done with it, and all that is known about it
          neighbours      what of it is another one there
          graph_list      its graph, node by node
        verdict         what a swipe says about it
    light_table     up to nine beside each other
    file_faults     why a picture cannot be shown, for whatever would show it
    image_actions   hearts, stars, rejecting and the trash; where a fault of the last action is told
"""
