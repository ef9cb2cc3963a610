"""The limits of a request and the words for each: FUN-BATCH-GEN, FUN-GEN-REQUEST."""

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from batchgen_app.core.errors import InvalidRequest, Problem
from batchgen_app.core.seeds import MAX_SEED
from batchgen_app.language.message import english, later

MIN_BATCH_COUNT, MAX_BATCH_COUNT = 2, 20
MAX_PROMPT_LENGTH = 500
MAX_LONG_PROMPT_LENGTH = 10_000
"""Where somebody has allowed longer prompts; and of any prompt that was accepted once."""
PROMPT_LIMIT = "promptLimit"
"""Which of the two holds, in the context in which a request is checked."""
MIN_STEPS, MAX_STEPS = 1, 150
MIN_CFG, MAX_CFG = 1.0, 30.0
MIN_SIDE, MAX_SIDE, SIDE_STEP = 64, 4096, 8
MAX_STYLES = 20
"""Of one request."""
MAX_RATING = 5
MAX_IMAGES_AT_ONCE = 1_000
"""That are marked or deleted in one go."""
MAX_TAGS, MAX_TAG_LENGTH = 50, 60
"""Of one image, and characters of each."""
MAX_LORA_STRENGTH = 100.0
MAX_STRENGTH = 100.0
"""Of a guidance; servers take as much."""
MAX_GRAPH_DEPTH = 100
"""Levels of a workflow, values included (a link is on level 4); readers of JSON stop near 200."""

MAX_GRAPH_NODES = 2_000
"""Of a workflow that is handed in; the largest that people share have some hundred."""
MAX_GRAPH_VALUES = 60_000
"""In a workflow's text, about as many as so many nodes have."""
MAX_JSON_VALUES = 150_000
"""In one JSON text of a server. Reading as many keeps everything else waiting for some hundredths
of a second, and takes 15 MB of memory; writing takes longer than reading.
"""

MISSING = "missing"
ANY = "any other"

_SEED = {ANY: f"Seed must be a whole number between 0 and {MAX_SEED}, or -1 for a random one"}
_SIDE = f"must be between {MIN_SIDE}-{MAX_SIDE} pixels in steps of {SIDE_STEP}"

