"""A desktop that shows notifications: tells what it is asked to show, and clicks on it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated, Any

from dbus_fast.aio import MessageBus
from dbus_fast.annotations import DBusInt32, DBusSignature, DBusStr, DBusUInt32
from dbus_fast.service import ServiceInterface, dbus_method, dbus_signal

NAME, PATH = "org.freedesktop.Notifications", "/org/freedesktop/Notifications"
Strings = Annotated[list[str], DBusSignature("as")]
Hints = Annotated[dict[str, Any], DBusSignature("a{sv}")]
Server = Annotated[list[str], DBusSignature("ssss")]


class Desktop(ServiceInterface):
    """The desktop's side of the Desktop Notifications Specification, 1.2."""

    def __init__(self, address: str) -> None:
        super().__init__(NAME)
        self.address = address
        """Of the bus, for programs that want to be heard."""
        self.shown: asyncio.Queue[tuple[str, str]] = asyncio.Queue()

    def click(self) -> None:
        """On the last one."""
        self.ActionInvoked()

    @dbus_method()
    def GetCapabilities(self) -> Strings:  # noqa: N802 - the specification's names
        return ["actions", "body"]

    @dbus_method()
    def GetServerInformation(self) -> Server:  # noqa: N802
        return ["desktop", "tests", "1", "1.2"]

    @dbus_method()
    def Notify(  # noqa: N802, PLR0917
        self,
        app: DBusStr,
        replaces: DBusUInt32,
        icon: DBusStr,
        title: DBusStr,
        text: DBusStr,
        actions: Strings,
        hints: Hints,
        timeout: DBusInt32,
    ) -> DBusUInt32:
        assert app == "BatchGen"
        assert icon.endswith("/icon.png")
        self.shown.put_nowait((title, text))
        return 1

    @dbus_signal()
    def ActionInvoked(self) -> Annotated[list[Any], DBusSignature("us")]:  # noqa: N802
        return [1, "default"]


@asynccontextmanager
async def desktop() -> AsyncIterator[Desktop]:
    """One on a bus of its own, as long as the context lasts."""
    command = ("dbus-daemon", "--session", "--nofork", "--print-address")
    daemon = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    assert daemon.stdout
    address = (await daemon.stdout.readline()).decode().strip()
    bus = await MessageBus(address).connect()
    shown = Desktop(address)
    bus.export(PATH, shown)
    await bus.request_name(NAME)
    try:
        yield shown
    finally:
        bus.disconnect()
        daemon.terminate()
        await daemon.communicate()
