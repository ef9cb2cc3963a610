"""The list of servers: in order of preference, each with what it does; and the way to one more."""

from collections.abc import Sequence

from nicegui import ui

from batchgen_app.core.errors import BatchGenError
from batchgen_app.core.server_list import ListedServer, ServerChanges
from batchgen_app.services.values import ServerStanding
from batchgen_app.ui.page_context import PageContext
from batchgen_app.ui.parts.controls import (
    button,
    focus_if_lost,
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


ARROWS = {"server-up": "arrow_upward", "server-down": "arrow_downward"}
OTHER_WAY = {"server-up": "server-down", "server-down": "server-up"}


class AddServer:
    """A button, and behind it the fields of one more."""

    def __init__(self, context: PageContext) -> None:
        self._context = context
        self._box = ui.element("div").classes("bg-section-body")
        self._show_button()

    def _show_button(self) -> ui.button:
        self._box.clear()
        with self._box, ui.element("div").classes("bg-buttons"):
            more = button(str(words.ADD_ANOTHER), self._show_fields, icon="add")
        return marked(more, "add-server")

    def _show_fields(self) -> None:
        self._box.clear()
        with self._box:
            self._fields = ServerFields(self._context, self._add, leave=self._leave)
            self._fields.take_focus()

    def _leave(self) -> None:
        more = self._show_button()
        with self._box:  # the button that was pressed is gone
            focus_if_lost(more)

    async def _add(self, name: str, address: str) -> None:
        context, fleet = self._context, self._fields.fleet
        assert fleet, "the fields of a new one"
        server = ListedServer(name=name, address=address, kind=fleet.kind)
        add = context.commands.servers.add
        added = await add(context.caller, server, headers=fleet.headers)
        toast(words.added(added.about.shown_name))
        if not self._box.is_deleted:  # the section is built anew with the second one
            self._leave()


class ServerList:
    """Rows that follow the servers; the one that is being changed stays as it is typed."""

    def __init__(self, context: PageContext) -> None:
        self._context = context
        ui.label(str(words.SERVERS_HINT)).classes("bg-hint")
        self._list = marked(ui.element("ol"), "servers").classes("bg-servers")
        self._is_edited = False
        self._seen: list[ListedServer] = []
        self._states: dict[str, tuple[ui.element, ui.label]] = {}
        self._controls: dict[tuple[str, str], ui.element] = {}
        self._pressed: tuple[str, str] | None = None
        """The server whose control was used last, and the mark of that control."""

    async def show(self) -> None:
        """As they are now."""
        servers = await self._context.queries.server.listed(asked=False)
        if self._is_edited or self._list.is_deleted:
            return
        if (seen := [server.about for server in servers]) != self._seen:
            self._seen = seen
            self._build(servers)
        for server in servers:
            row, state = self._states[server.about.key]
            row.props(f"data-state={server.state}")
            state.text = words.facts(server)

    def _build(self, servers: Sequence[ServerStanding]) -> None:
        """All rows anew; the focus stays where it was."""
        self._list.clear()
        self._states.clear()
        self._controls.clear()
        with self._list:
            for place, server in enumerate(servers):
                self._row(place, server, len(servers) - 1)
            self._keep_focus()

    def _keep_focus(self) -> None:
        """On the control that was used, or beside it where it can be used no more."""
        if not self._pressed:
            return
        key, mark = self._pressed
        control = self._controls.get((key, mark))
        if isinstance(control, ui.button) and not control.enabled:
            control = self._controls[key, OTHER_WAY[mark]]
        if control:
            focus_if_lost(control)
        self._pressed = None

    def _row(self, place: int, server: ServerStanding, last: int) -> None:
        about = server.about
        name, key = about.shown_name, about.key
        with marked(ui.element("li"), "server").classes("bg-server") as row:
            with ui.element("div").classes("bg-server-what"):
                own_direction(ui.label(name)).classes("bg-one-line bg-server-name")
                if about.name.strip():
                    own_direction(ui.label(about.address)).classes("bg-hint bg-one-line")
                state = marked(ui.label(), "server-state").classes("bg-hint")
            self._states[key] = row, state
            with Text("label").classes("bg-tick bg-server-on"):
                tick = self._controls[key, "server-on"] = Tick("server-on", value=about.enabled)
                Text("span", str(words.SWITCHED_ON))
            tick.on_value_change(lambda: self._change(key, "server-on", enabled=tick.value))
            with ui.element("div").classes("bg-server-buttons"):
                up = self._arrow("server-up", words.more(name), key, place - 1)
                up.set_enabled(place > 0)
                down = self._arrow("server-down", words.less(name), key, place + 1)
                down.set_enabled(place < last)
                ask = icon_button("network_check", words.test(name), lambda: self._test(about))
                marked(ask, "server-test")
                pencil = icon_button("edit", words.edit(name), lambda: self._edit(row, about))
                self._controls[key, "server-edit"] = marked(pencil, "server-edit")
                cross = icon_button("close", words.remove(name), lambda: self._remove(place, key))
                undoable(marked(cross, "server-remove"))

    def _arrow(self, mark: str, name: str, key: str, place: int) -> ui.button:
        """To this place."""
        arrow = icon_button(ARROWS[mark], name, lambda: self._change(key, mark, place=place))
        self._controls[key, mark] = marked(arrow, mark)
        return arrow

    async def _change(self, key: str, mark: str, **changes: object) -> None:
        self._pressed = key, mark
        wanted = ServerChanges.model_validate(changes)
        await tried(self._context.commands.servers.change(self._context.caller, key, wanted))

    async def _test(self, about: ListedServer) -> None:
        text, _ = await answer(self._context, about.shown_name, about.address, about.kind)
        toast(text)

    def _edit(self, row: ui.element, about: ListedServer) -> None:
        self._is_edited = True

        async def leave() -> None:
            self._is_edited, self._seen = False, []
            self._pressed = about.key, "server-edit"
            await self.show()

        async def save(name: str, address: str) -> None:
            changes = ServerChanges(name=name, address=address)
            await self._context.commands.servers.change(self._context.caller, about.key, changes)
            await leave()

        row.clear()
        with row, ui.element("div").classes("bg-section-body bg-server-what"):
            ServerFields(self._context, save, about, leave).take_focus()

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
