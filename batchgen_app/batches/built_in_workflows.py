"""The built-in workflow for a model: by the recipe of its family, with the files that go along, or
with those that a request names.
"""

from collections.abc import Sequence
from dataclasses import replace

from batchgen_app.batches.model_families import ModelFamilies
from batchgen_app.comfy.models import Category, Model
from batchgen_app.core.batch import Parameters
from batchgen_app.core.errors import NotFound
from batchgen_app.core.request import BatchRequest, Family
from batchgen_app.core.wire import JsonObject
from batchgen_app.language.message import later
from batchgen_app.workflows.additions import with_encoders, with_refiner, with_vae
from batchgen_app.workflows.adjustable import NOTHING_KNOWN, Adjustable, of_built_in
from batchgen_app.workflows.built_in import Ingredients, built_in
from batchgen_app.workflows.families import FAMILIES, Recipe, files_for
from batchgen_app.workflows.from_picture import Shape, from_picture
from batchgen_app.workflows.workflow import Workflow

NO_MODEL = later("The server has no model of the family {family}. Add one to its models directory.")
PLAIN = frozenset({"sd15", "sdxl"})
"""Families whose checkpoints the plain workflow makes pictures with."""


class BuiltInWorkflows:
    """``plain`` is the one for checkpoints that need nothing else."""

    def __init__(self, families: ModelFamilies, plain: Workflow) -> None:
        self._families = families
        self.plain = plain

    def nodes(
        self,
        model: Model,
        models: Sequence[Model],
        request: BatchRequest | None = None,
        shape: Shape | None = None,
    ) -> JsonObject:
        """The graph, with files of those that the server has (``models``); it starts from a picture
        where that has a ``shape``. Raises InvalidRequest where nobody knows the family.
        """
        recipe = self._families.recipe(model, request.family if request else None)
        return self._by(recipe, model, models, request, shape)

    def _by(
        self,
        recipe: Recipe,
        model: Model,
        models: Sequence[Model],
        request: BatchRequest | None = None,
        shape: Shape | None = None,
    ) -> JsonObject:
        asked = request.text_encoders if request else None
        if _is_plain(model, recipe):
            nodes = self._plain(recipe)
        else:
            encoders, vae = _files(recipe, models, asked)
            nodes = built_in(recipe, Ingredients(model.category, model.name, tuple(encoders), vae))
        if shape:
            nodes = from_picture(nodes, shape, request.denoise if request else None)
        if request is None:
            return nodes
        nodes = _with_files(nodes, recipe, model, models, request)
        if request.refiner and recipe.family == "sdxl":
            nodes = with_refiner(nodes, request.refiner, request.base_parameters.steps)
        return nodes

    async def learn(self, model: Model, family: Family | None) -> None:
        """Which family a request says that its model belongs to."""
        await self._families.learn(model, family)

    def of_family(self, family: Family, models: Sequence[Model]) -> JsonObject:
        """The graph for the first of ``models`` that belongs to it. Raises NotFound where none
        does.
        """
        for model in models:
            if self._families.of(model) == family:
                workflow = Workflow(self.nodes(model, models))
                return workflow.with_values((s, model.name) for s in workflow.roles.model).nodes
        raise NotFound(later(NO_MODEL, family=FAMILIES[family]))

    def _plain(self, recipe: Recipe) -> JsonObject:
        roles = self.plain.roles
        sizes = [(slot, recipe.side) for slot in (*roles.width, *roles.height)]
        return self.plain.with_values(sizes).nodes

    def parameters(self, model: Model) -> Parameters:
        """Of the graph for it, be its family only likely; else those of the plain one."""
        if recipe := self._families.likely_recipe(model):
            return Workflow(self._by(recipe, model, ())).parameters()
        return self.plain.parameters()

    def adjustable(self, model: Model, models: Sequence[Model]) -> Adjustable:
        """What the form offers for it."""
        recipe = self._families.likely_recipe(model)
        if recipe is None:
            return NOTHING_KNOWN
        along = [] if _is_plain(model, recipe) else _files(recipe, models)[0]
        found = of_built_in(Workflow(self._by(recipe, model, models)), recipe, along)
        # Those of other families come out spoilt by one.
        return replace(found, takes_refiner=self._families.of(model) == recipe.family == "sdxl")


def _with_files(
    nodes: JsonObject,
    recipe: Recipe,
    model: Model,
    models: Sequence[Model],
    request: BatchRequest,
) -> JsonObject:
    if request.vae and model.is_checkpoint:
        nodes = with_vae(nodes, request.vae)
    if request.text_encoders and model.is_checkpoint:
        nodes = with_encoders(nodes, recipe, _files(recipe, models, request.text_encoders)[0])
    return nodes


def _is_plain(model: Model, recipe: Recipe) -> bool:
    return model.is_checkpoint and recipe.family in PLAIN


def _files(
    recipe: Recipe, models: Sequence[Model], asked: Sequence[str] | None = None
) -> tuple[Sequence[str], str]:
    """Text encoders and VAE; without the encoders that those who are ``asked`` for do without."""
    encoders, vae = files_for(
        recipe, _names(models, Category.TEXT_ENCODERS), _names(models, Category.VAE)
    )
    count = len(encoders)
    if asked and count - recipe.can_lack <= len(asked) < count:
        count = len(asked)
    return encoders[:count], vae


def _names(models: Sequence[Model], category: Category) -> list[str]:
    return [model.name for model in models if model.category is category]
