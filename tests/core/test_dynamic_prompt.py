"""Prompts that vary from image to image: what a text becomes for a seed, and what is refused."""

from collections.abc import Sequence
from contextlib import suppress

import pytest
from dynamicprompts.wildcards.collection.list import ListWildcardCollection
from dynamicprompts.wildcards.item import WildcardItem
from hypothesis import given
from hypothesis import strategies as st

from batchgen_app.core.batch import ImagePrompt
from batchgen_app.core.dynamic_prompt.count import MANY, Count
from batchgen_app.core.dynamic_prompt.lists import MOST_OPTIONS, Lists
from batchgen_app.core.dynamic_prompt.sampling import parsed
from batchgen_app.core.dynamic_prompt.syntax import varies
from batchgen_app.core.dynamic_prompt.template import Template, image_prompts
from batchgen_app.core.errors import InvalidRequest, Problem
from batchgen_app.core.limits import MAX_PROMPT_LENGTH
from tests.core.asking import asked

LISTS: dict[str, Sequence[str | WildcardItem]] = {
    "colour": ["red", "blue", "green"],
    "animals/cat": ["{black|white} cat", "__colour__ cat"],
    "animals/dog": ["dog"],
    "heavy": [WildcardItem("never", 0.0), WildcardItem("often", 5.0)],
    "price": ["$5", "100% wool"],
    "notes": ["// nothing to see"],
    "round": ["x", "__and_round__"],
    "and_round": ["__round__"],
    "broken": ["fine", "{a|b"],
}


def lists(**more: Sequence[str | WildcardItem]) -> Lists:
    everything = {**LISTS, **more}
    return Lists({name: ListWildcardCollection(each) for name, each in everything.items()}, "here")


def words(text: str, images: int = 60, known: Lists | None = None) -> set[str]:
    return set(
        Template("prompt", text, known or lists(), MAX_PROMPT_LENGTH).all_words(range(images))
    )


def refused(text: str, known: Lists | None = None) -> Problem:
    with pytest.raises(InvalidRequest) as refusal:
        words(text, known=known)
    (problem,) = refusal.value.problems
    assert problem.field == "prompt"
    return problem


@pytest.mark.parametrize(
    ("text", "possible"),
    [
        ("a {red|blue} fox", {"a red fox", "a blue fox"}),
        ("a {red|} fox", {"a red fox", "a fox"}),
        ("{2$$a|b}", {"a,b", "b,a"}),
        ("{2$$ and $$a|b}", {"a and b", "b and a"}),
        ("{1-2$$a|b}", {"a", "b", "a,b", "b,a"}),
        ("{0::a|1::b}", {"b"}),
        ("{{a|b}|c}", {"a", "b", "c"}),
        ("__colour__ fox", {"red fox", "blue fox", "green fox"}),
        ("{2$$ + $$__animals/dog__}", {"dog"}),
        ("__cat__", {"black cat", "white cat", "red cat", "blue cat", "green cat"}),
        ("__animals/d*__", {"dog"}),
        ("__heavy__", {"often"}),
        ("{2$$__heavy__}", {"often,never"}),
        ("__{colour|animals/dog}__", {"red", "blue", "green", "dog"}),
        ("${a={x|y}}${a}", {"x", "y"}),
        ("{!x|y} {@z}", {"x z", "y z"}),
    ],
)
def test_what_a_text_becomes(text: str, possible: set[str]) -> None:
    assert words(text) == possible


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("# a note\na fox # another\nin the snow", "a fox in the snow"),
        ("# nothing {but| a note\na fox", "a fox"),
        (
            "a 50% {off} coat for $5, (soft:1.2) [light]",
            "a 50% off coat for $5, (soft:1.2) [light]",
        ),
        ("snake_case, <lora:x:1>", "snake_case, <lora:x:1>"),
        ("a fox} in }braces", "a fox} in }braces"),
        ("a fox __notes__", "a fox"),
        ("a fox\twith\n  spaces", "a fox with spaces"),
    ],
)
def test_what_is_no_choice_stays_and_comments_go(text: str, plain: str) -> None:
    assert words(text) == {plain}


