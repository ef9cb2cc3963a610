"""The pages, for the window and the LAN alike (NiceGUI). Nothing here decides anything: widgets
show fields of the observable batch state and call verbs of the desk.

::

    pages         the addresses, and what stands on each
    house             what every page is handed; live  the observable batch, and the news
    theme             the frame around every page: navigation, banners, tab_title
    words             every text that people read

    generate      say it, the page "/": form, stage and queue_list
    batch_form        the request, gathered by request_fields (prompt_field, amount, model_choice,
                      size_choice, more, workflow_choice) and handed in
    stage             the batch that is made, or examples to begin with

    batch_page    watch it and choose, the page "/batch/…"
    batch_progress    while it runs: poller (the numbers), live_preview (previews), thumbnails
    comparison        when it has ended: summary, comparison_tile, selection, side_by_side and
                      image_detail (both in a viewer), curating, attempts

    gallery       find it, the page "/gallery": gallery_pile, gallery_toolbar, gallery_filters
    settings_form the page "/settings": settings_server (headers_field), settings_folders,
                      preferences

    controls, fields, following, pace, keys, keyboard, busy, toast, trouble, scripts
                  what several of them are made of
"""
