"""Every text of the page "/": the form, and the examples beside it."""

from collections.abc import Mapping

from batchgen_app.core.dynamic_prompt.count import Count
from batchgen_app.core.request import Family
from batchgen_app.language.message import later
from batchgen_app.language.texts import _, lazy, ngettext
from batchgen_app.services.values import Model
from batchgen_app.ui import words as common
from batchgen_app.ui.words import duration
from batchgen_app.workflows.adjustable import Adjustable
from batchgen_app.workflows.families import FAMILIES

TYPE = lazy("What to generate")
SINGLE = lazy("Single image")
BATCH = lazy("Batch Generate")
FOLD = lazy("Fold the form away")
UNFOLD = lazy("Unfold the form")
PROMPT = lazy("Prompt")
PROMPT_HINT = lazy("Describe the picture")
DYNAMIC = lazy("Vary the words from image to image")
DYNAMIC_HELP = lazy("How choices are written")
DYNAMIC_SYNTAX = {
    "{red|blue}": lazy("one of them"),
    "{3::red|blue}": lazy("one of them, red three times as often"),
    "{2$$red|blue|gold}": lazy("two of them"),
    "{2$$ and $$red|blue|gold}": lazy("two of them, with “and” between"),
    "__colour__": lazy("a line of the file colour.txt"),
    "{2$$__colour__}": lazy("two lines of it"),
    "# …": lazy("the rest of the line is a note"),
}
COUNT_SLIDER = lazy("Number of images, slider")
RANDOM_SEED = lazy("Random seed")
KEEP = lazy("Keep (optional)")
KEEP_HINT = lazy(
    "How many pictures you want in the end. A picture that you reject while the batch runs is "
    "replaced by another one as long as fewer would be left, up to 20 images."
)
BASE_SEED = lazy("Base seed")
BASE_SEED_HINT = lazy("Leave empty to pick one")
REFRESH_MODELS = lazy("Refresh models")
FAMILY = lazy("What kind of model is this? Asked once.")
FAMILY_ASKED = later("Choose below what kind of model this is.")
FAMILY_CHANGE = lazy("Change the family")
MODEL_NAME = lazy("Type a model's name")
MODELS_ASKED = lazy("The server is asked for its models …")
MODELS_UNKNOWN = lazy(
    "The server does not answer, so its models are not known. They come by themselves when it "
    "does; start ComfyUI, or change its address in the settings."
)
MODEL_GROUPS = {
    "checkpoints": lazy("Base"),
    "merged": lazy("Merged"),
    "diffusion_models": lazy("Diffusion models"),
    "unet_gguf": lazy("Diffusion models (GGUF)"),
}
SHAPES = (lazy("Square"), lazy("Portrait"), lazy("Tall"), lazy("Wide"), lazy("Cinema"))
MORE = lazy("More")
WORKFLOW = lazy("Workflow")
STYLES = lazy("Styles")
STYLE_ADD = lazy("Add a style")
STYLE_NONE = lazy(
    "A style is words that you use often, under a name: chosen here, they are added to your prompt."
)
STYLE_NEW = lazy("New style")
STYLE_FROM_PROMPT = lazy("From this prompt")
STYLE_IMPORT = lazy("Import a file")
STYLES_EDIT = lazy("Edit the styles")
STYLE_NAME = lazy("Name")
STYLE_HINT = lazy(
    "Where {prompt} stands, your own words go. Without it, they come first and a comma follows."
)
STYLE_RESULT = lazy("Your prompt comes to")
STYLE_RESULT_NEGATIVE = lazy("Your negative prompt comes to")
SAVE = lazy("Save")
CANCEL = lazy("Cancel")
DENOISE_HINT = lazy("How much changes: 0 leaves the picture as it is, 1 makes a new one.")
LORAS = common.LORAS
GUIDANCE = common.GUIDANCE
DENOISE = common.DENOISE
VAE = common.VAE
REFINER = common.REFINER
REFINER_HINT = lazy("Samples the last fifth of the steps, for finer detail")
NO_REFINER = lazy("None")
WITHOUT = lazy("Do without")
LORA_ADD = lazy("Add a LoRA")
GENERATE = lazy("Generate")
EXAMPLE_USED = lazy("The example has replaced what you typed.")
EARLIER = lazy("Earlier prompts")
EARLIER_KEY = lazy("Alt + ↓")
EARLIER_SEARCH = lazy("Search all prompts")
EARLIER_NONE = lazy("No prompts yet. Those that you generate with are found here.")
EARLIER_NONE_FOUND = lazy("No prompt has these words.")
EARLIER_USED = lazy("The earlier prompt has replaced what you typed.")
EARLIER_USED_AND_STYLES = lazy(
    "An earlier prompt has the words of its styles in it: it has replaced what you typed and the "
    "styles you had chosen."
)
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


