"""No file makes the readers fail, takes much memory, or is believed beyond our limits."""

import json
import zlib
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from batchgen_app.core.errors import PictureBroken
from batchgen_app.core.planned import StoredImage
from batchgen_app.core.programs import read_by
from batchgen_app.core.programs.asked import Offered, asked
from batchgen_app.core.programs.kept import KeptPicture, events_of
from batchgen_app.core.programs.sampler_names import sampler_of, scheduler_of
from batchgen_app.core.request import BatchRequest
from batchgen_app.core.xmp import packet
from batchgen_app.storage import pictures
from batchgen_app.storage.metadata.reading import settings_in
from batchgen_app.storage.metadata.user_comment import comment_of
from batchgen_app.storage.picture_texts import MOST_TEXTS, texts_of
from batchgen_app.storage.png import MAX_TEXT_BYTES
from tests.programs.crafted import (
    A1111,
    CIVITAI,
    FOOOCUS,
    INVOKE,
    NOVELAI_TEXTS,
    SD_METADATA,
    SWARM,
    hiding,
    ihdr_first,
    with_comment,
)
from tests.storage.making import chunk, jpeg, png, webp

FILES = [
    png(parameters=A1111),
    with_comment(b"UNICODE\0" + A1111.encode("utf-16-be")),
    with_comment(b"UNICODE\0" + A1111.encode("utf-16-le"), "WEBP"),
    hiding("{}"),
    png(invokeai_metadata=json.dumps(INVOKE), prompt="{}"),
    jpeg(),
    webp(),
]
TEXTS = [A1111, CIVITAI, *map(json.dumps, (INVOKE, SD_METADATA, SWARM, FOOOCUS, NOVELAI_TEXTS))]
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4)
    ),
    max_leaves=12,
)
MANY = settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))

NOTHING_ASKED = Offered()
NOW = datetime(2026, 1, 1, tzinfo=UTC)
STORED = StoredImage("001_0.png", 1, 1, 1, "0" * 64, NOW)


def believed(texts: dict[str, str], offered: Offered = NOTHING_ASKED) -> None:
    """Whatever is read can be asked for, told to anybody, and kept."""
    found = asked(read_by.read(texts), offered, 500)
    usual = {"prompt": "x", "model": "x", "batchCount": 2, "seedMode": "random"}
    BatchRequest.parse_in({}, {**usual, **found.request})
    assert all(len(message) < 1_000 for message in found.unread)
    "".join(map(str, found.unread)).encode()
    events_of(
        "20260101-000000-000000-aaaa", [KeptPicture(found, "x", STORED)], now=NOW, app_version=""
    )


def test_settings_that_exif_has_no_room_for_come_back_from_xmp() -> None:
    text = "fox " * 8_500 + "\nSteps: 20, Seed: 42"
    stored = pictures.whole(jpeg(), text, packet=packet("0.1.0"))
    assert not stored.remark
    assert texts_of(stored.data).texts == {"parameters": text}


@MANY
@given(data=st.data())
def test_a_damaged_file_is_read_as_far_as_it_goes(data: st.DataObject) -> None:
    content = bytearray(data.draw(st.sampled_from(FILES)))
    for place in data.draw(st.lists(st.integers(12, len(content) - 1), max_size=8)):
        content[place] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(12, len(content)))
    believed(dict(texts_of(bytes(content[:cut])).texts))


ODD = {
    "a seed that asks for any": {"parameters": "fox\nSteps: 20, Seed: -1, Size: 64x64"},
    "half a character in a hash": {
        "parameters": json.dumps({**SWARM, "sui_models": [{"param": "model", "hash": "\ud800"}]})
    },
    "half a character in a name": {"invokeai_metadata": json.dumps({**INVOKE, "\ud800": 1})},
}


@pytest.mark.parametrize("texts", ODD.values(), ids=ODD)
def test_what_no_batch_can_have_is_told_in_words(texts: dict[str, str]) -> None:
    believed(texts, Offered(models=[]))
    assert asked(read_by.read(texts), Offered(models=[]), 500).unread


@MANY
@given(st.binary(max_size=400))
def test_what_is_no_picture_is_refused_or_read(content: bytes) -> None:
    with suppress(PictureBroken):
        believed(dict(texts_of(content).texts))


