"""Say it: the page "/".

::

    page        the form, the stage beside it, the queue below
    form        the request, handed in
    request_fields  all fields of a request, together
        prompt_field, amount, model_choice, size_choice
        more            closed until somebody wants it: steps, CFG … and workflow_choice
    stage       what is being made, or examples to begin with
"""
