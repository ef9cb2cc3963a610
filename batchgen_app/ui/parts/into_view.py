"""Bring a part of a page to where it is seen."""

from nicegui import ui

SCROLL = """Vue.nextTick(() => {{
    const box = getHtmlElement({id});
    const wanted = "{inside}" ? box?.querySelector("{inside}") : box;
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const behavior = still ? "auto" : "smooth";
    if ({only_if}) wanted?.scrollIntoView({{ block: "{block}", behavior }});
}})"""
"""Not before the page shows what was changed in the same turn."""


def into_view(
    element: ui.element, inside: str = "", *, block: str = "nearest", only_if: str = "true"
) -> None:
    """Scroll to ``element``, or to the first that the selector ``inside`` finds in it: as far as it
    takes to see it, or (``block="start"``) until it is on top; ``only_if`` is a condition in
    JavaScript.
    """
    script = SCROLL.format(id=element.id, inside=inside, block=block, only_if=only_if)
    ui.run_javascript(script)
