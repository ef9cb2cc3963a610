"""Say it: the page "/", and the form beside a batch.

::

    page        the form, the stage beside it (what is being made, or examples), the queue below
    stage       which batch is shown there, and when the address becomes that batch's
    form_column where the form stands, and is folded
    form        the request, handed in
    request_fields  all fields of a request, together: what they show
      asked           what they ask for, and what is wrong in it
      request_sheet   which they are, and what is filled in
        prompt_field ─▶ dynamic_prompt  words that vary from image to image
          own_prompt          the one that a workflow brings along
          earlier_prompts     the list of them
        input_pictures      what it starts from
        count_and_size, model_choice
        more                what most people leave as it is
          graph_fields        what only some models have; file_choice: files that go along
          style_choice        styles and what they come to; style_editor: all that there are
          lora_choice
          workflow_choice     a file, or one of the library
            kept_answers        what is said of one of the library, for the next time
            workflow_mapping    what goes where; input_names: what inputs are called there
    origin        which batch or picture the form was begun from
    given_files   a picture or a file that is given to the form as a whole: by drop_anywhere, or
                  by the address
    one_file      on its way from a person to the form
    words, graph_words  every text of it
    form_actions  what the form does besides asking for a batch
"""
