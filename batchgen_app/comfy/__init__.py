"""Speaks to a ComfyUI server. The facts come from PROTOCOL.md, whose sections are named in places.

::

    client     ComfyClient: submit, prompt_status, cancel, picture …
      transport       HTTP with limits; faults of the wire become our errors
        http_client     the client underneath
        arrival         a file on its way: how much has come, where it is written
      address         what people type as an address; which certificates are trusted
      output_files    what a prompt has made, as the server gives it away
      refusals        why a workflow was refused, in words
      prompt_status   where a prompt is, and what became of it
      stats           what the server tells about itself
    ports      what the app needs of a server, however it is spoken to
    listener   ComfyListener: one websocket, made anew whenever it is lost
      parsing ─▶ messages       frames to data, pure
    catalog    Catalog: what the server offers to choose from
      models          which loader names them, how they are grouped and shown
      model_metadata  which family the file of one says it belongs to; model_hashes: its hashes
    validation whether anything can come of a graph on this server
      wiring          what the server makes of its links
    json_text  JSON as servers write it, made safe; long ones are read beside the event loop
"""