def test_options_may_have_prices_and_percentages() -> None:
    assert words("__price__") == {"$5", "100% wool"}


def test_the_same_text_seed_and_lists_give_the_same_words() -> None:
    text = "__colour__ {a|b|c|d} __animals/*__ {2$$__colour__}"
    first, again = (Template("prompt", text, lists()).all_words(range(50)) for _ in range(2))
    assert first == again
    assert len(set(first)) > 10


def test_both_prompts_vary_and_not_in_step() -> None:
    request = asked(prompt="__colour__", negativePrompt="__colour__", batchCount=20)
    both = image_prompts(request, range(20), lists())
    assert {each.negative_prompt for each in both} == {"red", "blue", "green"}
    assert any(each.prompt != each.negative_prompt for each in both)


def test_a_negative_prompt_may_come_out_empty_and_is_not_invented() -> None:
    without = image_prompts(asked(prompt="a fox"), [1], lists())
    assert without == (ImagePrompt(prompt="a fox"),)
    empty = image_prompts(asked(prompt="a fox", negativePrompt="{|}"), [1], lists())
    assert empty == (ImagePrompt(prompt="a fox", negative_prompt=""),)


def test_what_is_wrong_with_the_negative_prompt_stands_at_its_field() -> None:
    request = asked(prompt="a fox", negativePrompt="blurry {a|b")
    with pytest.raises(InvalidRequest) as refusal:
        image_prompts(request, [1], lists())
    (problem,) = refusal.value.problems
    assert (problem.field, problem.code) == ("negativePrompt", "unclosed_choice")


@pytest.mark.parametrize(
    ("text", "code", "said"),
    [
        ("a {red|blue fox", "unclosed_choice", '"{red|blue fox"'),
        ("a {red|{x|y} fox", "unclosed_choice", '"{red|{x|y} fox"'),
        ("a __colour fox", "unclosed_wildcard", '"__colour fox"'),
        ("{$$a}", "not_understood", '"{$$a}"'),
        ("a __colours__ fox", "unknown_wildcard", "Similar ones: colour."),
        ("__zzz__", "unknown_wildcard", '"zzz" in here'),
        ("__../colour__", "unknown_wildcard", '"../colour"'),
        ("__{zzz}__", "unknown_wildcard", '"zzz"'),
        ("__round__", "wildcard_ring", "__round__ → __and_round__ → __round__"),
        ("__broken__", "unclosed_choice", 'In the wildcard "broken"'),
        ("${b}", "unknown_variable", "${name=words}"),
        ("${a=${b}}${b=${a}}${a}", "too_deep", "refer to themselves"),
        ("{" * 200 + "}" * 200, "too_deep", "nested too deeply"),
        ("{__" * 100, "too_deep", "nested too deeply"),
        ("{|}", "blank", "would be empty"),
        ("# only a note", "blank", "would be empty"),
    ],
)
def test_what_makes_no_sense_is_refused_with_its_place(text: str, code: str, said: str) -> None:
    problem = refused(text)
    assert problem.code == code
    assert said in problem.message


def test_the_place_is_told_to_programs_too() -> None:
    assert refused("# {\na {red|blue fox").details == {"position": 6}


def test_a_prompt_that_grows_too_long_is_refused() -> None:
    problem = refused("__long__", lists(long=["word " * 120]))
    assert (problem.code, "500" in problem.message) == ("too_long", True)


def test_a_long_negative_prompt_may_stay_as_long_as_it_is() -> None:
    plain = "blurry " * 500
    request = asked(prompt="{a|b}", negativePrompt=plain)
    assert image_prompts(request, [1], lists())[0].negative_prompt == plain.strip()


