"""Controls that stand in more than one place: buttons, pictures, stars, what is worked by keyboard
alone, and elements that follow fields of an observable object as long as they stand on a page.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

from nicegui import Event, binding, ui
from nicegui.binding import BindableProperty

from batchgen_app.core import media
from batchgen_app.core.batch import GeneratedImage
from batchgen_app.core.state import BatchState
from batchgen_app.places import assets_dir
from batchgen_app.services.values import THUMBNAIL_SIDE
from batchgen_app.ui import words as common
from batchgen_app.ui.parts.addresses import at
from batchgen_app.ui.parts.fields import Text

E = TypeVar("E", bound=ui.element)

Click = Callable[[], Any]
NOT_LOADED = "(event) => event.target.classList.add('is-missing')"
PLAYS = """(event) => {
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    event.target.muted = true;
    if (!still) event.target.play().catch(() => {});
}"""
MOVES = "(prefers-reduced-motion: reduce) 1px, 100000px"
"""Has a browser take the file, which moves, or for those who want no motion the still."""


def marked(element: E, mark: str) -> E:
    """Give an element its ``data-testid``."""
    element.props["data-testid"] = mark
    return element


def own_direction(element: E) -> E:
    """For people's words: they run as their own script does, whatever the page is written in."""
    element.props["dir"] = "auto"
    return element


def shortcut(control: E, key: str) -> E:
    """Let ``key`` click the control from anywhere on the page: a name as in JavaScript's
    ``event.key``, with "Ctrl+" before it for Ctrl or Cmd.
    """
    control.props["data-shortcut"] = key
    return control


def undoable(control: E) -> E:
    """What the control does can be taken back: Ctrl+Z does so also before a message says it."""
    control.props["data-undoable"] = ""
    return control


def button(
    text: str,
    click: Click | None = None,
    *,
    icon: str | None = None,
    key: str = "",
    main: bool = False,
) -> ui.button:
    """A button with a text; ``key`` presses it, too, and ``main`` is the one most people want."""
    made = ui.button(text, on_click=click, icon=icon, color=None).props("no-caps unelevated")
    made.classes("bg-button bg-button-main" if main else "bg-button")
    return _with_key(made, key, common.with_key(text, key) if key else "")


def icon_button(icon: str, name: str, click: Click | None = None, *, key: str = "") -> ui.button:
    """A button that is only a picture; ``name`` says what it does."""
    made = ui.button(on_click=click, icon=icon, color=None).props("flat round dense")
    made.props["aria-label"] = name
    return _with_key(made.classes("bg-icon"), key, common.with_key(name, key))


def download_button(shown: GeneratedImage, called: str) -> ui.button:
    """Gives the file of one picture, under that name."""
    made = icon_button("download", str(common.DOWNLOAD), key="d")
    made.props.update(href=at(shown.url), download=called)
    return made


def folder_button(what: str) -> ui.button:
    """Shows an image or a batch (its id) in the file manager, which only the native window can."""
    made = icon_button("folder_open", str(common.SHOW_IN_FOLDER))
    made.props["data-in-folder"] = what
    return made.classes("bg-only-in-window")


def _with_key(made: ui.button, key: str, title: str) -> ui.button:
    if key:
        made.props["data-key"] = key
    if title:
        made.props["title"] = title
    return made


def headline(prompt: str) -> ui.label:
    """The prompt as the heading of a stage: two lines of it, all of it when pointed at."""
    made = ui.label(prompt).classes("bg-headline").props("role=heading aria-level=1")
    made.props["title"] = prompt
    return own_direction(made)


class Picture(
    ui.element,
    component=assets_dir() / "picture.js",
    esm={"batchgen-files": str(assets_dir() / "files")},
):
    """An ``img``, or a ``video``, of an image, from the address ``src``. Where it cannot be shown,
    it says in its place which file that is, why, and what to do.
    """

    def __init__(self, shown: GeneratedImage, src: str, tag: str = "img") -> None:
        super().__init__()
        self.props.update(image=shown.id, src=src, tag=tag)


def thumbnail(shown: GeneratedImage, prompt: str) -> Picture:
    """A picture of a batch with that prompt, small."""
    made = Picture(shown, at(shown.thumbnail_url))
    made.props("loading=lazy decoding=async draggable=false")
    made.props["alt"] = common.alt_text(shown.prompt or prompt, shown.index, shown.seed)
    return made


