"""Links for one device, drawn so that a phone can read them. Made when asked for, never before."""

from collections.abc import Sequence

from nicegui import ui

from batchgen_app.access.invitations import SECONDS
from batchgen_app.access.policy import Role
from batchgen_app.access.qr import qr_image
from batchgen_app.ui.house import House
from batchgen_app.ui.parts.controls import CopyButton, button, marked
from batchgen_app.ui.settings import words


class QrCodes(ui.element):
    """A button for each role, and the code that was asked for last. It is gone as soon as something
    has changed: when a device came in, mostly.
    """

    def __init__(self, house: House) -> None:
        super().__init__("div")
        self._house = house
        self._address = ""
        self.classes("bg-section-body")

    def show(self, addresses: Sequence[str]) -> None:
        """For the first of these addresses; nothing where there is none."""
        self._address = next(iter(addresses), "")
        self.clear()
        if self._address:
            with self, ui.element("div").classes("bg-buttons"):
                for role in Role:
                    self._button(role)

    def _button(self, role: Role) -> None:
        marked(button(str(words.QR[role]), lambda: self._make(role), icon="qr_code"), f"qr-{role}")

    def _make(self, role: Role) -> None:
        link = f"{self._address}{self._house.sharing.invite(self._house.caller, role)}"
        self.clear()
        with self, marked(ui.element("div"), "qr").classes("bg-qr"):
            image = marked(ui.element("img"), "qr-image")
            image.props["src"] = qr_image(link)
            image.props["alt"] = str(words.QR[role])
            ui.label(str(words.QR_HINT)).classes("bg-hint")
            marked(CopyButton(link, link), "qr-link").classes("bg-path")
            button(str(words.QR_CLOSE), lambda: self.show([self._address]))
            ui.timer(SECONDS, lambda: self.show([self._address]), once=True)
