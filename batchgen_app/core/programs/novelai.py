"""NovelAI: ``Software``, ``Source`` and JSON under ``Comment``; hidden in the alpha channel, all of
them are one JSON object.
"""

from collections.abc import Mapping

from batchgen_app.core.json_values import object_or_empty
from batchgen_app.core.programs.told import NOTHING, Told, json_object, sorted_out

SOFTWARE, COMMENT, DESCRIPTION, MODEL = "Software", "Comment", "Description", "Source"
KEYWORDS = (SOFTWARE, COMMENT, DESCRIPTION, MODEL)
FIELDS = {
    "prompt": "prompt", "uc": "negativePrompt", "seed": "seed", "steps": "steps", "scale": "cfg",
    "width": "width", "height": "height", "sampler": "sampler", "noise_schedule": "scheduler",
    "model": "model",
}  # fmt: skip
CAPTIONS = ("v4_prompt", "v4_negative_prompt")
IGNORED = frozenset({
    "n_samples", "request_type", "signed_hash", "version", "v4_prompt", "v4_negative_prompt",
    "uncond_scale", "skip_cfg_below_sigma", "lora_unet_weights", "lora_clip_weights", "legacy",
    "hide_debug_overlay", "legacy_v3_extend", "uncond_per_vibe", "wonky_vibe_correlation",
    "deliberate_euler_ancestral_bug", "prefer_brownian", "stream", "cfg_sched_eligibility",
    "explike_fine_detail", "minimize_sigma_inf", "controlnet_strength", "image_format",
    "extra_passthrough_testing", "params_version",
})  # fmt: skip


def read(texts: Mapping[str, str]) -> Told:
    """What these tell; NOTHING where they are not NovelAI's."""
    settings = json_object(texts.get(COMMENT))
    if texts.get(SOFTWARE, "").strip() != "NovelAI" or settings is None:
        return NOTHING
    return read_settings(settings, texts.get(DESCRIPTION), texts.get(MODEL))


def read_hidden(written: str) -> Told:
    """What was hidden in the pixels; NOTHING where that is something else."""
    found = json_object(written) or {}
    return read({name: value for name, value in found.items() if isinstance(value, str)})


def read_settings(settings: Mapping[str, object], described: str | None, model: str | None) -> Told:
    """The description is the prompt, where the settings have none."""
    captions = [(name, _caption(settings.get(name))) for name in CAPTIONS]
    people = [(f"{name}: characters", said) for name, said in captions if said]
    written = {"prompt": described, "model": model, **settings}
    return sorted_out("novelai", written, FIELDS, ignored=IGNORED, also=people)


def _caption(told: object) -> object:
    """What is said of single characters, which has no field of its own."""
    listed = object_or_empty(object_or_empty(told).get("caption")).get("char_captions")
    if not isinstance(listed, list):
        return None
    said = [object_or_empty(one).get("char_caption") for one in listed[:20]]
    return "; ".join(one for one in said if isinstance(one, str) and one)
