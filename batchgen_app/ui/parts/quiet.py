"""Quiet: what changes often has little of a page drawn anew. Where an element changes, a browser
draws all that is in the same component of Vue, which takes long where many pictures are.
"""

import json
from collections.abc import Callable, Sequence
from weakref import ref

from nicegui import binding, ui

from batchgen_app.places import assets_dir

CHANGE = """(([id, name, value]) => {
    const known = Vue.toRaw(mounted_app.elements)[id];
    if (known) (known.props ??= {})[name] = value;
    getHtmlElement(id)?.setAttribute(name, value);
})(%s)"""
"""Also in what the page is drawn from when something else changes."""


class Apart(ui.element, component=assets_dir() / "apart.js"):
    """A box that is drawn by itself when something in it changes; ``tag`` is that of HTML."""

    def __init__(self, tag: str) -> None:
        super().__init__()
        self.props["tag"] = tag


class Quiet(dict[str, str]):
    """Attributes of one element. The first value of each is drawn with the element."""

    def __init__(self, element: ui.element) -> None:
        super().__init__()
        self._element = ref(element)

    def __setitem__(self, name: str, value: str) -> None:
        is_drawn = name in self
        super().__setitem__(name, value)
        if element := self._element():
            with element.props.suspend_updates():
                element.props[name] = value
            if is_drawn:
                element.client.run_javascript(CHANGE % json.dumps([element.id, name, value]))


def bind_quietly(
    element: ui.element, name: str, source: object, fields: Sequence[str], pick: Callable[[], str]
) -> None:
    """Keep an attribute at ``pick()``, asked again whenever one of ``fields`` changes; for it
    alone, nothing is drawn anew.
    """
    vars(element).setdefault("quiet", Quiet(element))
    for field in fields:
        binding.bind_from(element, ("quiet", name), source, field, lambda _: pick())
