"""The pages, for the window and the LAN alike (NiceGUI). Nothing here decides anything: widgets
show fields of the observable batch state, ask queries and give commands (``services``).

One package for each moment, each with its own words; each imports only what stands below it::

    pages           the addresses, and what stands on each
    sockets         whose page it is: asked before anything is done on what a browser says
    workflow_library  the workflows that can be chosen, the pages "/workflows" and "/workflows/…"
    frame           around every page: navigation, banners, keyboard
    batch_form      say it, the page "/"
    gallery         find it, the page "/gallery"
    housekeeping    how much room there is, what is wrong with the files: the page "/storage"
    settings        the page "/settings"
    batch_progress  watch it: a batch while it runs, and its page "/batch/…"
    comparison      choose: a batch that has ended
    page_context    what every page is handed
    live            the observable batch, its newest preview, what news there is for pages
    parts           what the pages are made of
    page_language   which language a page is in, whoever sets in motion what is said there
    words           what more than one of them says
"""
