"""What a person thinks of a picture, as it is shown and given: stars, and that it is rejected."""

from collections.abc import Awaitable, Callable

from nicegui import ui

from batchgen_app.ui import words
from batchgen_app.ui.parts.controls import Click, icon_button, marked
from batchgen_app.ui.parts.fields import Text
from batchgen_app.ui.parts.quiet import bind_quietly
from batchgen_app.ui.parts.undo import Undos

MOST_STARS = 5
REJECT_ICON = "block"


def star_row(rate: Callable[[int], Awaitable[None]]) -> ui.element:
    """Five buttons, and one that takes the stars away."""
    with ui.element("div").classes("bg-stars").props("role=group") as row:
        row.props["aria-label"] = str(words.RATING)
        for stars in range(1, MOST_STARS + 1):
            _star(stars, "★", words.stars(stars), rate)
        _star(0, "×", str(words.NO_STARS), rate)
    return row


def _star(stars: int, text: str, name: str, rate: Callable[[int], Awaitable[None]]) -> None:
    made = Text("button", text).props(f"type=button data-key={stars}")
    made.classes("bg-star").on("click", lambda: rate(stars), [])
    made.props["data-star"] = str(stars)
    made.props["aria-label"] = made.props["title"] = name


def cross_button(click: Click, name: str = "") -> ui.button:
    """Rejects, or no longer; its prop ``aria-pressed`` says which."""
    made = icon_button(REJECT_ICON, name or str(words.REJECT), click, key="x")
    return marked(made, "reject").classes("bg-cross")


def back_button(click: Click) -> ui.button:
    """Takes the last mark of a picture back."""
    made = marked(icon_button("undo", str(words.TAKE_BACK), click, key="u"), "take-back")
    return made.classes("bg-take-back")


def follow_marks(back: ui.button, undos: Undos, image_id: str) -> None:
    """Show the button that takes a mark back only while there is one. Its key counts before that:
    it waits for a mark that is being given.
    """
    bind_quietly(back, "data-idle", undos, ("marked",), lambda: str(image_id not in undos.marked))


def rejected_sign() -> Text:
    """On a picture that is rejected."""
    return Text("span", str(words.REJECTED)).classes("bg-rejected")
