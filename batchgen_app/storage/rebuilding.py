"""A batch's own file, written anew from what its pictures tell, where that file is lost.

Index and seed stand in the pictures' names, the time in the folder's; prompt and settings stand
in the graph that a picture carries and in the text beside it. What nobody tells is said to be
unknown.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import count

from batchgen_app.core.batch import BatchStatus, ImageProblem, ImagePrompt, Parameters, Versions
from batchgen_app.core.batch_file import UNKNOWN, BatchFile, ImageRecord, PictureRecord
from batchgen_app.core.errors import InvalidRequest
from batchgen_app.core.ids import image_id, time_of
from batchgen_app.core.infotext import Infotext
from batchgen_app.core.limits import MAX_LONG_PROMPT_LENGTH
from batchgen_app.core.planned import ImageStatus
from batchgen_app.core.programs.kept import UNKNOWN_MODEL, UNKNOWN_PROMPT
from batchgen_app.core.request import (
    AnyRequest,
    BaseParameters,
    BatchRequest,
    Lora,
    SeedMode,
    SingleImageRequest,
)
from batchgen_app.core.seeds import MAX_SEED, fits, incremental_seeds
from batchgen_app.core.wire import JsonObject, Name, Share, Strength, Wire, storable
from batchgen_app.language.message import english, later
from batchgen_app.workflows.used_files import own_pictures
from batchgen_app.workflows.workflow import Workflow

LONGEST_NAME = 500
NOTHING_KNOWN = later("Nothing is known of this image: there is no file of it.")
FILE_GONE = later("The picture of this image is gone.")


@dataclass(frozen=True)
class Remnant:
    """What is left of one image: its seed, and its picture, in its place or in the trash; else
    ``message`` says why there is none. ``damaged`` are files in the place of its picture.
    """

    seed: int
    picture: PictureRecord | None = None
    in_trash: bool = False
    message: str = FILE_GONE
    damaged: tuple[str, ...] = ()


@dataclass(frozen=True)
class Remains:
    """What is left of a batch, by the images' indexes, and what the pictures tell; ``infotext`` is
    that of the first one that tells anything.
    """

    batch_id: str
    images: Mapping[int, Remnant] = field(default_factory=dict)
    infotexts: Mapping[int, Infotext] = field(default_factory=dict)
    workflow: Workflow | None = None
    is_deleted: bool = False

    @property
    def infotext(self) -> Infotext:
        """Of the first picture that tells its prompt."""
        return next((text for text in self.infotexts.values() if text.prompt), Infotext())

    @property
    def has_pictures(self) -> bool:
        """Whether there is anything to show."""
        return any(image.picture for image in self.images.values())

    @property
    def damaged(self) -> tuple[str, ...]:
        """Files in the places of pictures that are none."""
        return tuple(name for image in self.images.values() for name in image.damaged)


def without_pictures(file: BatchFile, lost: Mapping[int, str]) -> BatchFile:
    """The same batch, where the pictures of some images are no pictures any more, for reasons that
    are given in words. In one that has not ended they are still to come.
    """
    ended = file.completed_at is not None
    records = [
        _lost(r, lost[r.index], ended=ended) if r.index in lost else r for r in file.image_records
    ]
    is_nothing_left = ended and not any(record.picture for record in records)
    status = BatchStatus.FAILED if is_nothing_left else file.status
    return file.model_copy(update={"image_records": records, "status": status})


def _lost(record: ImageRecord, message: str, *, ended: bool) -> ImageRecord:
    open_end = ImageStatus.SUBMITTED if record.prompt_id else ImageStatus.PENDING
    status = ImageStatus.FAILED if ended else open_end
    changes = {"status": status, "message": message, "picture": None, "seconds": None}
    return record.model_copy(update=changes)


def rebuilt(remains: Remains) -> BatchFile:
    """Raises InvalidRequest where this cannot have been a batch."""
    created_at = time_of(remains.batch_id)
    if created_at is None or not remains.images:
        raise InvalidRequest.of("batchId", "no_batch", english("It is no folder of a batch."))
    mode, seeds = _plan(remains.images)
    records = [_record(index, seed, remains) for index, seed in enumerate(seeds, start=1)]
    lost = [record for record in records if record.status is ImageStatus.FAILED]
    request = _request(remains, mode, seeds)
    return BatchFile.parse(
        BatchFile(
            batch_id=remains.batch_id,
            prompt=request.prompt,
            images=[image_id(remains.batch_id, r.index) for r in records if r.picture],
            parameters=_parameters(remains),
            created_at=created_at,
            completed_at=max([created_at, *(r.picture.created_at for r in records if r.picture)]),
            status=BatchStatus.COMPLETE,
            request=request,
            seeds=seeds,
            failed_images=[record.index for record in lost],
            image_errors=[ImageProblem(index=r.index, message=r.message or "") for r in lost],
            workflow=remains.workflow.for_seed(seeds[0]).nodes if remains.workflow else {},
            versions=_versions(remains.infotext),
            ended_because=None,
            deleted=remains.is_deleted,
            image_records=records,
            prompts=_prompts(remains, len(seeds)),
        )
    )


def _plan(left: Mapping[int, Remnant]) -> tuple[SeedMode, list[int]]:
    """Up to the last image that is known of. Where all known ones count up, so do the others."""
    known, last = {index: image.seed for index, image in left.items()}, max(left)
    bases = {seed - index + 1 for index, seed in known.items()}
    if len(known) > 1 and len(bases) == 1 and fits(base := min(bases), last):
        return SeedMode.INCREMENTAL, list(incremental_seeds(base, last))
    new = (seed for seed in count() if seed not in known.values())
    return SeedMode.RANDOM, [
        known[index] if index in known else next(new) for index in range(1, last + 1)
    ]


def _record(index: int, seed: int, remains: Remains) -> ImageRecord:
    left = remains.images.get(index) or Remnant(seed, message=NOTHING_KNOWN)
    made = ImageStatus.DELETED if left.in_trash else ImageStatus.COMPLETED
    return ImageRecord(
        index=index,
        seed=seed,
        status=made if left.picture else ImageStatus.FAILED,
        prompt_id=None,
        message=None if left.picture else left.message,
        seconds=None,
        picture=left.picture,
    )


def _prompts(remains: Remains, count: int) -> list[ImagePrompt] | None:
    """Of all images, where they vary. One of which nothing is known has the first one's."""
    words = [_words(remains.infotexts.get(index) or Infotext()) for index in range(1, count + 1)]
    told = [each for each in words if each.prompt]
    if remains.infotext.template is None and len({each.prompt for each in told}) <= 1:
        return None
    return [each if each.prompt else told[0] for each in words]


