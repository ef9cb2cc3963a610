"""Settings in PNG, JPEG and WebP, read by others; a server's own kept; a file that cannot have them
kept as it is.
"""

import struct
from io import BytesIO
from typing import Any
from xml.etree import ElementTree

import piexif  # type: ignore[import-untyped]
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import ExifTags, Image
from sd_parsers import ParserManager

from batchgen_app.core import xmp
from batchgen_app.core.batch import Parameters
from batchgen_app.core.infotext import infotext, read_infotext
from batchgen_app.storage import pictures
from batchgen_app.storage.metadata import exif, jpeg, webp
from batchgen_app.storage.metadata.reading import settings_in
from batchgen_app.storage.metadata.writing import Settings, carrying
from batchgen_app.storage.workflow_file import read_workflow
from tests.hard_prompts import PROMPTS
from tests.reading.containers import jpeg_segments, packets, png_chunks, webp_chunks
from tests.reading.sites import read, read_by_civitai, text_in
from tests.storage import making
from tests.stored_files import is_all_there, size_in_webp_list

KINDS = {"PNG": "png", "JPEG": "jpg", "WEBP": "webp"}
PARAMETERS = Parameters(
    model="xl/dreams.safetensors",
    negative_prompt="blurry: very, very",
    steps=20,
    cfg=7.5,
    width=32,
    height=24,
    sampler_name="euler",
    scheduler="karras",
)
PACKET = xmp.packet("0.1.0", "dreams")
RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
IPTC = "{http://iptc.org/std/Iptc4xmpExt/2008-02-29/}"
every_kind = pytest.mark.parametrize("kind", KINDS)


def made(kind: str, **options: Any) -> bytes:
    content = BytesIO()
    making.picture(32, height=24).save(content, kind, **options)
    return content.getvalue()


def written(data: bytes, text: str, packet: str = PACKET) -> bytes:
    return pictures.whole(data, text, packet=packet).data


SEEN_BY_PARSERS: list[Image.Image] = []
"""sd-parsers knows the last picture by its ``id`` alone, so none may get the place of another."""


def description(packet: bytes) -> ElementTree.Element:
    found = ElementTree.fromstring(packet).find(f".//{RDF}Description")
    assert found is not None
    return found


@every_kind
@pytest.mark.parametrize("prompt", PROMPTS.values(), ids=PROMPTS)
def test_every_reader_finds_a_hard_prompt_and_its_settings_unchanged(
    kind: str, prompt: str
) -> None:
    sent = made(kind)
    stored = written(sent, infotext(prompt, 42, PARAMETERS, "0.1.0"))
    assert is_all_there(stored, sent)
    assert making.opened(stored).tobytes() == making.opened(sent).tobytes()
    text = text_in(stored)
    assert text is not None
    assert settings_in(stored) == text
    assert read_infotext(text).prompt == prompt
    found = read(text)
    assert (found.prompt, found.negative) == (prompt, "blurry: very, very")
    expected = {"Steps": "20", "CFG scale": "7.5", "Seed": "42", "Size": "32x24"}
    assert {**found.pairs, **expected, "Model": "dreams"} == found.pairs
    with Image.open(BytesIO(stored)) as image:
        SEEN_BY_PARSERS.append(image)
        told = ParserManager().parse(image)
    assert told is not None
    assert [str(each) for each in told.prompts] == [prompt]
    assert told.samplers[0].parameters["seed"] == "42"


@pytest.mark.parametrize("prompt", [PROMPTS[name] for name in PROMPTS if name != "steps"])
def test_civitai_finds_the_same(prompt: str) -> None:
    """All but a prompt with a line that begins like the settings: it takes the first one."""
    found = read_by_civitai(infotext(prompt, 42, PARAMETERS, "0.1.0"))
    assert found.prompt == prompt.replace("\n\n", "\n"), "it passes over empty lines"
    assert (found.pairs["Seed"], found.pairs["CFG scale"]) == ("42", "7.5")
    assert found.negative == "blurry: very, very"


letters = st.characters(exclude_categories=["Cs"], exclude_characters="\0\r")


@every_kind
@settings(max_examples=60, deadline=None)
@given(text=st.text(letters, min_size=1, max_size=300).filter(str.strip))
def test_any_text_comes_back_as_it_was_whoever_reads_it(kind: str, text: str) -> None:
    told = carrying(FILES[kind], KINDS[kind], Settings(text, PACKET))
    assert (settings_in(told.data), text_in(told.data)) == (text, text)
    assert is_all_there(told.data, FILES[kind])


