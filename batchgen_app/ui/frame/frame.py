"""The frame around every page: navigation, colours, the stylesheet, the tab's title.

Shortcuts of a whole page: a key clicks the control that carries it, in the browser, without a way
to the server and back (``assets/shortcuts.js``; those of a prompt: ``assets/prompt.js``).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from html import escape

from nicegui import binding, ui

from batchgen_app.adapters.nicegui import PURIFIER
from batchgen_app.core.state import BatchState
from batchgen_app.places import assets_dir
from batchgen_app.settings import Appearance
from batchgen_app.ui import words as common
from batchgen_app.ui.frame import words
from batchgen_app.ui.frame.banners import banners, locked, notices
from batchgen_app.ui.frame.installable import installable
from batchgen_app.ui.frame.verdicts import Verdicts
from batchgen_app.ui.page_context import PageContext
from batchgen_app.ui.parts.addresses import asset, at
from batchgen_app.ui.parts.clean_downloads import CleanDownloads
from batchgen_app.ui.parts.controls import button, icon_button, marked, shortcut
from batchgen_app.ui.parts.toast import Messages, undo_button

SCRIPT = '<script src="{address}" defer></script>'
SCRIPTS = ("shortcuts", "prompt", "typed_ahead")


def keyboard() -> None:
    """Listen to keys on this page; gives a button for the list of them."""
    for name in SCRIPTS:
        ui.add_head_html(SCRIPT.format(address=asset(f"{name}.js")))
    dialog = _list_of_keys()
    opener = marked(icon_button("keyboard", str(words.SHORTCUTS), dialog.open), "shortcuts")
    shortcut(opener, "?").classes("bg-shortcuts")


def _list_of_keys() -> ui.dialog:
    with ui.dialog() as dialog, ui.card().classes("bg-dialog").props("flat"):
        ui.label(str(words.SHORTCUTS)).classes("bg-dialog-title").props("role=heading aria-level=2")
        # An element for each of them would be a fifth of every page.
        ui.element("dl").classes("bg-keys").props["innerHTML"] = "".join(_rows_of_keys())
        button(str(common.CLOSE), dialog.close)
    dialog.props["aria-label"] = str(words.SHORTCUTS)
    return dialog


def _rows_of_keys() -> Iterator[str]:
    for key, meaning in words.KEYS:
        yield f"<dt><kbd>{escape(str(key))}</kbd></dt><dd>{escape(str(meaning))}</dd>"


class TabTitle:
    """Follows the running batch as long as its page is open; ``usual`` is for the time between."""

    text = binding.BindableProperty(on_change=lambda title, text: title.show(text))

    def __init__(self, context: PageContext, usual: str) -> None:
        self._client = ui.context.client
        self._queries = context.queries
        self._usual = usual
        self.text = usual
        self.show(usual)
        self._client.on_delete(lambda: binding.remove([self]))
        context.news.queue_changed.subscribe(self._follow)
        self._follow()

    def show(self, text: str) -> None:
        """Put ``text`` into the tab."""
        with self._client:
            ui.page_title(text)

    def _follow(self) -> None:
        binding.remove([self])
        if batch := self._queries.running:
            binding.bind_from(self, "text", batch, "current_image", lambda _: self._of(batch))
        else:
            self.text = self._usual

    def _of(self, batch: BatchState) -> str:
        if batch.current_image is None:
            return self._usual
        with self._client:  # the batch moves on wherever it likes
            return words.tab_progress(batch.current_image, batch.total_images)


NAVIGATION = (
    ("nav-generate", words.NAV_GENERATE, "/"),
    ("nav-gallery", words.NAV_GALLERY, "/gallery"),
    ("nav-workflows", words.NAV_WORKFLOWS, "/workflows"),
    ("nav-settings", words.NAV_SETTINGS, "/settings"),
)
IS_DARK: dict[Appearance, bool | None] = {
    Appearance.SYSTEM: None,
    Appearance.DARK: True,
    Appearance.LIGHT: False,
}
COMES_UP = f"<script>{(assets_dir() / 'comes_up.js').read_text(encoding='utf-8')}</script>"
ROOT = '<script>window.path_prefix = "{root}"</script>'
"""NiceGUI's name for it, which it tells only when a page stands."""
SHEET = '<link rel="stylesheet" href="{address}">'
BACK = '<script data-optional src="{address}"></script>'
# Not deferred: it has to be there before NiceGUI's own script runs.
EARLY = '<script src="{address}"></script>'
LATER = '<script src="{address}" defer></script>'
MODULE = '<script src="{address}" type="module"></script>'
SOON = '<link rel="modulepreload" href="{address}">'
BEFORE_FIRST_PAINT = """
<script>
    document.documentElement.classList.toggle("is-dark", DARK);
</script>
"""
SHEETS = ("base", "style", "table", "choose", "light_table", "lineage", "gallery", "faults")
DARK_IF = {
    Appearance.SYSTEM: 'matchMedia("(prefers-color-scheme: dark)").matches',
    Appearance.DARK: "true",
    Appearance.LIGHT: "false",
}


@contextmanager
def frame(context: PageContext, here: str) -> Iterator[None]:
    """A page with the navigation above; ``here`` is the address that is marked as current."""
    ui.add_head_html(COMES_UP)
    ui.add_head_html(ROOT.format(root=at("")))
    for sheet in SHEETS:
        _add(SHEET, f"{sheet}.css")
    _add(BACK, "back.js")
    _add(EARLY, "early.js")
    ui.add_head_html(SOON.format(address=at(PURIFIER)))
    _add(LATER, "not_opened.js")
    _add(MODULE, "steady_press.js")
    ui.colors(primary="var(--accent)")
    installable(context.preferences.saved.appearance)
    if context.caller.session:
        _add(LATER, "signed_out.js")
    _colours(context)
    TabTitle(context, _title(here))
    messages = Messages()
    CleanDownloads()
    Verdicts(context)
    with ui.header().classes("bg-header"):
        _navigation(here)
        undo_button(messages)
        keyboard()
    with ui.column().classes("bg-page") as content:
        ui.skip_link(str(words.SKIP), target=content).classes("bg-skip")
        notices(context)
        locked(context)
        banners(context)
        yield


def _add(tag: str, name: str) -> None:
    ui.add_head_html(tag.format(address=asset(name)))


def _title(here: str) -> str:
    names = {target: name for _, name, target in NAVIGATION[1:]}
    return f"{names[here]} · {words.APP}" if here in names else words.APP


def _colours(context: PageContext) -> None:
    """As people prefer, from the first paint on, and when they change their mind."""
    preferences = context.preferences
    appearance = preferences.saved.appearance
    ui.add_head_html(BEFORE_FIRST_PAINT.replace("DARK", DARK_IF[appearance]))
    colours = ui.dark_mode(IS_DARK[appearance])
    context.news.preferences_changed.subscribe(
        lambda: colours.set_value(IS_DARK[preferences.saved.appearance]), expect_args=False
    )


def _navigation(here: str) -> None:
    with ui.link(target="/").classes("bg-brand"):
        icon = ui.element("img").props('alt="" width=24 height=24')
        icon.props["src"] = asset("icon.svg")
        ui.label(words.APP)
    with ui.element("nav").classes("bg-nav").props(f'aria-label="{words.PAGES}"'):
        for mark, text, target in NAVIGATION:
            link = ui.link(str(text), target).props(f"data-testid={mark}")
            if target == here:
                link.props("aria-current=page")
