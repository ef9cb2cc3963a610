"""Every text that people read on the pages, in one place."""

from datetime import date, datetime

from batchgen_app.core.batch import BatchStatus, CompletedBatch

APP = "BatchGen"
NAV_GENERATE = "Generate"
NAV_GALLERY = "Gallery"
NAV_SETTINGS = "Settings"
PAGES = "Pages"
SKIP = "Skip to the content"
DEMO_BANNER = (
    "These are placeholder pictures, painted by the built-in demo engine. To make real ones, start "
    "ComfyUI on this computer and look for it here, or set its address in the settings."
)
LOOK_FOR_COMFYUI = "Look for ComfyUI"
NO_COMFYUI = "No ComfyUI found on this computer. Is it started? Its address can be set in settings."
STILL_LOST = "Still no answer from the server."


def now_using(address: str) -> str:
    """After another server was chosen."""
    return f"Connected to ComfyUI at {address}."


def tab_progress(current: int, total: int) -> str:
    """In the browser's tab while a batch runs."""
    return f"{current} of {total} · {APP}"


def server_lost(address: str) -> str:
    """Shown while the server does not answer."""
    return (
        f"Cannot connect to server. Finished images are safe. Start ComfyUI at {address} or change "
        "the address in the settings, then Retry."
    )


# The form

TYPE = "What to generate"
SINGLE = "Single image"
BATCH = "Batch Generate"
PROMPT = "Prompt"
PROMPT_HINT = "Describe the picture"
COUNT = "Number of images"
COUNT_SLIDER = "Number of images, slider"
RANDOM_SEEDS = "Random seed for each image"
RANDOM_SEED = "Random seed"
BASE_SEED = "Base seed"
BASE_SEED_HINT = "Leave empty to pick one"
MODEL = "Model"
REFRESH_MODELS = "Refresh models"
MODELS_LOADING = "Loading models…"
MODELS_UNKNOWN = "The models cannot be listed: the server does not answer."
MODEL_GROUPS = {"base": "Base", "merged": "Merged", "diffusion_model": "Diffusion models"}
SIZE = "Size"
WIDTH = "Width"
HEIGHT = "Height"
SHAPES = ("Square", "Portrait", "Tall", "Landscape", "Wide")
MORE = "More"
STEPS = "Steps"
CFG = "CFG"
SAMPLER = "Sampler"
SCHEDULER = "Scheduler"
NEGATIVE = "Negative prompt"
NEGATIVE_HINT = "What the picture should not show"
WORKFLOW = "Workflow"
WORKFLOW_HINT = "JSON in API format. In ComfyUI: Export (API)"
WORKFLOW_CHOOSE = "Choose a file"
WORKFLOW_REMOVE = "Remove the workflow"
WORKFLOW_OF_BATCH = "Workflow of the batch"
WORKFLOW_NOT_JSON = 'This file is no JSON. In ComfyUI choose "Export (API)" and use that file.'
GENERATE = "Generate"
RETRY = "Retry"
SUBMIT_LOST = "Cannot connect to server"


def group_header(category: str, count: int) -> str:
    """Above the models of one kind."""
    return f"{MODEL_GROUPS.get(category, category)} · {count}"


def characters(count: int, limit: int) -> str:
    """Beside the prompt."""
    return f"{count} / {limit}"


def size(width: int, height: int) -> str:
    """Pixels."""
    return f"{width} × {height}"


def images(count: int) -> str:
    """How many."""
    return "1 image" if count == 1 else f"{count} images"


def generate(count: int, seconds: float | None) -> str:
    """What the button will do."""
    doing = f"{GENERATE} {images(count)}"
    return doing if seconds is None else f"{doing} · about {duration(seconds)}"


def duration(seconds: float) -> str:
    """A time span, as exact as people want it: "45 s", "1 min 20 s", "2 h 5 min"."""
    whole = max(1, round(seconds))
    if whole < 60:
        return f"{whole} s"
    minutes, rest = divmod(whole, 60)
    if minutes < 60:
        return f"{minutes} min {rest} s" if rest else f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if minutes else f"{hours} h"


def submit_lost(address: str) -> str:
    """After "Cannot connect to server", when a batch could not be started."""
    return (
        "Nothing was started, and what you typed is still here. "
        f"Start ComfyUI at {address} or change the address in the settings, then Retry."
    )


def without_place(names: list[str]) -> str:
    """What a workflow cannot take."""
    lost = f"The workflow has no place for: {', '.join(names)}."
    return f"{lost} All pictures will look the same." if "seed" in names else lost


# The stage and the queue

