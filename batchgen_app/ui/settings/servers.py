"""The list of servers: in order of preference, each with what it does; and the way to one more."""

from nicegui import ui

from batchgen_app.core.errors import BatchGenError
from batchgen_app.core.server_list import ListedServer, ServerChanges
from batchgen_app.services.values import ServerStanding
from batchgen_app.ui.page_context import PageContext
from batchgen_app.ui.parts.controls import (
    button,
    icon_button,
    marked,
    own_direction,
    undoable,
)
from batchgen_app.ui.parts.fields import Text, Tick
from batchgen_app.ui.parts.toast import toast, tried
from batchgen_app.ui.settings import server_words as words
from batchgen_app.ui.settings.server import ServerForm
from batchgen_app.ui.settings.server_fields import ServerFields, answer


async def servers(context: PageContext) -> None:
    """The server that is used, or all of them; and the way to another one."""
    section = _Section(context)
    await section.show()
    context.news.server_changed.subscribe(section.show)
    context.news.queue_changed.subscribe(section.show)


class _Section:
    """One server has a form, several have a list."""

    def __init__(self, context: PageContext) -> None:
        self._context = context
        self._box = ui.element("div").classes("bg-section-body")
        self._is_for_one: bool | None = None
        self._list: ServerList | None = None

    async def show(self) -> None:
        """As it is now."""
        is_one = self._context.queries.server.is_one
        if self._box.is_deleted:
            return
        if is_one != self._is_for_one:
            self._is_for_one = is_one
            await self._context.preferences.look(self._context.caller)
            self._build()
        if self._list:
            await self._list.show()

    def _build(self) -> None:
        self._box.clear()
        with self._box:
            self._list = None if self._is_for_one else ServerList(self._context)
            if self._is_for_one:
                ServerForm(self._context)
            AddServer(self._context)


class AddServer:
    """A button, and behind it the fields of one more."""

    def __init__(self, context: PageContext) -> None:
        self._context = context
        self._box = ui.element("div").classes("bg-section-body")
        self._show_button()

    def _show_button(self) -> None:
        self._box.clear()
        with self._box, ui.element("div").classes("bg-buttons"):
            marked(button(str(words.ADD_ANOTHER), self._show_fields, icon="add"), "add-server")

    def _show_fields(self) -> None:
        self._box.clear()
        with self._box:
            self._fields = ServerFields(self._context, self._add, leave=self._show_button)

    async def _add(self, name: str, address: str) -> None:
        context, fleet = self._context, self._fields.fleet
        assert fleet, "the fields of a new one"
        server = ListedServer(name=name, address=address, kind=fleet.kind)
        if fleet.headers:  # before it is spoken to
            await context.administration.keep_headers(context.caller, address, fleet.headers)
        added = await context.commands.servers.add(context.caller, server)
        toast(words.added(added.about.shown_name))
        if not self._box.is_deleted:  # the section is built anew with the second one
            self._show_button()


class ServerList:
    """Rows that follow the servers; the one that is being changed stays as it is typed."""

    def __init__(self, context: PageContext) -> None:
        self._context = context
        ui.label(str(words.SERVERS_HINT)).classes("bg-hint")
        self._list = marked(ui.element("ol"), "servers").classes("bg-servers")
        self._is_edited = False
        self._seen: list[object] = []
        self._arrows: dict[tuple[str, int], ui.button] = {}
        self._pressed: tuple[str, int] | None = None

    async def show(self) -> None:
        """As they are now."""
        servers = await self._context.queries.server.listed(asked=False)
        seen: list[object] = [(server.about, words.facts(server)) for server in servers]
        if self._is_edited or seen == self._seen or self._list.is_deleted:
            return
        self._seen = seen
        self._list.clear()
        with self._list:
            for place, server in enumerate(servers):
                self._row(place, server, len(servers) - 1)
            self._keep_focus()

    def _keep_focus(self) -> None:
        """On the arrow that was pressed, or on the other one at an end."""
        if self._pressed:
            key, step = self._pressed
            arrow, other = self._arrows[key, step], self._arrows[key, -step]
            ui.run_javascript(f"getElement({(arrow if arrow.enabled else other).id}).$el.focus()")
            self._pressed = None

    def _row(self, place: int, server: ServerStanding, last: int) -> None:
        about = server.about
        name, key = about.shown_name, about.key
        row = marked(ui.element("li"), "server").classes("bg-server")
        row.props(f"data-state={server.state}")
        with row:
            with ui.element("div").classes("bg-server-what"):
                own_direction(ui.label(name)).classes("bg-one-line bg-server-name")
                if about.name.strip():
                    own_direction(ui.label(about.address)).classes("bg-hint bg-one-line")
                marked(ui.label(words.facts(server)), "server-state").classes("bg-hint")
            with Text("label").classes("bg-tick bg-server-on"):
                tick = Tick("server-on", value=about.enabled)
                Text("span", str(words.SWITCHED_ON))
            tick.on_value_change(lambda: self._change(key, enabled=tick.value))
            with ui.element("div").classes("bg-server-buttons"):
                up = self._arrow("arrow_upward", words.more(name), key, place, -1)
                marked(up, "server-up").set_enabled(place > 0)
                down = self._arrow("arrow_downward", words.less(name), key, place, 1)
                marked(down, "server-down").set_enabled(place < last)
                ask = icon_button("network_check", words.test(name), lambda: self._test(about))
                marked(ask, "server-test")
                pencil = icon_button("edit", words.edit(name), lambda: self._edit(row, about))
                marked(pencil, "server-edit")
                cross = icon_button("close", words.remove(name), lambda: self._remove(place, key))
                undoable(marked(cross, "server-remove"))

    def _arrow(self, icon: str, name: str, key: str, place: int, step: int) -> ui.button:
        async def press() -> None:
            self._pressed = key, step
            await self._change(key, place=place + step)

        self._arrows[key, step] = icon_button(icon, name, press)
        return self._arrows[key, step]

    async def _change(self, key: str, **changes: object) -> None:
        wanted = ServerChanges.model_validate(changes)
        await tried(self._context.commands.servers.change(self._context.caller, key, wanted))

    async def _test(self, about: ListedServer) -> None:
        text, _ = await answer(self._context, about.shown_name, about.address, about.kind)
        toast(text)

    def _edit(self, row: ui.element, about: ListedServer) -> None:
        self._is_edited = True

        async def leave() -> None:
            self._is_edited, self._seen = False, []
            await self.show()

        async def save(name: str, address: str) -> None:
            changes = ServerChanges(name=name, address=address)
            await self._context.commands.servers.change(self._context.caller, about.key, changes)
            await leave()

        row.clear()
        with row, ui.element("div").classes("bg-section-body bg-server-what"):
            ServerFields(self._context, save, about, leave)

    async def _remove(self, place: int, key: str) -> None:
        servers, caller = self._context.commands.servers, self._context.caller
        try:
            removed = await servers.remove(caller, key)
        except BatchGenError as error:
            toast(str(error))
            return

        async def undo() -> None:
            await tried(servers.add(caller, removed, place))

        toast(words.removed(removed.shown_name), undo=undo)
