"""Prompts that vary from image to image: choices, wildcards and comments in a text, as the library
``dynamicprompts`` reads them. The same text, seed and lists give the same words. Pure: the lists
come from whoever has them.

::

    template   a text that was read once: its words for a seed
    counting   how many there can be: a count
    sampling   the library's way from a text to words, within bounds
    lists      what wildcards stand for, and whether one refers to itself
    budget     how much a request may have looked through
    syntax     what a text is looked through for before the library reads it
    refusal    why a text cannot be used, and where in it
"""
