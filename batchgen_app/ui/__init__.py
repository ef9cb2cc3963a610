"""The pages, for the window and the LAN alike (NiceGUI). Nothing here decides anything: widgets
show fields of the observable batch state and call verbs of the desk.

::

    pages         the addresses, and what stands on each
    theme         the frame around every page: navigation, colours, banners about the server
    words         every text that people read
    live          BatchState made observable, and the news that pages redraw parts for
    generate      the page "/": form, stage and queue
    batch_form        say it: the request, gathered by request_fields and handed in
    stage             shows the batch that is made, or examples to begin with
    queue_list        what waits, and in which order
    batch_progress    watch it: the stage while a batch runs
    comparison        choose: the stage when it has ended
    gallery       find it: the page "/gallery", made of piles, below a toolbar with filters
    settings_form the page "/settings": server, folders, appearance, time-out
    preferences   what is saved for the next starts, followed by every open page
    toast         a message that goes away by itself, with a way back
"""
