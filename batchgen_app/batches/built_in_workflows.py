"""The built-in workflow for a model: by the recipe of its family, with the files that go along, or
with those that a request names.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace

from batchgen_app.batches.model_families import ModelFamilies
from batchgen_app.comfy.models import Category, Model
from batchgen_app.core.batch import Parameters
from batchgen_app.core.errors import InvalidRequest, NotFound
from batchgen_app.core.request import BatchRequest, Family
from batchgen_app.core.wire import JsonObject
from batchgen_app.language.message import Message, later
from batchgen_app.workflows.additions import with_encoders, with_refiner, with_vae
from batchgen_app.workflows.adjustable import NOTHING_KNOWN, Adjustable, of_built_in
from batchgen_app.workflows.built_in import Ingredients, built_in
from batchgen_app.workflows.families import FAMILIES, Recipe, files_for
from batchgen_app.workflows.from_picture import Shape, from_picture
from batchgen_app.workflows.workflow import Workflow

NO_MODEL = later("The server has no model of the family {family}. Add one to its models directory.")
FAMILY_ASSUMED = later(
    'Neither its name nor its file says to which family the model "{name}" belongs: it is used '
    "like one of {family}. If it is another one, say so once, where the model is chosen."
)
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
        if request.refiner and self._takes_refiner(model, recipe, request.family):
            nodes = with_refiner(nodes, request.refiner, request.base_parameters.steps)
        return nodes

    def remarks(self, model: Model, request: BatchRequest) -> list[Message]:
        """Where the family is not known, and the request does not say it: as what it is used."""
        assumed = None if request.family else self._families.assumed(model)
        if assumed is None:
            return []
        return [later(FAMILY_ASSUMED, name=model.name, family=FAMILIES[assumed])]

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
        """Of the graph for it; where nobody knows the family, those of the plain one."""
        with suppress(InvalidRequest):
            return Workflow(self.nodes(model, ())).parameters()
        return self.plain.parameters()

    def adjustable(self, model: Model, models: Sequence[Model]) -> Adjustable:
        """What the form offers for it."""
        try:
            recipe = self._families.recipe(model)
        except InvalidRequest:
            return NOTHING_KNOWN
        along = [] if _is_plain(model, recipe) else _files(recipe, models)[0]
        found = of_built_in(Workflow(self.nodes(model, models)), recipe, along)
        return replace(found, takes_refiner=self._takes_refiner(model, recipe))

    def _takes_refiner(self, model: Model, recipe: Recipe, said: Family | None = None) -> bool:
        """Only one of which it is known: those of other families come out spoilt."""
        is_known = said is not None or self._families.assumed(model) is None
        return is_known and recipe.family == "sdxl"


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