def _words(infotext: Infotext) -> ImagePrompt:
    negative = infotext.parameters.negative_prompt
    return ImagePrompt(
        prompt=storable(infotext.prompt), negative_prompt=negative and storable(negative)
    )


def _parameters(remains: Remains) -> Parameters:
    """The graph knows best, and the text beside a picture comes next; but where words vary, it has
    those of one image.
    """
    told = [remains.infotext.parameters]
    if remains.workflow:
        told.insert(0, remains.workflow.parameters())
    if template := remains.infotext.negative_template:
        told.insert(0, Parameters(negative_prompt=template))
    return Parameters(
        **{name: _first(getattr(one, name) for one in told) for name in Parameters.model_fields}
    )


def _first(values: Iterable[object]) -> object:
    """The first one that a batch may have."""
    for value in values:
        match value:
            case str() if text := storable(value):
                return text
            case int() | float() if 0 <= value <= MAX_SEED:
                return value
            case list() if value:
                return value
    return None


def _request(remains: Remains, mode: SeedMode, seeds: list[int]) -> AnyRequest:
    """As it may have been asked. A graph of BatchGen's own was not handed in."""
    parameters, graph = _parameters(remains), remains.workflow
    asked: JsonObject = {
        "prompt": _prompt(remains),
        "negativePrompt": parameters.negative_prompt,
        "batchCount": len(seeds),
        "seedMode": mode,
        "baseSeed": seeds[0] if mode is SeedMode.INCREMENTAL else None,
        "dynamicPrompt": True if remains.infotext.template else None,
    }
    if graph and not graph.saves_to(f"BatchGen/{remains.batch_id}"):
        asked["workflow"] = graph.nodes
    else:
        asked["model"] = (parameters.model or "")[:LONGEST_NAME].strip() or UNKNOWN_MODEL
        asked["baseParameters"] = _possible(parameters, BaseParameters)
        asked |= _possible(parameters, Beside)
    if graph and (pictures := own_pictures(graph.graph, graph.roles)):
        asked["inputImages"] = pictures
    return (SingleImageRequest if len(seeds) == 1 else BatchRequest).parse_in({}, asked)


def _prompt(remains: Remains) -> str:
    told = (
        remains.infotext.template,
        remains.infotext.prompt,
        remains.workflow and remains.workflow.prompt,
    )
    prompts = (storable(prompt or "")[:MAX_LONG_PROMPT_LENGTH].strip() for prompt in told)
    return next(filter(None, prompts), UNKNOWN_PROMPT)


class Beside(Wire):
    """What a request may ask for beside its model and the base parameters."""

    refiner: Name | None = None
    guidance: Strength | None = None
    denoise: Share | None = None
    vae: Name | None = None
    text_encoders: list[Name] | None = None
    loras: list[Lora] | None = None


def _possible(parameters: Parameters, kind: type[Wire]) -> JsonObject:
    """Those of a kind that may be asked for."""
    told = parameters.to_json()
    names = {info.alias or name for name, info in kind.model_fields.items()} & told.keys()
    return {name: told[name] for name in names if _may_be(kind, {name: told[name]})}


def _may_be(kind: type[Wire], asked: JsonObject) -> bool:
    try:
        kind.parse(asked)
    except InvalidRequest:
        return False
    return True


def _versions(infotext: Infotext) -> Versions:
    return Versions(app=storable(infotext.app_version or "") or UNKNOWN.app)
