"""The ``parameters`` text, read by the rules that AUTOMATIC1111, Civitai and ComfyUI read it by."""

import json
import re
from dataclasses import dataclass

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from batchgen_app.core.batch import Parameters
from batchgen_app.core.infotext import infotext, read_infotext

PAIR = re.compile(r'(?P<key>\w[\w /-]+):\s*(?P<value>"(?:[^"\\]|\\.)+"|[^,]*)(?:,|$)')
NEGATIVE = "Negative prompt:"
FULL = Parameters(
    model="dreams.safetensors",
    negative_prompt="blurry",
    steps=20,
    cfg=7.0,
    width=1024,
    height=768,
    sampler_name="euler",
    scheduler="karras",
)


@dataclass
class Read:
    """What a gallery finds in the text."""

    prompt: str
    negative: str
    pairs: dict[str, str]


def read(text: str) -> Read:
    """The last line is parameters if it has three pairs; a line that says so begins the negative
    prompt.
    """
    *lines, last = text.strip().split("\n")
    pairs = {found["key"]: unquoted(found["value"]) for found in PAIR.finditer(last)}
    if len(pairs) < 3:
        lines, pairs = [*lines, last], {}
    prompt, negative = split(lines)
    return Read(prompt, negative, pairs)


def split(lines: list[str]) -> tuple[str, str]:
    parts: dict[bool, list[str]] = {False: [], True: []}
    in_negative = False
    for line in map(str.strip, lines):
        if line.startswith(NEGATIVE):
            in_negative = True
        parts[in_negative].append(line.removeprefix(NEGATIVE).strip() if in_negative else line)
    return "\n".join(parts[False]).strip(), "\n".join(parts[True]).strip()


def unquoted(value: str) -> str:
    return str(json.loads(value)) if value[:1] == value[-1:] == '"' else value


def as_read(text: str) -> str:
    """What is left of a prompt: readers strip every line."""
    return "\n".join(line.strip() for line in text.strip().split("\n")).strip()


def test_the_text_of_an_image() -> None:
    assert infotext("a red fox", 42, FULL, "0.1.0") == (
        "a red fox\n"
        "Negative prompt: blurry\n"
        "Steps: 20, Sampler: euler, Schedule type: karras, CFG scale: 7, Seed: 42, "
        "Size: 1024x768, Model: dreams, App: BatchGen, Version: 0.1.0"
    )


@pytest.mark.parametrize("nothing", [None, "", " \n"])
def test_there_is_no_negative_line_where_there_is_nothing_to_say(nothing: str | None) -> None:
    text = infotext("a red fox", 42, Parameters(negative_prompt=nothing, steps=20), "0.1.0")
    assert text.startswith("a red fox\nSteps: 20, Seed: 42, ")


def test_the_parameters_begin_with_the_steps() -> None:
    last = infotext("a red fox", 42, FULL, "0.1.0").splitlines()[-1]
    assert last.startswith("Steps: ")


def test_what_is_unknown_or_empty_is_left_out() -> None:
    parameters = Parameters(model="", sampler_name="", negative_prompt=None, width=512)
    found = read(infotext("a red fox", 42, parameters, "0.1.0"))
    assert found.pairs == {"Seed": "42", "App": "BatchGen", "Version": "0.1.0"}
    assert (found.prompt, found.negative) == ("a red fox", "")


@pytest.mark.parametrize(
    ("cfg", "written"), [(7.0, "7"), (7.5, "7.5"), (30.0, "30"), (7.123456789, "7.123456789")]
)
def test_cfg_is_exact_and_without_an_empty_fraction(cfg: float, written: str) -> None:
    found = read(infotext("a red fox", 42, FULL.model_copy(update={"cfg": cfg}), "0.1.0"))
    assert found.pairs["CFG scale"] == written


@pytest.mark.parametrize(
    ("model", "written"),
    [
        ("dreams.safetensors", "dreams"),
        ("user_models/dreams v2.ckpt", "dreams v2"),
        ("SDXL\\anime\\dreams.safetensors", "dreams"),
        ("flux/dev-Q4_K_S.GGUF", "dev-Q4_K_S"),
        ("dreams v1.5", "dreams v1.5"),
        ("a.pth/.safetensors", ".safetensors"),
        ("folder/", "folder"),
        ("", None),
    ],
)
def test_a_model_goes_by_its_bare_name(model: str, written: str | None) -> None:
    text = infotext("a red fox", 42, FULL.model_copy(update={"model": model}), "0.1.0")
    assert read(text).pairs.get("Model") == written


