"""Understands node graphs. Pure: no input or output.

::

    node_types          what a server tells about its nodes
    graph ─▶ roles ─▶ workflow    how a request's values get into a ComfyUI graph
"""
