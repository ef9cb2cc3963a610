"""Say it: the page "/".

::

    page        the form, the stage beside it (what is being made, or examples), the queue below
    form        the request, handed in
    request_fields  all fields of a request, together
        prompt_field, count_and_size, model_choice, workflow_choice
"""
