"""What a batch is. Pure: no input or output, no user interface.

::

    wire ─▶ batch       what is asked and what came out, with limits (limits, seeds)
    graph ─▶ roles ─▶ workflow    how a request's values get into a ComfyUI graph
    events ─▶ state     what happened, and the one function that lets it happen (lifecycle, planned)
    state ─▶ report     how it looks from outside
    state ─▶ batch_file ─▶ batch_diff   how it lies in its folder, and how it comes back from there
    state ─▶ pace       how long it still takes, by what is seen of it
    rebuilding          a batch file anew, from what the pictures tell
    signal              something has happened, for whoever subscribed
    mending, credible   what a damaged log or a foreign batch file may still be believed
    estimate, infotext (model_files), json_size, errors, advice (what helps against a failure)
"""
