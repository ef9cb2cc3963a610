"""What the pages are made of.

::

    controls    buttons, pictures, marks for tests and keys
    fields      a label, a control, and what is wrong with its value
    following   elements that follow a field of a batch
    into_view   scrolling to what is to be seen
    keys        a part of a page that is worked by keyboard
    busy        a button whose work is under way
    question    one that must be answered before something happens
    toast       messages that go away by themselves, and the way back
    trouble     what went wrong, with another try
    rating      the stars that a picture was given
    draft       what was typed and not sent, kept by the browser
"""
