"""Speaks to a ComfyUI server. The facts come from PROTOCOL.md, whose sections are named in places.

::

    client     ComfyClient: submit, whereabouts, cancel, picture …
      transport     HTTP with limits; faults of the wire become our errors
      address       what people type as an address
      refusals      why a workflow was refused, in words (labels: how a node is called)
      whereabouts ─▶ history    where a prompt is, and what became of it
      stats         what the server tells about itself
    listener   ComfyListener: one websocket, made anew whenever it is lost
      parsing ─▶ messages       frames to data, pure
      outline       of a long answer what matters, while it arrives
    catalog    Catalog: what the server offers to choose from
      models, combos, remembered
    prospects  whether anything can come of a graph on this server
      wiring, offers                its links, and its values that stand in lists
    json_text  JSON as servers write it, made safe; aside: long ones are read beside the loop
"""
