"""The page "/settings": each of its sections is a module.

::

    page            the sections, in their order
        server          which ComfyUI is used, with headers_field
        language        in which this device reads
        form_defaults   what a new form begins with
        patience        how long an image may take
        folders         where things are
        lan             whether others may come in, with codes and qr codes, and devices: who is in
        this_device     for those who signed in
        appearance      light or dark
    diagnostics     what to send along when something does not work
"""
