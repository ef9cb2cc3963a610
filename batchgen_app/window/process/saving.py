"""A file from the app's address, whole or not at all."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPException, HTTPResponse
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.parse import unquote, urlsplit
from urllib.request import ProxyHandler, build_opener

from batchgen_app.window.process import words

TIMEOUT_SECONDS = 60.0
CHUNK_BYTES = 1024 * 1024


class NotSaved(Exception):
    """Why there is no file."""


@contextmanager
def fetching(url: str) -> Iterator[HTTPResponse]:
    """The app's answer, its body still to be read. Raises NotSaved."""
    try:
        # A proxy for the web has no business between this window and its own machine.
        answer = build_opener(ProxyHandler({})).open(url, timeout=TIMEOUT_SECONDS)
    except HTTPError as error:
        raise NotSaved(words.refused(error.code)) from error
    except (URLError, HTTPException, OSError) as error:
        raise NotSaved(str(words.GONE)) from error
    with answer:
        yield answer


def name_of(answer: HTTPResponse, proposed: str) -> str:
    """How the file is called: as the page proposes, as the app says, or as its address ends."""
    said = answer.headers.get_filename()
    return Path(proposed or said or unquote(urlsplit(answer.url).path)).name or words.APP


def write(answer: HTTPResponse, target: Path) -> None:
    """Put the body into ``target``; raises NotSaved, and then ``target`` is as it was."""
    partial = target.with_name(f".{target.name}.partial")
    try:
        _copy(answer, partial)
        partial.replace(target)
    except (HTTPException, ConnectionError, TimeoutError) as error:
        raise NotSaved(str(words.CUT_SHORT)) from error
    except OSError as error:
        raise NotSaved(words.unwritable(error.strerror or str(error))) from error
    finally:
        partial.unlink(missing_ok=True)


def _copy(answer: HTTPResponse, partial: Path) -> None:
    with partial.open("wb") as file:
        shutil.copyfileobj(answer, file, CHUNK_BYTES)
        if answer.length:  # bytes that were promised and did not come
            raise NotSaved(str(words.CUT_SHORT))
        file.flush()
        os.fsync(file.fileno())
