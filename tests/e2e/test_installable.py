"""A browser can keep the app like one of its own."""

import json
from collections.abc import Callable

import httpx
from playwright.sync_api import Page

from batchgen_app.ui.frame.installable import DARK
from tests.e2e.conftest import Served


def test_chromium_finds_nothing_in_the_way_of_installing_it(
    served: Served, open_page: Callable[..., Page]
) -> None:
    page = open_page(served.address, color_scheme="dark")
    devtools = page.context.new_cdp_session(page)
    told = devtools.send("Page.getAppManifest")
    assert told["errors"] == []
    manifest = json.loads(told["data"])
    assert (manifest["name"], manifest["display"]) == ("BatchGen", "standalone")
    assert devtools.send("Page.getInstallabilityErrors")["installabilityErrors"] == []
    answer = httpx.get(told["url"]).raise_for_status()
    assert answer.headers["content-type"].startswith("application/manifest+json")
    assert answer.url.join(manifest["start_url"]).path == "/"
    for icon in manifest["icons"]:
        drawn = httpx.get(answer.url.join(icon["src"])).raise_for_status()
        assert drawn.headers["content-type"] == icon["type"]
    colours = page.locator("meta[name=theme-color]").evaluate_all(
        "all => all.filter(m => matchMedia(m.media).matches).map(m => m.content)"
    )
    assert colours == [DARK]
