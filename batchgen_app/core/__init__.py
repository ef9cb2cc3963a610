"""What a batch is. Pure: no input or output, no user interface.

::

    wire ─▶ request     what is asked, with limits (limits, seeds)
         ─▶ batch       what is under way and what came out (ids)
    events ─▶ state     what happened, and the one function that lets it happen (lifecycle, planned)
    state ─▶ serializers           how it looks from outside
    state ─▶ batch_file            how it lies in its folder
      └─ batch_file_events         and how it comes back from there
    state ─▶ time_left  how long it still takes, by what is seen of it
    durations           how long images and batches took
    event_repair        what a damaged log may still be believed
    json_values         values out of other people's JSON, made safe
    signal              something has happened, for whoever subscribed
    infotext (model_files), errors, advice (what helps against a failure)
"""
