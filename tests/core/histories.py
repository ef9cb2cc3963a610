"""Valid histories of one batch, for Hypothesis: everything that a runner and people may do to it.

A history may stop anywhere, as it does when the app dies.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from hypothesis import strategies as st

from batchgen_app.core.batch import ImagePrompt, Parameters, Versions
from batchgen_app.core.events import (
    BatchCancelled,
    BatchCompleted,
    BatchContinued,
    BatchDeleted,
    BatchEvent,
    BatchFailed,
    BatchFinishRequested,
    BatchInterrupted,
    BatchPaused,
    BatchProved,
    BatchQueued,
    BatchRestored,
    BatchResumed,
    BatchStarted,
    Event,
    ImageAdded,
    ImageCancelled,
    ImageCompleted,
    ImageDeleted,
    ImageFailed,
    ImageFavourited,
    ImageLost,
    ImageRated,
    ImageRestored,
    ImageSkipped,
    ImageSubmitted,
    ImageTagged,
    ImageWithdrawn,
    TrashEmptied,
)
from batchgen_app.core.ids import new_batch_id
from batchgen_app.core.proof import Difference, Proof
from batchgen_app.core.request import BasedOn, BatchRequest
from batchgen_app.core.seeds import MAX_SEED

AT_ONCE = 2
"""Images on the server: one is made, one waits."""
MOST_IMAGES, MOST_ADDED, MOST_ASIDE = 5, 2, 8
MOST_RUNS = 3

Draw = Callable[[st.SearchStrategy[Any]], Any]
Kind = TypeVar("Kind", bound=BatchEvent)

texts = st.text(st.characters(exclude_categories=("Cc", "Cs")), max_size=12)
prompts = texts.map(lambda text: f"a fox {text}")
varied = st.builds(ImagePrompt, prompt=prompts, negative_prompt=st.none() | texts)
tags = st.lists(st.sampled_from(["fox", "Night shot", "für Anna", "狐"]), max_size=3, unique=True)
names = st.sampled_from(["dreams.safetensors", "ünïcode/模型.ckpt"])
moments = st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
parameters = st.builds(
    Parameters,
    model=st.none() | names,
    negative_prompt=st.none() | texts,
    steps=st.none() | st.integers(1, 150),
    cfg=st.none() | st.sampled_from([1.0, 7.5]),
    width=st.none() | st.just(64),
    height=st.none() | st.just(64),
)
PROVES = BasedOn(batch_id="20261122-141500-000000-9f3a", how="proved", image=2)
proofs = st.builds(
    Proof,
    image=st.just("20261122-141500-000000-9f3a-002"),
    identical=st.none() | st.booleans(),
    differences=st.lists(
        st.builds(Difference, about=st.just("pixels"), message=texts, count=st.integers(1, 99)),
        max_size=2,
    ).map(tuple),
)


@st.composite
def histories(draw: st.DrawFn) -> list[Event]:
    """The events of a batch from ``batch_queued`` on, up to any moment of its life."""
    teller = Teller(draw)
    for run in range(draw(st.integers(1, MOST_RUNS))):
        if run and not teller.resume():
            break
        teller.run()
        teller.look_back()
    if draw(st.integers(0, 4)) == 4:
        teller.tell(BatchDeleted)
        if after := draw(st.sampled_from([None, BatchRestored, TrashEmptied])):
            teller.tell(after)
    is_whole = draw(st.booleans())
    return teller.events[: None if is_whole else draw(st.integers(1, len(teller.events)))]


class Teller:
    """Makes events up as it goes, and keeps count of what has become of each image."""

    def __init__(self, draw: Draw) -> None:
        self._draw = draw
        self._now: datetime = draw(moments)
        self.events: list[Event] = []
        self.seeds: list[int] = draw(
            st.lists(st.integers(0, MAX_SEED), min_size=2, max_size=MOST_IMAGES, unique=True)
        )
        self.todo = list(range(1, len(self.seeds) + 1))
        self.on_server: list[int] = []
        self.made: list[int] = []
        self.lost: list[int] = []
        self.in_trash: list[int] = []
        self.failed: set[int] = set()
        self.added = self.aside = 0
        self.is_varied: bool = draw(st.booleans())
        self.batch_id = new_batch_id(self._now, draw(st.randoms(use_true_random=False)))
        self._queue()

    def tell(self, kind: type[Kind], **fields: Any) -> None:
        """The next event, some time after the one before."""
        self._now += timedelta(microseconds=self._draw(st.integers(1, 10**8)))
        event: Any = kind(**{"at": self._now, "batch_id": self.batch_id, **fields})
        self.events.append(event)

    def run(self) -> None:
        """From the queue to an end: done, cancelled, or the app died."""
        if self._is_time_to_stop():
            self._stop()
            return
        versions = Versions(app="0.1.0", server=self._draw(st.none() | st.just("0.3.64")))
        self.tell(BatchStarted, versions=versions)
        while self.todo or self.on_server:
            if self._is_time_to_stop():
                self._stop()
                return
            self._draw(st.sampled_from(self._possible()))()
        self._end()

    def look_back(self) -> None:
        """What people do with a batch that has ended."""
        for _ in range(self._draw(st.integers(0, 4))):
            possible = [
                *([self._mark, self._delete] if self.made else []),
                *([self._restore] if self.in_trash else []),
            ]
            if possible:
                self._draw(st.sampled_from(possible))()

    def resume(self) -> bool:
        """Queue what is missing, or some of it; False if nothing is."""
        missing = sorted({*self.todo, *self.lost})
        if not missing:
            return False
        chosen = sorted(self._draw(st.sets(st.sampled_from(missing), min_size=1)))
        self.todo = sorted({*self.todo, *chosen})
        self.lost = [index for index in self.lost if index not in chosen]
        self.failed.difference_update(chosen)
        self.tell(BatchResumed, missing=chosen)
        return True

    def _queue(self) -> None:
        images = len(self.seeds)
        request = BatchRequest(
            prompt=self._draw(prompts),
            batch_count=images,
            seed_mode=self._draw(st.sampled_from(["random", "incremental"])),
            model=self._draw(names),
            based_on=self._draw(st.sampled_from([None, PROVES])),
        )
        self.tell(
            BatchQueued,
            request=request,
            seeds=self.seeds,
            workflow={"3": {"class_type": "KSampler", "inputs": {"seed": self.seeds[0]}}},
            parameters=self._draw(parameters),
            prompts=self._draw(st.lists(varied, min_size=images, max_size=images))
            if self.is_varied
            else None,
        )

    def _possible(self) -> list[Callable[[], None]]:
        """What may happen next while images are made."""
        submit = self.todo and len(self.on_server) < AT_ONCE
        return [
            *([self._finish] if self.on_server else []),
            *([self._submit] if submit else []),
            *([self._skip, self._withdraw] if self.on_server else []),
            *([self._add] if self.added < MOST_ADDED else []),
            *(self._asides() if self.aside < MOST_ASIDE else []),
            *([self._lose] if self.made else []),
        ]

    def _asides(self) -> list[Callable[[], None]]:
        """What brings no image further: there is an end of it, or some lives would have none."""
        return [self._hold, *([self._prove, self._mark] if self.made else [])]

    def _is_time_to_stop(self) -> bool:
        return bool(self._draw(st.integers(0, 19)) == 19)

    def _submit(self) -> None:
        index = self.todo.pop(0)
        self.on_server.append(index)
        prompt_id = str(self._draw(st.uuids()))
        self.tell(ImageSubmitted, index=index, seed=self.seeds[index - 1], prompt_id=prompt_id)

    def _skip(self) -> None:
        index = self.on_server.pop(0)
        self.lost.append(index)
        self.tell(ImageSkipped, index=index, because=self._draw(texts))

    def _withdraw(self) -> None:
        index = self.on_server.pop()
        self.todo = sorted({*self.todo, index})
        self.tell(ImageWithdrawn, index=index)

    def _add(self) -> None:
        self.added += 1
        self.seeds.append(self._draw(st.integers(0, MAX_SEED)))
        self.todo.append(len(self.seeds))
        prompt = self._draw(varied) if self.is_varied else None
        self.tell(ImageAdded, index=len(self.seeds), seed=self.seeds[-1], prompt=prompt)

    def _hold(self) -> None:
        self.aside += 1
        kind = self._draw(st.sampled_from([BatchPaused, BatchContinued, BatchFinishRequested]))
        self.tell(kind, **({"because": "enough"} if kind is BatchFinishRequested else {}))

    def _prove(self) -> None:
        self.aside += 1
        self.tell(BatchProved, proof=self._draw(proofs))

    def _finish(self) -> None:
        index = self.on_server.pop(self._draw(st.integers(0, len(self.on_server) - 1)))
        self._draw(st.sampled_from([self._complete, self._complete, self._fail]))(index)

    def _complete(self, index: int) -> None:
        self.made.append(index)
        seed = self.seeds[index - 1]
        self.tell(
            ImageCompleted,
            index=index,
            seed=seed,
            filename=f"{index:03d}_{seed}.png",
            width=64,
            height=64,
            bytes=self._draw(st.integers(67, 10**7)),
            sha256=f"{seed:064x}",
            seconds=self._draw(st.none() | st.floats(0, 600)),
        )

    def _fail(self, index: int) -> None:
        self.lost.append(index)
        self.failed.add(index)
        details = self._draw(st.none() | st.just({"node_type": "KSampler"}))
        self.tell(ImageFailed, index=index, message=self._draw(texts), details=details)

    def _mark(self) -> None:
        self.aside += 1
        index = self._draw(st.sampled_from(self.made))
        match self._draw(st.integers(0, 2)):
            case 0:
                self.tell(ImageFavourited, index=index, favourite=self._draw(st.booleans()))
            case 1:
                self.tell(ImageRated, index=index, rating=self._draw(st.integers(0, 5)))
            case _:
                self.tell(ImageTagged, index=index, tags=self._draw(tags))

    def _lose(self) -> None:
        index = self.made.pop(self._draw(st.integers(0, len(self.made) - 1)))
        self.todo = sorted({*self.todo, index})
        self.tell(ImageLost, index=index, message=self._draw(texts))

    def _delete(self) -> None:
        index = self.made.pop(self._draw(st.integers(0, len(self.made) - 1)))
        self.in_trash.append(index)
        self.tell(ImageDeleted, index=index)

    def _restore(self) -> None:
        index = self.in_trash.pop(self._draw(st.integers(0, len(self.in_trash) - 1)))
        self.made.append(index)
        self.tell(ImageRestored, index=index)

    def _stop(self) -> None:
        """By a person, or because the app died, perhaps while it was being stopped."""
        self.todo = sorted({*self.todo, *self.on_server})
        self.on_server = []
        if self._draw(st.booleans()):
            while self.todo and not self._is_time_to_stop():
                index = self.todo.pop(0)
                self.lost.append(index)
                self.tell(ImageCancelled, index=index)
            if not self.todo:
                self.tell(BatchCancelled, because=self._draw(texts))
                return
        self.tell(BatchInterrupted, because=self._draw(texts))

    def _end(self) -> None:
        if self._is_time_to_stop():
            self.tell(BatchInterrupted, because="the app died before it could say so")
        elif self.made:
            self.tell(BatchCompleted)
        elif not self.failed.intersection(self.lost):
            self.tell(BatchCancelled, because="every image was skipped")
        else:
            self.tell(BatchFailed, message=self._draw(texts))
