"""Graphs in the shapes that people bring, each with what is right for it.

``case`` says what a case is, ``infos`` how the nodes are written down, ``core_nodes`` and
``pack_nodes`` what a server tells about them; ``parts`` has what most graphs begin with. Every
other module is a family or a kind, with its ``CASES``.
"""
