"""The process that is the window: pywebview and the standard library, nothing of the app. It ends
when whoever started it does.

::

    __main__       python -m batchgen_app.window.process
    shell          the window: carries out what the app tells, says what happens to it
    page_commands  what the page in the window may ask of it
    toolkit        what the toolkits below pywebview each do in their own way
    window_place   where the window stood and how large it was
    desktop        the file manager, a place to save, the system's notifications
    words          what people read in the window itself
"""
