"""The HTTP API: INTERFACE.md, "HTTP API". Bad input is 400, every error has one shape.

::

    app           mount_api(), build_api(): the application, its documentation
    batches       start, watch, cancel, regenerate, resume, find, throw away
    images        files, marks, several as a ZIP
    workflows     what is understood of one, and those that are kept
    uploads       pictures to start from
    server        health, models, the event log
    requests      what a call brings along: who asks, what stands behind the "?", its body
    conditional_requests
                  files and snapshots of batches, and 304 where nothing has changed
    schemas       what the answers look like
    errors        the one shape, and which error is which status
"""

from batchgen_app.api.app import build_api, mount_api

__all__ = ["build_api", "mount_api"]