@pytest.mark.parametrize(
    ("model", "written"),
    [
        ("one, two.safetensors", '"one, two"'),
        ("a: model", '"a: model"'),
        ('the "best"', '"the \\"best\\""'),
        ("two\nlines", '"two\\nlines"'),
        ("ünïcode, 模型", '"ünïcode, 模型"'),
        (" spaced ", '" spaced "'),
    ],
)
def test_values_are_quoted_where_a_reader_would_cut_them(model: str, written: str) -> None:
    text = infotext("a red fox", 42, FULL.model_copy(update={"model": model}), "0.1.0")
    assert f"Model: {written}, App: " in text
    assert read(text).pairs["Model"] == model.removesuffix(".safetensors")


def test_a_prompt_of_several_lines_that_looks_like_parameters_stays_a_prompt() -> None:
    prompt = "a red fox,\nSize: large, Mood: calm, Style: ink"
    found = read(infotext(prompt, 42, FULL, "0.1.0"))
    assert (found.prompt, found.pairs["Size"]) == (prompt, "1024x768")


characters = st.characters(exclude_categories=("Cc", "Cs")) | st.sampled_from('\n",:\\')
prompts = st.text(characters, max_size=40).filter(lambda text: NEGATIVE not in text)
names = st.none() | st.text(characters, min_size=1, max_size=12).filter(str.strip)
bare_names = names.filter(lambda name: not name or not set("/\\:") & set(name))
parameters = st.builds(
    Parameters,
    model=bare_names,
    negative_prompt=st.none() | prompts,
    steps=st.none() | st.integers(1, 150),
    cfg=st.none() | st.floats(1, 30),
    width=st.none() | st.integers(64, 4096),
    height=st.none() | st.integers(64, 4096),
    sampler_name=names,
    scheduler=names,
)


@settings(max_examples=200, deadline=None)
@example(prompt="a", seed=0, given_values=Parameters())
@given(prompts, st.integers(0, 2**53 - 1), parameters)
def test_whatever_was_asked_can_be_read_back(
    prompt: str, seed: int, given_values: Parameters
) -> None:
    found = read(infotext(prompt, seed, given_values, "0.1.0"))
    assert found.prompt == as_read(prompt)
    assert found.negative == as_read(given_values.negative_prompt or "")
    assert found.pairs == expected_pairs(seed, given_values)


def expected_pairs(seed: int, given_values: Parameters) -> dict[str, str]:
    size = f"{given_values.width}x{given_values.height}"
    pairs = {
        "Steps": given_values.steps,
        "Sampler": given_values.sampler_name,
        "Schedule type": given_values.scheduler,
        "CFG scale": given_values.cfg and str(given_values.cfg).removesuffix(".0"),
        "Seed": seed,
        "Size": None if "None" in size else size,
        "Model": given_values.model,
        "App": "BatchGen",
        "Version": "0.1.0",
    }
    return {key: str(value) for key, value in pairs.items() if value not in {None, ""}}


one_line_prompts = prompts.filter(lambda text: text == as_read(text) != "")


@settings(max_examples=200, deadline=None)
@given(one_line_prompts, st.integers(0, 2**53 - 1), parameters)
def test_what_the_app_wrote_it_reads_back_but_for_the_models_folder_and_ending(
    prompt: str, seed: int, given_values: Parameters
) -> None:
    negative = as_read(given_values.negative_prompt or "") or None
    given_values = given_values.model_copy(update={"negative_prompt": negative})
    found = read_infotext(infotext(prompt, seed, given_values, "0.1.0"))
    size = {"width": None, "height": None}
    is_sized = given_values.width and given_values.height
    assert found.prompt == prompt
    assert found.app_version == "0.1.0"
    assert found.parameters == given_values.model_copy(update={} if is_sized else size)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n\n",
        "Negative prompt: ",
        "a fox\nSteps: " + "9" * 9000,
        "a fox\nSteps: x, Size: 1x1x1, CFG scale: nan, Seed: -",
        'a fox\nSteps: 1, Sampler: "\\ud800", Model: "a, Seed: 1',
        "\0" * 1000 + ": " * 5000,
        "a" * 200_000,
    ],
)
def test_a_text_of_somebody_elses_is_read_as_far_as_it_makes_sense(text: str) -> None:
    found = read_infotext(text)
    assert found.parameters.width is None
    assert found.parameters.cfg is None
