"""What other programs write into the pictures that they make, and what a request can take of it.

::

    told             what a picture tells, by our names; what we have no field for, by theirs
      read_by        the readers of all programs, and which of them is asked
        a1111            "parameters" of AUTOMATIC1111, Forge, SD.Next, Civitai, Fooocus: text
        invokeai, swarmui, fooocus, novelai: JSON, each in its own way
    sampler_names    what they call samplers and schedulers, as ComfyUI calls them
    asked            a request of what is told, as far as it can be asked for; the rest in words
    kept             pictures that were made elsewhere, as the events of a batch
"""
