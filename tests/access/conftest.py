"""One app and one neighbour for all stories that leave both as they were."""

from collections.abc import Iterator

import pytest

from tests.access.neighbour import Elsewhere, Neighbour, moved_in
from tests.access.serving import Served, serving


@pytest.fixture(scope="session")
def neighbour() -> Iterator[Neighbour]:
    """Somebody at another address."""
    with moved_in() as neighbour:
        yield neighbour


@pytest.fixture(scope="session")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The app, open to the network."""
    with serving(tmp_path_factory.mktemp("app"), "--lan") as served:
        yield served


@pytest.fixture(scope="session")
def batch_id(app: Served) -> str:
    """A batch that has ended."""
    return app.make()


@pytest.fixture
def stranger(app: Served, neighbour: Neighbour) -> Iterator[Elsewhere]:
    """The neighbour without a code."""
    with neighbour.client(app.port) as client:
        yield client


@pytest.fixture
def guest(stranger: Elsewhere, app: Served) -> Elsewhere:
    """The neighbour, signed in with the code for everything."""
    assert stranger.post("/login", data={"code": app.code}).status_code == 303
    return stranger


@pytest.fixture
def viewer(stranger: Elsewhere, app: Served) -> Elsewhere:
    """The neighbour, signed in with the code for viewing."""
    assert stranger.post("/login", data={"code": app.view_code}).status_code == 303
    return stranger
