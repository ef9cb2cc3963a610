"""The process that is the window: pywebview and the standard library, nothing of the app. It ends
when whoever started it does.

::

    __main__   python -m batchgen_app.window.process
    shell      the window: carries out what the app tells, says what happens to it
    wishes     what the page in the window may ask of it
    channel    JSON lines: what the app tells on stdin, what the window says on stdout
    toolkit    what the toolkits below pywebview each do in their own way
    place      where the window stood and how large it was, remembered
    saving     a file from the app's address, whole or not at all
    notices    the system's notifications
    words      what people read in the window itself
"""
