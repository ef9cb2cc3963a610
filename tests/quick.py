"""``pytest --quick`` leaves out what took long when it was last run here; ``dev.py check`` uses it.

What is not known yet is run, and so known the next time.
"""

import pytest
from filelock import FileLock

QUICK_SECONDS = 0.15
SECONDS = "batchgen/seconds"
"""Where pytest's cache keeps them: of each story, with all that it sets up."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """To be said on the command line."""
    parser.addoption("--quick", action="store_true", help=f"only stories under {QUICK_SECONDS} s")


def pytest_configure(config: pytest.Config) -> None:
    """Remember, in the process that hears of every story."""
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(_Memory(config))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what takes long, and say how many these are."""
    if config.getoption("--quick"):
        seconds = config.cache.get(SECONDS, {})
        slow = {item for item in items if seconds.get(item.nodeid, 0) > QUICK_SECONDS}
        config.hook.pytest_deselected(items=list(slow))
        items[:] = [item for item in items if item not in slow]


class _Memory:
    """How long each story took."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._seconds: dict[str, float] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Of its beginning, its middle and its end."""
        known = self._seconds.get(report.nodeid, 0.0) if report.when != "setup" else 0.0
        self._seconds[report.nodeid] = round(known + report.duration, 2)

    def pytest_sessionfinish(self) -> None:
        """Written down at the end, beside what others that run at the same time have."""
        cache = self._config.cache
        with FileLock(cache.mkdir("batchgen") / "lock"):
            before = cache.get(SECONDS, {})
            cache.set(SECONDS, {**before, **_believed(self._seconds, before)})


def _believed(seconds: dict[str, float], before: dict[str, float]) -> dict[str, float]:
    """A story that took much longer than before may have met a busy machine: it is believed by and
    by.
    """
    return {
        story: round(min(took, before.get(story, took) * 1.25 + 0.01), 2)
        for story, took in seconds.items()
    }
