"""The demo engine: a ComfyUI-compatible server that paints pictures from prompt and seed.

It answers as ComfyUI 0.33 does, which is the version that it says it is and with which it was
compared route by route (tests/contract): as PROTOCOL.md records it of 0.3.64, quirks included,
and otherwise where 0.33 differs.

    engine      DemoEngine: starts, stops, is killed and comes back
    web         a gate, and behind it the routes (routes/), each on its way to the
    studio      everything one run of the server knows: wired here, forgotten at a restart
    validation  a graph in, a verdict out; input_checks words the errors
    queue       who waits, runs, is done; the studio's worker takes them one at a time to an
    execution   walks the graph, remembers results; report tells the hub, which tells the sockets
    nodes/      the node types, each declared once (node_type) for object_info, checks and work in a
    context     what a node may ask of the engine, and what it is given
    files       the folders of pictures, and the lists of models that there are to choose from
    painting/   prompt and seed in, picture out
    hooks       the moments at which somebody may step in; tests/faulty_engine does
    settings    how fast it is, what it offers, who steps in
"""

from batchgen_app.demo.engine import DemoEngine, serve
from batchgen_app.demo.hooks import Hooks
from batchgen_app.demo.settings import DemoSettings, demo_models

__all__ = ["DemoEngine", "DemoSettings", "Hooks", "demo_models", "serve"]
