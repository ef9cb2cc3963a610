"""What was typed and not yet sent: kept by the browser, for the device that it was typed on."""

from collections.abc import Mapping

from nicegui import ui

from batchgen_app.places import assets_dir
from batchgen_app.ui.parts.fields import Choice, Field

NAME = "batchgen.draft"
"""Under which the browser keeps it."""
FORGET = f"""
    for (const key of Object.keys(localStorage))
        if (key.startsWith("{NAME}.")) localStorage.removeItem(key);
    localStorage.setItem("{NAME}.cleared", Date.now());
"""
"""For a device that others use, too, as JavaScript: after it no tab of the browser has a draft."""


class Draft(ui.element, component=assets_dir() / "draft.js"):
    """A form whose fields the browser keeps, from page to page and from start to start. Its events:
    ``found`` with what was kept, name by name, when the page opens, be it nothing; ``replaced``
    when ``replace`` put other values in the place of a prompt that was not sent: ``take_back`` can
    undo that. With ``waits`` nothing comes back before ``bring``.
    """

    def __init__(self, *, waits: bool = False) -> None:
        super().__init__()
        self.props["name"] = NAME
        self.props["waits"] = waits
        if not waits:
            with self:
                ui.timer(0, self.bring, once=True)

    def watch(self, field: Field) -> None:
        """Keep the value of ``field``, whether it is typed or put there."""
        if isinstance(field, Choice):
            self.hear(field.control, "update:model-value", field.name, "(value?.value ?? null)")
        else:
            field.control.props["data-draft"] = field.name
        field.on_put = lambda value: self.keep({field.name: value})

    def hear(self, control: ui.element, event: str, name: str, value: str = "value") -> None:
        """Keep what ``event`` of ``control`` brings, under ``name``; ``value`` is JavaScript."""
        keep = f"(value) => getElement({self.id}).keep({{'{name}': {value}}})"
        control.on(event, js_handler=keep)

    def bring(self) -> None:
        """Show what was kept."""
        self.run_method("bring")

    def keep(self, values: Mapping[str, object]) -> None:
        """As if somebody had typed them."""
        self.run_method("keep", dict(values))

    def sent(self, values: Mapping[str, object]) -> None:
        """These are no draft any more."""
        self.run_method("sent", dict(values))

    def replace(self, values: Mapping[str, object]) -> None:
        """Have these from now on, at the page's plain address."""
        self.run_method("replace", dict(values))

    def take_back(self) -> None:
        """What was there before ``replace``."""
        self.run_method("takeBack")
