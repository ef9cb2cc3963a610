"""What every page says above everything else: that the server paints placeholders or does not
answer, that another program keeps the database locked, and how the app was started, until
somebody puts that away. That it is a demo, each tab puts away for itself.
"""

from functools import partial

from nicegui import events, ui

from batchgen_app.access import Verb
from batchgen_app.core.errors import ServerUnreachable
from batchgen_app.language.texts import translated
from batchgen_app.ui import words as common
from batchgen_app.ui.frame import words
from batchgen_app.ui.page_context import PageContext
from batchgen_app.ui.parts.controls import busy, button, icon_button, marked
from batchgen_app.ui.parts.toast import toast, tried
from batchgen_app.ui.parts.trouble import PageTrouble, server_is_back

IF_PUT_AWAY = """
<script>
    if (sessionStorage.getItem("batchgen.demo-put-away"))
        document.documentElement.classList.add("is-demo-put-away");
</script>
"""
"""Before the first paint: nothing moves for a notice that is not there."""
PUT_AWAY = """() => {
    sessionStorage.setItem("batchgen.demo-put-away", "yes");
    document.documentElement.classList.add("is-demo-put-away");
}"""


def banners(context: PageContext) -> None:
    """Below the navigation; they come and go with the server."""
    ui.add_head_html(IF_PUT_AWAY)
    server = context.queries.server
    place = ui.element("div").classes("bg-banners")

    def show() -> None:
        place.clear()
        with place:
            if server.fault:
                _lost(context, place)
            elif server.is_demo:
                _demo(context, place)
        if not server.fault:
            server_is_back(place.client)

    show()
    context.news.server_changed.subscribe(show)


def _lost(context: PageContext, place: ui.element) -> None:
    server = context.queries.server

    async def retry(event: events.ClickEventArguments) -> None:
        assert isinstance(event.sender, ui.button)
        with place, busy(event.sender):  # the place outlives the button
            await context.commands.look_at_server(context.caller)
            if server.fault:
                toast(str(words.STILL_LOST))

    def build() -> None:
        ui.icon("cloud_off").props("aria-hidden=true")
        marked(ui.label(_why(context)).classes("bg-banner-text"), "server-error")
        marked(button(str(common.RETRY)), "retry").on_click(retry)

    PageTrouble(build).classes("bg-banner bg-bad").props("role=alert")


def _why(context: PageContext) -> str:
    server = context.queries.server
    if not isinstance(server.fault, ServerUnreachable):
        return translated(str(server.fault))
    if not context.may(Verb.SET):
        return str(words.SERVER_LOST)
    return f"{words.SERVER_LOST} {words.way_back(server.address)}"


def _demo(context: PageContext, place: ui.element) -> None:
    async def look_for_comfyui() -> None:
        with place, busy(look):
            await tried(_use_usual(context))

    banner = ui.element("div").classes("bg-banner bg-demo").props("role=status")
    with marked(banner, "demo-banner"):
        ui.icon("brush").props("aria-hidden=true")
        with ui.element("div").classes("bg-banner-text"):
            ui.label(str(words.DEMO_BANNER))
            if context.may(Verb.SET):
                ui.label(str(words.DEMO_WAY_OUT)).classes("bg-demo-way-out")
        if context.may(Verb.SET):
            look = marked(button(str(words.LOOK_FOR_COMFYUI), look_for_comfyui), "look-for-comfyui")
        away = marked(icon_button("close", str(words.PUT_AWAY)), "put-demo-away")
        away.on("click", js_handler=PUT_AWAY)


async def _use_usual(context: PageContext) -> None:
    caller, administration = context.caller, context.administration
    address = await administration.find_server(caller)
    if address is None or address == context.queries.server.address:
        toast(common.NO_COMFYUI)
        return
    headers = administration.headers_for(caller, None)
    await administration.use_server(caller, address, headers)
    toast(words.now_using(address))


def locked(context: PageContext) -> None:
    """Below the navigation, for everybody; it comes and goes by itself."""
    place, queries = ui.element("div").classes("bg-banners"), context.queries

    def show() -> None:
        place.clear()
        if told_of := queries.lockout:
            with place:
                _banner(told_of)

    show()
    context.news.database_changed.subscribe(show)


def _banner(text: str) -> None:
    with ui.element("div").classes("bg-banner bg-bad").props("role=alert"):
        ui.icon("lock").props("aria-hidden=true")
        marked(ui.label(translated(text)).classes("bg-banner-text"), "database-locked")


def notices(context: PageContext) -> None:
    """Below the navigation, for everybody. What recovery has to tell changes until it is done."""
    place = ui.element("div").classes("bg-banners")

    def show() -> None:
        place.clear()
        with place:
            for text in () if context.notices.are_read else context.queries.notices:
                _notice(context, text)

    show()
    context.notices.changed.subscribe(show)
    context.news.queue_changed.subscribe(show)


def _notice(context: PageContext, text: str) -> None:
    with marked(ui.element("div"), "notice").classes("bg-banner").props("role=status"):
        ui.icon("info").props("aria-hidden=true")
        marked(ui.label(translated(text)), "notice-text").classes("bg-banner-text")
        if text == context.queries.recovered:
            marked(ui.link(str(words.SHOW_RECOVERED), _place_of(context)), "show-recovered")
        if context.may(Verb.MAKE):
            put_away = partial(context.notices.put_away, context.caller)
            marked(icon_button("close", str(words.PUT_AWAY), put_away), "put-away")


def _place_of(context: PageContext) -> str:
    """Where to see what is told of: the batch, or all of them."""
    ids = context.queries.recovered_batches
    return f"/batch/{ids[0]}" if len(ids) == 1 else "/gallery"
