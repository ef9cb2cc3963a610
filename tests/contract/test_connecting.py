"""What a server tells a client that comes, and what it offers."""

from batchgen_app.comfy.catalog import Catalog
from batchgen_app.comfy.client import ComfyClient, Gone
from batchgen_app.comfy.listener import Connected
from batchgen_app.comfy.messages import FeatureFlags, Status
from tests.contract.graphs import any_colour, plain
from tests.contract.visitor import Visitor, visiting


async def test_the_first_message_is_a_status_that_names_the_client(visitor: Visitor) -> None:
    connected, status, *_ = visitor.ear.heard
    assert connected == Connected(visitor.listener.client_id or "")
    assert isinstance(status, Status)
    assert status.sid == visitor.listener.client_id


async def test_the_flags_are_answered_so_previews_will_say_whose_they_are(visitor: Visitor) -> None:
    await visitor.ear.until(lambda: bool(visitor.ear.of(FeatureFlags)))
    (answer,) = visitor.ear.of(FeatureFlags)
    assert answer.flags["supports_preview_metadata"] is True


async def test_every_route_also_answers_below_api(engine: str) -> None:
    async with visiting(f"{engine}/api") as visitor:
        entry = await visitor.make(plain(any_colour()))
        assert await visitor.client.picture(entry.files[0])


async def test_the_server_tells_its_version_and_how_much_it_has_to_do(visitor: Visitor) -> None:
    stats = await visitor.client.stats()
    assert stats.version
    assert stats.previews is not None
    assert await visitor.client.queue_remaining() >= 0


async def test_the_choices_of_the_sampler_are_lists_of_names(visitor: Visitor) -> None:
    catalog = Catalog(visitor.client)
    assert {"euler", "dpmpp_2m"} <= set(await catalog.samplers())
    assert {"normal", "karras"} <= set(await catalog.schedulers())


async def test_the_models_are_what_the_loaders_list(visitor: Visitor) -> None:
    info = await visitor.client.object_info("CheckpointLoaderSimple")
    listed = info["input"]["required"]["ckpt_name"][0]
    models = await Catalog(visitor.client).models()
    assert sorted(listed) == sorted(m.name for m in models if m.is_checkpoint)


async def test_the_seed_goes_up_to_what_64_bits_hold(visitor: Visitor) -> None:
    info = await visitor.client.object_info("KSampler")
    kind, options = info["input"]["required"]["seed"]
    assert kind == "INT"
    assert options["max"] == 2**64 - 1


async def test_a_node_type_that_nobody_knows_has_no_description(visitor: Visitor) -> None:
    assert await visitor.client.object_info("NoSuchNode") == {}


async def test_a_prompt_that_nobody_knows_has_no_history_and_can_be_cancelled_harmlessly(
    engine: str,
) -> None:
    async with ComfyClient(engine) as client:
        unknown = "00000000-0000-4000-8000-000000000000"
        assert await client.history(unknown) is None
        await client.cancel(unknown)
        assert await client.prompt_status(unknown) == Gone()
