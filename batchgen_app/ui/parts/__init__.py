"""What the pages are made of.

::

    controls    buttons, pictures, stars, keys, marks for tests; elements that follow a field
    quiet       what changes often, without the whole page being drawn anew
    fields      a label, a control, and what is wrong with its value
    parameter_fields  those of what a workflow says, too
    undo        what was done on a page and can be taken back
    addresses   where a path of ours is for a browser
    toast       messages that go away by themselves, and the way back; questions
    verdicts    stars and crosses, as they are shown and given
    marking     hearts, stars and rejecting, of one or many pictures, and back again
    choosing    a question with several answers
    naming      a question for a name
    tagging     pictures put into a collection and taken out, and back again
    collecting  the question which one (collection_words: its texts)
    uploads     files on their way from a person to the page
    start_from  the way from a picture that was made to the form
    device_tick  a switch that each device has for itself
    clean_downloads  downloads without the settings inside
    chosen      pictures to be taken along, under a name for an address
    awaited     whose proofs are to be told of at their end
    qr          what a phone's camera reads
    trouble     what went wrong, with another try
    draft       what was typed and not sent, kept by the browser
"""
