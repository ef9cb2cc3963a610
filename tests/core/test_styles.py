"""How a style's words come into a prompt."""

import pytest

from batchgen_app.core.errors import InvalidRequest
from batchgen_app.core.styles import Style, composed, composed_negative, with_styles
from tests.core.asking import asked

FILM = Style(name="film", prompt="film still of {prompt}, grain", negative_prompt="drawing")
FINE = Style(name="fine", prompt="masterpiece, 8k", negative_prompt="blurry")
CALM = Style(name="calm", negative_prompt="people, cars")
ALL = (FILM, FINE, CALM)
MOST = 500


@pytest.mark.parametrize(
    ("words", "texts", "whole"),
    [
        ("a fox", ["masterpiece, 8k"], "a fox, masterpiece, 8k"),
        ("a fox, ", ["masterpiece"], "a fox, masterpiece"),
        ("a fox", ["photo of {prompt}, grain"], "photo of a fox, grain"),
        ("a fox", ["photo of {prompt}", "8k"], "photo of a fox, 8k"),
        ("a fox", ["8k", "photo of {prompt}"], "photo of a fox, 8k"),
        ("a fox", ["{prompt}. Again: {prompt}"], "a fox. Again: a fox"),
        ("a {prompt}", ["photo of {prompt}"], "photo of a {prompt}"),
        ("a {red|blue} fox", ["8k"], "a {red|blue} fox, 8k"),
        ("a fox", ["", " "], "a fox"),
        ("", ["blurry"], "blurry"),
        ("a foxglove", ["fox"], "a foxglove, fox"),
        ("an old photo of a fox", ["a {prompt}, grain"], "a an old photo of a fox, grain"),
        (
            "over the hill, a dog in red",
            ["the {prompt} in red"],
            "the over the hill, a dog in red in red",
        ),
        (
            "a lighthouse, made of gold",
            ["a {prompt}, made of gold"],
            "a a lighthouse, made of gold, made of gold",
        ),
        ("a fox, 8k", ["8k"], "a fox, 8k, 8k"),
    ],
)
def test_the_words_go_where_the_style_says(words: str, texts: list[str], whole: str) -> None:
    styles = [Style(name=text.strip() or "none", prompt=text) for text in texts]
    assert composed(words, styles, MOST) == whole
    negative = [Style(name=style.name, negative_prompt=style.prompt) for style in styles]
    assert composed_negative(words, negative) == whole


def test_what_would_be_too_long_is_told_before_it_is_made() -> None:
    """Made, it would have 624 million characters."""
    many = [Style(name=name, prompt="{prompt}" * 1249) for name in ("first", "second")]
    with pytest.raises(InvalidRequest) as refused:
        with_styles(asked(prompt="x" * 400, styles=["first", "second"]), many, MOST)
    (problem,) = refused.value.problems
    assert (problem.field, problem.code) == ("prompt", "too_long")
    assert problem.message == (
        'With the style "first", the prompt has 499600 characters; it exceeds 500 character limit'
    )
    negative = [Style(name="no", negative_prompt="{prompt}" * 1249)]
    with pytest.raises(InvalidRequest, match="the negative prompt has 12490") as refused:
        with_styles(asked(negativePrompt="x" * 10, styles=["no"]), negative, MOST)
    assert refused.value.problems[0].field == "negativePrompt"


def test_a_long_negative_prompt_of_ones_own_is_left_alone() -> None:
    request = asked(negativePrompt="x" * 20_000, styles=["bare"])
    assert with_styles(request, [Style(name="bare", prompt="ink")], MOST).negative_prompt == (
        "x" * 20_000
    )


def test_more_than_twenty_at_once_are_refused() -> None:
    with pytest.raises(InvalidRequest, match="At most 20 styles can be used at once"):
        asked(styles=[f"style {number}" for number in range(21)])


def test_a_request_has_the_words_in_place_of_the_names() -> None:
    request = with_styles(asked(prompt="a fox", styles=["film", "fine", "film", "calm"]), ALL, MOST)
    assert request.prompt == "film still of a fox, grain, masterpiece, 8k"
    assert request.negative_prompt == "drawing, blurry, people, cars"
    assert "styles" not in request.to_json()


def test_a_persons_own_negative_words_come_first() -> None:
    request = with_styles(asked(negativePrompt="text", styles=["fine"]), ALL, MOST)
    assert request.negative_prompt == "text, blurry"


def test_where_no_style_has_negative_words_the_workflows_own_stay() -> None:
    bare = Style(name="bare", prompt="ink")
    assert with_styles(asked(styles=["bare"]), [bare], MOST).negative_prompt is None


def test_an_unknown_style_is_refused_with_the_names_there_are() -> None:
    with pytest.raises(InvalidRequest, match="There are: film, fine, calm") as refused:
        with_styles(asked(styles=["fine", "gone"]), ALL, MOST)
    (problem,) = refused.value.problems
    assert (problem.field, problem.code) == ("styles", "unknown_style")
    with pytest.raises(InvalidRequest, match="there are none yet"):
        with_styles(asked(styles=["gone"]), (), MOST)
