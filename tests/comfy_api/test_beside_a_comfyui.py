"""A fleet and a ComfyUI at the same time."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from batchgen_app.app import build
from batchgen_app.core.batch import BatchStatus
from batchgen_app.core.server_list import ListedServer
from batchgen_app.demo import DemoEngine, DemoSettings
from batchgen_app.settings import Settings
from tests.comfy_api.fleet import Fleet, Line
from tests.faulty_engine import FaultPlan, Hold, Moment
from tests.foreign_clients import api_proxy, clients_python, closed_surroundings
from tests.sketchbook import Sketchbook
from tests.studio import QUICK, Studio, request, until


@asynccontextmanager
async def both(
    folder: Path, at_the_comfyui: FaultPlan, behind_the_proxy: FaultPlan
) -> AsyncIterator[tuple[Studio, Fleet]]:
    """The same app, with the engine that it uses as a ComfyUI, and with that behind the proxy."""

    def settings(plan: FaultPlan) -> DemoSettings:
        return DemoSettings(hooks=plan, step_delay=0.0, load_delay=0.0, easel=Sketchbook())

    async with (
        DemoEngine(settings(at_the_comfyui)) as plain,
        DemoEngine(settings(behind_the_proxy)) as distant,
        api_proxy(clients_python(), closed_surroundings(folder), distant.url) as proxy,
    ):
        listed = (
            ListedServer(name="studio", address=plain.url),
            ListedServer(name="fleet", kind="comfy-api", address=proxy.address),
        )
        folders = {"data_dir": folder / "data", "output_dir": folder / "images"}
        async with build(Settings(servers=listed, **folders), timeouts=QUICK) as app:
            await until(lambda: not any(server.is_away for server in app.servers.all))
            yield Studio(app, plain, folder), Fleet(app, distant, folder, proxy, Line())


async def test_they_make_two_batches_at_once(tmp_path: Path) -> None:
    here, there = Hold(prompt=1, moment=Moment.SAMPLING), Hold(prompt=1, moment=Moment.SAMPLING)
    async with both(tmp_path, FaultPlan(here), FaultPlan(there)) as (studio, fleet):
        first, second = await studio.start(), await studio.start()
        await here.reached.wait()
        await there.reached.wait()
        here.released.set()
        there.released.set()
        for batch, name in ((first, "studio"), (second, "fleet")):
            await studio.end(batch)
            assert batch.status is BatchStatus.COMPLETE
            assert batch.server
            assert batch.server.name == name
        assert len(fleet.made) == 3


async def test_a_batch_with_a_picture_moves_from_the_one_to_the_other(tmp_path: Path) -> None:
    graph = {
        "1": {"class_type": "LoadImage", "inputs": {"image": "any.png"}},
        "9": {
            "class_type": "SaveImage",
            "inputs": {"images": ["1", 0], "filename_prefix": "again"},
        },
    }
    hold = Hold(prompt=4, moment=Moment.ARRIVED)
    async with both(tmp_path, FaultPlan(hold), FaultPlan()) as (studio, _):
        picture = (await studio.make()).pictures[0]
        studio_id, fleet_id = (server.id for server in studio.app.servers.all)
        asked = request(
            model=None,
            baseParameters={},
            workflow=graph,
            promptAsIs=True,
            inputImages={"1.image": picture.id},
            server=studio_id,
        )
        batch = (await studio.app.batch_service.start(asked)).batch
        await hold.reached.wait()
        await studio.app.handing_over.move(batch.batch_id, fleet_id)
        hold.released.set()
        await studio.end(batch)
        assert batch.status is BatchStatus.COMPLETE, [image.message for image in batch.images]
        assert batch.server
        assert batch.server.name == "fleet"
        assert len(batch.pictures) == 3
