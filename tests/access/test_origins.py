"""Whether a page of another site asks: whoever visits one must not change anything here by it."""

import itertools
from collections.abc import Iterable, Mapping

import pytest
from starlette.requests import HTTPConnection

from batchgen_app.access.guard import check_origin
from batchgen_app.access.responses import Refused

HOST = "192.168.0.9:8420"
HERE = f"http://{HOST}"
FOREIGN = (
    f"https://{HOST}",
    f"ftp://{HOST}",
    "http://192.168.0.9",
    "http://192.168.0.9:8421",
    "http://192.168.0.90:8420",
    f"http://me@{HOST}",
    f"http://{HOST}.evil.example",
    "http://evil.example",
    "http://[::1",
    "http://192.168.0.9:port",
    f"//{HOST}",
    HOST,
    "null",
    "",
)
CHANGING = ("POST", "PUT", "PATCH", "DELETE", "websocket")


def is_refused(
    method: str,
    headers: Mapping[str, str] | Iterable[tuple[str, str]],
    scheme: str = "http",
    path: str = "/",
) -> bool:
    """Whether this is too foreign."""
    more = [*headers.items()] if isinstance(headers, Mapping) else [*headers]
    host = [] if "host" in dict(more) else [("host", HOST)]
    scope = {
        "type": "websocket" if method == "websocket" else "http",
        "method": method,
        "scheme": scheme.replace("http", "ws") if method == "websocket" else scheme,
        "path": path,
        "headers": [(name.encode(), value.encode()) for name, value in (*host, *more)],
    }
    try:
        check_origin(HTTPConnection(scope))
    except Refused as refused:
        return refused.status == 403
    return False


@pytest.mark.parametrize("origin", FOREIGN)
def test_another_scheme_host_or_port_is_a_foreign_origin(origin: str) -> None:
    for method in ("GET", "HEAD", "OPTIONS", *CHANGING):
        assert is_refused(method, {"origin": origin})
        assert not is_refused(method, {"origin": HERE})


def test_the_scheme_is_the_one_that_is_really_spoken() -> None:
    for scheme, other in itertools.permutations(("http", "https")):
        for method in ("POST", "websocket"):
            assert not is_refused(method, {"origin": f"{scheme}://{HOST}"}, scheme)
            assert is_refused(method, {"origin": f"{other}://{HOST}"}, scheme)


def test_the_usual_port_may_be_named_or_not() -> None:
    for host, origin in itertools.product(("a.local", "a.local:80", "A.local"), repeat=2):
        assert not is_refused("POST", {"host": host, "origin": f"http://{origin}"})
    assert is_refused("POST", {"host": "a.local:443", "origin": "http://a.local"})


@pytest.mark.parametrize("method", CHANGING)
def test_without_an_origin_nothing_is_changed_from_elsewhere(method: str) -> None:
    """Old browsers leave the Origin away, and a form that is sent is a navigation."""
    for site, mode in itertools.product(("cross-site", "same-site"), ("navigate", "no-cors", "")):
        assert is_refused(method, {"sec-fetch-site": site, "sec-fetch-mode": mode})
        assert is_refused(method, {"sec-fetch-site": site})
    for page in (*FOREIGN, "http://evil.example/page"):
        assert is_refused(method, {"referer": page})
        assert is_refused(method, {"referer": page, "sec-fetch-site": "same-origin"})


@pytest.mark.parametrize("method", CHANGING)
def test_pages_of_ours_and_programs_may(method: str) -> None:
    for headers in (
        {},
        {"referer": f"{HERE}/login?next=/"},
        {"sec-fetch-site": "same-origin", "sec-fetch-mode": "cors"},
        {"sec-fetch-site": "none", "sec-fetch-mode": "navigate"},
    ):
        assert not is_refused(method, headers)


def test_a_link_may_lead_here_from_anywhere_but_no_picture() -> None:
    for site in ("cross-site", "same-site"):
        link = {"sec-fetch-site": site, "sec-fetch-mode": "navigate", "referer": "http://a.example"}
        assert not is_refused("GET", link)
        assert is_refused("GET", {**link, "sec-fetch-mode": "no-cors"})


UNHEARD_OF = ("foo", "", "cross-site, same-origin", "same-origin x", "none;", "cross-origin")


@pytest.mark.parametrize("method", CHANGING)
def test_what_no_browser_says_of_where_it_asks_is_foreign(method: str) -> None:
    """Fetch Metadata: same-origin and none are ours; whatever else a later browser means is not."""
    for site in (*UNHEARD_OF, " cross-site", "cross-site ", "\tcross-site", "CROSS-SITE"):
        assert is_refused(method, {"sec-fetch-site": site})
    for sites in itertools.product(("same-origin", "none", "cross-site"), repeat=2):
        assert is_refused(method, [("sec-fetch-site", site) for site in sites])
    for ours in ("same-origin ", "Same-Origin", "none"):
        assert not is_refused(method, {"sec-fetch-site": ours})


def test_to_look_from_elsewhere_is_a_link_that_one_follows() -> None:
    for site in (*UNHEARD_OF, "cross-site ", "same-site"):
        for mode in ("no-cors", "cors", "websocket", "foo"):
            assert is_refused("GET", {"sec-fetch-site": site, "sec-fetch-mode": mode})
        assert not is_refused("GET", {"sec-fetch-site": site, "sec-fetch-mode": "navigate"})
    twice = [("sec-fetch-mode", "navigate"), ("sec-fetch-mode", "no-cors")]
    assert is_refused("GET", [("sec-fetch-site", "cross-site"), *twice])


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_no_link_leads_to_a_socket(site: str) -> None:
    """A GET opens one, so it is no look."""
    link = {"sec-fetch-site": site, "sec-fetch-mode": "navigate"}
    for path in ("/_nicegui_ws/socket.io/", "/_nicegui_ws/socket.io"):
        assert is_refused("GET", link, path=path)
        assert is_refused("GET", {"referer": "http://evil.example/"}, path=path)
        assert not is_refused("GET", {"sec-fetch-site": "same-origin"}, path=path)
