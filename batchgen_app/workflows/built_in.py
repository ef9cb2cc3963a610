"""The built-in workflows: a graph for a model, by the recipe of its family."""

from dataclasses import dataclass

from batchgen_app.core.wire import JsonObject
from batchgen_app.workflows.families import Recipe
from batchgen_app.workflows.graph import node as _node

ENCODER_LOADERS = {
    1: "CLIPLoader",
    2: "DualCLIPLoader",
    3: "TripleCLIPLoader",
    4: "QuadrupleCLIPLoader",
}
"""By how many files they load."""
TYPED = frozenset({1, 2})
"""Those of them that are told what the encoders are for."""


@dataclass(frozen=True)
class Ingredients:
    """A model file and what loads it ("checkpoints", "diffusion_models", "unet_gguf"). A checkpoint
    brings its text encoders and its VAE along.
    """

    folder: str
    model: str
    encoders: tuple[str, ...] = ()
    vae: str = ""

    @property
    def is_checkpoint(self) -> bool:
        """Whether it needs no other file."""
        return self.folder == "checkpoints"


def built_in(recipe: Recipe, of: Ingredients) -> JsonObject:
    """The graph, without a prompt and with seed 0; node ids say what each is for."""
    nodes = {**_loaders(recipe, of), **_texts(recipe, of), **_latent(recipe)}
    model = ["model", 0]
    if recipe.shift:
        kind, value = recipe.shift
        nodes["shift"] = _node(kind, "Model sampling", model=model, shift=value)
        model = ["shift", 0]
    sampling = _custom_sampling if recipe.latent == "EmptyFlux2LatentImage" else _plain_sampling
    return {
        **nodes,
        **sampling(recipe, model),
        "decode": _node("VAEDecode", "VAE Decode", samples=["sampler", 0], vae=_vae(of)),
        "save": _node("SaveImage", "Save Image", images=["decode", 0], filename_prefix="BatchGen"),
    }


def _loaders(recipe: Recipe, of: Ingredients) -> JsonObject:
    if of.is_checkpoint:
        return {"model": _node("CheckpointLoaderSimple", "Load Checkpoint", ckpt_name=of.model)}
    if of.folder == "unet_gguf":
        model = _node("UnetLoaderGGUF", "Load Diffusion Model", unet_name=of.model)
    else:
        dtype = {"weight_dtype": "default"}
        model = _node("UNETLoader", "Load Diffusion Model", unet_name=of.model, **dtype)
    return {
        "model": model,
        "encoders": encoder_loader(recipe, of.encoders),
        "vae": _node("VAELoader", "Load VAE", vae_name=of.vae),
    }


def encoder_loader(recipe: Recipe, names: tuple[str, ...]) -> JsonObject:
    """The node that loads these."""
    count = len(names)
    numbered = {f"clip_name{number}": name for number, name in enumerate(names, start=1)}
    inputs: JsonObject = numbered if count > 1 else {"clip_name": names[0]}
    if count in TYPED:
        inputs["type"] = recipe.encoder_type
    return _node(ENCODER_LOADERS[count], "Load Text Encoders", **inputs)


def _vae(of: Ingredients) -> list[object]:
    return ["model", 2] if of.is_checkpoint else ["vae", 0]


def _texts(recipe: Recipe, of: Ingredients) -> JsonObject:
    clip = ["model", 1] if of.is_checkpoint else ["encoders", 0]
    nodes = {"positive": _node("CLIPTextEncode", "Prompt", text="", clip=clip)}
    if recipe.takes_negative:
        nodes["negative"] = _node("CLIPTextEncode", "Negative prompt", text="", clip=clip)
    elif recipe.latent != "EmptyFlux2LatentImage":
        zeroed = {"conditioning": ["positive", 0]}
        nodes["negative"] = _node("ConditioningZeroOut", "No negative", **zeroed)
    if recipe.guidance is not None:
        guided = {"conditioning": ["positive", 0], "guidance": recipe.guidance}
        nodes["guidance"] = _node("FluxGuidance", "Guidance", **guided)
    return nodes


def _positive(recipe: Recipe) -> list[object]:
    return ["guidance" if recipe.guidance is not None else "positive", 0]


def _latent(recipe: Recipe) -> JsonObject:
    size = {"width": recipe.side, "height": recipe.side, "batch_size": 1}
    return {"latent": _node(recipe.latent, "Empty Latent Image", **size)}


def _plain_sampling(recipe: Recipe, model: list[object]) -> JsonObject:
    return {
        "sampler": _node(
            "KSampler",
            "KSampler",
            seed=0,
            steps=recipe.steps,
            cfg=recipe.cfg,
            sampler_name=recipe.sampler,
            scheduler=recipe.scheduler,
            denoise=1.0,
            model=model,
            positive=_positive(recipe),
            negative=["negative", 0],
            latent_image=["latent", 0],
        )
    }


def _custom_sampling(recipe: Recipe, model: list[object]) -> JsonObject:
    """Flux.2 has a schedule of its own, which depends on the size."""
    size = {"width": recipe.side, "height": recipe.side}
    return {
        "guider": _node("BasicGuider", "Guider", model=model, conditioning=_positive(recipe)),
        "noise": _node("RandomNoise", "Noise", noise_seed=0),
        "solver": _node("KSamplerSelect", "Sampler", sampler_name=recipe.sampler),
        "sigmas": _node("Flux2Scheduler", "Schedule", steps=recipe.steps, **size),
        "sampler": _node(
            "SamplerCustomAdvanced",
            "Sample",
            noise=["noise", 0],
            guider=["guider", 0],
            sampler=["solver", 0],
            sigmas=["sigmas", 0],
            latent_image=["latent", 0],
        ),
    }
