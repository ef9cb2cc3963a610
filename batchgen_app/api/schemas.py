"""What the API answers, and what it takes beyond a BatchRequest: INTERFACE.md, "HTTP API"."""

from typing import Annotated, Any, Literal, Self

from pydantic import ConfigDict, Field

from batchgen_app.core.batch import BatchProgress, CompletedBatch, GeneratedImage, Marks
from batchgen_app.core.events import BatchEvent
from batchgen_app.core.found_image import FoundImage
from batchgen_app.core.image_source import Source
from batchgen_app.core.limits import MAX_IMAGES_AT_ONCE
from batchgen_app.core.request import Family
from batchgen_app.core.search import parse, passed_over
from batchgen_app.core.server_list import ServerKind
from batchgen_app.core.styles import Style
from batchgen_app.core.wire import JsonObject, Name, Wire, left_out
from batchgen_app.services.values import Model, ServerStanding


class Started(Wire):
    """A batch waits its turn; ``estimated_time`` is in seconds, for all ``queued_images``."""

    batch_id: str
    queued_images: int
    estimated_time: float
    estimate_basis: Literal["measured", "default"]
    remarks: list[str] = Field(description="What of the request does not come through as asked")


class BatchAnswer(Wire):
    """A batch as it stands; ``batch`` is null while it runs."""

    progress: BatchProgress
    thumbnails: list[str]
    images: list[GeneratedImage]
    batch: CompletedBatch | None
    remarks: list[str] = Field(description="What of the request did not come through as asked")


class WorkflowAnswer(Wire):
    """A workflow that can be chosen, by what is known of it without a server."""

    id: str
    name: str
    family: str | None = left_out()
    built_in: bool
    thumbnail_url: str
    roles: dict[str, list[str]]
    fields: dict[str, str | int | float | bool]


class WorkflowsAnswer(Wire):
    """The built-in ones first."""

    workflows: list[WorkflowAnswer]


class WorkflowChanges(Wire):
    """What is left out stays as it is."""

    name: Name | None = None
    roles: dict[str, list[str]] | None = None
    fields: dict[str, str | int | float | bool] | None = None


class UploadAnswer(Wire):
    """A picture that is kept; width and height are pixels."""

    id: str
    width: int
    height: int
    url: str


class ImportAnswer(Wire):
    """What was read of a picture: only what it tells and a request may hold; the rest in words."""

    source: Source
    request: JsonObject = Field(
        description="A BatchRequest, without what the picture does not tell"
    )
    unread: list[str] = Field(description="What could not be read, or not be taken")
    image_id: str | None = left_out("With keep: what it is in the gallery")
    known: bool | None = left_out("With keep: whether it was there before")


class FaultAnswer(Wire):
    """What keeps a workflow from running on the server in use; ``node`` is missing where it is
    about all of it.
    """

    code: str
    node: str | None = Field(default=None, exclude_if=lambda node: node is None)
    message: str


class InspectionAnswer(Wire):
    """What is understood of a workflow; ``workflow`` is in API format, slots are
    ``<node id>.<input>``, and a question must be settled before a batch may start. ``fields`` are
    the further inputs that its author shows in ComfyUI's app mode, with what stands there, as a
    request gives them in ``inputs``.
    """

    format: Literal["api", "editor", "png", "webp", "jpeg"]
    workflow: JsonObject
    roles: dict[str, list[str]]
    inputs: list[JsonObject]
    outputs: list[JsonObject]
    questions: list[JsonObject]
    fields: JsonObject
    problems: list[FaultAnswer]


class Cancelled(Wire):
    """The batch stops; ``completed_images`` are kept."""

    cancelled: Literal[True] = True
    completed_images: int


class Understanding(Wire):
    """What was made of ``q``, term by term as it was typed: what is looked for, and what was passed
    over because it has no sense yet, like ``rating:>=``; without it, more is found.
    """

    understood: list[str]
    passed_over: list[str]

    @classmethod
    def of(cls, text: str) -> Self:
        """Of a text as a person types it."""
        terms = [term.text for term in parse(text).terms]
        return cls(understood=terms, passed_over=passed_over(text))