FILES = {kind: made(kind) for kind in KINDS}


@every_kind
def test_it_is_written_once_however_often_a_picture_is_stored(kind: str) -> None:
    text = infotext("a fox", 1, PARAMETERS, "0.1.0")
    once = pictures.whole(FILES[kind], text, packet=PACKET)
    again = pictures.whole(once.data, "other settings", packet=PACKET)
    assert (again.data, again.text) == (once.data, text)
    assert len(packets(once.data)) == 1


@every_kind
def test_a_packet_says_that_a_trained_algorithm_made_it(kind: str) -> None:
    (packet,) = packets(written(FILES[kind], "a fox"))
    said = description(packet).attrib
    assert said[f"{IPTC}DigitalSourceType"] == xmp.SOURCES + "trainedAlgorithmicMedia"
    assert said["{http://ns.adobe.com/xap/1.0/}CreatorTool"] == "BatchGen 0.1.0"
    assert said[f"{IPTC}AISystemUsed"] == "dreams"
    assert b"fox" not in packet


@given(model=st.text(max_size=40))
def test_a_packet_is_xml_whatever_a_model_is_called(model: str) -> None:
    try:
        packet = xmp.packet("0.1.0", model, from_picture=True).encode()
    except UnicodeEncodeError:
        assert any("\ud800" <= letter <= "\udfff" for letter in model)
    else:
        source = description(packet).attrib[f"{IPTC}DigitalSourceType"]
        assert source.endswith("/compositeWithTrainedAlgorithmicMedia")


@every_kind
def test_a_packet_of_a_servers_stays_the_only_one(kind: str) -> None:
    own = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'>its own</x:xmpmeta>"
    if kind == "PNG":
        mark = b"XML:com.adobe.xmp\0\0\0\0\0"
        sent = FILES[kind][:33] + making.chunk(b"iTXt", mark + own) + FILES[kind][33:]
    else:
        sent = made(kind, xmp=own)
    stored = written(sent, "a fox")
    assert packets(stored) == [own]
    assert text_in(stored) == "a fox"


GRAPH = 'prompt:{"3": {"class_type": "KSampler", "inputs": {}}}'


def with_graph(kind: str, order: str = "<", **options: Any) -> bytes:
    """As ComfyUI writes it, with a thumbnail and notes of a camera's beside it."""
    noted = Image.Exif()
    noted.endian = order
    noted[0x0110] = GRAPH
    noted[0x010F] = "workflow:{}"
    noted[ExifTags.Base.Orientation] = 6
    noted.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.LensModel] = "a lens"
    return made(kind, exif=noted, **options)


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("kind", ["JPEG", "WEBP"])
def test_exif_of_a_servers_is_all_there_beside_the_settings(kind: str, order: str) -> None:
    sent = with_graph(kind, order)
    stored = written(sent, "狐, <b>")
    assert text_in(stored) == settings_in(stored) == "狐, <b>"
    with Image.open(BytesIO(stored)) as image:
        noted = image.getexif()
        assert (noted[0x0110], noted[0x010F], noted[0x0112]) == (GRAPH, "workflow:{}", 6)
        assert noted.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.LensModel] == "a lens"
    assert piexif.load(block_in(stored))["0th"][0x0110] == GRAPH.encode()
    assert read_workflow(stored).data == {"3": {"class_type": "KSampler", "inputs": {}}}
    was, now = block_in(sent)[6:], block_in(stored)[6:]
    assert now[8 : len(was)] == was[8:], "nothing is moved but where it begins"


def block_in(data: bytes) -> bytes:
    with Image.open(BytesIO(data)) as image:
        block: bytes = image.info["exif"]
    return block if block.startswith(b"Exif\0\0") else b"Exif\0\0" + block


@pytest.mark.parametrize("kind", ["JPEG", "WEBP"])
def test_settings_of_a_servers_are_kept_and_lie_beside_it(kind: str) -> None:
    theirs = "a cat\nSteps: 4, Sampler: Euler a, Seed: 7, Size: 32x24"
    sent = written(FILES[kind], theirs, packet="")
    whole = pictures.whole(sent, "ours", packet=PACKET)
    assert (whole.text, text_in(whole.data), whole.remark) == (theirs, theirs, "")
    assert len(packets(whole.data)) == 1


