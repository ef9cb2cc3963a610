"""What all tests share."""

import functools
import gc
import importlib
import logging
import os
from typing import Any

import hypothesis
import pytest

from tests import forkserver

pytest_plugins = ["tests.quick"]

# How long one example takes says more about the machine than about the code. The examples are the
# same in each run; ``--hypothesis-profile=default`` looks for new ones.
hypothesis.settings.register_profile("batchgen", deadline=None, derandomize=True)
hypothesis.settings.load_profile("batchgen")
# The keyring of whoever runs the tests is theirs.
os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.null.Keyring"
forkserver.install()
# Each client of httpx would read all authorities of the world anew; many stories take less long.
transports: Any = importlib.import_module("httpx._transports.default")
transports.create_ssl_context = functools.cache(transports.create_ssl_context)
# By itself, it gives up after five seconds, which a busy machine needs for many an answer.
waits: Any = importlib.import_module("httpx._config").DEFAULT_TIMEOUT_CONFIG
waits.connect = waits.read = waits.write = waits.pool = 30.0


@pytest.fixture(autouse=True)
def _quiet_access(caplog: pytest.LogCaptureFixture) -> None:
    """Show warnings of a failing test, not every request that it made."""
    caplog.set_level(logging.WARNING, logger="httpx")


def pytest_collection_finish() -> None:
    """What the stories share stays: to look through all of it again and again takes long."""
    gc.collect()
    gc.freeze()
