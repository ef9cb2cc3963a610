"""Models: which loader names them, how they are grouped and shown (FUN-MODEL-SELECT)."""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum
from pathlib import PureWindowsPath

from pydantic import Field

from batchgen_app.core.errors import InvalidRequest
from batchgen_app.core.request import Family
from batchgen_app.core.wire import Wire
from batchgen_app.language.message import later
from batchgen_app.workflows.families import recipe_for

USER_FOLDER = "user_models/"
FILE_ENDING = ".safetensors"
NAMED = 3
"""Models that a refusal lists."""
NO_MODELS = later("No models available. Add .safetensors files to models directory.")

NO_FILES = frozenset({"pixel_space"})
"""What loaders list beside the models: this one decodes nothing."""


class Category(StrEnum):
    """Kinds of model, by the folder that they lie in, in the order in which they are listed."""

    CHECKPOINTS = "checkpoints"
    LORAS = "loras"
    DIFFUSION_MODELS = "diffusion_models"
    UNET_GGUF = "unet_gguf"
    TEXT_ENCODERS = "text_encoders"
    VAE = "vae"


_ORDER = {category: index for index, category in enumerate(Category)}


class Model(Wire):
    """A model file: ``name`` is what the server wants, ``display_name`` what people read.
    ``family`` is what its name says, or else its file, of one that makes pictures; None where that
    is nothing.
    """

    name: str
    display_name: str
    category: Category
    family: Family | None = Field(default=None, exclude_if=lambda family: family is None)
    family_guess: Family | None = Field(default=None, exclude_if=lambda family: family is None)
    """The likely answer where the family is to be asked for; None where none is."""

    @property
    def is_checkpoint(self) -> bool:
        """Whether it brings its text encoders and its VAE along."""
        return self.category is Category.CHECKPOINTS

    @property
    def is_lora(self) -> bool:
        """Whether it changes another model."""
        return self.category is Category.LORAS

    @property
    def is_merged(self) -> bool:
        """Whether it is put together from others: those are known by the folder they lie in."""
        # A Windows path has both kinds of slashes, so it fits the names of any server.
        folders = PureWindowsPath(self.name.lower()).parts[:-1]
        return self.is_checkpoint and any("merge" in folder for folder in folders)

    @property
    def makes_pictures(self) -> bool:
        """Whether it can be the model of a batch; the others only go along with one."""
        return self.category in MAKING_PICTURES


MAKING_PICTURES = frozenset({Category.CHECKPOINTS, Category.DIFFUSION_MODELS, Category.UNET_GGUF})


@dataclass(frozen=True)
class Loader:
    """A node type whose input ``input_name`` lists the models of one category."""

    class_type: str
    input_name: str
    category: Category

    def model(self, name: str) -> Model:
        """The model that the loader lists as ``name``."""
        recipe = recipe_for(name) if self.category in MAKING_PICTURES else None
        return Model(
            name=name,
            display_name=display_name(name),
            category=self.category,
            family=recipe and recipe.family,
        )


LOADERS = (
    Loader("CheckpointLoaderSimple", "ckpt_name", Category.CHECKPOINTS),
    Loader("LoraLoader", "lora_name", Category.LORAS),
    Loader("UNETLoader", "unet_name", Category.DIFFUSION_MODELS),
    Loader("UnetLoaderGGUF", "unet_name", Category.UNET_GGUF),
    Loader("CLIPLoader", "clip_name", Category.TEXT_ENCODERS),
    Loader("VAELoader", "vae_name", Category.VAE),
)


def place_in_list(model: Model) -> tuple[int, bool, str, str]:
    """Sort key: by category, then as people read it."""
    return _ORDER[model.category], model.is_merged, model.display_name.casefold(), model.name


def required(name: str, models: Sequence[Model]) -> Model:
    """The one of ``models`` that makes pictures and has this name; raises InvalidRequest. Of very
    many, it takes its time to find those that have one like it.
    """
    usable = [model for model in models if model.makes_pictures]
    for model in usable:
        if model.name == name:
            return model
    raise unknown_model(name, usable)


def unknown_model(name: str, models: Sequence[Model]) -> InvalidRequest:
    """The error for a model that is not in ``models``, with the nearest that are, or the first."""
    shown = {model.display_name.casefold(): model.name for model in models}
    # Compared as people read them: folder and ending, which all have in common, say nothing.
    near = [shown[found] for found in get_close_matches(display_name(name).casefold(), shown)]
    hint = _did_you_mean(near) if near else _choose(models)
    message = later('The server has no model "{name}". {hint}', name=name, hint=hint)
    return InvalidRequest.of("model", "unknown_model", message if models else NO_MODELS)


def _choose(models: Sequence[Model]) -> str:
    more = ["…"] if len(models) > NAMED else []
    names = [model.name for model in models[:NAMED]]
    return later("Choose one that it has: {names}", names=", ".join([*names, *more]))


def _did_you_mean(near: Sequence[str]) -> str:
    *others, last = near
    if not others:
        return later("Did you mean {name}?", name=last)
    return later("Did you mean {names} or {name}?", names=" or ".join(others), name=last)


def display_name(name: str) -> str:
    """How people read it: without the folder that all have in common, and without its ending."""
    return name.replace("\\", "/").removeprefix(USER_FOLDER).removesuffix(FILE_ENDING)
