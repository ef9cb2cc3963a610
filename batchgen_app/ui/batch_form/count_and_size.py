"""One image or a batch, how many, with which seeds, and of which size."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from nicegui import events, ui
from nicegui.elements.mixins.value_element import ValueElement

from batchgen_app.core.limits import MAX_BATCH_COUNT, MIN_BATCH_COUNT
from batchgen_app.core.request import SeedMode
from batchgen_app.core.wire import JsonObject
from batchgen_app.language.texts import Lazy
from batchgen_app.ui import words as common
from batchgen_app.ui.batch_form import words
from batchgen_app.ui.parts.controls import marked
from batchgen_app.ui.parts.fields import Field, Text, Tick, as_number, number
from batchgen_app.ui.parts.parameter_fields import SizeFields

TYPE = "type"
RANDOM = "randomizeSeeds"
"""Under which the browser keeps what is no field of a request."""


class TypeChoice:
    """Single image or batch; ``on_change`` is called when another one is chosen."""

    def __init__(self, on_change: Callable[[], None]) -> None:
        with (
            ui.element("div")
            .classes("bg-segments")
            .props(f'role=radiogroup data-testid=generation-type aria-label="{words.TYPE}"')
        ):
            self._single = self._segment(str(words.SINGLE), "single", value=False)
            self._batch = self._segment(str(words.BATCH), "batch", value=True)
        self._batch.on_value_change(on_change)

    @property
    def is_batch(self) -> bool:
        """Whether several images are wanted."""
        return bool(self._batch.value)

    def choose(self, *, batch: bool) -> None:
        """As if a person clicked."""
        self._single.value = not batch
        self._batch.value = batch

    @property
    def draft(self) -> JsonObject:
        """As the browser keeps it."""
        return {TYPE: "batch" if self.is_batch else "single"}

    def _segment(self, text: str, means: str, *, value: bool) -> Tick:
        with Text("label").classes("bg-segment"):
            tick = Tick(kind="radio", value=value)
            tick.props(f"name=generation-type data-draft={TYPE} data-means={means}")
            tick.on_value_change(lambda event: self._only(tick) if event.value else None)
            Text("span", text)
        return tick

    def _only(self, chosen: Tick) -> None:
        """A browser tells of the button that was chosen, not of the one that no longer is."""
        self.choose(batch=chosen is self._batch)


class CountField(Field):
    """How many images: a slider for the hand, a number for the rest. The slider follows the number
    within its limits and never corrects it.
    """

    def __init__(self, usual: int) -> None:
        super().__init__("batchCount", str(common.COUNT), self._controls, as_number)
        self.control.on_value_change(self._move_slider)
        self.offer(usual)

    def _controls(self) -> ValueElement[Any]:
        with ui.element("div").classes("bg-count"):
            self._slider = ui.slider(min=MIN_BATCH_COUNT, max=MAX_BATCH_COUNT)
            self._slider.props(f'aria-label="{words.COUNT_SLIDER}"')
            self._slider.on("update:model-value", self._slid)
            return number("batch-count")()

    @property
    def slider(self) -> ui.slider:
        """For the hand."""
        return self._slider

    def _slid(self, event: events.GenericEventArguments) -> None:
        self.show(event.args)

    def _move_slider(self) -> None:
        if isinstance(self.given, int):
            self._slider.value = min(max(self.given, MIN_BATCH_COUNT), MAX_BATCH_COUNT)


class KeepField(Field):
    """How many pictures to keep; mostly empty, and what it means is said when it is not."""

    def __init__(self) -> None:
        super().__init__("keep", str(words.KEEP), number("keep"), as_number)
        self.box.classes("bg-keep")
        self.control.on_value_change(self._say_what_for)

    def _say_what_for(self) -> None:
        self.explain("" if self.given is None else str(words.KEEP_HINT))


class SeedChoice:
    """A random seed for each image, or one to count from."""

    def __init__(self, usual: SeedMode, on_change: Callable[[], None]) -> None:
        with ui.element("div").classes("bg-field"):
            with Text("label").classes("bg-tick"):
                self._tick = Tick("randomize-seeds", value=usual is SeedMode.RANDOM)
                self._tick.props(f"data-draft={RANDOM}")
                self._text = Text("span", str(common.RANDOM_SEEDS))
            self.base = Field(
                "baseSeed",
                str(words.BASE_SEED),
                number("base-seed", hint=str(words.BASE_SEED_HINT)),
                as_number,
            )
        self.base.box.bind_visibility_from(self._tick, "value", value=False)
        self._tick.on_value_change(on_change)

    @property
    def mode(self) -> SeedMode:
        """How the seeds are planned."""
        return SeedMode.RANDOM if self._tick.value else SeedMode.INCREMENTAL

    def choose(self, mode: SeedMode) -> None:
        """As if a person clicked."""
        self._tick.value = mode is SeedMode.RANDOM

    @property
    def draft(self) -> JsonObject:
        """As the browser keeps it."""
        return {RANDOM: self._tick.value}

    def speak_of(self, *, several: bool) -> None:
        """One image has one seed."""
        self._text.text = str(common.RANDOM_SEEDS) if several else str(words.RANDOM_SEED)


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
