"""What stands behind the "?" of a call, and in its headers. Each kind of parameter brings its own
words for bad input along.
"""

from datetime import UTC, date, datetime, time
from functools import partial
from typing import Annotated, Literal

from fastapi import Depends, Header, Query
from pydantic import BeforeValidator, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

from batchgen_app.core.errors import InvalidRequest
from batchgen_app.core.file_names import FIELDS
from batchgen_app.language.message import english
from batchgen_app.services.values import MOST_IMAGES, GalleryQuery, ImageOrder, ImageQuery

MOST_BATCHES = 200
SEARCH = (
    'As a person types it: words in any order, "phrases", -word, and fields: prompt: negative: '
    "model: lora: sampler: workflow: tag: seed: steps: rating:>=3 fav:yes is:rejected is:unrated "
    "size:1024x768 after:2026-11 before:2026-12-24"
)
MOST_EVENTS = 1000
LARGEST_SEQ = 2**53 - 1

DATE_OR_TIME = "must be a date like 2026-11-22 or a date-time like 2026-11-22T14:15:00Z"


def _refused_parameter(words: str) -> PydanticCustomError:
    return PydanticCustomError("bad_parameter", words)


def _whole_number(name: str, low: int, high: int) -> BeforeValidator:
    return BeforeValidator(partial(_read_number, name, low, high))


def _read_number(name: str, low: int, high: int, text: object) -> int:
    digits = str(text)
    # isdigit alone takes superscripts; 16 digits are more than any of these numbers has.
    if digits.isascii() and digits.isdigit() and len(digits) < 17:
        number = int(digits)
        if low <= number <= high:
            return number
    raise _refused_parameter(f"{name} must be a whole number from {low} to {high}")


def _last_event_id(text: object) -> int | None:
    """None where there is none; browsers leave the header out, and others leave it empty."""
    if text in {None, ""}:
        return None
    return _read_number("Last-Event-ID", 0, LARGEST_SEQ, text)


def _yes_or_no(name: str) -> BeforeValidator:
    words = {"true": True, "1": True, "false": False, "0": False}

    def parse(text: object) -> bool:
        if (choice := str(text).lower()) in words:
            return words[choice]
        raise _refused_parameter(f"{name} must be true or false")

    return BeforeValidator(parse)


def _sort(text: object) -> ImageOrder:
    try:
        return ImageOrder(str(text))
    except ValueError:
        names = ", ".join(ImageOrder)
        raise _refused_parameter(f"Sort must be one of {names}") from None


def _moment(name: str, of_a_day: time) -> BeforeValidator:
    """A moment; of a date, the one at ``of_a_day`` in this machine's time zone."""

    def parse(text: object) -> datetime:
        try:
            return _read_moment(str(text), of_a_day)
        except (ValueError, OverflowError):
            raise _refused_parameter(f"{name} {DATE_OR_TIME}") from None

    return BeforeValidator(parse)


def _read_moment(text: str, of_a_day: time) -> datetime:
    if "T" in text:
        # A "+" that was not percent-encoded arrives as a space.
        return datetime.fromisoformat(text.replace(" ", "+")).astimezone(UTC)
    return datetime.combine(date.fromisoformat(text), of_a_day).astimezone(UTC)


_MOMENT = WithJsonSchema(
    {"anyOf": [{"type": "string", "format": "date"}, {"type": "string", "format": "date-time"}]}
)

ImageNumbers = Annotated[
    str,
    WithJsonSchema(
        {
            "type": "string",
            "pattern": "^[1-9][0-9]*(,[1-9][0-9]*)*$",
            "description": "Which images, like 1,3,4; all finished ones if it is left out",
        }
    ),
]


def _nothing_or_none(text: object) -> str:
    if text == NO_METADATA:
        return NO_METADATA
    raise _refused_parameter("Metadata must be none, or left out")


NO_METADATA: Literal["none"] = "none"
Metadata = Annotated[
    Literal["none"] | None,
    BeforeValidator(_nothing_or_none),
    WithJsonSchema({"type": "string", "enum": [NO_METADATA]}),
    Query(
        description="`none`: a copy without the settings inside; pixels, colours and orientation "
        "stay"
    ),
]
Limit = Annotated[int, Field(ge=1, le=MOST_BATCHES), _whole_number("Limit", 1, MOST_BATCHES)]
EventLimit = Annotated[int, Field(ge=1, le=MOST_EVENTS), _whole_number("Limit", 1, MOST_EVENTS)]
After = Annotated[int, Field(ge=0, le=LARGEST_SEQ), _whole_number("After", 0, LARGEST_SEQ)]
LastEventId = Annotated[
    int | None,
    Header(alias="Last-Event-ID", description="`id` of the last one that came; before `after`"),
    BeforeValidator(_last_event_id),
]
Favourites = Annotated[bool, _yes_or_no("Favourites"), Query(description="Only batches with one")]
AsPack = Annotated[
    bool, _yes_or_no("Pack"), Query(description="A delivery pack instead of the pictures alone")
]
Pattern = Annotated[
    str,
    Query(
        description="How the files are called, like {date}_{prompt}_{seed}; there are "
        f"{', '.join(FIELDS)}. Left out: as the settings say",
    ),
]
Start = Annotated[datetime, _moment("Start date", time.min), _MOMENT]
End = Annotated[datetime, _moment("End date", time.max), _MOMENT]


def _wanted(
    *,
    limit: Limit = 50,
    before: Annotated[str, Query(description="`next` of the page before")] = "",
    q: Annotated[str, Query(description=SEARCH)] = "",
    model: str = "",
    start: Annotated[Start | None, Query(alias="from")] = None,
    end: Annotated[End | None, Query(alias="to", description="Included")] = None,
    favourites: Favourites = False,
) -> GalleryQuery:
    if start and end and end <= start:
        raise InvalidRequest.of("to", "wrong_order", english("End date must be after start date"))
    return GalleryQuery(
        limit=limit,
        before=before or None,
        text=q or None,
        model=model or None,
        created_from=start,
        created_to=end,
        favourites=favourites,
    )


Wanted = Annotated[GalleryQuery, Depends(_wanted)]
"""What to look for in the gallery; raises InvalidRequest where the time span is none."""

ImageLimit = Annotated[int, Field(ge=1, le=MOST_IMAGES), _whole_number("Limit", 1, MOST_IMAGES)]


def _sought(
    *,
    q: Annotated[str, Query(description=SEARCH)] = "",
    cursor: Annotated[str, Query(description="`next` of the page before")] = "",
    limit: ImageLimit = 100,
    sort: Annotated[ImageOrder, BeforeValidator(_sort)] = ImageOrder.NEWEST,
) -> ImageQuery:
    return ImageQuery(q, order=sort, limit=limit, cursor=cursor or None)


Sought = Annotated[ImageQuery, Depends(_sought)]
"""Which pictures to look for."""
