"""Which family a model belongs to: as its name says, or as a person has said once; and the built-in
workflow that makes pictures with it.
"""

import asyncio
from collections.abc import Sequence
from pathlib import Path

from batchgen_app.comfy.models import Category, Model
from batchgen_app.core.errors import InvalidRequest, Problem
from batchgen_app.core.request import Family
from batchgen_app.core.wire import JsonObject
from batchgen_app.language.message import later
from batchgen_app.settings import save_settings, saved_settings
from batchgen_app.workflows.built_in import Ingredients, built_in
from batchgen_app.workflows.families import FAMILIES, Recipe, files_for, recipe_for

PLAIN = frozenset({"sd15", "sdxl"})
"""Families whose checkpoints the plain workflow makes pictures with."""
UNKNOWN = later(
    'It is not known to which family the model "{name}" belongs. Say so once: {families}.'
)


class ModelFamilies:
    """Keeps what people say in ``settings.json`` of ``data_dir``."""

    def __init__(self, data_dir: Path) -> None:
        self._data_dir = data_dir
        self._said = dict(saved_settings(data_dir).model_families)

    def of(self, model: Model) -> Family | None:
        """The family of a model that makes pictures; None where nobody knows, or it makes none."""
        return self._said.get(model.name, model.family) if model.makes_pictures else None

    async def remember(self, name: str, family: Family) -> None:
        """What a person says counts from now on. Raises StorageError."""
        said = {**self._said, name: family}
        await asyncio.to_thread(save_settings, self._data_dir, model_families=said)
        self._said = said

    def recipe(self, model: Model, family: Family | None = None) -> Recipe | None:
        """How pictures are made with it, ``family`` being what a request says; None where the plain
        workflow does it. Raises InvalidRequest where the family is not known.
        """
        recipe = recipe_for(model.name, family or self.of(model))
        if model.is_checkpoint and (recipe is None or recipe.family in PLAIN):
            return None
        if recipe is None:
            raise _unknown(model)
        return recipe

    def workflow(self, recipe: Recipe, model: Model, models: Sequence[Model]) -> JsonObject:
        """The built-in graph, with text encoders and a VAE of those that the server has."""
        encoders, vae = files_for(
            recipe, _names(models, Category.TEXT_ENCODERS), _names(models, Category.VAE)
        )
        return built_in(recipe, Ingredients(model.category, model.name, tuple(encoders), vae))


def _names(models: Sequence[Model], category: Category) -> list[str]:
    return [model.name for model in models if model.category is category]


def _unknown(model: Model) -> InvalidRequest:
    choices = [{"family": family, "name": name} for family, name in FAMILIES.items()]
    message = later(UNKNOWN, name=model.name, families=", ".join(FAMILIES))
    return InvalidRequest([Problem("model", "family_unknown", message, {"choices": choices})])
