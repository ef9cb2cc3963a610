"""Texts of the form about workflows: what goes where in them, and the pictures they start from."""

from collections.abc import Sequence

from batchgen_app.core.image_source import PROGRAMS, Source
from batchgen_app.language.message import Message, later
from batchgen_app.language.texts import _, lazy
from batchgen_app.ui import words as common
from batchgen_app.ui.batch_form.words import DENOISE, GUIDANCE, PROMPT, VAE

WORKFLOW_HINT = lazy("A workflow of ComfyUI, or a PNG, WebP or JPEG that carries one")
WORKFLOW_CHOOSE = lazy("Choose a file")
WORKFLOW_REMOVE = lazy("Remove the workflow")
WORKFLOW_STORED = lazy("Choose a stored workflow")
WORKFLOW_KEEP = lazy("Keep this workflow")
WORKFLOW_OF_BATCH = lazy("Workflow of the batch")
WORKFLOW_WANTED = lazy("Choose a picture or a JSON file of at most 15 MB.")
OWN_PROMPT = lazy("The workflow's own:")
OWN_PROMPT_USE = lazy("Use it")
OWN_PROMPT_USED = lazy("The workflow's own prompt has replaced what you typed.")
PICTURE_WANTED = lazy("Choose a PNG, JPEG or WebP picture of at most 15 MB.")
PICTURE_TO_START = lazy("Picture to start from")
PICTURE_CHOOSE = lazy("Choose a picture")
CHOOSE = lazy("Choose")
PICTURE_REMOVE = lazy("Take the picture away")
PICTURE_REPLACED = lazy("Another picture was there before.")
PICTURE_TAKEN_AWAY = lazy("The picture was taken away.")
USE_ITS_WORKFLOW = lazy("Use its workflow")
START_FROM_IT = lazy("Start from the picture")
USE_ITS_SETTINGS = lazy("Use its settings")
WHICH_PLACE = lazy("The workflow takes several pictures. Where does this one go?")
NO_PLACE_FOR_IT = lazy("The workflow in the form takes no picture.")
DO_WITHOUT_WORKFLOW = lazy("Do without the workflow, and start from the picture")
DROP = {
    "drop": lazy("Drop it here"),
    "what": lazy(
        "A picture becomes the one to start from, or gives its settings; a workflow is used. Esc "
        "cancels."
    ),
    "sending": lazy("On its way"),
    "stop": lazy("Stop"),
    "busy": lazy("Wait until the file before has arrived."),
    "pasted": lazy("Pasted workflow"),
}
"""For the browser, which takes what is dropped and pasted."""
MASK_IS_THERE = lazy("It has transparent parts: they are the mask.")
MASK_IS_MISSING = lazy(
    "The workflow needs a mask, and this picture has no transparent parts. Erase what is to be "
    "made anew in a picture editor, and save it as PNG or WebP."
)
MAPPING = lazy("What goes where")
ROLES = {
    "prompt": PROMPT,
    "negativePrompt": common.NEGATIVE,
    "seed": lazy("Seed"),
    "steps": common.STEPS,
    "width": common.WIDTH,
    "height": common.HEIGHT,
    "cfg": common.CFG,
    "guidance": GUIDANCE,
    "denoise": DENOISE,
    "samplerName": common.SAMPLER,
    "scheduler": common.SCHEDULER,
    "model": common.MODEL,
    "vae": VAE,
}
QUESTIONS = {
    "prompt": lazy("Choose which of these texts is the prompt."),
    "negativePrompt": lazy("Choose which of these texts is the negative prompt."),
    "model": lazy("Choose which loader gets the model."),
    "denoise": lazy("Choose which stage gets the denoise."),
}
SETTLE = later("The workflow leaves a question open. Choose what is meant under “What goes where”.")
NO_PLACE = lazy("no place")
AS_IS = lazy("Run it as it is: its own prompt, or the same picture every time")
KEEP_ANSWER = lazy("Keep this answer for this workflow")
ADD_FIELD = lazy("Add a field")
REMOVE_FIELD = lazy("Remove this field")


def workflow_not_kept(name: str) -> str:
    """When the page is opened again."""
    return _(
        'The workflow "{name}" is too large for the browser to remember. Choose the file again.',
        name=name,
    )


def without_workflow(why: str) -> Message:
    """Where a file was wanted and not taken."""
    return later("{why} Generate again to do without a workflow.", why=why)


def picture_missing(name: str) -> str:
    """Where a workflow starts from a picture that nobody has given yet."""
    return _("It wants “{name}”, which the server does not have.", name=name)


def workflow_kept(name: str) -> str:
    """After it was put into the library."""
    return _('The workflow "{name}" is kept.', name=name)


def answer_kept(name: str) -> str:
    """After what was said in the form was put into the library."""
    return _('The answer is kept for the workflow "{name}".', name=name)


def workflow_used(name: str) -> str:
    """After a file was taken for it."""
    return _('The workflow "{name}" is used.', name=name)


def both(name: str) -> str:
    """Where a picture carries the workflow that it was made with."""
    return _('"{name}" is a picture that carries a workflow. What do you want of it?', name=name)


def settings_in(name: str) -> str:
    """Where a picture tells how another program made it."""
    return _(
        '"{name}" is a picture that tells its settings. What do you want of it?',
        name=name,
    )


def settings_used(name: str, source: Source, unread: Sequence[str]) -> str:
    """After the form was filled with them."""
    program = PROGRAMS.get(source, "")
    told = _('The form has the settings of "{name}" ({program}).', name=name, program=program)
    if not unread:
        return told
    return told + " " + _("Not taken over: {what}", what=" · ".join(unread))


def not_usable(name: str, why: str) -> str:
    """After a file that is neither picture nor workflow."""
    return _(
        '"{name}" cannot be used. {why} Give a picture, or a workflow of ComfyUI.',
        name=name,
        why=why,
    )


def one_of_several(name: str) -> str:
    """Where several files were dropped at once."""
    return _('One file at a time: "{name}" is taken.', name=name)
