"""The page "/settings": each of its sections is a module.

::

    page            the sections, in their order
        servers         the list of them, where there are several; the way to one more
          server_fields   what is typed of one, and what comes of a test
        server          which ComfyUI is used, and the headers that go along
        appearance      in which language, light or dark
        form_defaults   what a new form begins with, and how long an image may take
        folders         where things are; what to send along when something does not work
        moving          the pictures on their way to another folder
        downloads       what downloads are like, and how they are called
        licences        whose work is in the app, and on which terms
    saved_field     a setting that is saved when its field is left
    lan             whether others may come in, with codes and links, and who is in
"""
