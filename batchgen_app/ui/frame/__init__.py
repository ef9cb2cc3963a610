"""The frame around every page.

::

    frame       navigation, colours, stylesheet; keys of the whole page; the tab's title
    installable what lets a browser keep the app like one of its own
    verdicts    how the proofs ended that were asked for on another page
    banners     what there is to say about the server, the database and this start
"""
