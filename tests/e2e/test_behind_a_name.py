"""Behind a proxy, as the README tells: a browser comes by a domain and TLS, and works as ever."""

import os
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
import trustme
from playwright.sync_api import Page, expect

from tests.access.serving import Served, serving
from tests.e2e.conftest import LOOK_AGAIN
from tests.e2e.test_form import field, make_small, ready

Open = Callable[..., Page]
README = Path(__file__).parents[2] / "README.md"
NAME = "pictures.localhost"
"""Instead of the README's: browsers know by themselves that it leads to this machine."""
COMMANDS = {
    "caddyfile": ("caddy", "run", "--adapter", "caddyfile", "--config", "config"),
    "nginx": ("nginx", "-p", ".", "-e", "stderr", "-c", "config"),
}
"""Of each kind of recipe, what runs it."""
AROUND = {
    "caddyfile": "{{\n    admin off\n    auto_https off\n}}\n{site}",
    "nginx": """
        {user}
        daemon off;
        pid nginx.pid;
        events {{}}
        http {{
            access_log off;
            client_body_temp_path body;
            proxy_temp_path proxy;
            fastcgi_temp_path fastcgi;
            uwsgi_temp_path uwsgi;
            scgi_temp_path scgi;
            {site}
        }}
    """,
}
"""What stands around a site in a configuration that leaves the rest of the machine alone."""


def recipe(kind: str, app: Served, port: int) -> str:
    """The README's, for this name, these ports and the files beside it."""
    readme = README.read_text("utf-8")
    (text,) = re.findall(rf"^```{kind}\n(.*?)^```$", readme, re.DOTALL | re.MULTILINE)
    site = str(text)
    for told, here in (
        ("pictures.example {", f"https://{NAME}:{port} {{\n    tls chain.pem key.pem"),
        ("pictures.example", NAME),
        ("127.0.0.1:8420", f"127.0.0.1:{app.port}"),
        ("listen 443", f"listen 127.0.0.1:{port}"),
        ("/etc/ssl/certs/pictures.pem", "chain.pem"),
        ("/etc/ssl/private/pictures.key", "key.pem"),
    ):
        site = site.replace(told, here)
    return site


def write_files(kind: str, site: str, folder: Path) -> None:
    """The proxy's configuration, and a certificate for it."""
    certificate = trustme.CA().issue_cert(NAME)
    chain = b"".join(pem.bytes() for pem in certificate.cert_chain_pems)
    (folder / "chain.pem").write_bytes(chain)
    certificate.private_key_pem.write_to_path(folder / "key.pem")
    user = "user root;" if os.name == "posix" and os.geteuid() == 0 else ""
    around = AROUND[kind].format(user=user, site=site)
    (folder / "config").write_text(around, encoding="utf-8")


def answers(port: int) -> bool:
    """Whether somebody listens there."""
    with suppress(ConnectionRefusedError), socket.create_connection(("127.0.0.1", port)):
        return True
    return False


@contextmanager
def proxy(kind: str, app: Served, folder: Path) -> Iterator[str]:
    """The address at which it answers for the app."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    folder.mkdir()
    write_files(kind, recipe(kind, app, port), folder)
    program, *arguments = COMMANDS[kind]
    found = shutil.which(program, path=f"{os.environ['PATH']}:/usr/sbin")
    assert found, f"{program} is needed: packaging/dev.py test installs it where it can."
    home = {**os.environ, "HOME": str(folder), "XDG_DATA_HOME": str(folder)}
    with subprocess.Popen([found, *arguments], cwd=folder, env=home) as process:
        try:
            while not answers(port):
                assert process.poll() is None
                time.sleep(LOOK_AGAIN)
            yield f"https://{NAME}:{port}"
        finally:
            process.terminate()


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Served]:
    """As the README starts it."""
    told = re.findall(r"(?m)^ {4}batchgen serve (.*)$", README.read_text("utf-8"))
    (options,) = [one for one in told if "--trusted-proxy" in one]
    with serving(tmp_path, *options.replace("pictures.example", NAME).split()) as served:
        yield served


@pytest.mark.console("status of 401")
@pytest.mark.parametrize("kind", COMMANDS)
def test_a_browser_comes_by_a_domain_and_makes_a_batch(
    app: Served, open_page: Open, tmp_path: Path, kind: str
) -> None:
    with proxy(kind, app, tmp_path / kind) as address:
        page = open_page(f"{address}/", ignore_https_errors=True)
        page.get_by_test_id("login-code").fill(app.code)
        page.get_by_test_id("login").click()
        expect(page).to_have_url(f"{address}/")
        (cookie,) = [one for one in page.context.cookies() if one["name"].startswith("batchgen")]
        assert cookie["secure"]
        ready(page)
        make_small(page)
        field(page, "prompt").fill("a red fox")
        page.get_by_test_id("generate").click()
        tiles = page.locator("[data-testid=comparison-tile][data-status=completed] img")
        expect(tiles).to_have_count(2)
        for tile in tiles.all():
            expect(tile).to_have_js_property("complete", value=True)
        page.get_by_test_id("nav-gallery").click()
        expect(page.get_by_test_id("gallery-item")).to_have_count(1)
        settings = open_page(f"{app.address}/settings")
        expect(settings.get_by_test_id("device")).to_have_count(1)
        settings.get_by_test_id("remove-device").click()
        expect(page.get_by_test_id("login-code")).to_be_visible()
