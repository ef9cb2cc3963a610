"""Runners: one for each batch that is to be made, on a server."""

from batchgen_app.batches.bench import BenchOf
from batchgen_app.batches.event_recorder import EventRecorder
from batchgen_app.batches.proving import Prover
from batchgen_app.batches.runner import BatchRunner
from batchgen_app.batches.server import Server
from batchgen_app.batches.timeouts import Timeouts
from batchgen_app.core.batch import Versions
from batchgen_app.core.state import BatchState
from batchgen_app.storage.images import ImageStore


class Runners:
    """Makes them, each with what it needs besides its batch."""

    def __init__(
        self,
        bench_of: BenchOf,
        recorder: EventRecorder,
        store: ImageStore,
        prover: Prover,
        app_version: str,
    ) -> None:
        self._bench_of = bench_of
        self._recorder = recorder
        self._store = store
        self._prover = prover
        self._app_version = app_version

    def of(
        self,
        batch: BatchState,
        server: Server,
        version: str | None,
        *,
        timeouts: Timeouts,
        prompt_limit: int,
        only_begun: bool = False,
    ) -> BatchRunner:
        """The one of ``batch`` on ``server``, which is of that ``version`` as far as it told."""
        planner = self._bench_of(server).planner
        return BatchRunner(
            batch,
            server,
            self._recorder,
            self._store,
            versions=Versions(app=self._app_version, server=version),
            timeouts=timeouts,
            bring_pictures=lambda: planner.bring_pictures(batch.request),
            further_image=lambda: planner.further_image(batch, self._recorder.now(), prompt_limit),
            proof=lambda: self._prover.proof(batch),
            only_begun=only_begun,
        )
