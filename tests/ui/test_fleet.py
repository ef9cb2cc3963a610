"""A fleet beside a ComfyUI, from the settings page."""

from batchgen_app.ui.parts.fields import Tick
from tests.comfy.http_server import Request, ScriptedServer
from tests.comfy_api.deployment import Deployment, error
from tests.studio import until
from tests.ui.conftest import Opening, Visit

KEY = "sesame"


class Guarded(Deployment):
    """Lets in who has the key."""

    def __call__(self, request: Request) -> object:
        if request.headers.get("authorization") != f"Bearer {KEY}":
            return error(401, "unauthorized")
        return super().__call__(request)


def say(visit: Visit, mark: str) -> None:
    """Tick a box."""
    with visit.page:
        tick = visit.one(mark)
        assert isinstance(tick, Tick)
        tick.value = True


async def test_a_fleet_is_added_with_its_key_which_it_alone_gets(opening: Opening) -> None:
    async with ScriptedServer(Guarded()) as fleet:
        visit = await opening("/settings")
        visit.click("add-server")
        visit.fill("new-server-name", "Fleet")
        visit.fill("new-server-address", fleet.url)
        assert not visit.all("server-key")
        say(visit, "server-is-fleet")
        visit.fill("server-key", "wrong")
        visit.click("test-new-server")
        await until(lambda: "Check the address and the access key" in said(visit))
        visit.fill("server-key", f" {KEY} ")
        visit.click("test-new-server")
        await until(lambda: "answers" in said(visit))
        visit.click("keep-server")
        await until(lambda: len(visit.studio.app.servers.all) == 2)
        added = visit.studio.app.servers.all[1]
        assert (added.about.kind, added.about.name) == ("comfy-api", "Fleet")
        assert not added.is_away
        assert visit.studio.app.headers.values_for(fleet.url) == added.client.headers
        assert not visit.studio.app.headers.values_for("http://other")


async def test_the_key_of_one_that_is_listed_already_stays(opening: Opening) -> None:
    async with ScriptedServer(Guarded()) as fleet:
        visit = await opening("/settings")
        add(visit, fleet.url, KEY)
        await until(lambda: len(visit.all("server")) == 2 and bool(visit.all("add-server")))
        add(visit, fleet.url, "another")
        await until(lambda: "in the list already" in said(visit))
        kept = visit.studio.app.headers.values_for(fleet.url)
        assert kept == {"Authorization": f"Bearer {KEY}"}


def add(visit: Visit, address: str, key: str) -> None:
    """Hand in one more."""
    visit.click("add-server")
    visit.fill("new-server-address", address)
    say(visit, "server-is-fleet")
    visit.fill("server-key", key)
    visit.click("keep-server")


def said(visit: Visit) -> str:
    """Below the fields of a new server."""
    found = visit.all("new-server-result")
    return " ".join(str(getattr(e, "text", "")) for box in found for e in box.descendants())
