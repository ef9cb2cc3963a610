"""The size of the images: a shape to click, and its numbers."""

from dataclasses import dataclass

from nicegui import ui

from batchgen_app.language.texts import Lazy
from batchgen_app.ui import words as common
from batchgen_app.ui.batch_form import words
from batchgen_app.ui.parts.controls import marked
from batchgen_app.ui.parts.parameters import SizeFields

DRAWN = 26
"""Pixels of the longer side of a drawn shape."""


@dataclass(frozen=True)
class Shape:
    """A size that models are made for."""

    name: Lazy
    width: int
    height: int

    @property
    def drawn(self) -> str:
        """As a CSS style."""
        scale = DRAWN / max(self.width, self.height)
        return f"width: {self.width * scale:.0f}px; height: {self.height * scale:.0f}px"


SIZES = ((1024, 1024), (896, 1152), (768, 1344), (1152, 896), (1344, 768))
SHAPES = tuple(
    Shape(name, width, height) for name, (width, height) in zip(words.SHAPES, SIZES, strict=True)
)


class SizeChoice:
    """The two fields, and a button for each shape."""

    def __init__(self) -> None:
        with ui.element("div").classes("bg-field").props(f'role=group aria-label="{common.SIZE}"'):
            with ui.element("div").classes("bg-shapes"):
                self._buttons = {shape: self._button(shape) for shape in SHAPES}
            fields = SizeFields()
        self.width, self.height = fields.width, fields.height
        for field in (self.width, self.height):
            field.control.on_value_change(self._mark)

    def _button(self, shape: Shape) -> ui.button:
        button = marked(ui.button(color=None, on_click=lambda: self._take(shape)), "shape")
        with button:
            ui.element("span").classes("bg-shape").style(shape.drawn)
            ui.label(str(shape.name))
        size = common.size(shape.width, shape.height)
        button.props(f'flat no-caps aria-label="{shape.name}, {size}" title="{size}"')
        return button.classes("bg-shape-button")

    def _take(self, shape: Shape) -> None:
        self.width.put(shape.width)
        self.height.put(shape.height)

    def _mark(self) -> None:
        """The shape that the numbers make is the pressed one."""
        size = (self.width.given, self.height.given)
        for shape, button in self._buttons.items():
            is_it = (shape.width, shape.height) == size
            button.props(f"aria-pressed={'true' if is_it else 'false'}")
