"""What a batch is. Pure: no input or output, no user interface.

::

    wire ─▶ request     what is asked, with limits (limits, seeds; form_defaults: before that)
      └─ styles          words that people use often, and how they come into a prompt
         ─▶ batch       what is under way and what came out (ids)
    dynamic_prompt      a prompt whose words are chosen anew for each image
    events ─▶ state     what happened (batch_events, image_events), and the one function that lets
                        it happen (lifecycle, planned, standing: the fields, and what follows)
      └─ passing        what is shown and forgotten
    state ─▶ serializers           how it looks from outside
    state ─▶ batch_file            how it lies in its folder
      └─ batch_file_events         and how it comes back from there
    state ─▶ time_left  how long it still takes, by what is seen of it
    durations           how long images and batches took
    tags                short words of one's own for a picture
    proof               what came of making a picture again (like_image: the request for that)
    keeping, changes    which image takes a rejected one's place; what two batches differ in
    delivery            what is handed out of batches (file_names: how it is called)
    resuming            which images a resume makes
    event_repair        what a damaged log may still be believed
    search/             what people type to find pictures, understood (found_image: what is found)
    json_paths          a JSON object but for one place in it
    host_names          how machines are called (server_list: which make pictures)
    json_values         values out of other people's JSON, made safe
    signal              something has happened, for whoever subscribed
    programs            what other programs write into their pictures, as a request
    image_source        which program made a picture
    picture_text        what a picture tells of itself (media: what kind of file it is)
    infotext (model_files, lora_tags, others_names), xmp
    errors, advice (what helps against a failure)
"""