@pytest.mark.parametrize(
    ("text", "more"),
    [
        ("__a0__", {f"a{i}": [f"__a{i + 1}____a{i + 1}__"] for i in range(18)} | {"a18": ["x"]}),
        ("__b0__", {f"b{i}": [f"__b{i + 1}__"] for i in range(200)} | {"b200": ["x"]}),
        ("".join(f"${{v{i}=${{v{i + 1}}}${{v{i + 1}}}}}" for i in range(20)) + "${v20=x}${v0}", {}),
        ("__deep__", {"deep": ["{" * 5000 + "}" * 5000]}),
        ("__many__", {"many": [str(number) for number in range(MOST_OPTIONS + 1)]}),
        ("{a|b}" * 99 + "{", {}),
    ],
)
def test_an_explosion_is_refused_instead_of_followed(
    text: str, more: dict[str, Sequence[str]]
) -> None:
    assert refused(text, lists(**more)).code in {"too_much", "too_deep", "unclosed_choice"}


CROWDED = "{" + "|".join("a" * 900) + "}"


@pytest.mark.parametrize(
    ("text", "more"),
    [
        ("{50$$__o__}", {"o": [f"{CROWDED}{n}" for n in range(100)]}),
        ("__o__", {"o": [f"{CROWDED}{n}" for n in range(100)]}),
        ("{1$$__o__}" * 99, {"o": [WildcardItem(str(n), n + 1.0) for n in range(MOST_OPTIONS)]}),
        (
            "".join(f"__f{n}__" for n in range(250)),
            {f"f{n}": ["x"] for n in range(20_000)},
        ),
    ],
)
def test_what_takes_long_is_refused_over_all_images_together(
    text: str, more: dict[str, Sequence[str | WildcardItem]]
) -> None:
    with pytest.raises(InvalidRequest) as refusal:
        Template("negativePrompt", text, lists(**more)).all_words(range(20))
    assert [problem.code for problem in refusal.value.problems] == ["too_much"]


def test_whether_it_is_too_much_does_not_depend_on_what_was_read_before() -> None:
    known = {"o": [f"{CROWDED}{n}" for n in range(9)]}
    codes = [refused("__o__", lists(**known)).code for _ in range(2)]
    assert codes == ["too_much", "too_much"]


def test_one_crowded_option_is_fine_in_every_image() -> None:
    assert words("__o__", 20, lists(o=[CROWDED])) == {"a"}


def test_many_numbers_of_choices_are_counted_no_longer_than_needed() -> None:
    text = "{1-300$$" + "|".join(["{a|b}"] * 300) + "}"
    assert Template("prompt", text, lists()).count == Count(MANY, is_exact=False)


def test_many_options_are_not_all_parsed_to_choose_a_few() -> None:
    known = lists(many=[f"option {{{n}|{n} again}}" for n in range(5_000)])
    before = parsed.cache_info().misses
    assert len(words("{3$$__many__}", 20, known)) == 20
    assert parsed.cache_info().misses - before < 100


@given(st.text("{}|$_#%!@~:-=?()1aé\n /", max_size=60))
def test_whatever_is_typed_gives_words_or_is_refused(text: str) -> None:
    with suppress(InvalidRequest):
        assert Template("prompt", text, lists(a=["b", "{a|1}"])).words(1)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("a fox", Count(1)),
        ("{a|b} {c|d|e}", Count(6)),
        ("{2$$a|b|c}", Count(6)),
        ("{1-3$$a|b|c}", Count(15)),
        ("{2$${a|b}|c}", Count(4)),
        ("__colour__ {x|y}", Count(6)),
        ("{2$$__colour__}", Count(6)),
        ("__cat__", Count(2, is_exact=False)),
        ("{a|b}" * 40, Count(MANY, is_exact=False)),
    ],
)
def test_how_many_there_can_be(text: str, number: Count) -> None:
    assert Template("prompt", text, lists()).count == number


@pytest.mark.parametrize("text", ["a {red|", "{2$$a", "a __colour__ fox", "__animals/*__"])
def test_what_may_be_meant_to_vary(text: str) -> None:
    assert varies(text)


@pytest.mark.parametrize(
    "text", ["", "a fox", "a {fox}", "snake_case_name", "__colour", "a|b", "____"]
)
def test_what_is_not(text: str) -> None:
    assert not varies(text)