@MANY
@given(
    keyword=st.sampled_from(read_by.KEYWORDS),
    told=st.sampled_from([INVOKE, SWARM, FOOOCUS, SD_METADATA, SWARM["sui_image_params"]]),
    data=st.data(),
)
def test_anything_may_stand_where_a_value_belongs(
    keyword: str, told: dict[str, Any], data: st.DataObject
) -> None:
    written = {name: data.draw(st.just(value) | ANYTHING) for name, value in told.items()}
    believed({keyword: json.dumps(written), "Software": "NovelAI"})
    believed({keyword: json.dumps({"sui_image_params": written}), read_by.HIDDEN: "{}"})


@MANY
@given(st.sampled_from(TEXTS), st.text(max_size=20), st.integers(0, 2_000), st.integers(0, 60))
def test_a_text_that_was_changed_somewhere_is_still_a_text(
    text: str, put: str, place: int, gone: int
) -> None:
    believed({read_by.PARAMETERS: text[:place] + put + text[place + gone :]})


@MANY
@given(st.text(max_size=40))
def test_any_name_is_a_sampler_or_none(name: str) -> None:
    sampler, _ = sampler_of(name)
    scheduler_of(name, sampler)


CHINESE = f"{'狐狸' * 20}\nSteps: 4"
ODD_COMMENTS = {
    "ascii that is none": b"ASCII\0\0\0" + "a füchsin\nSteps: 4, Seed: 7".encode(),
    "mostly Chinese, little": b"UNICODE\0" + CHINESE.encode("utf-16-le"),
    "mostly Chinese, big": b"UNICODE\0" + CHINESE.encode("utf-16-be"),
}


@pytest.mark.parametrize("kind", ["JPEG", "WEBP"])
@pytest.mark.parametrize("comment", ODD_COMMENTS.values(), ids=ODD_COMMENTS)
def test_a_comment_is_the_same_to_who_imports_and_to_who_stores(comment: bytes, kind: str) -> None:
    content = with_comment(comment, kind)
    assert settings_in(content) == texts_of(content).texts["parameters"]
    assert "\nSteps: 4" in str(settings_in(content))
    assert "\ufffd" not in str(settings_in(content))


@MANY
@given(st.binary(max_size=60))
def test_any_comment_is_some_text(comment: bytes) -> None:
    assert isinstance(comment_of(comment), str)


def test_texts_that_unpack_to_gigabytes_are_bounded() -> None:
    bomb = zlib.compress(b"a" * 40_000_000)
    one = chunk(b"zTXt", b"parameters\0\0" + bomb)
    found = texts_of(ihdr_first(png(), one)).texts["parameters"]
    assert len(found) <= MAX_TEXT_BYTES
    # Each of them breaks off behind what it unpacks to: no more than a few are tried.
    broken = chunk(b"zTXt", b"parameters\0\0" + zlib.compress(b"a" * 3_900_000)[:-4] + b"\xff" * 4)
    late = chunk(b"tEXt", b"parameters\0late")
    assert texts_of(ihdr_first(png(), broken, late)).texts == {"parameters": "late"}
    assert not texts_of(ihdr_first(png(), *[broken] * MOST_TEXTS, late)).texts


@pytest.mark.parametrize("depth", [50, 100_000])
def test_what_is_nested_without_end_is_no_settings(depth: int) -> None:
    deep = '{"sui_image_params": ' * depth + "{}" + "}" * depth
    believed({read_by.PARAMETERS: deep})
    believed({"invokeai_metadata": deep})
    believed({read_by.PARAMETERS: f"a\nSteps: 1, Seed: 2, Hashes: {'[' * depth}"})


def test_a_line_of_a_million_pairs_is_read_at_once() -> None:
    believed({read_by.PARAMETERS: "a\n" + "Steps: 20, " * 100_000})
    believed({read_by.PARAMETERS: "a\n" + "a " * 90_000})
    believed({read_by.PARAMETERS: "<lora:" * 100_000 + "\nSteps: 20, Seed: 1, Size: 1x1"})


def test_an_xmp_packet_and_entities_in_it_are_not_looked_at() -> None:
    bomb = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "&b;&b;"><!ENTITY b SYSTEM "file:///x">]>'
    packet = chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + bomb)
    assert not texts_of(ihdr_first(png(), packet)).texts
