"""A batch's own file as bytes: written for every reader, read as if anybody had written it."""

import json
from typing import NoReturn

from batchgen_app.core.wire import JsonObject
from batchgen_app.language.said import later

MOST_BYTES = 32_000_000
"""A larger file is none of ours: a request, and with it its workflow, has at most half of that."""


def written(document: JsonObject) -> bytes:
    """The file's content."""
    return json.dumps(document, ensure_ascii=False, allow_nan=False, indent=2).encode()


def read(content: bytes) -> JsonObject:
    """What stands in it; raises ValueError where that is not what could have been written."""
    try:
        document = json.loads(content, parse_constant=_no_number)
        json.dumps(document, ensure_ascii=False).encode()
    except UnicodeError as error:
        raise ValueError(later("it holds characters that do not exist")) from error
    except RecursionError as error:
        raise ValueError(later("it is nested too deeply")) from error
    if not isinstance(document, dict):
        raise ValueError(later("it is not a batch file"))  # noqa: TRY004 - of whoever wrote it
    return document


def _no_number(name: str) -> NoReturn:
    raise ValueError(later("{name} is no number", name=name))
