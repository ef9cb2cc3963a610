"""The graph of a picture as a list, for people: node by node, what it is and what goes in. It may
have some hundred, so what is folded is only made when somebody unfolds it, a few at a time.
"""

import asyncio
from collections.abc import Awaitable, Callable

from nicegui import ui

from batchgen_app.core.errors import BatchGenError
from batchgen_app.language.texts import translated
from batchgen_app.ui import words as common
from batchgen_app.ui.comparison import words
from batchgen_app.ui.page_context import PageContext
from batchgen_app.ui.parts.controls import CopyButton, marked, own_direction
from batchgen_app.ui.parts.fields import Text
from batchgen_app.workflows.listing import ListedInput, ListedNode

AT_ONCE = 40
"""Nodes that are made before others have their turn."""


def graph_list(context: PageContext, batch_id: str, index: int) -> None:
    """Of image ``index``."""

    async def fill() -> None:
        try:
            nodes = await context.queries.graph(batch_id, index)
        except BatchGenError as error:
            ui.label(translated(str(error))).classes("bg-hint")
            return
        ui.label(words.nodes(len(nodes))).classes("bg-hint")
        place = ui.context.slot.parent
        for some in _in_pieces(nodes):
            if place.is_deleted:
                return
            with place:
                for node in some:
                    _node(node)
            await asyncio.sleep(0)

    marked(_folded(str(words.GRAPH), fill), "graph").classes("bg-graph")


def _in_pieces(nodes: list[ListedNode]) -> list[list[ListedNode]]:
    return [nodes[start : start + AT_ONCE] for start in range(0, len(nodes), AT_ONCE)]


def _node(node: ListedNode) -> None:
    async def fill() -> None:
        with ui.element("dl").classes("bg-panel-facts"):
            for given in node.inputs:
                _input(given)

    made = marked(_folded(words.node(node), fill), "graph-node")
    made.props["data-node"] = node.id


def _input(given: ListedInput) -> None:
    with ui.element("div"):
        Text("dt", given.name)
        with own_direction(ui.element("dd")):
            if given.source:
                ui.label(words.comes_from(given)).classes("bg-muted")
            else:
                shown = common.broken(given.text).strip()
                CopyButton(shown or str(words.EMPTY), given.text)


def _folded(title: str, fill: Callable[[], Awaitable[None]]) -> ui.element:
    """What is in it is made once, when it is unfolded first."""
    is_made = False
    with ui.element("details") as box:
        own_direction(Text("summary", title))
        place = ui.element("div")

    async def make() -> None:
        nonlocal is_made
        if not is_made:
            is_made = True
            with place:
                await fill()

    return box.on("toggle", make, [])
