"""The page "/settings": each of its sections is a module.

::

    page            the sections, in their order
        server          which ComfyUI is used, with headers_field
        patience        how long an image may take
        folders         where things are
        appearance      light or dark
"""
