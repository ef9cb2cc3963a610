"""Every text of the page "/": the form, and the examples beside it."""

from batchgen_app.ui.words import duration, images

TYPE = "What to generate"
SINGLE = "Single image"
BATCH = "Batch Generate"
PROMPT = "Prompt"
PROMPT_HINT = "Describe the picture"
COUNT_SLIDER = "Number of images, slider"
RANDOM_SEED = "Random seed"
BASE_SEED = "Base seed"
BASE_SEED_HINT = "Leave empty to pick one"
REFRESH_MODELS = "Refresh models"
MODELS_UNKNOWN = "The models cannot be listed: the server does not answer."
MODEL_GROUPS = {"base": "Base", "merged": "Merged", "diffusion_model": "Diffusion models"}
SHAPES = ("Square", "Portrait", "Tall", "Wide", "Cinema")
MORE = "More"
WORKFLOW = "Workflow"
WORKFLOW_HINT = "JSON in API format. In ComfyUI: Export (API)"
WORKFLOW_CHOOSE = "Choose a file"
WORKFLOW_REMOVE = "Remove the workflow"
WORKFLOW_OF_BATCH = "Workflow of the batch"
WORKFLOW_NO_FILE = "Choose a JSON file of at most 10 MB."
WORKFLOW_NOT_JSON = 'This file is no JSON. In ComfyUI choose "Export (API)" and use that file.'
GENERATE = "Generate"
NO_SETTINGS = "The batch whose settings were to be used is no longer there."
EXAMPLES_TITLE = "What would you like to see?"
NOTHING_YET = "Nothing is being made now"
NOTHING_YET_HINT = "What somebody starts is seen here. What is finished is in the gallery."
EXAMPLES_HINT = "Describe it, or begin with one of these."
EXAMPLES = (
    "A lighthouse on a cliff at dawn, soft mist over the sea, warm light in the window",
    "Portrait of an old clockmaker in her workshop, brass and lamplight, shallow depth of field",
    "A quiet street in the rain at night, neon signs mirrored in the puddles, film still",
)


def group_header(category: str, count: int) -> str:
    """Above the models of one kind."""
    return f"{MODEL_GROUPS.get(category, category)} · {count}"


def model_gone(name: str) -> str:
    """After a refresh."""
    return f'"{name}" is no longer on the server. Choose another model.'


def characters(count: int, limit: int) -> str:
    """Beside the prompt."""
    return f"{count} / {limit}"


def generate(count: int, seconds: float | None) -> str:
    """What the button will do."""
    doing = f"{GENERATE} {images(count)}"
    return doing if seconds is None else f"{doing} · about {duration(seconds)}"


def submit_lost(address: str) -> str:
    """After "Cannot connect to server", when a batch could not be started."""
    return (
        "Nothing was started, and what you typed is still here. "
        f"Start ComfyUI at {address} or change the address in the settings, then Retry."
    )
