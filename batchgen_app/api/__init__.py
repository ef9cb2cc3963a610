"""The HTTP API: INTERFACE.md, "HTTP API". Bad input is 400, every error has one shape.

::

    app           mount_api(), build_api(): the application, its documentation
    batches       start, watch, cancel, regenerate, resume, find, throw away
    images        files, marks, several as a ZIP
    workflows     what is understood of one, and those that are kept
    styles        words for prompts, under names; wildcards: lists that prompts choose from
    uploads       pictures to start from
    imports       pictures that were made elsewhere
    servers       the list of those that make batches
    server        health, models, the event log
      event_stream  the log as it grows, as server-sent events
    requests      what a call brings along: who asks, its body
      parameters    what stands behind the "?"
    conditional_requests
                  files and snapshots of batches, and 304 where nothing has changed
    schemas       what the answers look like; answers: those that several calls give
    errors        the one shape, and which error is which status
"""

from batchgen_app.api.app import build_api, mount_api

__all__ = ["build_api", "mount_api"]