class GalleryAnswer(Wire):
    """A page of batches, and totals over all pages; ``next`` is the next page's ``before``."""

    batches: list[CompletedBatch]
    next: str | None
    total: int
    total_images: int
    total_bytes: int
    search: Understanding


class Deleted(Wire):
    """It lies in the trash."""

    deleted: Literal[True] = True


class ImageIds(Wire):
    """Several images at once: all of them, or none."""

    ids: Annotated[list[str], Field(min_length=1, max_length=MAX_IMAGES_AT_ONCE)]


class MarksOfMany(Marks, ImageIds):
    """What somebody thinks of several images."""


class ImagesAnswer(Wire):
    """The images, in the order in which they were named."""

    images: list[GeneratedImage]


class FoundImagesAnswer(Wire):
    """A page of pictures of all batches, and totals over all pages; ``next`` is the next page's
    ``cursor``.
    """

    images: list[FoundImage]
    next: str | None
    total: int
    total_bytes: int
    search: Understanding


class StylesAnswer(Wire):
    """The styles that people keep, by name. ``notice`` says where their file was not in order."""

    styles: list[Style]
    notice: str = ""


class WildcardsAnswer(Wire):
    """The lists that the words of a prompt may be chosen from, by name: ``__name__`` stands for one
    of its options. ``folder`` is where their files lie.
    """

    wildcards: list[str]
    folder: str


class ModelFamily(Wire):
    """To which family a model belongs."""

    name: Name
    family: Family


class ModelsAnswer(Wire):
    """What the server offers, sorted by category and name."""

    models: list[Model]


class LoggedEvent(BatchEvent):
    """An event with its place in the log, and the fields of its type."""

    model_config = ConfigDict(extra="allow")

    seq: int
    type: str


class EventsAnswer(Wire):
    """``last`` is the next call's ``after``; ``end`` is the log's last event, 0 if it is empty."""

    events: list[LoggedEvent]
    last: int
    end: int


class ServerAnswer(Wire):
    """A server. ``batch_id`` is the batch that is made there, ``queue`` how many prompts wait or
    run there, of everybody; what it tells of itself is null before it did, or where it does not.
    Memory is in bytes.
    """

    id: str
    name: str
    kind: ServerKind
    address: str
    note: str
    state: Literal["idle", "busy", "away", "paused"] = Field(
        description="paused: it gets no batches; away: it did not answer"
    )
    batch_id: str | None
    queue: int | None
    gpu: str | None
    free_vram: int | None
    version: str | None

    @classmethod
    def of(cls, server: ServerStanding) -> Self:
        """As it stands."""
        about, stats = server.about, server.stats
        return cls(
            id=about.key,
            name=about.shown_name,
            kind=about.kind,
            address=about.address,
            note=about.note,
            state=server.state,
            batch_id=server.batch.batch_id if server.batch else None,
            queue=server.queue,
            gpu=stats.device if stats else None,
            free_vram=stats.vram_free if stats else None,
            version=stats.version if stats else None,
        )


class ServersAnswer(Wire):
    """In order of preference."""

    servers: list[ServerAnswer]


class Health(Wire):
    """Which server makes the pictures and whether it answers. ``database_in_use``: another program
    has locked the database, so nothing can be recorded.
    """

    status: Literal["ok", "server_unreachable", "database_in_use"]
    engine: Literal["comfyui", "demo", "comfy-api"]
    server: str
    version: str
    active_batch_id: str | None


class ErrorBody(Wire):
    """``message`` is for a person. Of several problems with the input the first one stands here,
    and ``details`` lists them all.
    """

    code: str
    message: str
    field: str | None = Field(default=None, description="camelCase, dotted")
    details: Any = None


class ErrorAnswer(Wire):
    """Every error."""

    error: ErrorBody