@pytest.mark.parametrize("kind", ["JPEG", "WEBP"])
def test_a_comment_that_tells_no_settings_stays_and_that_is_said(kind: str) -> None:
    sent = written(FILES[kind], "holiday", packet="")
    whole = pictures.whole(sent, "ours", packet=PACKET)
    assert (whole.text, text_in(whole.data)) == ("ours", "holiday")
    assert whole.remark == pictures.NOT_INSIDE


@pytest.mark.parametrize("blank", [b"UNICODE\0", b"ASCII\0\0\0    ", bytes(16)])
def test_a_comment_that_a_camera_left_blank_is_none(blank: bytes) -> None:
    sent = made("JPEG", exif=piexif.dump({"Exif": {piexif.ExifIFD.UserComment: blank}}))
    assert settings_in(sent) is None
    assert text_in(written(sent, "a fox")) == "a fox"


@pytest.mark.parametrize("code", ["utf-16-le", "utf-16-be", "utf-16"])
def test_a_comment_is_read_in_either_order(code: str) -> None:
    comment = b"UNICODE\0" + "a fox, 狐".encode(code)
    sent = made("JPEG", exif=piexif.dump({"Exif": {piexif.ExifIFD.UserComment: comment}}))
    assert settings_in(sent) == "a fox, 狐"


def test_where_exif_has_no_room_left_in_a_jpeg_the_text_stands_in_xmp() -> None:
    """A server's graph takes up nearly all of the 64 kB that a segment has."""
    noted = Image.Exif()
    noted[0x0110] = "prompt:" + "x" * 65_000
    sent = made("JPEG", exif=noted)
    text = infotext("<b>狐 & co</b>\r\n", 1, PARAMETERS, "0.1.0") * 3
    whole = pictures.whole(sent, text, packet=PACKET)
    assert (settings_in(whole.data), whole.remark) == (text, "")
    assert block_in(whole.data) == block_in(sent)
    (packet,) = packets(whole.data)
    comment = description(packet).find(f".//{RDF}li")
    assert comment is not None
    assert comment.text == text
    assert pictures.whole(whole.data, text, packet=PACKET).data == whole.data


@pytest.mark.parametrize("text", ["狐" * 33_000, "\1" + "x" * 40_000])
def test_where_nothing_has_room_it_is_left_to_the_text_beside_it_and_said(text: str) -> None:
    whole = pictures.whole(FILES["JPEG"], text, packet=PACKET)
    assert (whole.text, whole.remark) == (text, pictures.NOT_INSIDE)
    assert is_all_there(whole.data, FILES["JPEG"])
    assert settings_in(whole.data) is None
    assert len(packets(whole.data)) == 1
    assert settings_in(written(FILES["WEBP"], text)) == text, "a WebP has room"


def lossless_webp(mode: str) -> bytes:
    content = BytesIO()
    making.picture(31, mode=mode, height=24).save(content, "WEBP", lossless=True, exact=True)
    return content.getvalue()


@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
@pytest.mark.parametrize("is_lossless", [True, False])
def test_a_plain_webp_gets_a_list_of_what_is_in_it(mode: str, *, is_lossless: bool) -> None:
    content = BytesIO()
    making.picture(31, mode=mode, height=24).save(content, "WEBP", lossless=is_lossless)
    sent = content.getvalue()
    stored = written(sent, "a fox")
    assert size_in_webp_list(stored) == (31, 24)
    before, after = making.opened(sent), making.opened(stored)
    assert (before.mode, before.tobytes()) == (after.mode, after.tobytes())
    flags = webp_chunks(stored)[0][1][0]
    assert flags == 0x0C | (0x10 if mode == "RGBA" else 0)


def test_a_webp_that_moves_keeps_every_frame() -> None:
    sent = making.moving_webp(4)
    stored = written(sent, "a fox")
    assert is_all_there(stored, sent)
    assert text_in(stored) == "a fox"
    with Image.open(BytesIO(sent)) as before, Image.open(BytesIO(stored)) as after:
        assert getattr(after, "n_frames", 1) == 4
        for frame in range(4):
            before.seek(frame)
            after.seek(frame)
            assert before.tobytes() == after.tobytes()