def more(styles: int, loras: int) -> str:
    """Above what most people leave as it is, with what is in use of it."""
    used = [
        ngettext("{count} style", "{count} styles", styles) if styles else "",
        ngettext("{count} LoRA", "{count} LoRAs", loras) if loras else "",
    ]
    return " · ".join(filter(None, [str(MORE), *used]))


def group_header(category: str, count: int) -> str:
    """Above the models of one kind."""
    return f"{MODEL_GROUPS.get(category, category)} · {count}"


def family(model: Model) -> str:
    """Below the model."""
    return _("Family: {name}", name=FAMILIES[model.family]) if model.family else ""


def family_question(guess: Family | None) -> str:
    """Below the model, where only a person knows; ``guess`` is the answer that stands there."""
    if guess is None:
        return str(FAMILY)
    return _("What kind of model is this? Probably {name}. Asked once.", name=FAMILIES[guess])


def model_gone(name: str) -> str:
    """After a refresh."""
    return _('"{name}" is no longer on the server. Choose another model.', name=name)


def no_model_of(family: str) -> str:
    """Where one was wanted."""
    return _("The server has no model of the family {family}.", family=family)


def text_encoder(which: str) -> str:
    """Above the field for one; ``which`` is what people call its kind, or its place."""
    return _("Text encoder ({which})", which=which)


def usual_file(name: str, files: Mapping[str, str], *, is_built_in: bool) -> str:
    """What is used where nobody chooses one of ``files``, names and how they are shown."""
    shown = files.get(name, name)
    if not name:
        return _("The model's own")
    if not is_built_in:
        return _("As the workflow has it: {name}", name=shown)
    if name in files:
        return _("Found by name: {name}", name=shown)
    return _("Not on the server: {name}", name=shown)


def about_cfg(now: Adjustable) -> str:
    """Below CFG, where it does not do what people know it for."""
    if not now.is_known:
        return ""
    if now.cfg is None:
        return _("Has no effect: this model is not steered by CFG.")
    if now.cfg != 1:
        return ""
    if now.guidance is None:
        return _("This model is made for CFG 1.")
    return _("This model is made for CFG 1; Guidance steers it instead.")


def about_negative(now: Adjustable, *, has_cfg: bool) -> str:
    """Below the negative prompt, where it is of no use."""
    if not now.is_known or (now.takes_negative and has_cfg):
        return ""
    if not now.takes_negative:
        return _("Has no effect: this model takes no negative prompt.")
    return _("Has no effect at CFG 1.")


def style_edit(name: str) -> str:
    """Beside a style."""
    return _('Edit "{name}"', name=name)


def style_delete(name: str) -> str:
    """Beside a style."""
    return _('Delete "{name}"', name=name)


def style_deleted(name: str) -> str:
    """After it was."""
    return _('The style "{name}" is deleted.', name=name)


def styles_brought(count: int) -> str:
    """Of a file."""
    return ngettext("{count} style is new.", "{count} styles are new.", count)


def lora_strength(name: str) -> str:
    """For those who do not see beside what it stands."""
    return _("Strength of {name}", name=name)


def lora_remove(name: str) -> str:
    """Beside a LoRA."""
    return _("Do without {name}", name=name)


def dynamic_example(prompt: str, count: Count) -> str:
    """What a prompt may become."""
    example = _("For example: {prompt}", prompt=prompt)
    if count.is_exact:
        many = ngettext("{count} prompt is possible", "{count} prompts are possible", count.number)
    else:
        many = _("more than {count} prompts are possible", count=count.number)
    return f"{example} · {many}"


def wildcards(folder: str, count: int) -> str:
    """Above those that there are."""
    if not count:
        return _(
            "No wildcards yet: put text files into {folder}, one choice a line.", folder=folder
        )
    return _("Wildcards, from {folder}:", folder=folder)


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
