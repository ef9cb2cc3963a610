"""Words that vary from image to image, in the form."""

from pathlib import Path

from tests.studio import until
from tests.ui.conftest import Opening, Visit
from tests.ui.test_form import errors, ready, small, started

TEMPLATE = "a {red|blue} fox"


def offered(visit: Visit) -> bool:
    return bool(visit.all("dynamic-prompt"))


def tick(visit: Visit) -> None:
    visit.trigger("dynamic-prompt", "change", True)


def keep(visit: Visit, name: str, *options: str) -> Path:
    file = visit.studio.folder / "data" / "wildcards" / f"{name}.txt"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("\n".join(options), encoding="utf-8")
    return file


def example(visit: Visit) -> str:
    return "".join(visit.texts("dynamic-prompt-example"))


async def test_it_is_offered_as_soon_as_a_choice_is_typed_and_off_until_asked_for(
    opening: Opening,
) -> None:
    visit = await ready(opening)
    assert not offered(visit)
    visit.fill("prompt", "a {red|")
    assert offered(visit)
    visit.fill("prompt", "a fox")
    assert not offered(visit)
    visit.fill("negative-prompt", "{blurry|dark}")
    assert offered(visit)
    visit.fill("prompt", TEMPLATE)
    small(visit)
    batch = await started(visit)
    assert batch.request.dynamic_prompt is None
    assert not batch.prompts


async def test_an_example_is_shown_and_the_batch_has_words_for_each_image(opening: Opening) -> None:
    visit = await ready(opening)
    visit.fill("prompt", TEMPLATE)
    tick(visit)
    await until(lambda: "fox · 2 prompts are possible" in example(visit))
    assert example(visit).startswith(("For example: a red fox", "For example: a blue fox"))
    small(visit)
    batch = await started(visit)
    assert batch.request.dynamic_prompt
    assert {words.prompt for words in batch.prompts} <= {"a red fox", "a blue fox"}


async def test_what_is_wrong_is_told_while_it_is_typed_and_at_its_field_when_it_is_sent(
    opening: Opening,
) -> None:
    visit = await ready(opening)
    keep(visit, "colour", "red")
    visit.fill("prompt", "a __color__ fox")
    tick(visit)
    await until(lambda: 'no wildcard "color"' in example(visit))
    assert "Similar ones: colour." in example(visit)
    small(visit)
    visit.click("generate")
    await until(lambda: bool(errors(visit)))
    assert 'no wildcard "color"' in errors(visit)[0]
    assert not example(visit)
    visit.fill("prompt", "a __colour__ fox")
    await until(lambda: "a red fox · 1 prompt is possible" in example(visit))


async def test_the_wildcards_there_are_are_listed_with_how_choices_are_written(
    opening: Opening,
) -> None:
    visit = await ready(opening)
    visit.fill("prompt", TEMPLATE)
    visit.click("dynamic-prompt-help")
    await visit.sees("wildcard-folder", "No wildcards yet")
    assert str(visit.studio.folder / "data" / "wildcards") in visit.texts("wildcard-folder")[0]
    visit.click("dynamic-prompt-help")
    keep(visit, "colour", "red")
    keep(visit, "animals/cat", "lynx")
    visit.click("dynamic-prompt-help")
    await until(lambda: visit.texts("wildcard") == ["__animals/cat__", "__colour__"])


async def test_the_settings_of_such_a_batch_bring_the_template_back_switched_on(
    opening: Opening,
) -> None:
    visit = await ready(opening)
    visit.fill("prompt", TEMPLATE)
    tick(visit)
    small(visit)
    batch = await started(visit)
    await visit.open(f"/?like={batch.batch_id}")
    await until(lambda: visit.one("prompt").value == TEMPLATE)
    await until(lambda: visit.one("dynamic-prompt").value is True)


async def test_what_was_refused_is_still_said_when_the_press_has_left_the_prompt(
    opening: Opening,
) -> None:
    """A browser tells of the press on Generate first, and then that the field was left."""
    visit = await ready(opening)
    visit.fill("prompt", "a __nobody__ fox")
    tick(visit)
    visit.click("generate")
    await visit.sees("field-error", 'There is no wildcard "nobody"')
    visit.trigger("prompt", "blur")
    assert len(errors(visit)) == 1
    visit.fill("prompt", "a fox")
    assert not errors(visit)
