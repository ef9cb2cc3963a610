"""Which family a model belongs to: as its name says, or as a person has said."""

import asyncio
from pathlib import Path

from batchgen_app.comfy.models import Model
from batchgen_app.core.errors import InvalidRequest, Problem
from batchgen_app.core.request import Family
from batchgen_app.language.message import later
from batchgen_app.settings import save_settings, saved_settings
from batchgen_app.workflows.families import FAMILIES, Recipe, recipe_for

UNKNOWN = later(
    'It is not known to which family the model "{name}" belongs. Say so once: {families}.'
)
ASSUMED: Family = "sdxl"


class ModelFamilies:
    """Keeps what people say in ``settings.json`` of ``data_dir``."""

    def __init__(self, data_dir: Path) -> None:
        self._data_dir = data_dir
        self._said = dict(saved_settings(data_dir).model_families)

    def of(self, model: Model) -> Family | None:
        """The family of a model that makes pictures; None where nobody knows, or it makes none."""
        if not model.makes_pictures:
            return None
        return self._said.get(model.name, None if model.family_assumed else model.family)

    def assumed(self, model: Model) -> Family | None:
        """How a checkpoint is used whose family nobody knows: what it brings along makes pictures
        in the way of most of them. None for every other model.
        """
        return ASSUMED if model.is_checkpoint and self.of(model) is None else None

    def told(self, model: Model) -> Model:
        """The model with its family, as far as anybody knows."""
        assumed = self.assumed(model)
        changes = {"family": assumed or self.of(model), "family_assumed": assumed is not None}
        return model.model_copy(update=changes)

    def named(self, name: str) -> Family | None:
        """The same by a name alone, be it on the server or not."""
        recipe = recipe_for(name)
        return self._said.get(name) or (recipe.family if recipe else None)

    async def remember(self, name: str, family: Family) -> None:
        """What a person says counts from now on. Raises StorageError."""
        said = {**self._said, name: family}
        await asyncio.to_thread(save_settings, self._data_dir, model_families=said)
        self._said = said

    def recipe(self, model: Model, family: Family | None = None) -> Recipe:
        """How pictures are made with it, ``family`` being what a request says. Raises
        InvalidRequest where the family has to be known.
        """
        named = recipe_for(model.name, family or self.of(model))
        if recipe := named or recipe_for(model.name, self.assumed(model)):
            return recipe
        raise _unknown(model)


def _unknown(model: Model) -> InvalidRequest:
    choices = [{"family": family, "name": name} for family, name in FAMILIES.items()]
    message = later(UNKNOWN, name=model.name, families=", ".join(FAMILIES))
    return InvalidRequest([Problem("model", "family_unknown", message, {"choices": choices})])