def test_colours_and_kinds_of_jpeg_stay_as_they_are() -> None:
    profile = b"a profile" * 9000  # in two segments
    for mode in ("L", "RGB", "CMYK"):
        content = BytesIO()
        making.picture(mode=mode).save(content, "JPEG", icc_profile=profile, progressive=True)
        sent = content.getvalue()
        stored = written(sent + b"behind its end", "a fox")
        assert is_all_there(stored, sent + b"behind its end")
        assert stored.endswith(b"behind its end")
        assert making.opened(stored).info["icc_profile"] == profile
        assert text_in(stored) == "a fox"


def several_pictures() -> bytes:
    """A JPEG whose index says where a second one lies in the file."""
    first = FILES["JPEG"]
    index = b"MPF\0MM\0*" + bytes(40)
    segment = struct.pack(">BBH", 0xFF, 0xE2, len(index) + 2) + index
    return first[:2] + segment + first[2:] + first


ODD = {
    "several pictures in one": several_pictures(),
    "exif that is none": made("JPEG", exif=b"Exif\0\0no exif"),
    "exif that leads nowhere": made("JPEG", exif=b"Exif\0\0MM\0*\xff\xff\xff\xff"),
    "exif in two parts": made("JPEG", exif=b"Exif\0\0MM\0*" + bytes(8))[:2]
    + (b"\xff\xe1\0\x08Exif\0\0" * 2)
    + FILES["JPEG"][2:],
}


@pytest.mark.filterwarnings("ignore:Corrupt EXIF")  # Pillow's, of one of them
@pytest.mark.parametrize("sent", ODD.values(), ids=ODD)
def test_what_is_odd_is_kept_byte_for_byte_and_that_is_said(sent: bytes) -> None:
    whole = pictures.whole(sent, "a fox", packet=PACKET)
    assert whole.data == sent
    assert (whole.text, whole.remark) == ("a fox", pictures.NOT_INSIDE)


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_nothing_that_is_damaged_makes_the_writer_or_the_reader_fail(data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from(["JPEG", "WEBP"]))
    file = bytearray(DAMAGED[kind])
    for at in data.draw(st.lists(st.integers(0, len(file) - 1), max_size=4)):
        file[at] ^= data.draw(st.integers(1, 255))
    cut = bytes(file[: data.draw(st.integers(12, len(file)))])
    settings_in(cut)
    told = carrying(cut, KINDS[kind], Settings("a fox", PACKET))
    if told.is_told and told.text == "a fox":
        assert settings_in(told.data) == "a fox"


DAMAGED = {kind: with_graph(kind) for kind in ("JPEG", "WEBP")}


def test_a_png_has_its_texts_behind_its_header() -> None:
    kinds = [kind for kind, _ in png_chunks(written(making.png(prompt="{}"), "a fox"))]
    assert kinds[:4] == [b"IHDR", b"tEXt", b"iTXt", b"tEXt"]


def test_exif_comes_first_in_a_jpeg_and_last_in_a_webp() -> None:
    markers = [marker for marker, _ in jpeg_segments(written(FILES["JPEG"], "a fox"))[0]]
    assert markers[:3] == [0xE0, 0xE1, 0xE1]
    kinds = [kind for kind, _ in webp_chunks(written(FILES["WEBP"], "a fox"))]
    assert kinds == [b"VP8X", b"VP8 ", b"EXIF", b"XMP "]


def test_bytes_that_fill_places_in_a_jpeg_are_passed_over() -> None:
    filled = FILES["JPEG"][:2] + b"\xff\xff" + FILES["JPEG"][2:]
    assert settings_in(written(filled, "a fox")) == "a fox"
    assert jpeg.taken_apart(filled).segments[0].content.startswith(b"JFIF")


def test_what_has_no_parts_is_odd() -> None:
    for data in (b"\xff\xd8\xff", b"\xff\xd8\xff\xe0\0\1", FILES["JPEG"][:40]):
        with pytest.raises(exif.Odd):
            jpeg.taken_apart(data)
    for data in (FILES["WEBP"][:-1], b"RIFF\4\0\0\0WEBP", b"RIFF\x0c\0\0\0WEBPEXIF\0\0\0\0"):
        with pytest.raises(exif.Odd):
            webp.taken_apart(data)
