"""Pictures found in the terminal, beside a running app or without one: for people as a table, for
other programs as lines or as JSON.
"""

import json
import sys
from collections.abc import Iterator, Mapping
from dataclasses import replace

from rich.console import Console
from rich.table import Table
from rich.text import Text

from batchgen_app.cli.exits import tell, tell_all
from batchgen_app.core.found_image import FoundImage
from batchgen_app.core.model_files import bare_name
from batchgen_app.core.search import parse, passed_over
from batchgen_app.core.wire import JsonObject
from batchgen_app.services.search_queries import workflow_names_in
from batchgen_app.services.values import MOST_IMAGES, ImageOrder, ImagePage, ImageQuery
from batchgen_app.settings import Settings
from batchgen_app.storage.progress import InWords
from batchgen_app.storage.storage import Storage, open_storage

COLUMNS = ("Made", "Id", "Rating", "Seed", "Model", "Prompt", "File")
PROMPT_START = 60
"""Characters that are shown of a prompt."""
NOTHING = "Nothing was found."


async def search(settings: Settings, text: str, order: str, limit: int, *, as_json: bool) -> None:
    """Print what ``text`` finds. Raises StorageError."""
    tell_all(settings.notices, map(_not_understood, passed_over(text)))
    progress = InWords(tell)
    async with open_storage(settings.data_dir, settings.output_dir, progress=progress) as storage:
        tell_all(storage.notices)
        workflows = await workflow_names_in(storage, settings.data_dir)
        query = ImageQuery(text, order=ImageOrder(order), workflows=workflows)
        page = await _found(storage, query, limit)
        paths = {
            image.id: str(storage.store.picture_path(image.batch_id, image.filename))
            for image in page.images
        }
    if as_json:
        sys.stdout.write(json.dumps(_answer(page, text), ensure_ascii=False, indent=2) + "\n")
    else:
        _print(page, paths)


def _not_understood(term: str) -> str:
    return f'"{term}" is not understood, and nothing is looked for by it.'


async def _found(storage: Storage, query: ImageQuery, limit: int) -> ImagePage:
    """The first ``limit``, in as many pages as that takes."""
    page = await storage.gallery.find_images(replace(query, limit=min(limit, MOST_IMAGES)))
    images = page.images
    while page.next and len(images) < limit:
        step = min(limit - len(images), MOST_IMAGES)
        page = await storage.gallery.find_images(replace(query, limit=step, cursor=page.next))
        images = [*images, *page.images]
    return replace(page, images=images)


def _answer(page: ImagePage, text: str) -> JsonObject:
    """As ``GET /api/images`` gives it."""
    return {
        "images": [image.to_json() for image in page.images],
        "next": page.next,
        "total": page.total,
        "totalBytes": page.total_bytes,
        "search": {
            "understood": [term.text for term in parse(text).terms],
            "passedOver": passed_over(text),
        },
    }


def _print(page: ImagePage, paths: Mapping[str, str]) -> None:
    rows = [(*_row(image), paths[image.id]) for image in page.images]
    if sys.stdout.isatty():
        Console(highlight=False).print(_table(rows))
    else:
        sys.stdout.writelines("\t".join(row) + "\n" for row in rows)
    if not rows:
        tell(NOTHING)
    elif len(rows) < page.total:
        tell(f"{len(rows)} of {page.total} are shown; --limit shows more.")


def _row(image: FoundImage) -> Iterator[str]:
    """Without what would end a cell or a line, or turn the terminal's colours."""
    prompt = " ".join((image.prompt or "").split())
    cells = (
        f"{image.created_at.astimezone():%Y-%m-%d %H:%M}",
        image.id,
        _judged(image),
        str(image.seed),
        bare_name(image.model or ""),
        prompt if len(prompt) <= PROMPT_START else f"{prompt[:PROMPT_START]}…",
    )
    return ("".join(filter(str.isprintable, cell)) for cell in cells)


def _judged(image: FoundImage) -> str:
    stars = "★" * image.rating
    return f"{'♥' if image.favourite else ''}{stars}{'✗' if image.rejected else ''}"


def _table(rows: list[tuple[str, ...]]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in COLUMNS:
        table.add_column(name, overflow="fold", justify="right" if name == "Seed" else "left")
    for row in rows:
        table.add_row(*map(Text, row))
    return table
