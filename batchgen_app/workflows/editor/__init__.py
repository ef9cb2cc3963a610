"""Workflows as ComfyUI's editor saves them, turned into what a server takes. ComfyUI's page is the
model in everything.

::

    document   what stands in the file        declared   the inputs that the server declares
        │                                         │
    places     subgraphs unfolded, links      values     which value is for which input
        ├──────────────── convert ────────────────┘
    apps       what an app shows              alternatives   {red|blue} in prompts
"""

from batchgen_app.workflows.editor.apps import App, app_in
from batchgen_app.workflows.editor.convert import node_types_in, to_api

__all__ = ["App", "app_in", "node_types_in", "to_api"]
