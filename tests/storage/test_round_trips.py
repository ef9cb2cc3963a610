"""Hard prompts, through a picture of each format, the text beside it, a ZIP, and back from folders
that nobody knows any more.
"""

import io
import zipfile
from pathlib import Path

import pytest

from batchgen_app.core import xmp
from batchgen_app.core.batch import Parameters
from batchgen_app.core.infotext import infotext, read_infotext
from batchgen_app.storage.archive import pack
from batchgen_app.storage.images import ImageStore
from tests.hard_prompts import PROMPTS
from tests.reading.sites import read, text_in
from tests.storage import making

BATCH = "20261122-141500-000000-9f3a"
MADE = {"png": making.png(prompt="{}"), "jpg": making.jpeg(), "webp": making.webp()}
PARAMETERS = Parameters(steps=20, cfg=7.5, width=32, height=32, sampler_name="euler")


@pytest.mark.parametrize("ending", MADE)
async def test_a_hard_prompt_is_the_same_wherever_it_went(tmp_path: Path, ending: str) -> None:
    store = ImageStore(tmp_path)
    for index, prompt in enumerate(PROMPTS.values(), start=1):
        text = infotext(prompt, 42, PARAMETERS, "0.1.0")
        packet = xmp.packet("0.1.0")
        stored = await store.save(BATCH, index, 42, MADE[ending], text, packet=packet)
        again = await store.save(BATCH, index, 42, MADE[ending], text, packet=packet)
        assert stored == again, "whoever tries it once more has the same file"
    folder = store.folder(BATCH)
    names = [f"{index:03d}_42" for index in range(1, len(PROMPTS) + 1)]
    for name, prompt in zip(names, PROMPTS.values(), strict=True):
        beside = (folder / f"{name}.txt").read_bytes().decode()
        inside = text_in((folder / f"{name}.{ending}").read_bytes())
        assert (read(beside).prompt, inside) == (prompt, beside)
    archive = await pack([store.file(BATCH, f"{name}.{ending}") for name in names])
    with zipfile.ZipFile(io.BytesIO(b"".join(archive.chunks))) as packed:
        texts = [text_in(packed.read(f"{name}.{ending}")) or "" for name in names]
    assert [read_infotext(text).prompt for text in texts] == [*PROMPTS.values()]
    for _ in range(2):  # from the texts beside the pictures, then from the pictures alone
        left = await store.remains(BATCH)
        assert [left.infotexts[index].prompt for index in left.images] == [*PROMPTS.values()]
        for name in names:
            (folder / f"{name}.txt").unlink(missing_ok=True)
