"""People leave in the middle of a batch; the app is told to end while they look at it, and started
again.
"""

import signal
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.batches import begin, truth
from tests.e2e.conftest import Stage, Starter
from tests.e2e.engine_thread import engine_thread
from tests.faulty_engine import HangWhileSampling, Hold, Moment

Open = Callable[..., Page]

IN_TIME = 5.0
"""Seconds: the promise."""


def test_a_batch_goes_on_when_the_last_page_is_closed(stage: Stage, open_page: Open) -> None:
    hold = Hold(prompt=2, moment=Moment.SAMPLING)
    address = begin(stage.play(hold), count=3)
    page = open_page(address)
    expect(page.get_by_test_id("progress-label")).to_have_text("Image 2 of 3")
    page.context.close()
    stage.engine.release(hold)
    page = open_page(address)
    expect(page.get_by_test_id("comparison-tile")).to_have_count(3)
    assert truth(address)["batch"]["status"] == "complete"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_app_ends_at_once_with_pages_open_and_says_later_what_became_of_the_batch(
    start: Starter, open_page: Open, number: signal.Signals
) -> None:
    with engine_thread(HangWhileSampling(prompt=2)) as engine:
        served = start.serve("--comfyui", engine.url)
        address = begin(served, count=3)
        for page in (open_page(address), open_page(served.address)):
            expect(page.get_by_test_id("progress-label")).to_have_text("Image 2 of 3")
        served.process.send_signal(number)
        assert served.process.wait(timeout=IN_TIME) == 0
        again = start.serve("--comfyui", engine.url)
        page = open_page(address.replace(served.address, again.address))
        summary = page.get_by_test_id("completion-summary")
        expect(summary).to_contain_text("1 of 3 images")
        expect(summary).to_contain_text("BatchGen was closed")
