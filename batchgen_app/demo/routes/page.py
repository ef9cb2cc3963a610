"""What a newer server's own page asks for when it opens; of all this the engine has nothing."""

from starlette.requests import Request
from starlette.responses import Response

from batchgen_app.demo.routes.replies import empty, json_reply


async def users(_: Request) -> Response:
    """One user, whose folder is there."""
    return json_reply({"storage": "server", "migrated": True})


async def nothing_set(_: Request) -> Response:
    """Settings, templates, translations, subgraphs, replacements: an object without any."""
    return json_reply({})


async def no_value(_: Request) -> Response:
    """A setting that nobody made."""
    return json_reply(None)


async def settings_taken(_: Request) -> Response:
    """They are heard and forgotten."""
    return empty()


async def extensions(_: Request) -> Response:
    """No script of a custom node."""
    return json_reply([])
