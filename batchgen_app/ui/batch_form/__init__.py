"""Say it: the page "/".

::

    page        the form, the stage beside it (what is being made, or examples), the queue below
    form        the request, handed in
    request_fields  all fields of a request, together
        prompt_field, count_and_size, model_choice, lora_choice
        workflow_choice     a file, or one of the library
          workflow_mapping  what goes where; input_pictures: what it starts from
    form_actions  what the form does besides asking for a batch
"""
