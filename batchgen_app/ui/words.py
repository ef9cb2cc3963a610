"""Every text that people read on the pages, in one place."""

import math
from datetime import date, datetime

from batchgen_app.comfy.client import ServerStats
from batchgen_app.core.batch import BatchStatus, CompletedBatch, GeneratedImage, Parameters

APP = "BatchGen"
NAV_GENERATE = "Generate"
NAV_GALLERY = "Gallery"
NAV_SETTINGS = "Settings"
PAGES = "Pages"
SKIP = "Skip to the content"
DEMO_BANNER = (
    "Placeholder pictures, painted by the built-in demo engine. For real ones, start ComfyUI, then "
    "look for it here or set its address in the settings."
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
MODELS_UNKNOWN = "The models cannot be listed: the server does not answer."
MODEL_GROUPS = {"base": "Base", "merged": "Merged", "diffusion_model": "Diffusion models"}
SIZE = "Size"
WIDTH = "Width"
HEIGHT = "Height"
SHAPES = ("Square", "Portrait", "Tall", "Wide", "Cinema")
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
WORKFLOW_NO_FILE = "Choose a JSON file of at most 10 MB."
WORKFLOW_NOT_JSON = 'This file is no JSON. In ComfyUI choose "Export (API)" and use that file.'
GENERATE = "Generate"
RETRY = "Retry"
SUBMIT_LOST = "Cannot connect to server"


def group_header(category: str, count: int) -> str:
    """Above the models of one kind."""
    return f"{MODEL_GROUPS.get(category, category)} · {count}"


def model_gone(name: str) -> str:
    """After a refresh."""
    return f'"{name}" is no longer on the server. Choose another model.'


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
EXAMPLES_HINT = "Describe it, or begin with one of these."
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
BECAUSE_REMOVED = "removed from the queue"
UNDO = "Undo"


# The keyboard

SHORTCUTS = "Keyboard shortcuts"
CLOSE = "Close"
KEYS = (
    ("Ctrl/⌘ + Enter", "Generate"),
    ("↑", "Earlier prompts, in the prompt"),
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
    units = ("B", "kB", "MB", "GB", "TB")
    step = min(int(math.log10(max(size_in_bytes, 1)) / 3), len(units) - 1)
    return f"{size_in_bytes / 1000**step:.{0 if step < 2 else 1}f} {units[step]}"


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


# The settings

SETTINGS = "Settings"
SERVER = "ComfyUI server"
ADDRESS = "Address"
ADDRESS_HINT = "Empty: BatchGen looks for ComfyUI on this computer."
HEADERS = "Extra headers"
HEADERS_HINT = "For servers behind a proxy or an access key. They go with every request."
HEADER_NAME = "Header name"
HEADER_VALUE = "Value"
HEADER_KEPT = "•••••••• (saved)"
HEADER_NAME_FAULT = "A header needs a name of letters, digits and hyphens."
ADD_HEADER = "Add a header"
TEST = "Test connection"
SAVE = "Save"
SAVE_ANYWAY = "Save anyway"
FOLDERS = "Folders"
OUTPUT_FOLDER = "Pictures"
DATA_FOLDER = "Settings, history and logs"
SAVE_FOLDER = "Save folder"
FOLDER_SAVED = "Saved. It is used from the next start of BatchGen on."
FOLDER_NOT_WHOLE = "Write the whole path of the folder, from the top of the disk."
APPEARANCE = "Appearance"
APPEARANCES = {"system": "System", "dark": "Dark", "light": "Light"}
PATIENCE = "Time-out"
STALL = "Give an image up after this many seconds without progress"
STALL_HINT = "Progress starts the count anew, so slow computers are not punished."
STALL_LIMITS = "The time-out must be between 10 and 86400 seconds"
STALL_SAVED = "Saved. It holds for batches that you start from now on."
PREVIEWS_OFF = "Off. Start ComfyUI with --preview-method auto to see pictures while they are made."
UNKNOWN = "Not told by the server"


def answers(address: str, *, is_demo: bool) -> str:
    """After a successful test."""
    return f"{'A demo engine' if is_demo else 'ComfyUI'} answers at {address}."


def server_status(address: str, state: str) -> str:
    """The server that is used now; ``state`` is good, demo, bad or wait."""
    texts = {
        "good": f"Connected to {address}",
        "demo": f"Demo engine at {address}: placeholder pictures",
        "bad": f"No answer from {address}",
        "wait": f"Waiting for an answer from {address}",
    }
    return texts[state]


def server_facts(stats: ServerStats) -> list[tuple[str, str]]:
    """What a server tells about itself, name by name."""
    return [
        ("Version", stats.version or UNKNOWN),
        ("Device", stats.device or UNKNOWN),
        ("Memory", memory(stats)),
        ("Previews", {True: "On", False: PREVIEWS_OFF, None: UNKNOWN}[stats.previews]),
    ]


def memory(stats: ServerStats) -> str:
    """Of the graphics card, or of the computer where there is none."""
    for free, total in ((stats.vram_free, stats.vram_total), (stats.ram_free, stats.ram_total)):
        if free is not None and total:
            return f"{amount(free)} of {amount(total)} free"
    return UNKNOWN


def server_saved(address: str | None) -> str:
    """After the server was saved."""
    return f"Saved. Pictures are made at {address}." if address else "Saved."


def header_value(name: str) -> str:
    """Name of the field for the value of a header."""
    return f"Value of {name}" if name else HEADER_VALUE


def header_value_fault(name: str) -> str:
    """What a header's value must be."""
    return f"The value of {name} must be plain text without line breaks."


def header_again(name: str) -> str:
    """A saved value is not sent to another address."""
    return f"The address is another one: enter the value of {name} again."


def remove_header(name: str) -> str:
    """The cross beside a header."""
    return f"Remove {name}" if name else "Remove this header"


def room(free_bytes: int) -> str:
    """On a disk."""
    return f"{amount(free_bytes)} free"


def other_folder(used: str, free: str) -> str:
    """While another folder is used than the one that is saved."""
    return (
        f"Until the next start, pictures go to {used} ({free}). Those made so far stay there: move "
        "its contents along to see them in the gallery."
    )


# The stage: watch it

PROGRESS = {
    "image": "Image {n} of {m}",
    "step": "Step {n} of {m}",
    "queued": "Waiting for its turn",
    "left": "{time} left · done at {clock}",
    "hours": "{h} h {m} min",
    "minutes": "{m} min {s} s",
    "seconds": "{s} s",
    "finished": "Image {n} of {m} finished",
    "failed": "Image {n} of {m} failed",
    "batchBar": "The whole batch",
    "stepBar": "This image",
    "lost": "BatchGen does not answer. Your images are safe. Start it again if it was closed; "
    "this page goes on by itself.",
}
"""For the browser's poller, which fills in what stands in braces."""
PREVIEW = "The image that is being made"
THUMBNAILS = "Images of this batch"
THUMBNAIL_STATUS = {
    "pending": "not begun",
    "generating": "being made",
    "completed": "finished, open it",
    "failed": "failed",
    "cancelled": "not made",
}
CANCEL = "Cancel"
STOPPING = "Stopping…"
STOP_QUESTION = "Stop this batch?"
GO_ON = "Keep going"
STOP_IT = "Stop the batch"
BECAUSE_CANCELLED = "cancelled by hand"
BATCH_IN_TRASH = "This batch is in the trash. It can be brought back from the gallery."
NO_SUCH_BATCH = "Batches are in the gallery; this one may have been deleted."
TO_GALLERY = "Open the gallery"


def thumbnail(index: int, status: str, reason: str | None) -> str:
    """For screen readers."""
    return f"Image {index}, {status}: {reason}" if reason else f"Image {index}, {status}"


def failed_count(count: int) -> str:
    """Beside the progress."""
    return f"{count} failed"


def waiting_for_picture(status: str) -> str:
    """In the middle of the stage as long as there is nothing to show."""
    if status == "queued":
        return "Other batches come first. This one starts by itself."
    return "The first picture appears here."


def stop_consequence(finished: int) -> str:
    """What becomes of the pictures."""
    kept = {0: "Nothing is finished yet.", 1: "The finished image stays."}
    later = "The missing ones can be made later."
    return f"{kept.get(finished, f'The {finished} finished images stay.')} {later}"


def waiting_for_server(address: str, finished: int) -> str:
    """After "Cannot connect to server", over the picture."""
    kept = {0: "Nothing is lost.", 1: "Your finished image is safe."}
    safe = kept.get(finished, f"Your {finished} finished images are safe.")
    return (
        f"{safe} Start ComfyUI at {address}, then Retry; or cancel and change the address in the "
        "settings."
    )


# The comparison: choose

SELECT_ALL = "Select all"
SIDE_BY_SIDE = "Side by side"
SIDE_BY_SIDE_HINT = "Select exactly two images to see them side by side"
DOWNLOAD_SELECTED = "Download selected"
REGENERATE = "Regenerate"
REGENERATE_HINT = "The same again with new seeds"
NEW_BATCH = "New batch with these settings"
RETRY_FAILED = "Retry failed"
RETRY_ONE = "Retry this image"
BATCH_FAILED = "Batch generation failed"
FAVOURITE = "Favourite"
RATING = "Rating"
NO_STARS = "No rating"
DELETE = "Move to the trash"
DOWNLOAD = "Download"
COPY = "copy"
COPIED = "Copied"
SEED = "Seed"
MADE = "Made"
FILE = "File"
DETAILS = "The image and what is known about it"
PREVIOUS = "Previous image"
NEXT = "Next image"
VIEWER = {
    "tools": "View",
    "in": "Larger (+)",
    "out": "Smaller (-)",
    "whole": "100 % at the pointer, or all of it (Z)",
    "mode": "Beside each other or under a slider (M)",
    "slider": "Slider",
    "swap": "Swap",
    "swapHint": "Swap left and right (S)",
    "wipe": "Where one picture ends and the other begins",
    "favourite": FAVOURITE,
    "close": "Close (Esc)",
}
"""For the browser's viewer."""


def with_key(text: str, key: str) -> str:
    """A control that a key presses, too."""
    shown = {"ArrowLeft": "←", "ArrowRight": "→"}.get(key, key.upper() if len(key) == 1 else key)
    return f"{text} ({shown})" if key else text


def alt_text(prompt: str, index: int, seed: int) -> str:
    """What a picture is, for those who do not see it."""
    return f"{prompt} (image {index}, seed {seed})"


def caption(index: int, seed: int) -> str:
    """Under a picture."""
    return f"Image {index} · seed {seed}"


def seed(number: int) -> str:
    """Under a picture; a click copies the number."""
    return f"Seed {number}"


def failed_image(index: int) -> str:
    """In the place of a picture."""
    return f"Image {index} failed"


def image_of(index: int, total: int) -> str:
    """Which one of how many."""
    return f"Image {index} of {total}"


def select_image(index: int) -> str:
    """Beside a picture, for screen readers."""
    return f"Select image {index}"


def stars(count: int) -> str:
    """One to five."""
    return "1 star" if count == 1 else f"{count} stars"


def deleted(index: int) -> str:
    """After an image went to the trash."""
    return f"Image {index} is in the trash."


def missing(count: int) -> str:
    """On the button that makes what a stopped batch lacks."""
    return "Make the missing image" if count == 1 else f"Make the missing {count}"


def download(count: int, size_in_bytes: int) -> str:
    """On the button that gives the ZIP."""
    return f"Download {count} ({amount(size_in_bytes)})" if count else DOWNLOAD_SELECTED


def summary(made: int, total: int, failed: int, seconds: float | None) -> str:
    """How a batch went: "7 of 8 images · 1 failed · 2 min 4 s"."""
    parts = [f"{made} of {images(total)}"]
    parts += [failed_count(failed)] if failed else []
    parts += [duration(seconds)] if seconds else []
    return " · ".join(parts)


def stopped(because: str | None, *, interrupted: bool) -> str:
    """Why a batch is not whole."""
    what = "Interrupted" if interrupted else "Stopped"
    return f"{what}: {because}" if because else what


def all_failed(count: int) -> str:
    """After "Batch generation failed"."""
    return f"None of the {count} images could be made. Mend what is named here, then retry."


def facts(parameters: Parameters, shown: GeneratedImage) -> list[tuple[str, str]]:
    """What is known about a picture, name by name."""
    known = {
        MODEL: parameters.model,
        SEED: shown.seed,
        STEPS: parameters.steps,
        CFG: parameters.cfg,
        SAMPLER: parameters.sampler_name,
        SCHEDULER: parameters.scheduler,
        NEGATIVE: parameters.negative_prompt,
        SIZE: f"{size(shown.width, shown.height)}, {amount(shown.bytes)}",
        MADE: f"{shown.created_at.astimezone():%Y-%m-%d %H:%M:%S}",
        FILE: shown.filename,
    }
    return [(name, str(value)) for name, value in known.items() if value not in {None, ""}]
