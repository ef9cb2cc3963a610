"""The frame around every page.

::

    theme       navigation, colours, stylesheet
    banners         what there is to say about the server
    keyboard        shortcuts of the whole page, and the list of them
    tab_title       how far the batch is, seen from another tab
"""
