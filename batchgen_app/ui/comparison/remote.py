"""The way of a batch to a phone: a code that its camera reads lets it in and opens the batch. It is
made when it is asked for, never before.
"""

from nicegui import ui

from batchgen_app.access import Role, Verb
from batchgen_app.services.values import INVITATION_SECONDS
from batchgen_app.ui import words as common
from batchgen_app.ui.comparison import remote_words as words
from batchgen_app.ui.page_context import PageContext
from batchgen_app.ui.parts.controls import CopyButton, button, icon_button, marked
from batchgen_app.ui.parts.qr import qr_image


def remote_button(context: PageContext, batch_id: str) -> None:
    """For those who may let others in."""
    if context.may(Verb.SET):
        made = icon_button("qr_code_2", str(words.REMOTE), lambda: _open(context, batch_id))
        made.props["title"] = str(words.REMOTE)
        marked(made, "remote-qr")


async def _open(context: PageContext, batch_id: str) -> None:
    doors = await context.sharing.doors(context.caller)
    with (
        ui.context.client.layout,
        ui.dialog() as dialog,
        ui.card().classes("bg-dialog").props("flat"),
    ):
        dialog.props["aria-label"] = str(words.REMOTE)
        ui.label(str(words.REMOTE)).classes("bg-dialog-title").props("role=heading aria-level=2")
        if not doors.are_open:
            _closed()
        elif address := next(iter(doors.addresses), ""):
            _code(context, address, f"/batch/{batch_id}", dialog)
        else:
            ui.label(str(words.NOWHERE))
        button(str(common.CLOSE), dialog.close)
    dialog.on("hide", dialog.delete)  # not sooner: first it gives the focus back
    dialog.open()


def _closed() -> None:
    marked(ui.label(str(words.CLOSED)), "remote-closed")
    ui.link(str(words.TO_SETTINGS), "/settings")


def _code(context: PageContext, address: str, place: str, dialog: ui.dialog) -> None:
    """Gone when a device came in by it, and when it is over."""
    link = f"{address}{context.sharing.invite(context.caller, Role.FULL, place)}"
    with ui.element("div").classes("bg-qr"):
        image = marked(ui.element("img"), "remote-qr-image")
        image.props.update(src=qr_image(link), alt=str(words.CODE))
        ui.label(str(words.HINT)).classes("bg-hint")
        marked(CopyButton(link, link), "remote-qr-link").classes("bg-path")
    ui.timer(INVITATION_SECONDS, dialog.close, once=True)

    def close() -> None:
        if not dialog.is_deleted:
            dialog.close()

    context.news.access_changed.subscribe(close)
