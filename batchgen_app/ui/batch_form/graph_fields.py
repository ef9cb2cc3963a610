"""Fields that only some workflows have a place for: guidance, denoise, the files that go along.
They follow the model, or the workflow that a person chose.
"""

from collections.abc import Mapping, Sequence
from itertools import zip_longest

from batchgen_app.core.wire import JsonObject
from batchgen_app.language.message import Message
from batchgen_app.services.values import Model
from batchgen_app.ui.batch_form import words
from batchgen_app.ui.batch_form.file_choice import WITHOUT, FileChoice
from batchgen_app.ui.parts.fields import Field, as_number, number
from batchgen_app.ui.parts.parameter_fields import ParameterFields
from batchgen_app.workflows.adjustable import NOTHING_KNOWN, Adjustable, FilePlace
from batchgen_app.workflows.families import refines

ENCODERS = "textEncoders"
MOST_ENCODERS = 4
"""No family needs more; of a workflow the others stay as they are."""


class GraphFields:
    """``parameters`` are the fields above, of which some have no effect with some models. The field
    for the ``denoise`` stands where the picture is that it is about.
    """

    def __init__(self, parameters: ParameterFields, denoise: Field) -> None:
        self._parameters = parameters
        self._now = NOTHING_KNOWN
        self._denoise = denoise
        self._guidance = Field(
            "guidance", str(words.GUIDANCE), number("guidance", "0.1"), as_number
        )
        self._vae = FileChoice("vae", str(words.VAE), "vae", field="vae")
        self._encoders = tuple(
            FileChoice(f"{ENCODERS}.{place}", "", "text-encoder", field=ENCODERS)
            for place in range(MOST_ENCODERS)
        )
        self._refiner = FileChoice("refiner", str(words.REFINER), "refiner", field="refiner")
        self._refiner.explain(str(words.REFINER_HINT))
        parameters.cfg.control.on_value_change(self._explain)
        self.follow(NOTHING_KNOWN, ())

    @property
    def all(self) -> Sequence[Field]:
        """In their order on the page, seen or not."""
        return self._guidance, self._denoise, self._vae, *self._encoders, self._refiner

    @property
    def is_at_fault(self) -> bool:
        """Whether a message stands below one that can be seen."""
        return any(field.is_at_fault and field.box.visible for field in self.all)

    @property
    def given(self) -> JsonObject:
        """What a person changed, as a request wants it."""
        numbers = (self._guidance, self._denoise)
        changed = {f.name: f.given for f in numbers if f.box.visible and f.is_changed}
        files = {f.name: f.asked for f in (self._vae, self._refiner)}
        given = {**changed, **files, ENCODERS: self._chosen_encoders}
        return {name: value for name, value in given.items() if value is not None}

    @property
    def _chosen_encoders(self) -> list[str] | None:
        seen = [field for field in self._encoders if field.box.visible]
        if not any(field.asked for field in seen):
            return None
        return [field.file for field in seen if field.file]

    def follow(self, now: Adjustable, models: Sequence[Model], *, is_built_in: bool = True) -> None:
        """Show what there is a place for, with files among ``models``."""
        self._now = now
        _follow(self._guidance, now.guidance)
        _follow(self._denoise, now.denoise)

        def have(field: FileChoice, place: FilePlace | None, files: Mapping[str, str]) -> None:
            usual = words.usual_file(place.name, files, is_built_in=is_built_in) if place else ""
            field.follow(place, files, usual, is_needed=is_built_in)

        have(self._vae, now.vae, _files(models, "vae"))
        encoders = _files(models, "text_encoders")
        places = now.text_encoders[:MOST_ENCODERS]
        for position, (field, place) in enumerate(zip_longest(self._encoders, places)):
            if place:
                field.label.text = words.text_encoder(place.title or str(position + 1))
            have(field, place, encoders)
        self._follow_refiner(now, models)
        self._explain()

    def fill(self, asked: JsonObject) -> None:
        """Show what a request says, and where it says nothing what is usual."""
        for field in (self._guidance, self._denoise):
            if (value := asked.get(field.name)) is not None:
                field.show(value)
            else:
                field.offer(getattr(self._now, field.name))
        self._vae.show(asked.get("vae"))
        self._refiner.show(asked.get("refiner"))
        named = asked.get(ENCODERS) or [None] * MOST_ENCODERS
        for position, field in enumerate(self._encoders):
            # Which models there are may not be known yet: what has no place goes without a word.
            field.show(named[position] if position < len(named) else WITHOUT)

    def tell(self, messages: dict[str, Message]) -> None:
        """Say at each field what is wrong with it, taking that out of ``messages``."""
        for field in self.all:
            field.tell(messages.pop(field.name, None))
        about_encoders = messages.pop(ENCODERS, None)
        seen = [field for field in self._encoders if field.box.visible]
        if about_encoders and seen and not any(field.is_at_fault for field in seen):
            next((field for field in seen if field.asked), seen[0]).tell(about_encoders)

    def _follow_refiner(self, now: Adjustable, models: Sequence[Model]) -> None:
        refiners = {m.name: m.display_name for m in models if m.is_checkpoint and refines(m.name)}
        place = FilePlace("") if now.takes_refiner and refiners else None
        self._refiner.follow(place, refiners, str(words.NO_REFINER), is_needed=False)

    def _explain(self) -> None:
        """Where CFG or the negative prompt do nothing."""
        now, cfg = self._now, self._parameters.cfg
        self._parameters.cfg.explain(words.about_cfg(now))
        self._parameters.negative.explain(words.about_negative(now, has_cfg=cfg.given != 1))


def _follow(field: Field, usual: float | None) -> None:
    """Have this value where nobody typed another; without a place there is nothing to see."""
    field.box.visible = usual is not None
    if usual is not None and not field.is_changed:
        field.offer(usual)


def _files(models: Sequence[Model], category: str) -> dict[str, str]:
    return {model.name: model.display_name for model in models if model.category == category}
