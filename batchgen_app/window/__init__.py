"""The native window: the same pages as in a browser, in a frame of their own.

::

    companion   goes along with the running app: opens the window, asks before it closes, notifies
    errands     what the app does for the window: stop after this image, find a file
    handle      the window's process as the app sees it: started, told, heard, ended
    available   whether a window can be had here, and if not, why
    words       what people read about it

    process     the window itself, a process of its own that knows nothing of the app
"""
