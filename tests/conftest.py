"""What all tests share."""

import logging

import pytest


@pytest.fixture(autouse=True)
def _quiet_access(caplog: pytest.LogCaptureFixture) -> None:
    """Show warnings of a failing test, not every request that it made."""
    caplog.set_level(logging.WARNING, logger="httpx")