MESSAGES: dict[str, dict[str, str]] = {
    "family": {ANY: "Family must be one of the nine that BatchGen has workflows for"},
    "": {ANY: "The input must be a JSON object"},
    "prompt": {
        ANY: "Prompt must be text",
        MISSING: "Prompt cannot be empty",
        "blank": "Prompt cannot be empty",
        "too_short": "Prompt cannot be empty",
        "unstorable": "Prompt contains a character that cannot be stored",
    },
    "negativePrompt": {
        ANY: "Negative prompt must be text",
        "unstorable": "Negative prompt contains a character that cannot be stored",
    },
    "batchCount": {
        ANY: "Batch count must be a whole number",
        MISSING: f"Batch count is required ({MIN_BATCH_COUNT}-{MAX_BATCH_COUNT})",
        "greater_than_equal": f"Minimum {MIN_BATCH_COUNT} images required for batch",
        "less_than_equal": f"Maximum {MAX_BATCH_COUNT} images allowed per batch",
    },
    "keep": {ANY: f"Keep must be a whole number between 1-{MAX_BATCH_COUNT}"},
    "seedMode": {ANY: 'Seed mode must be "random" or "incremental"'},
    "baseSeed": {
        **_SEED,
        "past_the_end": f"The last seed would pass {MAX_SEED}: choose a smaller base seed",
    },
    "seeds": {
        ANY: f"Seeds must be whole numbers between 0 and {MAX_SEED}",
        "not_one_each": "Give as many seeds as images",
        "twice": "Give each seed once: the same one would make the same image again",
        "two_plans": "Give either seeds or a base seed",
    },
    "model": {ANY: "Please select a model"},
    "workflow": {ANY: "The workflow must be a JSON object in API format"},
    "workflowId": {
        ANY: "Workflow must be the id of a stored one",
        "two_workflows": "Give either a workflow or the id of a stored one",
    },
    "workflowKey": {ANY: "Workflow key must be the key of a stored one"},
    "baseParameters": {ANY: "Base parameters must be an object"},
    "baseParameters.steps": {ANY: f"Steps must be between {MIN_STEPS}-{MAX_STEPS}"},
    "baseParameters.cfg": {ANY: f"CFG must be between {MIN_CFG}-{MAX_CFG}"},
    "baseParameters.width": {ANY: f"Width {_SIDE}"},
    "baseParameters.height": {ANY: f"Height {_SIDE}"},
    "baseParameters.samplerName": {ANY: "Sampler must be a name from the server's list"},
    "baseParameters.scheduler": {ANY: "Scheduler must be a name from the server's list"},
    "guidance": {ANY: f"Guidance must be between 0-{MAX_STRENGTH:g}"},
    "denoise": {ANY: "Denoise must be between 0-1"},
    "vae": {ANY: "VAE must be a name from the server's list"},
    "textEncoders": {ANY: "Text encoders must be names from the server's list"},
    "refiner": {ANY: "Refiner must be the name of a checkpoint from the server's list"},
    "loras": {
        ANY: "Each LoRA must have a name and a strength between "
        f"-{MAX_LORA_STRENGTH:g} and {MAX_LORA_STRENGTH:g}"
    },
    "styles": {
        ANY: "Styles must be a list of names",
        "too_long": f"At most {MAX_STYLES} styles can be used at once",
    },
    "name": {
        ANY: "Name must be text of 1 to 500 characters",
        "control": "Name contains a character that cannot be seen and may mislead",
        "no_address": 'Name must have no line breaks, and cannot be "." or ".."',
    },
    "inputImages": {ANY: "Input images must be ids of pictures, by <node id>.<input>"},
    "roles": {ANY: "Roles must be lists of inputs, each written <node id>.<input>"},
    "inputs": {ANY: "Inputs must be texts, numbers, true or false"},
    "promptAsIs": {ANY: "promptAsIs must be true or false"},
    "basedOn": {ANY: 'basedOn must be {batchId, how: "regenerated", "changed" or "picture"}'},
    "dynamicPrompt": {ANY: "dynamicPrompt must be true or false"},
    "favourite": {ANY: "Favourite must be true or false"},
    "rating": {ANY: f"Rating must be a whole number from 0 to {MAX_RATING}"},
    "rejected": {ANY: "Rejected must be true or false"},
    "tags": {
        ANY: f"Tags must be up to {MAX_TAGS} texts of 1 to {MAX_TAG_LENGTH} characters",
        "unstorable": "Tags contain a character that cannot be stored",
    },
    "server": {ANY: "Server must be the id of one in the list"},
    "address": {ANY: "Address must be text like http://127.0.0.1:8188"},
    "kind": {ANY: 'Kind must be "comfyui" or "comfy-api"'},
    "enabled": {ANY: "enabled must be true or false"},
    "note": {ANY: "Note must be text of up to 500 characters"},
    "place": {ANY: "Place must be a whole number, 0 or more"},
    "ids": {ANY: f"Ids must be those of 1 to {MAX_IMAGES_AT_ONCE} images"},
}


def prompt_too_long(limit: int) -> Problem:
    """That a prompt has more than ``limit`` characters."""
    message = later("Prompt exceeds {limit} character limit", limit=limit)
    return Problem("prompt", "too_long", message)


def explain(error: ValidationError) -> InvalidRequest:
    """The same faults in the specification's words, at most one per field."""
    problems: dict[str, Problem] = {}
    for fault in error.errors(include_url=False, include_input=False):
        problem = _problem(fault)
        problems.setdefault(problem.field, problem)
    return InvalidRequest(list(problems.values()))


def _problem(fault: ErrorDetails) -> Problem:
    code = fault["type"]
    path = [str(part) for part in fault["loc"]]
    if code == "extra_forbidden":
        return Problem(".".join(path), "unknown_field", english(f'Unknown field "{path[-1]}"'))
    field = _known_field(path)
    if (field, code) == ("prompt", "too_long"):
        return prompt_too_long(fault["ctx"]["max_length"])
    messages = MESSAGES.get(field, {})
    said = messages.get(code, messages.get(ANY))
    return Problem(field, code, later(said) if said else english(fault["msg"]))


def _known_field(path: list[str]) -> str:
    """The longest named part of a path; deeper faults (inside a workflow) belong to it."""
    for length in range(len(path), 0, -1):
        if (name := ".".join(path[:length])) in MESSAGES:
            return name
    return ".".join(path)
