"""The families of models that there are built-in workflows for: how their files are called, and
what their makers recommend for sampling.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from batchgen_app.core.model_files import bare_name
from batchgen_app.core.request import Family

FAMILIES: Mapping[Family, str] = {
    "sd15": "Stable Diffusion 1.5",
    "sdxl": "SDXL",
    "sd3": "Stable Diffusion 3.5",
    "flux": "Flux.1",
    "flux2": "Flux.2",
    "chroma": "Chroma",
    "qwen-image": "Qwen-Image",
    "z-image": "Z-Image",
    "hidream": "HiDream",
}
"""By id as people call them."""


@dataclass(frozen=True)
class File:
    """A file that goes along with a model: how those that will do are called, and the usual one,
    which is asked for where the server has none of them; ``title`` is what people call the kind.
    """

    called: str
    usual: str
    title: str = ""

    def among(self, names: Iterable[str]) -> str:
        """The first name that will do, or the usual one."""
        fitting = (name for name in names if re.search(self.called, bare_name(name).casefold()))
        return next(fitting, self.usual)


T5 = File(r"t5[._-]?xxl", "t5xxl_fp8_e4m3fn_scaled.safetensors", "T5-XXL")
CLIP_L = File(r"clip_?l(?!\w*hidream)", "clip_l.safetensors", "CLIP-L")
CLIP_G = File(r"clip_?g(?!\w*hidream)", "clip_g.safetensors", "CLIP-G")
FLUX_VAE = File(r"^ae$|flux(?!.?2).*vae|^ae[._-]", "ae.safetensors")


@dataclass(frozen=True)
class Recipe:
    """How pictures are made with models whose names match ``called``, the first that does of all
    recipes. ``encoders`` are in the order of the loader's inputs; ``shift`` is a node that changes
    the model's schedule, and its value. Without ``takes_negative`` the negative side is zeroed.
    Of the encoders, the last ``can_lack`` may be left out.
    """

    family: Family
    called: str
    steps: int = 20
    cfg: float = 1.0
    sampler: str = "euler"
    scheduler: str = "simple"
    side: int = 1024
    latent: str = "EmptySD3LatentImage"
    encoders: tuple[File, ...] = ()
    encoder_type: str = ""
    can_lack: int = 0
    vae: File = FLUX_VAE
    shift: tuple[str, float] | None = None
    guidance: float | None = None
    takes_negative: bool = False


_PLAIN_LATENT = "EmptyLatentImage"
_HIDREAM = (
    File(r"clip_?l\w*hidream", "clip_l_hidream.safetensors", "CLIP-L"),
    File(r"clip_?g\w*hidream", "clip_g_hidream.safetensors", "CLIP-G"),
    T5,
    File(r"llama", "llama_3.1_8b_instruct_fp8_scaled.safetensors", "Llama"),
)
_QWEN_VL = File(r"qwen.?2\.?5.?vl", "qwen_2.5_vl_7b_fp8_scaled.safetensors", "Qwen2.5-VL")
_FLUX2_VAE = File(r"flux.?2.*vae", "flux2-vae.safetensors")
_KLEIN = File(r"qwen.?3", "qwen_3_4b.safetensors", "Qwen3")
_QWEN3 = File(r"qwen.?3.?4b", "qwen_3_4b.safetensors", "Qwen3")

RECIPES = (
    Recipe("flux2", r"flux.?2.*klein", steps=4, latent="EmptyFlux2LatentImage", encoders=(_KLEIN,),
           encoder_type="flux2", vae=_FLUX2_VAE),
    Recipe("flux2", r"flux.?2", latent="EmptyFlux2LatentImage", encoder_type="flux2",
           encoders=(File(r"mistral", "mistral_3_small_flux2_fp8.safetensors", "Mistral"),),
           vae=_FLUX2_VAE, guidance=4.0),
    Recipe("chroma", r"chroma", steps=26, cfg=4.0, scheduler="beta", encoders=(T5,),
           encoder_type="chroma", shift=("ModelSamplingAuraFlow", 1.0), takes_negative=True),
    Recipe("flux", r"schnell", steps=4, encoders=(T5, CLIP_L), encoder_type="flux"),
    Recipe("flux", r"flux", guidance=3.5, encoders=(T5, CLIP_L), encoder_type="flux"),
    Recipe("qwen-image", r"qwen.?image", cfg=4.0, side=1328, encoder_type="qwen_image",
           encoders=(_QWEN_VL,),
           vae=File(r"qwen.?image.*vae", "qwen_image_vae.safetensors"),
           shift=("ModelSamplingAuraFlow", 3.1), takes_negative=True),
    Recipe("z-image", r"z.?image.?turbo", steps=9, sampler="res_multistep",
           encoder_type="lumina2", encoders=(_QWEN3,),
           shift=("ModelSamplingAuraFlow", 3.0)),
    Recipe("z-image", r"z.?image", steps=30, cfg=4.0, sampler="res_multistep",
           encoder_type="lumina2", encoders=(_QWEN3,),
           shift=("ModelSamplingAuraFlow", 3.0), takes_negative=True),
    Recipe("hidream", r"hidream.*fast", steps=16, sampler="lcm", scheduler="normal",
           encoders=_HIDREAM, shift=("ModelSamplingSD3", 3.0)),
    Recipe("hidream", r"hidream.*dev", steps=28, sampler="lcm", scheduler="normal",
           encoders=_HIDREAM, shift=("ModelSamplingSD3", 6.0)),
    Recipe("hidream", r"hidream", steps=50, cfg=5.0, sampler="uni_pc", encoders=_HIDREAM,
           shift=("ModelSamplingSD3", 3.0), takes_negative=True),
    Recipe("sd3", r"sd.?3|stable.?diffusion.?3", cfg=4.0, scheduler="sgm_uniform",
           encoders=(CLIP_L, CLIP_G, T5), encoder_type="sd3", can_lack=1,
           vae=File(r"sd.?3.*vae", "sd3_vae.safetensors"),
           shift=("ModelSamplingSD3", 3.0), takes_negative=True),
    Recipe("sdxl", r"xl|pony|illustrious|noob", cfg=7.0, scheduler="normal", latent=_PLAIN_LATENT,
           encoders=(CLIP_L, CLIP_G), encoder_type="sdxl",
           vae=File(r"sdxl.*vae", "sdxl_vae.safetensors"), takes_negative=True),
    Recipe("sd15", r"sd.?1|v1.?5|1\.5", cfg=7.0, scheduler="normal", side=512,
           latent=_PLAIN_LATENT, encoders=(CLIP_L,), encoder_type="stable_diffusion",
           vae=File(r"vae.?ft.?mse", "vae-ft-mse-840000-ema-pruned.safetensors"),
           takes_negative=True),
)  # fmt: skip
"""Where one name holds another's, it stands first."""


def recipe_for(model: str, family: Family | None = None) -> Recipe | None:
    """How pictures are made with a model of this name; of a ``family`` that is known, the one for
    its name or else the family's most general. None where neither says enough.
    """
    name = bare_name(model).casefold()
    of_family = [recipe for recipe in RECIPES if family in {None, recipe.family}]
    named = (recipe for recipe in of_family if re.search(recipe.called, name))
    return next(named, of_family[-1] if family in FAMILIES else None)


def files_for(
    recipe: Recipe, encoders: Sequence[str], vaes: Sequence[str]
) -> tuple[list[str], str]:
    """The text encoders and the VAE that go along, among those that the server has."""
    return [file.among(encoders) for file in recipe.encoders], recipe.vae.among(vaes)


def refines(model: str) -> bool:
    """Whether a checkpoint of this name only finishes what another one has begun."""
    return "refiner" in bare_name(model).casefold()
