"""By which hashes sharing sites know a server's files: those say it, or nobody does."""

import asyncio

import pytest

from batchgen_app.comfy import model_hashes
from batchgen_app.comfy.client import ComfyClient
from batchgen_app.comfy.model_hashes import FileHashes, hash_in
from batchgen_app.comfy.models import LOADERS
from tests.comfy.http_server import Reply, Request, ScriptedServer, Silence

DIGEST = "0123456789ABCDEF" * 4
DREAMS = LOADERS[0].model("dreams.safetensors")
INK, OLD = LOADERS[1].model("ink.safetensors"), LOADERS[1].model("old.pt")


@pytest.mark.parametrize(
    ("said", "known"),
    [
        ({"modelspec.hash_sha256": f"0x{DIGEST}"}, "0123456789ab"),
        ({"sshs_model_hash": DIGEST.lower()}, "0123456789ab"),
        ({"sshs_model_hash": "unknown", "modelspec.hash_sha256": DIGEST}, "0123456789ab"),
        ({"sshs_model_hash": DIGEST[:10]}, None),
        ({"modelspec.hash_sha256": 7}, None),
        ({"format": "pt"}, None),
    ],
)
def test_a_hash_is_taken_from_the_notes_and_never_guessed(
    said: dict[str, object], known: str | None
) -> None:
    assert hash_in(said) == known


async def test_each_file_is_asked_once() -> None:
    def script(request: Request) -> object:
        is_ink = request.query["filename"] == INK.name
        return {"sshs_model_hash": DIGEST} if is_ink else Reply(404)

    async with ScriptedServer(script) as server, ComfyClient(server.url) as client:
        files = FileHashes(client)
        for _ in range(2):
            assert await files.of([DREAMS, INK, OLD]) == {INK.name: "0123456789ab"}
        asked = sorted(request.path for request in server.requests)
    assert asked == ["/view_metadata/checkpoints", "/view_metadata/loras"]


@pytest.mark.parametrize("answer", [Reply(200, b"{"), ["no object"], Reply(500), Silence()])
async def test_a_server_that_tells_nothing_holds_nothing_up(
    monkeypatch: pytest.MonkeyPatch, answer: object
) -> None:
    def script(_: Request) -> object:
        return answer

    monkeypatch.setattr(model_hashes, "TIMEOUT", 0.2)
    async with ScriptedServer(script) as server, ComfyClient(server.url) as client:
        async with asyncio.timeout(20):
            assert await FileHashes(client).of([DREAMS, INK]) == {}
