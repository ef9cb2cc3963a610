"""The fields of what a workflow says, too: size, steps and their like."""

from collections.abc import Iterator, Sequence

from nicegui import ui

from batchgen_app.core.batch import Parameters
from batchgen_app.core.errors import ServerError
from batchgen_app.services import ServerQueries
from batchgen_app.ui import words as common
from batchgen_app.ui.parts.fields import Choice, Field, as_number, as_text, number, prompt_text

BASE = "baseParameters"


class SizeFields:
    """Width and height."""

    def __init__(self) -> None:
        with ui.element("div").classes("bg-pair bg-size"):
            self.width = Field(f"{BASE}.width", str(common.WIDTH), number("width", "8"), as_number)
            self.height = Field(
                f"{BASE}.height", str(common.HEIGHT), number("height", "8"), as_number
            )


class ParameterFields:
    """Steps, CFG, sampler, scheduler and the negative prompt."""

    def __init__(self) -> None:
        with ui.element("div").classes("bg-pair"):
            self.steps = Field(f"{BASE}.steps", str(common.STEPS), number("steps"), as_number)
            self.cfg = Field(f"{BASE}.cfg", str(common.CFG), number("cfg", "0.5"), as_number)
        with ui.element("div").classes("bg-pair"):
            self.sampler = Choice(f"{BASE}.samplerName", str(common.SAMPLER), "sampler")
            self.scheduler = Choice(f"{BASE}.scheduler", str(common.SCHEDULER), "scheduler")
        self.negative = Field(
            "negativePrompt",
            str(common.NEGATIVE),
            prompt_text("negative-prompt", str(common.NEGATIVE_HINT)),
            as_text,
        )

    @property
    def all(self) -> Sequence[Field]:
        """In their order on the page."""
        return self.steps, self.cfg, self.sampler, self.scheduler, self.negative

    async def load(self, server: ServerQueries) -> None:
        """Ask for the server's lists; where it does not answer, they stay as they are."""
        try:
            samplers, schedulers = await server.samplers(), await server.schedulers()
        except ServerError:
            return
        self.sampler.list({name: name for name in samplers})
        self.scheduler.list({name: name for name in schedulers})


def offer(fields: Sequence[Field], parameters: Parameters) -> None:
    """Show in each field what ``parameters`` say, as values that nobody typed."""
    for field, value in _said(fields, parameters):
        field.offer(value)


def put(fields: Sequence[Field], parameters: Parameters) -> None:
    """The same, as if somebody had typed it."""
    for field, value in _said(fields, parameters):
        field.put(value)


def _said(fields: Sequence[Field], parameters: Parameters) -> Iterator[tuple[Field, object]]:
    said = parameters.to_json()
    return ((field, said[field.name.rpartition(".")[2]]) for field in fields)
