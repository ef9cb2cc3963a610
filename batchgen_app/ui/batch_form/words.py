"""Every text of the page "/": the form, and the examples beside it."""

from batchgen_app.language.message import Message, later
from batchgen_app.language.texts import _, lazy, ngettext
from batchgen_app.ui import words as common
from batchgen_app.ui.words import duration

TYPE = lazy("What to generate")
SINGLE = lazy("Single image")
BATCH = lazy("Batch Generate")
PROMPT = lazy("Prompt")
PROMPT_HINT = lazy("Describe the picture")
COUNT_SLIDER = lazy("Number of images, slider")
RANDOM_SEED = lazy("Random seed")
BASE_SEED = lazy("Base seed")
BASE_SEED_HINT = lazy("Leave empty to pick one")
REFRESH_MODELS = lazy("Refresh models")
FAMILY = lazy("What kind of model is this? Asked once.")
MODELS_UNKNOWN = lazy("The models cannot be listed: the server does not answer.")
MODEL_GROUPS = {
    "checkpoints": lazy("Base"),
    "merged": lazy("Merged"),
    "diffusion_models": lazy("Diffusion models"),
    "unet_gguf": lazy("Diffusion models (GGUF)"),
}
SHAPES = (lazy("Square"), lazy("Portrait"), lazy("Tall"), lazy("Wide"), lazy("Cinema"))
MORE = lazy("More")
WORKFLOW = lazy("Workflow")
WORKFLOW_HINT = lazy("A workflow of ComfyUI, or a PNG, WebP or JPEG that carries one")
WORKFLOW_CHOOSE = lazy("Choose a file")
WORKFLOW_REMOVE = lazy("Remove the workflow")
WORKFLOW_STORED = lazy("Choose a stored workflow")
WORKFLOW_KEEP = lazy("Keep this workflow")
WORKFLOW_OF_BATCH = lazy("Workflow of the batch")
WORKFLOW_NO_FILE = lazy("Choose a picture or a JSON file of at most 15 MB.")
PICTURE_CHOOSE = lazy("Choose a picture")
PICTURE_REMOVE = lazy("Take the picture away")
LORAS = lazy("LoRAs")
LORA_ADD = lazy("Add a LoRA")
MAPPING = lazy("What goes where")
ROLES = {
    "prompt": PROMPT,
    "negativePrompt": common.NEGATIVE,
    "seed": lazy("Seed"),
    "steps": common.STEPS,
    "width": common.WIDTH,
    "height": common.HEIGHT,
    "cfg": common.CFG,
    "guidance": lazy("Guidance"),
    "denoise": lazy("Denoise"),
    "samplerName": common.SAMPLER,
    "scheduler": common.SCHEDULER,
    "model": common.MODEL,
    "vae": lazy("VAE"),
}
QUESTIONS = {
    "prompt": lazy("Choose which of these texts is the prompt."),
    "negativePrompt": lazy("Choose which of these texts is the negative prompt."),
    "model": lazy("Choose which loader gets the model."),
}
NO_PLACE = lazy("no place")
AS_IS = lazy("Run it as it is: its own prompt, or the same picture every time")
ADD_FIELD = lazy("Add a field")
REMOVE_FIELD = lazy("Remove this field")
GENERATE = lazy("Generate")
PROMPT_REPLACED = lazy("The example has replaced what you typed.")
DRAFT_REPLACED = lazy("The form has the settings of the batch. What you had typed can come back.")
NO_SETTINGS = lazy("The batch whose settings were to be used is no longer there.")
EXAMPLES_TITLE = lazy("What would you like to see?")
NOTHING_YET = lazy("Nothing is being made now")
NOTHING_YET_HINT = lazy("What somebody starts is seen here. What is finished is in the gallery.")
EXAMPLES_HINT = lazy("Describe it, or begin with one of these.")
EXAMPLES = (
    "A lighthouse on a cliff at dawn, soft mist over the sea, warm light in the window",
    "Portrait of an old clockmaker in her workshop, brass and lamplight, shallow depth of field",
    "A quiet street in the rain at night, neon signs mirrored in the puddles, film still",
)
"""In English whatever the pages speak: models understand that best."""


def group_header(category: str, count: int) -> str:
    """Above the models of one kind."""
    return f"{MODEL_GROUPS.get(category, category)} · {count}"


def model_gone(name: str) -> str:
    """After a refresh."""
    return _('"{name}" is no longer on the server. Choose another model.', name=name)


def workflow_not_kept(name: str) -> str:
    """When the page is opened again."""
    return _(
        'The workflow "{name}" is too large for the browser to remember. Choose the file again.',
        name=name,
    )


def without_workflow(why: str) -> Message:
    """Where a file was wanted and not taken."""
    return later("{why} Generate again to do without a workflow.", why=why)


def workflow_kept(name: str) -> str:
    """After it was put into the library."""
    return _('The workflow "{name}" is kept.', name=name)


def lora_strength(name: str) -> str:
    """For those who do not see beside what it stands."""
    return _("Strength of {name}", name=name)


def lora_remove(name: str) -> str:
    """Beside a LoRA."""
    return _("Do without {name}", name=name)


def characters(count: int, limit: int) -> str:
    """Beside the prompt."""
    return f"{count} / {limit}"


def generate(count: int, seconds: float | None) -> str:
    """What the button will do."""
    doing = ngettext("Generate {count} image", "Generate {count} images", count)
    if seconds is None:
        return doing
    return _("{doing} · about {time}", doing=doing, time=duration(seconds))


def submit_lost(address: str) -> str:
    """After "Cannot connect to server", when a batch could not be started."""
    return _(
        "Nothing was started, and what you typed is still here. Start ComfyUI at {address} or "
        "change the address in the settings, then Retry.",
        address=address,
    )
