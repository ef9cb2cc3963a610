"""Readers of others, so that nothing is believed because the same hand wrote and read it: the rules
of AUTOMATIC1111 and Civitai, piexif, sd-parsers, an XML parser, and files taken apart by hand.
"""
