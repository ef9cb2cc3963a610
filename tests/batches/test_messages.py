"""What a batch tells is a message as long as the process lives, and English in its log; only what
comes back from the log is known again by its words. Issue 10, line 5.
"""

from pathlib import Path

import pytest

from batchgen_app.access.words import cancelled_by
from batchgen_app.core.errors import BatchGenError
from batchgen_app.core.events import ImageFailed
from batchgen_app.core.state import BatchState
from batchgen_app.language.message import Message
from batchgen_app.language.texts import Sayings, event_translated, read_in, translated
from tests.core.stories import cancelled
from tests.faulty_engine import FailAtNode, HangWhileSampling
from tests.studio import Studio, studio, until

FAILS = FailAtNode(prompt=1, message="Settings")
GERMAN = "KSampler (node sampler) schlug fehl: Settings"


@pytest.fixture
def no_recogniser(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever asks it fails."""

    def asked(_: Sayings, said: str) -> str:
        raise AssertionError(said)

    monkeypatch.setattr(Sayings, "translated", asked)


async def failed(running: Studio) -> BatchState:
    """A batch whose first image has failed."""
    return await running.make(batchCount=2)


@pytest.mark.usefixtures("no_recogniser")
async def test_why_an_image_failed_is_told_from_what_it_was_made_of(tmp_path: Path) -> None:
    async with studio(tmp_path, FAILS) as running:
        batch = await failed(running)
        message = batch.images[0].message
        assert isinstance(message, Message)
        with read_in("de"):
            assert event_translated(message) == GERMAN


@pytest.mark.usefixtures("no_recogniser")
async def test_what_is_waited_for_is_told_from_what_it_was_made_of(tmp_path: Path) -> None:
    async with studio(tmp_path, HangWhileSampling()) as running:
        batch = await running.start(batchCount=2)
        await until(lambda: batch.current_image is not None)
        await running.engine.stop()
        await until(lambda: bool(batch.server_trouble))
        with read_in("de"):
            assert translated(batch.server_trouble or "").startswith(
                "Der Server antwortet nicht. Neuer"
            )
        await running.engine.start()
        await running.app.batch_service.cancel(batch.batch_id, cancelled_by("Settings"))
        await running.end(batch)
        with read_in("de"):
            assert event_translated(batch.ended_because or "") == "Abgebrochen von Settings"


@pytest.mark.usefixtures("no_recogniser")
async def test_an_error_is_told_from_what_it_was_made_of(tmp_path: Path) -> None:
    async with studio(tmp_path) as running:
        with pytest.raises(BatchGenError) as refused:
            await running.start(model="mountain")
        with read_in("de"):
            assert translated(str(refused.value)).startswith(
                "Der Server hat kein Modell „mountain“."
            )


async def test_the_log_has_english_words_which_are_known_again(tmp_path: Path) -> None:
    async with studio(tmp_path, FAILS) as running:
        batch = await failed(running)
        with read_in("de"):  # whoever reads meanwhile
            events = await running.app.storage.log.of_batch(batch.batch_id)
        (event,) = [each.event for each in events if isinstance(each.event, ImageFailed)]
        assert type(event.message) is str
        assert event.message == "KSampler (node sampler) failed: Settings"
        with read_in("de"):
            assert event_translated(event.message).startswith(
                "KSampler (node sampler) schlug fehl: "
            )


def test_an_event_keeps_a_message_and_writes_its_english() -> None:
    because = cancelled_by("a phone")
    event = cancelled(because)
    assert event.because is because
    assert event.to_json()["because"] == "Cancelled by a phone"
