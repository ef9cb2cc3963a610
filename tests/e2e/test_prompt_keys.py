"""Keys in a prompt weigh words: "[" and "]" stand for the ends of what is selected, "^" for the
caret.
"""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import Served
from tests.e2e.test_form import field, open_more, ready

OpenPage = Callable[..., Page]
SELECT = "(field, [start, end]) => field.setSelectionRange(start, end)"
SHOWN = """(field) => {
    const { value, selectionStart: start, selectionEnd: end } = field;
    const selected = start === end ? "^" : `[${value.slice(start, end)}]`;
    return value.slice(0, start) + selected + value.slice(end);
}"""
HEAVIER = (
    ("a red f^ox, snow", "a red (f^ox:1.05), snow"),
    ("a red fox^, snow", "a red (fox^:1.05), snow"),
    ("^fox", "(^fox:1.05)"),
    ("a [red fox], snow", "a ([red fox]:1.05), snow"),
    ("a[ red fox, ]snow", "a ([red fox]:1.05), snow"),
    ("the end^.", "the (end^:1.05)."),
    ("embedding:ea^sy.pt", "(embedding:ea^sy.pt:1.05)"),
    ("a red-haired^ girl", "a (red-haired^:1.05) girl"),
    ("{red|gr^een} fox", "{red|(gr^een:1.05)} fox"),
    ("(red f^ox:1.05)", "(red f^ox:1.1)"),
    ("(red fox:1.0^5)", "(red fox^:1.1)"),
    ("(red fox:1.05)^", "(red fox^:1.1)"),
    ("([red fox]:1.05)", "([red fox]:1.1)"),
    ("[(red fox:1.05)]", "([red fox]:1.1)"),
    ("(red fo[x:1.05)]", "([red fox]:1.1)"),
    ("(red [fox]:1.05)", "(red ([fox]:1.05):1.05)"),
    ("(f^ox)", "(f^ox:1.15)"),
    ("(a (red f^ox:1.2) here:1.3)", "(a (red f^ox:1.25) here:1.3)"),
    ("(a^ (red fox:1.2) here:1.3)", "(a^ (red fox:1.2) here:1.35)"),
    ("(fox:0.9^5)", "fox^"),
    ("(fox^: 1.1)", "(fox^:1.15)"),
    (r"moby dick\^)", r"moby (dick\^):1.05)"),
    (r"ahab \(mo^by dick\)", r"ahab (\(mo^by:1.05) dick\)"),
    (r"(ahab \(moby\)^:1.1)", r"(ahab \(moby\)^:1.15)"),
    ("[(a:1.2), (b:1.2)]", "([(a:1.2), (b:1.2)]:1.05)"),
    ("a [b, (c] d:1.2)", "a [b, (c] d:1.2)"),
    ("a , ^ b", "a , ^ b"),
    ("(^)", "(^)"),
    ("^", "^"),
    ("ein schöner F^üchsin 🦊", "ein schöner (F^üchsin:1.05) 🦊"),
)
LIGHTER = (
    ("f^ox", "(f^ox:0.95)"),
    ("a (f^ox:1.05), b", "a f^ox, b"),
    ("a ([red fox]:1.05), b", "a [red fox], b"),
    ("(f^ox:0)", "(f^ox:-0.05)"),
    ("(f^ox)", "(f^ox:1.05)"),
    ("((f^ox:1.05):1.2)", "(f^ox:1.2)"),
)


@pytest.fixture
def prompt(served: Served, open_page: OpenPage) -> Locator:
    return field(ready(open_page(served.address)), "prompt")


def marked(prompt: Locator, text: str) -> None:
    """Write it and select in it."""
    plain = text.replace("^", "")
    start, end = (text.index("^"),) * 2 if "^" in text else (-1, -1)
    if start < 0:
        start, end = text.index("["), text.index("]") - 1
        plain = plain.replace("[", "").replace("]", "")
    prompt.fill(plain)
    prompt.evaluate(SELECT, [start, end])


def test_up_and_down_weigh_what_is_meant(prompt: Locator) -> None:
    for key, stories in (("Control+ArrowUp", HEAVIER), ("Meta+ArrowDown", LIGHTER)):
        for before, after in stories:
            marked(prompt, before)
            prompt.press(key)
            assert prompt.evaluate(SHOWN) == after, before


def test_the_weight_goes_up_and_down_again_in_even_steps(prompt: Locator) -> None:
    marked(prompt, "a [red fox], snow")
    for weight in ("1.05", "1.1", "1.15", "1.2", "1.25", "1.3"):
        prompt.press("Control+ArrowUp")
        expect(prompt).to_have_value(f"a (red fox:{weight}), snow")
    for _ in range(6):
        prompt.press("Control+ArrowDown")
    assert prompt.evaluate(SHOWN) == "a [red fox], snow"


def test_the_browser_takes_it_back(prompt: Locator) -> None:
    prompt.press_sequentially("a red fox")
    prompt.press("Control+ArrowUp")
    prompt.press("Control+ArrowUp")
    expect(prompt).to_have_value("a red (fox:1.1)")
    prompt.press("Control+z")
    expect(prompt).to_have_value("a red (fox:1.05)")
    prompt.press("Control+z")
    expect(prompt).to_have_value("a red fox")
    prompt.press("Control+Shift+z")
    expect(prompt).to_have_value("a red (fox:1.05)")


def test_the_app_follows_and_keeps_it(prompt: Locator) -> None:
    prompt.fill("fox")
    prompt.press("Control+ArrowUp")
    expect(prompt.page.get_by_test_id("prompt-length")).to_contain_text("10")
    prompt.page.reload()
    expect(prompt).to_have_value("(fox:1.05)")


def test_the_negative_prompt_has_them_and_other_fields_do_not(prompt: Locator) -> None:
    page = prompt.page
    open_more(page)
    negative = field(page, "negative-prompt")
    negative.fill("blurry")
    negative.press("Control+ArrowUp")
    expect(negative).to_have_value("(blurry:1.05)")
    field(page, "model").press("Control+ArrowUp")
    expect(field(page, "model")).not_to_have_value("1.05")


def test_the_way_to_earlier_prompts_is_not_in_the_way(prompt: Locator) -> None:
    marked(prompt, "^fox")
    prompt.press("Control+ArrowUp")
    prompt.press("Control+ArrowDown")
    assert prompt.evaluate(SHOWN) == "^fox"
