"""The ``parameters`` text, read by the rules that AUTOMATIC1111, Civitai and ComfyUI read it by."""

import json

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from batchgen_app.core.batch import Parameters
from batchgen_app.core.infotext import infotext, read_infotext
from batchgen_app.core.others_names import SAMPLERS, SCHEDULERS
from batchgen_app.core.request import Lora
from tests.hard_prompts import PROMPTS
from tests.reading.sites import NEGATIVE, as_read, read, read_by_civitai

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


def test_the_text_of_an_image() -> None:
    assert infotext("a red fox", 42, FULL, "0.1.0") == (
        "a red fox\n"
        "Negative prompt: blurry\n"
        "Steps: 20, Sampler: Euler, Schedule type: Karras, CFG scale: 7, Seed: 42, "
        "Size: 1024x768, Model: dreams, App: BatchGen, Version: 0.1.0"
    )


@pytest.mark.parametrize("nothing", [None, "", " \n"])
def test_there_is_no_negative_line_where_there_is_nothing_to_say(nothing: str | None) -> None:
    text = infotext("a red fox", 42, Parameters(negative_prompt=nothing, steps=20), "0.1.0")
    assert text.startswith("a red fox\nSteps: 20, Seed: 42, ")


def test_a_refiner_is_told_as_others_tell_it() -> None:
    refined = FULL.model_copy(update={"refiner": "xl/dreams_refiner.safetensors"})
    text = infotext("a red fox", 42, refined, "0.1.0")
    assert "Model: dreams, Refiner: dreams_refiner, Refiner switch at: 0.8, App" in text
    assert read_infotext(text).parameters.refiner == "dreams_refiner"


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


def test_what_is_used_beside_the_model_is_told_and_read_again() -> None:
    used = {
        "vae": "sdxl/soft, warm.safetensors",
        "text_encoders": ["clip_l.safetensors", "t5: large.safetensors"],
        "loras": [Lora(name="styles/ink.safetensors", strength=0.8), Lora(name="a:b", strength=-1)],
        "denoise": 0.6,
        "guidance": 3.5,
    }
    text = infotext("a red fox", 42, FULL.model_copy(update=used), "0.1.0")
    pairs = read(text).pairs
    assert pairs["LoRA 1"] == "styles/ink.safetensors:0.8"
    assert (pairs["Denoising strength"], pairs["Distilled CFG Scale"]) == ("0.6", "3.5")
    told = read_infotext(text).parameters
    assert {name: getattr(told, name) for name in used} == used


def test_more_files_than_readers_take_in_a_line_are_left_out_and_the_rest_is_read() -> None:
    loras = [Lora(name=f"{number}{'a' * 400}") for number in range(30)]
    text = infotext("a red fox", 42, FULL.model_copy(update={"loras": loras}), "0.1.0")
    told = read_infotext(text)
    assert told.parameters.loras == loras[:4]
    assert (told.prompt, told.parameters.steps) == ("a red fox", 20)


@pytest.mark.parametrize("lora", ["no strength", "name:many", ":1", "name:99999"])
def test_what_can_be_no_lora_is_left_out(lora: str) -> None:
    text = f"a red fox\nSteps: 20, Seed: 42, Size: 64x64, LoRA 1: {json.dumps(lora)}"
    assert read_infotext(text).parameters.loras is None


@pytest.mark.parametrize(
    ("sampler", "scheduler", "there"),
    [
        ("euler_ancestral", "normal", ("Euler a", "Normal")),
        ("dpmpp_2m", "karras", ("DPM++ 2M", "Karras")),
        ("dpmpp_2m_sde_gpu", "ddim_uniform", ("dpmpp_2m_sde_gpu", "DDIM")),
        ("my sampler", "my schedule", ("my sampler", "my schedule")),
    ],
)
def test_samplers_go_by_the_names_that_others_give_them(
    sampler: str, scheduler: str, there: tuple[str, str]
) -> None:
    sampled = FULL.model_copy(update={"sampler_name": sampler, "scheduler": scheduler})
    text = infotext("a red fox", 42, sampled, "0.1.0")
    pairs = read(text).pairs
    assert (pairs["Sampler"], pairs["Schedule type"]) == there
    here = read_infotext(text).parameters
    assert (here.sampler_name, here.scheduler) == (sampler, scheduler)


def test_no_two_samplers_have_one_name() -> None:
    for names in (SAMPLERS, SCHEDULERS):
        assert len({*names.values()}) == len(names)


INK = Lora(name="styles/ink v1.5.safetensors", strength=0.8)
GOLD = Lora(name="gold.safetensors", strength=-1.0)


def test_loras_stand_behind_the_prompt_as_others_tell_them_and_go_when_it_is_read() -> None:
    styled = FULL.model_copy(update={"loras": [INK, GOLD]})
    text = infotext("a red fox,\nin snow", 42, styled, "0.1.0")
    first = "a red fox,\nin snow <lora:ink v1.5:0.8> <lora:gold:-1>\nNegative prompt: blurry\n"
    assert text.startswith(first)
    assert read_infotext(text).prompt == "a red fox,\nin snow"
    assert read_infotext(text).parameters == styled.model_copy(update={"model": "dreams"})


@pytest.mark.parametrize("name", ["a:b", "a>b", "{a}", "a\nb"])
def test_a_lora_that_no_tag_can_name_has_none(name: str) -> None:
    text = infotext("a fox", 1, FULL.model_copy(update={"loras": [Lora(name=name)]}), "0.1.0")
    assert text.startswith("a fox\n")
    assert read_infotext(text).prompt == "a fox"


loras = st.lists(st.builds(Lora, name=st.sampled_from(["ink", "a/b.safetensors", "x, y: z"])))


@settings(max_examples=100, deadline=None)
@given(
    st.sampled_from([*PROMPTS.values(), "a <lora:ink:1>", " ", "<lora:ink:1> <lora:ink:1>"]), loras
)
def test_a_prompt_with_tags_of_its_own_comes_back_as_it_was(prompt: str, used: list[Lora]) -> None:
    text = infotext(prompt, 1, FULL.model_copy(update={"loras": used}), "0.1.0")
    assert read_infotext(text).prompt == prompt.strip()


KNOWN = {"dreams.safetensors": "0123456789ab", INK.name: "ba9876543210"}


def test_hashes_are_told_as_sharing_sites_read_them() -> None:
    known = FULL.model_copy(update={"loras": [INK, GOLD], "hashes": KNOWN})
    text = infotext("a fox", 42, known, "0.1.0")
    told = read_by_civitai(text)
    assert told.hashes == {"model": "0123456789ab", "lora:ink v1.5": "ba9876543210"}
    assert (told.pairs["Steps"], told.pairs["Seed"]) == ("20", "42")
    found = read(text)
    assert found.pairs["Lora hashes"] == "ink v1.5: ba9876543210"
    assert (found.pairs["Seed"], found.pairs["Version"]) == ("42", "0.1.0")
    assert "Model hash" not in found.pairs, "that of the whole file is not known"
    assert read_infotext(text) == read_infotext(
        infotext("a fox", 42, known.model_copy(update={"hashes": None}), "0.1.0")
    )


def test_hashes_never_cost_the_rest_of_a_line_that_is_long_already() -> None:
    many = {f"{number:0300}.safetensors": "0" * 12 for number in range(20)}
    known = FULL.model_copy(update={"hashes": many})
    found = read_infotext(infotext("a fox", 42, known, "0.1.0"))
    assert found.parameters == FULL.model_copy(update={"model": "dreams"})
