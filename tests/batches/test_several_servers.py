"""Several servers: each batch is made by one of them, and it is known by which."""

from pathlib import Path

import pytest

from batchgen_app.app import build
from batchgen_app.core.batch import BatchStatus
from batchgen_app.core.errors import InvalidRequest, ServerUnreachable
from batchgen_app.core.events import BatchStarted
from batchgen_app.settings import load_settings, save_settings
from tests.several import several
from tests.studio import MODEL, QUICK, request, until

OTHER = "other-dreams-xl.safetensors"


async def test_the_preferred_one_makes_a_batch_and_the_record_says_so(tmp_path: Path) -> None:
    async with several(tmp_path, (), ()) as here:
        batch = await here.make()
        assert here.made_on(batch) == "attic"
        logged = await here.app.storage.log.of_batch(batch.batch_id)
        (started,) = [entry.event for entry in logged if isinstance(entry.event, BatchStarted)]
        assert started.server == batch.server
        assert here.batch_file(batch)["server"] == {"id": here.servers[0].id, "name": "attic"}


async def test_the_other_one_makes_what_the_preferred_one_has_no_model_for(tmp_path: Path) -> None:
    async with several(tmp_path, (), (), models=(None, [OTHER])) as here:
        assert here.made_on(await here.make(model=OTHER)) == "cellar"
        assert here.made_on(await here.make(model=MODEL)) == "attic"
        with pytest.raises(InvalidRequest, match="nobody-has-it"):
            await here.start(model="nobody-has-it.safetensors")


async def test_the_one_that_was_asked_for_makes_it(tmp_path: Path) -> None:
    async with several(tmp_path, (), ()) as here:
        batch = await here.make(server=here.servers[1].id)
        assert here.made_on(batch) == "cellar"
        again = await here.app.batch_service.regenerate(batch.batch_id)
        assert here.made_on(await here.end(again.batch)) == "cellar"
        with pytest.raises(InvalidRequest, match="There is no server nowhere"):
            await here.start(server="nowhere")


async def test_the_other_one_makes_it_while_the_preferred_one_is_away(tmp_path: Path) -> None:
    async with several(tmp_path, (), ()) as here:
        await here.engines[0].stop()
        await until(lambda: here.servers[0].fault is not None)
        assert here.made_on(await here.make()) == "cellar"
        await here.engines[1].stop()
        with pytest.raises(ServerUnreachable):
            await here.start()


async def test_one_that_is_switched_off_gets_no_batch(tmp_path: Path) -> None:
    async with several(tmp_path, (), (), enabled=(False,)) as here:
        assert here.made_on(await here.make()) == "cellar"


async def test_what_is_missing_is_made_by_another_one_where_the_first_is_gone(
    tmp_path: Path,
) -> None:
    async with several(tmp_path, (), ()) as here:
        batch = await here.start(server=here.servers[0].id)
        await here.app.batch_service.cancel(batch.batch_id, "enough")
        await here.end(batch)
    async with several(tmp_path, ()) as again:
        found = await again.app.batch_service.batch(batch.batch_id)
        await again.end((await again.app.batch_service.resume(batch.batch_id)).batch)
        assert found.status is BatchStatus.COMPLETE
        assert found.server
        assert found.server.id == again.servers[0].id


async def test_the_usual_settings_of_one_address_are_a_list_of_one(tmp_path: Path) -> None:
    async with several(tmp_path, ()) as here:
        save_settings(tmp_path / "old", comfyui_url=here.engine.url)
        settings = load_settings(
            data_dir=tmp_path / "old", output_dir=tmp_path / "there", environment={}
        )
        async with build(settings, timeouts=QUICK) as app:
            (server,) = app.servers.all
            assert server.client.address == here.engine.url
            assert (server.about.enabled, server.about.kind) == (True, "comfyui")
            batch = (await app.batch_service.start(request())).batch
            await app.queue.ended(batch.batch_id)
            assert batch.server
            assert batch.server.id == server.id
