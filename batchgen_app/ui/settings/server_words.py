"""Every text about the list of servers."""

from batchgen_app.language.texts import _, lazy
from batchgen_app.services.values import ServerStanding
from batchgen_app.ui.words import amount

SERVERS_HINT = lazy("Each batch goes to the first of these that is free and can make it.")
ADD_ANOTHER = lazy("Add another server")
ADD = lazy("Add")
CHANGE = lazy("Save")
LEAVE = lazy("Cancel")
NAME = lazy("Name")
NAME_HINT = lazy("Empty: its address.")
ADDRESS_FAULT = lazy("Write where ComfyUI is, like http://192.168.1.20:8188")
IS_FLEET = lazy("A fleet: Comfy's cloud, or another server that speaks Comfy API v2")
KEY = lazy("Key")
KEY_HINT = lazy("Kept like the extra headers, and sent to this server alone. Empty: it needs none.")
SWITCHED_ON = lazy("Gets batches")
STATES = {
    "idle": lazy("Free"),
    "busy": lazy("At work"),
    "away": lazy("Does not answer"),
    "paused": lazy("Switched off"),
}


def facts(server: ServerStanding) -> str:
    """Below its name: what it does, and what it tells about itself."""
    stats, told = server.stats, [str(STATES[server.state])]
    if server.state != "away" and stats:
        told += filter(None, [stats.device])
        if stats.vram_free is not None:
            told.append(_("{amount} free", amount=amount(stats.vram_free)))
    return " · ".join(told)


def more(name: str) -> str:
    """The arrow up beside a server."""
    return _("Prefer {name} more", name=name)


def less(name: str) -> str:
    """The arrow down."""
    return _("Prefer {name} less", name=name)


def edit(name: str) -> str:
    """The pencil."""
    return _("Change name and address of {name}", name=name)


def test(name: str) -> str:
    """The button that asks it."""
    return _("Test the connection to {name}", name=name)


def remove(name: str) -> str:
    """The cross."""
    return _("Remove {name}", name=name)


def removed(name: str) -> str:
    """After that, with a way back."""
    return _("{name} is removed.", name=name)


def added(name: str) -> str:
    """After a server was added."""
    return _("{name} gets batches from now on.", name=name)


def answered(name: str, version: str | None) -> str:
    """After a test."""
    if not version:
        return _("{name} answers.", name=name)
    return _("{name} answers: ComfyUI {version}", name=name, version=version)
