"""Prover: what differs between a picture and the one that was made again by its own file."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Iterator, Mapping
from typing import Literal

from batchgen_app.batches.image_graphs import without_token
from batchgen_app.core.batch import GeneratedImage
from batchgen_app.core.errors import BatchGenError, NotFound, PictureBroken
from batchgen_app.core.ids import split_image_id
from batchgen_app.core.proof import Difference, Proof
from batchgen_app.core.state import BatchState
from batchgen_app.core.wire import JsonObject
from batchgen_app.language.message import Message, english, later
from batchgen_app.storage import decoding_apart, png
from batchgen_app.storage.comparing import Compared, Kind
from batchgen_app.storage.images import ImageStore
from batchgen_app.storage.workflow_file import workflow_of_picture
from batchgen_app.workflows.node_types import node_label
from batchgen_app.workflows.tokens import PREFIX

PIXELS = later(
    "{count} of {total} pixels differ ({share} %), by at most {largest} of 255, all of them within "
    "{width} x {height} pixels from {left}, {top} on."
)
FINER = later("The pixels differ by less than one of 255.")
SIZE = later("It is {new} pixels now; it was {old}.")
FORMAT = later("It is {new} now; it was {old}.")
FRAMES = later("It has {new} frames now; it had {old}.")
SERVER = later("The server is version {new} now; it was {old}.")
HASH = later("{name} is {new} now; it was {old}.")
NODES = later("The server ran another graph than the file has: {nodes} differ.")
GONE = later("The picture to compare with is not there any more: {why}")
NEW_GONE = later("The picture that was made again is not there any more: {why}")
NOT_DECODED = later("The files differ, and what they show cannot be compared here: {why}")
UNKNOWN = later("unknown")
_HASH = re.compile(r'(?:^|, )([\w ]*[Hh]ash(?:es)?): ("(?:\\.|[^\\"])*"|[^,\n]*)')
MOST_NAMED = 5
"""Nodes, in a sentence."""

Find = Callable[[str], Awaitable[BatchState]]


class Prover:
    """``find`` gives a batch by its id, also one in the trash; raises NotFound."""

    def __init__(self, store: ImageStore, find: Find) -> None:
        self._store = store
        self._find = find

    async def proof(self, batch: BatchState) -> Proof:
        """Of the one picture of ``batch``; raises nothing: what stands in the way is told."""
        assert batch.proves, "it was made for that"
        try:
            was, before = await self._old(batch.proves)
        except BatchGenError as error:
            return _unknown(batch.proves, "picture", later(GONE, why=error.message))
        try:
            after = await self._content(batch.pictures[0])
        except BatchGenError as error:
            return _unknown(batch.proves, "picture", later(NEW_GONE, why=error.message))
        return await asyncio.to_thread(_judged, batch, was, before, after)

    async def _old(self, image_id: str) -> tuple[BatchState, bytes]:
        batch_id, index = split_image_id(image_id) or ("", 0)
        batch = await self._find(batch_id)
        picture = batch.image(index).picture if 1 <= index <= batch.total_images else None
        if picture is None or batch.deleted:
            raise NotFound(later("There is no image {id}.", id=image_id))
        return batch, await self._content(picture)

    async def _content(self, picture: GeneratedImage) -> bytes:
        return await self._store.read(picture.batch_id, picture.filename)


def _judged(batch: BatchState, was: BatchState, before: bytes, after: bytes) -> Proof:
    assert batch.proves
    try:
        found = None if before == after else decoding_apart.compared(before, after)
    except (PictureBroken, OSError) as error:
        why = error.message if isinstance(error, PictureBroken) else english(str(error))
        return _unknown(batch.proves, "not_decoded", later(NOT_DECODED, why=why))
    if found is None or found.is_identical:
        return Proof(image=batch.proves, identical=True)
    told = (*_seen(found), *_causes(batch, was, before, after))
    return Proof(image=batch.proves, identical=False, differences=told)


def _unknown(image: str, about: Literal["picture", "not_decoded"], why: Message) -> Proof:
    told = Difference(about=about, message=why)
    return Proof(image=image, identical=None, differences=(told,))


def _seen(found: Compared) -> Iterator[Difference]:
    one, other = found.first, found.second
    if (one.format, one.mode) != (other.format, other.mode):
        yield _differ("format", FORMAT, _format(one), _format(other))
    if (one.width, one.height) != (other.width, other.height):
        yield _differ("size", SIZE, _size(one), _size(other))
    if one.frames != other.frames:
        yield _differ("format", FRAMES, one.frames, other.frames)
    if found.area:
        yield _pixels(found, *found.area)
    elif found.is_finer:
        yield Difference(about="pixels", message=FINER)


def _pixels(found: Compared, left: int, top: int, width: int, height: int) -> Difference:
    share = max(0.01, round(100 * found.count / found.total, 2))
    message = later(
        PIXELS,
        count=found.count,
        total=found.total,
        share=f"{share:g}",
        largest=found.largest,
        width=width,
        height=height,
        left=left,
        top=top,
    )
    return Difference(
        about="pixels",
        message=message,
        count=found.count,
        total=found.total,
        largest=found.largest,
        area=[left, top, width, height],
    )


def _causes(
    batch: BatchState, was: BatchState, before: bytes, after: bytes
) -> Iterator[Difference]:
    """What may be why, as far as anybody tells."""
    old, new = (each.versions.server if each.versions else None for each in (was, batch))
    if old != new:
        yield _differ("server", SERVER, old or UNKNOWN, new or UNKNOWN)
    known, now = _hashes(before), _hashes(after)
    for name in known.keys() & now.keys():
        if known[name] != now[name]:
            told = later(HASH, name=name, old=known[name], new=now[name])
            yield Difference(about="model", message=told)
    if nodes := _other_nodes(before, after):
        yield Difference(about="nodes", message=later(NODES, nodes=nodes))


def _differ(
    about: Literal["format", "size", "server"], words: Message, old: object, new: object
) -> Difference:
    return Difference(about=about, message=later(words, old=old, new=new))


def _format(kind: Kind) -> str:
    return f"{kind.format} ({kind.mode})"


def _size(kind: Kind) -> str:
    return f"{kind.width} x {kind.height}"


def _hashes(content: bytes) -> Mapping[str, str]:
    """What a picture's text says of its model's files, where the server told that."""
    if not content.startswith(png.SIGNATURE):
        return {}
    text = png.text(png.chunks(content), "parameters") or ""
    return dict(_HASH.findall(text.rpartition("\n")[2]))


def _other_nodes(before: bytes, after: bytes) -> str:
    """The names of nodes that are not the same in both graphs, as far as the files have them."""
    old, new = workflow_of_picture(before), workflow_of_picture(after)
    if not old or not new:
        return ""
    one, other = _run(old.nodes), _run(new.nodes)
    names = [
        node_label(one if node_id in one else other, node_id)
        for node_id in dict.fromkeys([*one, *other])
        if one.get(node_id) != other.get(node_id)
    ]
    return ", ".join([*names[:MOST_NAMED], *(["…"] if len(names) > MOST_NAMED else [])])


def _run(nodes: JsonObject) -> JsonObject:
    """What decides about pixels: not how nodes are called, nor where files go."""
    return {
        node_id: (node["class_type"], _without_prefix(node.get("inputs", {})))
        for node_id, node in without_token(nodes).items()
    }


def _without_prefix(inputs: JsonObject) -> JsonObject:
    return {name: value for name, value in inputs.items() if name != PREFIX}
