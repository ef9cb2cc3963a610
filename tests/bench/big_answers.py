"""A server with answers of any size, in a process of its own: the number in its address says which.

``http://…/10000`` has a history of 10,000 files, a queue and a node type of 10,000 kilobytes …
"""

import asyncio
import json
from contextlib import suppress
from functools import cache

from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed

from tests.comfy.http_server import Reply, Request, ScriptedServer, as_json
from tests.comfy.websocket_server import STATUS

KILOBYTE = 1000


def answer(request: Request) -> Reply:
    """What the path asks for."""
    size, _, what = request.path.strip("/").partition("/")
    return _answer(int(size), what.partition("/")[0])


@cache
def _answer(size: int, what: str) -> Reply:
    match what:
        case "history":
            return as_json({"p": {"prompt": [0, "p", {}, {}, []], "outputs": {"1": _files(size)}}})
        case "queue":
            node = {"class_type": "KSampler", "inputs": {"text": "fox " * 60, "model": ["4", 0]}}
            item = [0, "q", {str(number): node for number in range(20)}, {}, ["1"]]
            times = size * KILOBYTE // len(json.dumps(item))
            return as_json({"queue_running": [], "queue_pending": [item] * times})
        case "object_info":
            names = [f"models/a-model-{number:07}.safetensors" for number in range(size // 40)]
            return as_json(
                {"N": {"input": {"required": {"name": [names]}}, "text": "x" * (size * KILOBYTE)}}
            )
        case "view":
            return Reply(200, b"\x89PNG" * (size * KILOBYTE // 4))
    return as_json({})


def _files(count: int) -> dict[str, object]:
    names = (f"picture_{number:06}_.png" for number in range(count))
    return {"images": [{"filename": name, "subfolder": "", "type": "output"} for name in names]}


async def speak(socket: ServerConnection) -> None:
    """A greeting, one message of that size, and the end of a prompt."""
    assert socket.request
    size = int(socket.request.path.strip("/").partition("/")[0])
    await socket.send(STATUS)
    output = {"text": ["word" * 10] * (size * KILOBYTE // 44)}
    data = {"prompt_id": "p", "node": "1", "output": output}
    end = {"node": None, "prompt_id": "p"}
    with suppress(ConnectionClosed):  # it may be too large for whoever hears it
        await socket.send(json.dumps({"type": "executed", "data": data}))
        await socket.send(json.dumps({"type": "executing", "data": end}))
        await socket.wait_closed()


async def main() -> None:
    """Serve until told to end; the first line says where."""
    async with (
        ScriptedServer(answer) as server,
        serve(speak, "127.0.0.1", 0, max_size=None) as speaker,
    ):
        port = next(iter(speaker.sockets)).getsockname()[1]
        print(f"http://127.0.0.1:{port} {server.url}", flush=True)  # noqa: T201
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main())