EXAMPLES_TITLE = "What would you like to see?"
EXAMPLES_HINT = "Describe it on the left, or begin with one of these."
EXAMPLES = (
    "A lighthouse on a cliff at dawn, soft mist over the sea, warm light in the window",
    "Portrait of an old clockmaker in her workshop, brass and lamplight, shallow depth of field",
    "A quiet street in the rain at night, neon signs mirrored in the puddles, film still",
)
QUEUE = "Up next"
QUEUE_UP = "Move up"
QUEUE_DOWN = "Move down"
QUEUE_REMOVE = "Remove from the queue"
QUEUE_REMOVED = "Removed from the queue."
REMOVED_BY_HAND = "removed from the queue"
UNDO = "Undo"
VIEW = "View"


def batch_ended(prompt: str) -> str:
    """While other batches go on."""
    return f"Finished: {prompt}"


# The keyboard

SHORTCUTS = "Keyboard shortcuts"
CLOSE = "Close"
KEYS = (
    ("Ctrl/⌘ + Enter", "Generate"),
    ("↑ in an empty prompt", "Earlier prompts"),
    ("← → ↑ ↓", "Move"),
    ("Space", "Select"),
    ("Enter", "Open large"),
    ("F", "Favourite"),
    ("1 – 5, 0", "Rate, clear the rating"),
    ("C", "Compare the selected"),
    ("Z", "Zoom to 100 % at the pointer"),
    ("D", "Download"),
    ("R", "Regenerate"),
    ("Delete", "Move to the trash"),
    ("Esc", "Leave, cancel"),
    ("?", "These shortcuts"),
)


# The gallery

GALLERY = "Gallery"
SEARCH = "Search in prompts"
FILTERS = "Filters"
MODEL_FILTER = "Model"
ALL_MODELS = "All models"
FIRST_DAY = "From"
LAST_DAY = "To"
FAVOURITES = "Favourites"
CLEAR_FILTERS = "Clear filters"
DATES_BACKWARDS = "End date must be after start date"
NOTHING_FOUND = "No images match your filters. Try adjusting your criteria."
NOTHING_YET = "No pictures yet"
NOTHING_YET_HINT = "Every batch that you make is kept here, with its prompt and its seeds."
FIRST_BATCH = "Make the first batch"
SHOW_ALL = "Show all pictures"
SHOW_LESS = "Show as a pile"
DELETE_BATCH = "Move to the trash"
BATCH_DELETED = "Moved to the trash."
LOADING_MORE = "Loading more"
PILE_STATUS = {"queued": "waiting", "failed": "failed", "cancelled": "cancelled"}


def gallery_stats(found: int, all_images: int, all_bytes: int, *, filtered: bool) -> str:
    """Above the gallery."""
    if filtered:
        return f"{found} of {images(all_images)}"
    return f"{images(all_images)}, {amount(all_bytes)}"


def amount(size_in_bytes: float) -> str:
    """Of memory or disk: "1.2 GB"."""
    for unit in ("B", "kB", "MB", "GB"):
        if size_in_bytes < 1000:
            break
        size_in_bytes /= 1000
    else:
        unit = "TB"
    return f"{size_in_bytes:.0f} {unit}" if unit in {"B", "kB"} else f"{size_in_bytes:.1f} {unit}"


def days(first: date | None, last: date | None) -> str:
    """A span of days, open at one end or not."""
    if first and last:
        return day(first) if first == last else f"{day(first)} – {day(last)}"
    return f"from {day(first)}" if first else f"until {day(last)}" if last else ""


def day(shown: date) -> str:
    """A day of the calendar."""
    return f"{shown.day} {shown:%b %Y}"


def when(moment: datetime, now: datetime) -> str:
    """A moment, as people say it: "Today 14:15"."""
    local = moment.astimezone(now.tzinfo)
    ago = (now.date() - local.date()).days
    name = {0: "Today", 1: "Yesterday"}.get(ago, day(local.date()))
    return f"{name} {local:%H:%M}"


def pile_count(batch: CompletedBatch) -> str:
    """How many pictures a batch has, and how it ended if not well."""
    made, planned = len(batch.images), len(batch.seeds)
    if batch.status is BatchStatus.GENERATING:
        return f"{made} of {planned} made"
    status = PILE_STATUS.get(batch.status)
    failed = f"{len(batch.failed_images)} failed" if batch.failed_images else None
    return " · ".join(filter(None, [images(made), status or failed]))


def open_batch(prompt: str, count: int) -> str:
    """What a pile's link leads to."""
    return f"Open batch: {prompt}, {images(count)}"


def open_image(index: int, seed: int) -> str:
    """What the link of one picture leads to."""
    return f"Open batch at image {index}, seed {seed}"


def favourite_of(index: int) -> str:
    """The heart of one image."""
    return f"Favourite image {index}"


def remove_filter(filter_text: str) -> str:
    """The cross on a filter."""
    return f"Remove filter: {filter_text}"
