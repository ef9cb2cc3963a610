"""Pictures: always the asked size, the same for the same request, another for another seed."""

from io import BytesIO

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from batchgen_app.demo.painting.painter import Motif, Preview, paint
from batchgen_app.demo.painting.palette import PALETTE_WORDS
from batchgen_app.demo.painting.scenes import SCENES

WORDS = sorted(
    {word for words in (*SCENES.values(), *PALETTE_WORDS.values()) for word in words.split()}
)
PROMPTS = [words.split()[0] for words in SCENES.values()]


def difference(one: Image.Image, other: Image.Image) -> float:
    """The mean difference of two pictures of one size, in steps of 255."""
    pair = (np.asarray(picture.convert("RGB"), float) for picture in (one, other))
    return float(np.abs(np.subtract(*pair)).mean())


def opened(frame: bytes) -> Image.Image:
    return Image.open(BytesIO(frame))


@given(
    prompt=st.lists(st.sampled_from(WORDS), max_size=6).map(" ".join) | st.text(max_size=30),
    seed=st.integers(0, 2**64 - 1),
    width=st.integers(8, 200),
    height=st.integers(8, 200),
)
@settings(max_examples=60, deadline=None)
def test_any_prompt_seed_and_size_gives_a_picture_of_that_size(
    prompt: str, seed: int, width: int, height: int
) -> None:
    picture = paint(Motif(prompt, seed), width, height)
    assert (picture.mode, picture.size) == ("RGB", (width, height))
    assert np.asarray(picture).std() > 2, "not a plain surface"


@pytest.mark.parametrize("size", [(64, 64), (1536, 512), (512, 1536), (16, 4096), (2048, 2048)])
def test_unusual_sizes(size: tuple[int, int]) -> None:
    assert paint(Motif("city by the sea at night", 3), *size).size == size


@pytest.mark.parametrize("prompt", PROMPTS)
def test_equal_motifs_are_equal_pictures_and_seeds_make_a_difference(prompt: str) -> None:
    pictures = [paint(Motif(prompt, seed), 128, 128) for seed in (1, 1, 2, 3)]
    assert pictures[0].tobytes() == pictures[1].tobytes()
    assert difference(pictures[0], pictures[2]) > 8
    assert difference(pictures[2], pictures[3]) > 8


def test_words_choose_what_is_painted_and_the_negative_prompt_takes_them_back() -> None:
    day, night = (paint(Motif(f"sea {time}", 4), 64, 64) for time in ("noon", "midnight"))
    assert np.asarray(day).mean() > np.asarray(night).mean() + 20
    plain, denied = (paint(Motif("sea midnight", 4, negative=n), 64, 64) for n in ("", "midnight"))
    assert plain.tobytes() != denied.tobytes()


@pytest.mark.parametrize(
    "other",
    [Motif("sea", 1, cfg=12.0), Motif("sea", 1, steps=4), Motif("sea", 1, model="demo-ink")],
)
def test_settings_have_a_slight_influence(other: Motif) -> None:
    assert 0 < difference(paint(Motif("sea", 1), 96, 96), paint(other, 96, 96)) < 60


def test_the_label_is_in_the_corner() -> None:
    labelled = np.asarray(paint(Motif("midnight sea", 5), 512, 512).convert("L"), float)
    assert labelled[-24:, -48:].max() > 180


@pytest.mark.parametrize("prompt", PROMPTS)
@pytest.mark.parametrize("size", [(512, 512), (608, 416), (500, 350)])
def test_previews_resolve_to_the_picture(prompt: str, size: tuple[int, int]) -> None:
    motif = Motif(prompt, 7)
    preview = Preview(motif, *size)
    frames = [opened(preview.frame(step / 6)) for step in range(7)]
    assert {max(frame.size) for frame in frames} == {512}
    final = paint(motif, *size).resize(frames[0].size)
    distances = [difference(frame, final) for frame in frames]
    assert distances == sorted(distances, reverse=True)
    assert distances[-1] < 16, "the same shapes at the same places"
