"""The native window: the same pages as in a browser, in a frame of their own.

::

    opener      opens windows, one at a time, before anything slow is imported
      handle      the window's process as the app sees it: started, told, heard, ended
    window_controller
                goes along with the running app: stops, finds files, notifies
      closing     when it is to be closed: what has to be asked
    available   whether a window can be had here, and if not, why
    words       what people read about it

    process     the window itself, a process of its own that knows nothing of the app
"""
