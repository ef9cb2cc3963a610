"""What the engine answers, route by route.

::

    prompts     /prompt, /queue, /interrupt, /free, /history;  jobs: the same for newer clients
    listen      the websocket
    pictures    /view and the uploads
    info        what a client asks when it connects
    page, userdata
                what the page of a real server asks, and keeps
    replies     the forms that answers have, errors included
"""
