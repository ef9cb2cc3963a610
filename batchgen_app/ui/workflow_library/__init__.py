"""The workflows that can be chosen: the page "/workflows", and one of them: "/workflows/…".

::

    page       the cards, what was deleted, what cannot be used
      card     one workflow, and what can be done with it
      actions  what is done, in the name of whoever looks, and taken back
    editor     what goes where in one of them
    words      every text
"""
