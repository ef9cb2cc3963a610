"""Answers that know when nothing has changed: RFC 9110, section 13.1.2."""

import asyncio
from collections.abc import Collection
from hashlib import blake2b
from weakref import ref

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Message, Receive, Scope, Send

from batchgen_app.adapters.starlette import OpenFileResponse
from batchgen_app.api.schemas import BatchAnswer, FoundImagesAnswer, GalleryAnswer, Understanding
from batchgen_app.core import media
from batchgen_app.core.serializers import progress_of, summary_of
from batchgen_app.core.state import BatchState
from batchgen_app.services.values import GalleryPage, ImagePage, OpenFile

FOR_EVER = "private, max-age=31536000, immutable"
ASK_AGAIN = "private, no-cache"
FILE_HEADERS = {"cache-control": FOR_EVER, "x-content-type-options": "nosniff"}


async def page_of(page: GalleryPage, text: str) -> Response:
    """A page of the gallery, written outside the event loop, one batch after the other: there may
    be a workflow in each.
    """
    written = await asyncio.to_thread(_page_text, page, Understanding.of(text))
    return Response(written, media_type="application/json")


async def images_of(page: ImagePage, text: str) -> Response:
    """A page of pictures, written outside the event loop: there may be hundreds."""
    answer = FoundImagesAnswer(
        images=page.images,
        next=page.next,
        total=page.total,
        total_bytes=page.total_bytes,
        search=Understanding.of(text),
    )
    written = await asyncio.to_thread(answer.model_dump_json, by_alias=True)
    return Response(written, media_type="application/json")


def _page_text(page: GalleryPage, search: Understanding) -> str:
    batches = ",".join(batch.model_dump_json(by_alias=True) for batch in page.batches)
    rest = GalleryAnswer(
        batches=[],
        next=page.next,
        total=page.total,
        total_images=page.total_images,
        total_bytes=page.total_bytes,
        search=search,
    )
    text = rest.model_dump_json(by_alias=True, exclude={"batches"})
    return f'{{"batches":[{batches}],{text[1:]}'


class Snapshots:
    """Batches as the API shows them, written once for each revision, however many ask."""

    def __init__(self) -> None:
        self._written: dict[str, tuple[ref[BatchState], int, bytes]] = {}

    async def answer(self, request: Request, batch: BatchState) -> Response:
        """The batch, or 304 if the client has it as it is."""
        text = await self._text(batch)
        # Not the revision itself: after a restart, a lower one may be newer.
        etag = f'W/"{blake2b(text, digest_size=12).hexdigest()}"'
        headers = {"etag": etag, "cache-control": ASK_AGAIN}
        if _has(request, etag):
            return Response(status_code=304, headers=headers)
        return Response(text, headers=headers, media_type="application/json")

    async def _text(self, batch: BatchState) -> bytes:
        known, revision, text = self._written.get(batch.batch_id, (None, 0, b""))
        if known is None or known() is not batch or revision != batch.revision:
            snapshot, revision = snapshot_of(batch), batch.revision
            is_small = snapshot.batch is None  # else the request is in it, with its workflow
            text = _written(snapshot) if is_small else await asyncio.to_thread(_written, snapshot)
            self._written[batch.batch_id] = (self._watched(batch), revision, text)
        return text

    def _watched(self, batch: BatchState) -> ref[BatchState]:
        """Lets go of a batch that nobody holds any more."""
        batch_id = batch.batch_id
        return ref(batch, lambda gone: self._forget(batch_id, gone))

    def _forget(self, batch_id: str, gone: ref[BatchState]) -> None:
        if self._written.get(batch_id, (None,))[0] is gone:
            del self._written[batch_id]


def _written(snapshot: BatchAnswer) -> bytes:
    return snapshot.model_dump_json(by_alias=True).encode()


def snapshot_of(batch: BatchState) -> BatchAnswer:
    """A batch as it stands."""
    progress = progress_of(batch)
    return BatchAnswer(
        progress=progress,
        thumbnails=progress.thumbnails,
        images=list(batch.pictures),
        batch=summary_of(batch) if batch.ended else None,
        remarks=[str(remark) for remark in batch.understood.remarks] if batch.understood else [],
    )


def file_answer(request: Request, opened: OpenFile, cache: str = FOR_EVER) -> Response:
    """A picture file, which never changes, or a part of it, or 304; closes it. What stands at an
    address now and then is another one is not to be kept: ``cache`` says so.
    """
    answer = _PictureFile(opened, cache)
    if not _has(request, answer.headers["etag"]):
        return answer
    opened.file.close()
    kept = {name: answer.headers[name] for name in ("etag", "cache-control", "last-modified")}
    return Response(status_code=304, headers=kept)


class _PictureFile(OpenFileResponse):
    """Of an open file, which it closes. What might act in a browser is only handed over. Raises
    what it would answer in plain text: ranges that make no sense.
    """

    def __init__(self, opened: OpenFile, cache: str) -> None:
        self._opened = opened
        kind = media.type_of(opened.name)
        super().__init__(
            opened.name,
            opened.file,
            stat_result=opened.status,
            media_type=kind,
            filename=opened.name,
            content_disposition_type="inline" if media.is_shown(kind) else "attachment",
            headers={**FILE_HEADERS, "cache-control": cache},
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_or_raise(message: Message) -> None:
            if message.get("status") in {400, 416}:
                size = self.headers["content-length"]
                words = f"There is no such range in a file of {size} bytes."
                raise HTTPException(message["status"], words, {"content-range": f"bytes */{size}"})
            await send(message)

        with self._opened:
            await super().__call__(scope, receive, send_or_raise)


def seen_by(request: Request) -> Collection[str] | None:
    """What a client says that it has seen of what it changes: RFC 9110, section 13.1.1. None where
    it does not care.
    """
    tags = _tags(request, "if-match") or {"*"}
    return None if "*" in tags else {tag.strip('"') for tag in tags}


def _has(request: Request, etag: str) -> bool:
    """Whether the client says that it has this version."""
    return bool(_tags(request, "if-none-match") & {"*", etag.removeprefix("W/")})


def _tags(request: Request, header: str) -> set[str]:
    tags = ",".join(request.headers.getlist(header)).split(",")
    return {tag.strip().removeprefix("W/") for tag in tags} - {""}
