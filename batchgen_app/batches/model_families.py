"""Which family a model belongs to: as its name says, or its file, or as a person has said."""

import asyncio
from contextlib import suppress
from pathlib import Path

from batchgen_app.comfy.models import Model
from batchgen_app.core.errors import InvalidRequest, Problem, StorageError
from batchgen_app.core.request import Family
from batchgen_app.language.message import later
from batchgen_app.settings import save_settings, saved_settings
from batchgen_app.workflows.families import FAMILIES, Recipe, recipe_for

UNKNOWN = later(
    'It is not known to which family the model "{name}" belongs. Say so once, as family (in the '
    "terminal --family): {families}."
)
LIKELY: Family = "sdxl"
"""What most checkpoints are whose names say nothing."""


class ModelFamilies:
    """Keeps what people say in ``settings.json`` of ``data_dir``."""

    def __init__(self, data_dir: Path) -> None:
        self._data_dir = data_dir
        self._said = dict(saved_settings(data_dir).model_families)

    def of(self, model: Model) -> Family | None:
        """The family of a model that makes pictures; None where nobody knows, or it makes none."""
        if not model.makes_pictures:
            return None
        return self._said.get(model.name, model.family)

    def guess(self, model: Model) -> Family | None:
        """The likely answer of a checkpoint whose family nobody knows; None for every other model.

        It is offered, and nothing is made with it unasked: a wrong one gives spoilt pictures. The
        form has it chosen beside the question, so that the first batch of a home-made merge is one
        click away all the same; scripts find it in the refusal.
        """
        return LIKELY if model.is_checkpoint and self.of(model) is None else None

    def told(self, model: Model) -> Model:
        """The model with its family, as far as anybody knows, or with the likely one."""
        changes = {"family": self.of(model), "family_guess": self.guess(model)}
        return model.model_copy(update=changes)

    def named(self, name: str) -> Family | None:
        """The same by a name alone, be it on the server or not."""
        recipe = recipe_for(name)
        return self._said.get(name) or (recipe.family if recipe else None)

    async def remember(self, name: str, family: Family) -> None:
        """What a person says counts from now on. Raises StorageError."""
        self._said = await asyncio.to_thread(self._save, name, family)

    async def learn(self, model: Model, family: Family | None) -> None:
        """What a request says answers the question, too, where it is open. Where that cannot be
        written down, the batch is made all the same, and the question comes again.
        """
        if family and model.makes_pictures and self.of(model) is None:
            with suppress(StorageError):
                await self.remember(model.name, family)

    def _save(self, name: str, family: Family) -> dict[str, Family]:
        """With what the terminal, another process, was told meanwhile."""
        said = {**saved_settings(self._data_dir).model_families, name: family}
        return save_settings(self._data_dir, model_families=said).model_families

    def recipe(self, model: Model, family: Family | None = None) -> Recipe:
        """How pictures are made with it, ``family`` being what a request says. Raises
        InvalidRequest where the family has to be known.
        """
        if recipe := recipe_for(model.name, family or self.of(model)):
            return recipe
        raise self._unknown(model)

    def likely_recipe(self, model: Model) -> Recipe | None:
        """The same for what is only shown; None where there is not even a guess."""
        return recipe_for(model.name, self.of(model) or self.guess(model))

    def _unknown(self, model: Model) -> InvalidRequest:
        choices = [{"family": family, "name": name} for family, name in FAMILIES.items()]
        message = later(UNKNOWN, name=model.name, families=", ".join(FAMILIES))
        guess = self.guess(model)
        details = {"choices": choices, **({"guess": guess} if guess else {})}
        return InvalidRequest([Problem("model", "family_unknown", message, details)])
