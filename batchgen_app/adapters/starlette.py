"""Starlette's routing."""

import re

from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.types import ASGIApp


def mount_whole(web: Starlette, path: str, app: ASGIApp) -> None:
    """``app`` at ``path`` of ``web``, with everything below: what follows may have any character in
    it, even a line break, which a plain mount would leave to ``web``.
    """
    mount = Mount(path, app)
    mount.path_regex = re.compile(mount.path_regex.pattern, re.DOTALL)
    web.router.routes.append(mount)
