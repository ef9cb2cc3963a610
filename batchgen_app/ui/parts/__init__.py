"""What the pages are made of.

::

    controls    buttons, pictures, stars, keys, marks for tests; elements that follow a field
    fields      a label, a control, and what is wrong with its value
    toast       messages that go away by themselves, and the way back; questions
    trouble     what went wrong, with another try
    draft       what was typed and not sent, kept by the browser
"""
