"""What of a workflow can be adjusted besides the values that nearly all have: for the form, whose
fields follow it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from batchgen_app.workflows.families import Recipe
from batchgen_app.workflows.graph import Slot
from batchgen_app.workflows.roles import NUMBERS
from batchgen_app.workflows.workflow import Workflow


@dataclass(frozen=True)
class FilePlace:
    """A file that goes along with the model. ``name`` is the one that the workflow has, "" where
    the model brings it; ``like`` is the one that would do in that case. ``title`` is what people
    call its kind, "" where that is not known.
    """

    name: str
    like: str = ""
    title: str = ""
    can_be_left_out: bool = False


@dataclass(frozen=True)
class Adjustable:
    """None and False where there is no place. ``cfg`` is what the workflow is made for. There is
    only a denoise where it matters: with a picture at the start, or below 1.
    """

    cfg: float | None = None
    takes_negative: bool = True
    guidance: float | None = None
    denoise: float | None = None
    vae: FilePlace | None = None
    text_encoders: tuple[FilePlace, ...] = ()
    takes_refiner: bool = False
    is_known: bool = True
    """Else nothing can be said, but about the family of the model."""


NOTHING_KNOWN = Adjustable(is_known=False)


def of_workflow(workflow: Workflow) -> Adjustable:
    """Of a graph, whoever made it."""
    roles = workflow.roles

    def number(slots: Sequence[Slot]) -> float | None:
        found: float | None = workflow.graph.read(slots[0], NUMBERS) if slots else None
        return found

    denoise = number(roles.denoise)
    matters = denoise is not None and (bool(roles.image) or denoise < 1)
    return Adjustable(
        cfg=number(roles.cfg),
        takes_negative=bool(roles.negative_prompt),
        guidance=number(roles.guidance),
        denoise=denoise if matters else None,
        vae=next(iter(_files(workflow, roles.vae)), None),
        text_encoders=tuple(_files(workflow, roles.text_encoder)),
    )


def of_built_in(workflow: Workflow, recipe: Recipe, found: Sequence[str]) -> Adjustable:
    """Of a built-in one, by the ``recipe`` of the model's family; ``found`` are the text encoders
    that go along.
    """
    plain = of_workflow(workflow)
    files = recipe.encoders
    places = plain.text_encoders or tuple(FilePlace("", like=name) for name in found)
    needed = len(files) - recipe.can_lack
    encoders = (
        replace(place, title=file.title, can_be_left_out=number >= needed)
        for number, (place, file) in enumerate(zip(places, files, strict=False))
    )
    return replace(
        plain,
        vae=plain.vae or FilePlace("", like=recipe.vae.usual),
        text_encoders=tuple(encoders),
        takes_refiner=recipe.family == "sdxl",
    )


def _files(workflow: Workflow, slots: Sequence[Slot]) -> list[FilePlace]:
    names = (workflow.graph.read(slot, str) for slot in slots)
    return [FilePlace(name) for name in names if name]
