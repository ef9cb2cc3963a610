"""A request of what a picture tells: as far as it can be asked for, and the rest in words."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from batchgen_app.core.errors import InvalidRequest
from batchgen_app.core.image_source import Source
from batchgen_app.core.json_values import clipped
from batchgen_app.core.limits import MAX_LONG_PROMPT_LENGTH
from batchgen_app.core.model_files import bare_name
from batchgen_app.core.programs.sampler_names import sampler_of, scheduler_of
from batchgen_app.core.programs.told import Told
from batchgen_app.core.request import BatchRequest, Lora, SeedMode
from batchgen_app.core.wire import JsonObject, storable
from batchgen_app.language.message import Message, english, later

CALLED: Mapping[str, Message] = {
    "prompt": later("Prompt"),
    "negativePrompt": later("Negative prompt"),
    "baseSeed": later("Seed"),
    "steps": later("Steps"),
    "cfg": later("CFG"),
    "width": later("Width"),
    "height": later("Height"),
    "samplerName": later("Sampler"),
    "scheduler": later("Scheduler"),
    "model": later("Model"),
    "vae": later("VAE"),
    "refiner": later("Refiner"),
    "guidance": later("Guidance"),
    "loras": later("LoRA"),
}
BASE = ("steps", "cfg", "width", "height", "samplerName", "scheduler")
NOT_TAKEN = later("{name}: {value}")
NOT_TAKEN_WHY = later("{name}: {value} ({why})")
NOT_IN_COMFYUI = later("ComfyUI has none of that name")
NOT_HERE = later("the server does not have it")
TOO_LONG = later("it has {count} characters, and a new batch may have {limit}")
MUCH_TOO_LONG = later("it has {count} characters, and no batch may have more than {limit}")
LONGEST_SHOWN = 80
"""Characters of a value that was not taken."""


@dataclass(frozen=True)
class Offered:
    """What a server has to choose from; None where it could not be asked."""

    models: Sequence[str] | None = None
    loras: Sequence[str] | None = None
    vaes: Sequence[str] | None = None
    samplers: Sequence[str] | None = None
    schedulers: Sequence[str] | None = None


@dataclass(frozen=True)
class Reading:
    """What was read of a picture: a request as JSON, only with what was told and can be asked for;
    in words what could not be read or taken; what is ``told`` of it all the same, by the names of a
    batch's parameters. ``made_at`` is there where the picture tells it.
    ``alike`` is the graph without its seeds, equal for pictures that differ in nothing else.
    """

    source: Source
    request: JsonObject = field(default_factory=dict)
    unread: tuple[Message, ...] = ()
    told: JsonObject = field(default_factory=dict)
    made_at: datetime | None = None
    alike: JsonObject | None = None

    @property
    def workflow(self) -> JsonObject | None:
        """The graph that the picture was made with, where a request has to hand it in."""
        found: JsonObject | None = self.request.get("workflow")
        return found

    def also_unread(self, *messages: Message) -> "Reading":
        """The same, with more that could not be taken."""
        return replace(self, unread=(*self.unread, *messages))


def asked(told: Told, offered: Offered, prompt_limit: int) -> Reading:
    """The request that ``told`` comes to, on a server that has what is ``offered``."""
    asking = _Asking(told, offered)
    for name, value in _translated(told, offered, asking.refuse).items():
        asking.take(name, value)
    asking.take_loras()
    asking.look_at_prompt(prompt_limit)
    others = [not_taken(name, value) for name, value in told.others]
    return Reading(
        told.source,
        asking.request(),
        (*asking.unread, *others),
        asking.told(),
        told.made_at,
    )


def not_taken(name: str, value: object, why: str = "") -> Message:
    """What was told and is not in the request: "Hires upscaler: 4x-UltraSharp"."""
    shown = clipped(storable(" ".join(str(value).split())), LONGEST_SHOWN)
    if why:
        return later(NOT_TAKEN_WHY, name=name, value=shown, why=why)
    return later(NOT_TAKEN, name=name, value=shown)


def possible(name: str, value: object) -> Message | None:
    """Why a request cannot have this value; None where it can."""
    given = {"baseParameters": {name: value}} if name in BASE else {name: value}
    usual = {"prompt": "x", "model": "x", "batchCount": 2, "seedMode": SeedMode.RANDOM}
    try:
        BatchRequest.parse_in({}, {**usual, **given})
    except InvalidRequest as error:
        return error.message
    return None


def matched(name: str, offered: Collection[str]) -> str | None:
    """The file among those of a server that is called so: by its whole name, or without folder and
    ending.
    """
    if name in offered:
        return name
    bare = bare_name(name).casefold()
    return next((one for one in offered if bare_name(one).casefold() == bare), None)


class _Asking:
    """What is taken, and what is not."""

    def __init__(self, told: Told, offered: Offered) -> None:
        self.unread: list[Message] = []
        self._told = told
        self._offered = offered
        self._base: JsonObject = {}
        self._others: JsonObject = {}
        self._named: JsonObject = {}
        self._lists: Mapping[str, Sequence[str] | None] = {
            "model": offered.models,
            "refiner": offered.models,
            "vae": offered.vaes,
            "samplerName": offered.samplers,
            "scheduler": offered.schedulers,
        }

    def refuse(self, name: str, value: object, why: str) -> None:
        self.unread.append(not_taken(CALLED.get(name, english(name)), value, why))

    def take(self, name: str, value: object) -> None:
        if why := possible(name, value):
            if name == "prompt" and isinstance(value, str):
                why = _length(value, MUCH_TOO_LONG, MAX_LONG_PROMPT_LENGTH)
            self.refuse(name, value, why)
            return
        self._named[name] = value
        listed = self._lists.get(name)
        if listed is not None and isinstance(value, str):
            found = matched(value, listed)
            if found is None:
                self.refuse(name, self._whole(name, value), NOT_HERE)
                return
            self._named[name] = value = found
        (self._base if name in BASE else self._others)[name] = value

    def _whole(self, name: str, value: str) -> str:
        known = self._told.values.get("modelHash") if name == "model" else None
        return f"{value} [{known}]" if known else value

    def take_loras(self) -> None:
        taken = [lora for lora in map(self._lora, self._told.loras) if lora]
        if self._told.loras:
            self._named["loras"] = [lora.to_json() for lora in self._told.loras]
        if taken:
            self._others["loras"] = [lora.to_json() for lora in taken]

    def _lora(self, lora: Lora) -> Lora | None:
        listed = self._offered.loras
        found = lora.name if listed is None else matched(lora.name, listed)
        if found is None:
            self.refuse("loras", f"{lora.name}:{lora.strength:g}", NOT_HERE)
            return None
        return lora.model_copy(update={"name": found})

    def look_at_prompt(self, limit: int) -> None:
        """One that is only longer than new batches may have it here is given all the same."""
        prompt = self._others.get("prompt", "")
        if len(prompt) > limit:
            self.refuse("prompt", prompt, _length(prompt, TOO_LONG, limit))

    def request(self) -> JsonObject:
        """With the mode in which a base seed counts."""
        mode = {"seedMode": SeedMode.INCREMENTAL.value} if "baseSeed" in self._others else {}
        return {**self._others, **mode, **({"baseParameters": self._base} if self._base else {})}

    def told(self) -> JsonObject:
        """Whether the server has it or not."""
        return dict(self._named)


def _length(text: str, words: Message, limit: int) -> Message:
    return later(words, count=len(text), limit=limit)


def _translated(
    told: Told, offered: Offered, refuse: Callable[[str, object, str], None]
) -> JsonObject:
    """By the names of a request; samplers as ComfyUI calls them, or the server does."""
    values = dict(told.values)
    sampler, scheduler = values.pop("sampler", None), values.pop("scheduler", None)
    hash_told = values.pop("modelHash", None)
    asked_for: JsonObject = {("baseSeed" if n == "seed" else n): v for n, v in values.items()}
    if hash_told and "model" not in asked_for:
        refuse("model", f"[{hash_told}]", NOT_HERE)
    name, of_name = sampler_of(str(sampler)) if sampler else (None, None)
    if sampler in (offered.samplers or ()):
        name, of_name = str(sampler), None
    if sampler and name is None:
        refuse("samplerName", sampler, NOT_IN_COMFYUI)
    kind = scheduler_of(str(scheduler), name) if scheduler else of_name
    if scheduler in (offered.schedulers or ()):
        kind = str(scheduler)
    if scheduler and kind is None:
        refuse("scheduler", scheduler, NOT_IN_COMFYUI)
    asked_for |= {"samplerName": name, "scheduler": kind}
    return {n: v for n, v in asked_for.items() if v is not None}
