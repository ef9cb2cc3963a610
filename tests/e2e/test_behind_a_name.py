"""Behind a proxy, as the README tells: a browser comes by a domain and TLS, and works as ever."""

import os
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path

import pytest
import trustme
from playwright.sync_api import Locator, Page, expect

from tests.access.serving import Served, serving
from tests.e2e.conftest import LOOK_AGAIN
from tests.e2e.test_form import field, make_small, ready

Open = Callable[..., Page]
README = Path(__file__).parents[2] / "README.md"
NAME = "pictures.localhost"
"""Instead of the README's: browsers know by themselves that it leads to this machine."""
ROOT = "/pictures"
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


def below(site: str, *, is_kept: bool) -> str:
    """The same site at a path, as the README says; whether the proxy keeps that in what it asks."""
    if "location / {" in site:
        site = site.replace("location / {", f"location {ROOT}/ {{")
        return site if is_kept else re.sub(r"(proxy_pass .*);", r"\1/;", site)
    handle = "handle" if is_kept else "handle_path"
    return re.sub(r"(reverse_proxy .*)", rf"{handle} {ROOT}/* {{\n        \1\n    }}", site)


@contextmanager
def proxy(kind: str, app: Served, folder: Path, *, is_kept: bool | None = None) -> Iterator[str]:
    """The address at which it answers for the app; at a path, unless ``is_kept`` is None."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    site = recipe(kind, app, port)
    folder.mkdir()
    write_files(kind, site if is_kept is None else below(site, is_kept=is_kept), folder)
    program, *arguments = COMMANDS[kind]
    found = shutil.which(program, path=f"{os.environ['PATH']}:/usr/sbin")
    assert found, f"{program} is needed: packaging/dev.py test installs it where it can."
    home = {**os.environ, "HOME": str(folder), "XDG_DATA_HOME": str(folder)}
    with subprocess.Popen([found, *arguments], cwd=folder, env=home) as process:
        try:
            while not answers(port):
                assert process.poll() is None
                time.sleep(LOOK_AGAIN)
            yield f"https://{NAME}:{port}{'' if is_kept is None else ROOT}"
        finally:
            process.terminate()


def started(folder: Path, *more: str) -> AbstractContextManager[Served]:
    """As the README starts it."""
    told = re.findall(r"^ {4}batchgen serve (.*)$", README.read_text("utf-8"), re.MULTILINE)
    (options,) = [one for one in told if "--trusted-proxy" in one]
    return serving(folder, *options.replace("pictures.example", NAME).split(), *more)


def sign_in(page: Page, app: Served) -> None:
    page.get_by_test_id("login-code").fill(app.code)
    page.get_by_test_id("login").click()


def make_two(page: Page) -> None:
    """A batch, watched from the form to the comparison."""
    ready(page)
    make_small(page)
    field(page, "prompt").fill("a red fox")
    page.get_by_test_id("generate").click()
    pictures_are_there(page.locator("[data-testid=comparison-tile][data-status=completed] img"), 2)


def pictures_are_there(pictures: Locator, count: int) -> None:
    expect(pictures).to_have_count(count)
    for picture in pictures.all():
        expect(picture).not_to_have_js_property("naturalWidth", 0)


@pytest.mark.console("status of 401")
@pytest.mark.parametrize("kind", COMMANDS)
def test_a_browser_comes_by_a_domain_and_makes_a_batch(
    open_page: Open, tmp_path: Path, kind: str
) -> None:
    with started(tmp_path) as app, proxy(kind, app, tmp_path / kind) as address:
        page = open_page(f"{address}/", ignore_https_errors=True)
        sign_in(page, app)
        expect(page).to_have_url(f"{address}/")
        (cookie,) = [one for one in page.context.cookies() if one["name"].startswith("batchgen")]
        assert cookie["secure"]
        make_two(page)
        page.get_by_test_id("nav-gallery").click()
        expect(page.get_by_test_id("gallery-item")).to_have_count(1)
        settings = open_page(f"{app.address}/settings")
        expect(settings.get_by_test_id("device")).to_have_count(1)
        settings.get_by_test_id("remove-device").click()
        expect(page.get_by_test_id("login-code")).to_be_visible()


@pytest.mark.parametrize(
    ("kind", "is_kept"), [("caddyfile", False), ("nginx", True), ("nginx", False)]
)
def test_below_a_path_everything_stays_below_it(
    open_page: Open, tmp_path: Path, kind: str, is_kept: bool
) -> None:
    asked: list[str] = []
    with (
        started(tmp_path, "--root-path", f"{ROOT}/") as app,
        proxy(kind, app, tmp_path / kind, is_kept=is_kept) as address,
    ):
        page = open_page(f"{address}/login?next=/", ignore_https_errors=True)
        page.on("request", lambda request: asked.append(request.url))
        sign_in(page, app)
        expect(page).to_have_url(f"{address}/")
        make_two(page)
        expect(page).to_have_url(re.compile(f"^{re.escape(address)}/batch/"))
        page.reload()
        tiles = page.locator("[data-testid=comparison-tile][data-status=completed] img")
        pictures_are_there(tiles, 2)
        with page.expect_download() as download:
            page.get_by_test_id("select-all").click()
            page.get_by_test_id("download-selected").click()
        assert download.value.url.startswith(f"{address}/api/")
        page.get_by_test_id("side-by-side").click()
        pictures_are_there(page.get_by_test_id("pane").locator("img"), 4)
        page.keyboard.press("Escape")
        walk(page, address)
        page.goto(f"{address}/settings")
        page.get_by_test_id("sign-out").click()
        expect(page).to_have_url(f"{address}/login")
    assert [url for url in asked if not url.startswith(f"{address}/")] == []


def walk(page: Page, address: str) -> None:
    """Through the gallery and the other pages, by their own links."""
    page.get_by_test_id("nav-gallery").click()
    expect(page).to_have_url(f"{address}/gallery")
    pictures_are_there(page.get_by_test_id("gallery-item").locator(".bg-pile-top img"), 2)
    page.goto(f"{address}/gallery?view=images")
    cells = page.get_by_test_id("gallery-image")
    pictures_are_there(cells.locator("img"), 2)
    cells.first.click()
    expect(page).to_have_url(re.compile(f"^{re.escape(address)}/gallery.*image="))
    page.go_back()
    expect(page).to_have_url(f"{address}/gallery?view=images")
    page.get_by_test_id("gallery-search").fill("fo")
    expect(page.get_by_test_id("suggestion")).to_have_count(1)
    expect(page).to_have_url(re.compile(f"^{re.escape(address)}/gallery.*q=fo"))
    for mark, path in (("nav-workflows", "/workflows"), ("nav-generate", "/")):
        page.get_by_test_id(mark).click()
        expect(page).to_have_url(f"{address}{path}")
    for path in ("/trash", "/storage"):
        page.goto(f"{address}{path}")
        page.get_by_test_id("nav-gallery").click()
        expect(page).to_have_url(f"{address}/gallery")