def picture(shown: GeneratedImage, prompt: str, sizes: str) -> Picture:
    """A picture of a batch with that prompt: its thumbnail at once, its file only where it is drawn
    larger, or moves; ``sizes`` says how large that is, as in HTML. A film plays; of any other file,
    the thumbnail is all there is to see.
    """
    if media.is_played(shown.media_type):
        return _film(shown, common.alt_text(shown.prompt or prompt, shown.index, shown.seed))
    made = thumbnail(shown, prompt)
    if media.is_drawn(shown.media_type) and shown.width and shown.height:
        small = 1 if shown.animated else _thumbnail_width(shown.width, shown.height)
        sizes_of = ((shown.thumbnail_url, small), (shown.url, shown.width))
        made.props["srcset"] = ", ".join(f"{at(url)} {width}w" for url, width in sizes_of)
        made.props["sizes"] = MOVES if shown.animated else sizes
    return made.style(f"background-image: url({at(shown.thumbnail_url)})")


def _thumbnail_width(width: int, height: int) -> int:
    return round(width * min(1.0, THUMBNAIL_SIDE / max(width, height)))


def _film(shown: GeneratedImage, described: str) -> Picture:
    made = Picture(shown, at(shown.url), "video")
    made.props("muted loop playsinline preload=metadata draggable=false")
    made.props.update({"poster": at(shown.thumbnail_url), "aria-label": described})
    return made.on("loadedmetadata", js_handler=PLAYS)


def ratio(batch: BatchState) -> float:
    """Width by height of the pictures of a batch, also before there is one."""
    known = [(made.width, made.height) for made in batch.pictures[:1]]
    known.append((batch.parameters.width, batch.parameters.height))
    return next((width / height for width, height in known if width and height), 1.0)


class CopyButton(ui.element, component=assets_dir() / "copy.js"):
    """Shows ``label`` and copies ``text``, also where the browser gives no clipboard."""

    def __init__(self, text: str, label: str) -> None:
        super().__init__()
        self.props.update(text=text, label=label, hint=str(common.COPY), copied=str(common.COPIED))


@contextmanager
def busy(button: ui.button) -> Iterator[None]:
    """As long as the context lasts, or until the button is gone."""
    button.props("loading")
    try:
        yield
    finally:
        if not button.is_deleted:
            button.props(remove="loading")


class Keys(ui.element, component=assets_dir() / "keys.js"):
    """A box in which a key presses the control that claims it with ``data-key``: ``f``, ``Delete``,
    ``Space``, several with spaces between them. Inside an element with ``data-tile`` controls are
    for that tile; arrows move between the tiles' elements with ``data-focus``. Escape that nobody
    claims comes as the event ``escape``.
    """


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


FOCUS = """Vue.nextTick(() => {{
    const isLost = [null, document.body].includes(document.activeElement);
    if (isLost) getHtmlElement({id})?.focus();
}})"""


def focus_if_lost(control: ui.element) -> None:
    """Have the focus here where what had it is gone from the page."""
    ui.run_javascript(FOCUS.format(id=control.id))


T = TypeVar("T")


def bind_prop(
    element: ui.element, prop: str, source: object, fields: Sequence[str], pick: Callable[[], Any]
) -> None:
    """Keep a prop of ``element`` at ``pick()``, asked again whenever one of ``fields`` changes."""
    for field in fields:
        binding.bind_from(element, ("props", prop), source, field, lambda _: pick())


class Following(ui.element):
    """A box whose content is built anew by ``build(seen)`` whenever ``pick()`` gives something else
    after one of ``fields`` of ``source`` changed. A fault in building stays a fault of this page.
    """

    seen = BindableProperty(on_change=lambda box, _: box.changed.emit())

    def __init__(
        self,
        source: object,
        fields: Sequence[str],
        pick: Callable[[], T],
        build: Callable[[T], object],
    ) -> None:
        super().__init__("div")
        self._build = build
        self.changed: Event[()] = Event()
        # The event is the box's own. To unsubscribe, the page would hold each box until it is left.
        self.changed.subscribe(self._rebuild, unsubscribe_on_delete=False)
        self.seen = pick()
        for field in fields:
            binding.bind_from(self, "seen", source, field, lambda _: pick())
        self._rebuild()

    def _rebuild(self) -> None:
        if self.default_slot.children:
            self.clear()
        with self:
            self._build(self.seen)


class Rating(Text):
    """Stands on a picture, or beside what is said about it; nothing without stars. In little room
    it is ``short``: one star and the number.
    """

    stars = BindableProperty(on_change=lambda rating, _: rating.show())

    def __init__(self, stars: int = 0, *, short: bool = False) -> None:
        super().__init__("span")
        self._short = short
        marked(self, "rating").classes("bg-rating")
        self.stars = stars
        self.show()

    def show(self) -> None:
        """Be as ``stars`` is."""
        shown = f"★ {self.stars}" if self._short else "★" * self.stars
        self.text = shown if self.stars else ""
        self.props["data-value"] = str(self.stars)
        self.props(remove="role aria-label")
        if self.stars:
            self.props["role"] = "img"
            self.props["aria-label"] = common.stars(self.stars)
