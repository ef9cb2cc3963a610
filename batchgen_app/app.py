"""build(): makes every object and connects every wire; nothing else does."""

import asyncio
import json
import logging
import random
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from platform import platform, python_version

from batchgen_app import __version__
from batchgen_app.batches.backend import Backend
from batchgen_app.batches.batch_service import BatchService
from batchgen_app.batches.bench import Bench, Benches
from batchgen_app.batches.built_in_workflows import BuiltInWorkflows
from batchgen_app.batches.dynamic_prompts import FOLDER as WILDCARDS
from batchgen_app.batches.dynamic_prompts import DynamicPrompts
from batchgen_app.batches.event_recorder import EventRecorder
from batchgen_app.batches.flow_service import FlowService
from batchgen_app.batches.handing_over import HandingOver
from batchgen_app.batches.heartbeat import beating
from batchgen_app.batches.image_service import ImageService
from batchgen_app.batches.import_service import ImportService
from batchgen_app.batches.input_pictures import InputPictures
from batchgen_app.batches.late_headers import taken_over_late
from batchgen_app.batches.live_repair import LiveRepair
from batchgen_app.batches.making_again import MakingAgain
from batchgen_app.batches.model_families import ModelFamilies
from batchgen_app.batches.moving_at_start import moved
from batchgen_app.batches.moving_service import MovingService
from batchgen_app.batches.picture_reader import PictureReader
from batchgen_app.batches.placing import Placing
from batchgen_app.batches.planning import Planner
from batchgen_app.batches.queue import BatchQueue
from batchgen_app.batches.reconcile_files import BatchFiles, FileReconciler
from batchgen_app.batches.server import Server, servers_to_use
from batchgen_app.batches.servers import Servers, asked_regularly, kept_in
from batchgen_app.batches.startup_recovery import Recovery
from batchgen_app.batches.survey_service import SurveyService
from batchgen_app.batches.timeouts import Clock, Timeouts
from batchgen_app.batches.trash_service import TrashService
from batchgen_app.core.errors import StorageError
from batchgen_app.core.events import ImageSubmitted, Logged
from batchgen_app.core.passing import TurnAwaited
from batchgen_app.core.server_list import ListedServer
from batchgen_app.core.state import BatchState
from batchgen_app.language.message import Message
from batchgen_app.places import assets_dir
from batchgen_app.secrets_store.server_headers import ServerHeaders
from batchgen_app.settings import Settings
from batchgen_app.storage.atomic_files import sweep_shared
from batchgen_app.storage.batch_json import NOT_IN_FILE
from batchgen_app.storage.locks import TELL_SECONDS, Lockout, Locks
from batchgen_app.storage.progress import ProgressCallback, silent
from batchgen_app.storage.storage import Storage, open_storage
from batchgen_app.storage.style_book import StyleBook
from batchgen_app.storage.trash import TRASH
from batchgen_app.storage.workflow_library import FOLDER as WORKFLOWS
from batchgen_app.storage.workflow_library import KNOWN, WorkflowLibrary
from batchgen_app.workflows.workflow import Workflow

logger = logging.getLogger(__name__)


@asynccontextmanager
async def build(
    settings: Settings,
    *,
    new_state: type[BatchState] = BatchState,
    timeouts: Timeouts | None = None,
    locks: Locks | None = None,
    lockout: Lockout | None = None,
    progress: ProgressCallback = silent,
) -> AsyncIterator[Backend]:
    """The app, running as long as the context lasts; ``locks`` are those that its process holds
    already, ``lockout`` tells of a database that another program has locked, and ``progress`` is
    that of a start that has to look at many batches. Raises StorageError.
    """
    logger.info("BatchGen %s, Python %s, %s", __version__, python_version(), platform())
    timeouts = timeouts or Timeouts(stall=settings.stall_seconds)
    locks = locks or Locks(settings.data_dir)
    settings = await moved(settings, locks, progress)
    folders = settings.data_dir, settings.output_dir
    async with (
        open_storage(*folders, locks, lockout, progress, lock_timeout=TELL_SECONDS) as storage,
        _connected(settings, storage, timeouts) as connection,
        _at_work(settings, storage, connection, new_state, timeouts) as backend,
    ):
        _log_start(backend)
        yield backend
        logger.info("Told to end")


@dataclass(frozen=True)
class _Connection:
    """The servers in use, what is sent along to them, and the queue of what they are to make."""

    servers: Servers
    headers: ServerHeaders
    queue: BatchQueue


@asynccontextmanager
async def _connected(
    settings: Settings, storage: Storage, timeouts: Timeouts
) -> AsyncIterator[_Connection]:
    queue, is_given = BatchQueue(), bool(settings.listed) and not settings.demo
    async with (
        servers_to_use(settings) as listed,
        ServerHeaders(settings.data_dir) as headers,
    ):

        def opened(about: ListedServer) -> Server:
            server = Server(
                about.address,
                headers.values_for(about.address if is_given or about not in listed else None),
                about=about,
                is_needed=lambda: queue.is_busy if servers.is_one else queue.needs(server.id),
                timeout=timeouts.answer,
            )
            return server

        servers = Servers(
            listed,
            opened,
            kept_in(settings.data_dir, listed),
            keeps_demo=settings.demo,
        )
        servers.changed.subscribe(queue.look_about)
        # A batch that waits for server or database tries at once when either is back.
        servers.told.subscribe(queue.ask_again)
        storage.lockout.changed.subscribe(queue.ask_again)
        async with servers, asked_regularly(servers), AsyncExitStack() as late:
            for server in servers.all:
                configured = server.about.address if is_given else None
                await late.enter_async_context(taken_over_late(headers, server, queue, configured))
            yield _Connection(servers, headers, queue)


@asynccontextmanager
async def _at_work(
    settings: Settings,
    storage: Storage,
    connection: _Connection,
    new_state: type[BatchState],
    timeouts: Timeouts,
) -> AsyncIterator[Backend]:
    """The services, once what an earlier run has left was seen to; the queue works."""
    servers, queue = connection.servers, connection.queue
    recorder, turn = await _recorder(storage, timeouts), asyncio.Lock()
    families = await asyncio.to_thread(ModelFamilies, settings.data_dir)
    built_in = BuiltInWorkflows(families, default_workflow())
    library = WorkflowLibrary(settings.data_dir / WORKFLOWS, settings.data_dir / KNOWN)
    dynamic_prompts = DynamicPrompts(settings.data_dir / WILDCARDS)
    for folder in (settings.data_dir, settings.data_dir / WORKFLOWS):
        with suppress(OSError):  # what is left over is in nobody's way
            await asyncio.to_thread(sweep_shared, folder)
    styles = StyleBook(settings.data_dir)
    with suppress(StorageError):  # said to whoever asks for them
        await styles.all()
    rng = random.SystemRandom()

    def bench_of(server: Server) -> Bench:
        pictures = InputPictures(settings.data_dir, server, storage)
        planner = Planner(
            server,
            built_in,
            pictures,
            library=library,
            dynamic_prompts=dynamic_prompts,
            styles=styles,
            rng=rng,
        )
        return Bench(server, planner, MakingAgain(server, pictures, storage.store))

    def say(batch: BatchState, why: Message | None) -> None:
        if batch.waits_because != why:
            recorder.show(batch, TurnAwaited(batch.batch_id, why))
            queue.changed.emit()

    benches = Benches(servers, bench_of)
    batch_service = BatchService(
        benches,
        queue,
        recorder,
        storage,
        turn=turn,
        app_version=__version__,
        timeouts=timeouts,
        prompt_limit=settings.prompt_limit,
        rng=rng,
        new_state=new_state,
    )
    image_service = ImageService(batch_service, recorder, storage.store, turn)
    # Where pictures are to be kept, a rejected one makes room for another.
    image_service.changed.subscribe(queue.look_again)
    trash = TrashService(batch_service, recorder, settings.output_dir / TRASH, turn)
    recovery = Recovery(batch_service, queue, storage, FileReconciler(recorder, storage.store))

    imports = ImportService(
        batch_service,
        recorder,
        storage,
        lambda: PictureReader(servers.preferred),
        changed=image_service.changed,
        app_version=__version__,
        rng=rng,
    )

    async def begin_anew() -> None:
        await recorder.settle()
        batch_service.forget()
        await recovery.begin()

    # Before the queue works: what was begun goes on before anything new.
    await recovery.begin()
    # Another process may be in the middle of emptying: what it has set aside is not left over.
    if not await storage.locks.others_are_here():
        await trash.finish()
        await imports.finish()
    handing_over = HandingOver(benches, batch_service, queue)
    async with (
        handing_over.giving_back(),
        queue.working(recorder.hurry, Placing(benches, say)),
        beating(queue, recorder),
        LiveRepair(storage, queue, turn, begin_anew) as live_repair,
        SurveyService(
            storage, batch_service, settings.data_dir, image_service.changed.emit
        ) as survey,
        MovingService(settings) as moving,
    ):
        yield Backend(
            settings,
            storage,
            servers,
            connection.headers,
            queue,
            batch_service,
            FlowService(batch_service, recorder),
            handing_over,
            image_service,
            trash,
            recovery,
            live_repair,
            families,
            InputPictures(settings.data_dir, servers.preferred, storage),
            library,
            dynamic_prompts,
            styles,
            built_in,
            survey,
            imports,
            moving,
        )


def _log_start(backend: Backend) -> None:
    """On which server, and how everything was found."""
    for server in backend.servers.all:
        kind = "Demo engine" if server.is_demo else server.about.kind
        logger.info("%s %s at %s", kind, server.version, server.client.address)
    for notice in backend.notices:
        logger.warning("%s", notice)


async def _recorder(storage: Storage, timeouts: Timeouts) -> EventRecorder:
    batch_files = BatchFiles(storage.store)

    async def index(batch: BatchState, logged: Logged) -> None:
        if not isinstance(logged.event, ImageSubmitted):  # nothing to see, and the server waits
            await storage.gallery.apply(batch, logged)

    async def write_batch_file(batch: BatchState, logged: Logged) -> None:
        if not isinstance(logged.event, NOT_IN_FILE):
            await batch_files.write(batch)

    async def let_go(batch: BatchState, _: Logged) -> None:
        if batch.ended:
            await storage.locks.let_go(batch.batch_id)

    now = Clock(await storage.log.last_time())
    # The lock goes last: until batch.json is written, no other process takes the batch up.
    recorder = EventRecorder(
        storage.log, index, write_batch_file, let_go, now=now, lock_timeout=timeouts.database
    )
    storage.when_free.append(recorder.settle)
    return recorder


def default_workflow() -> Workflow:
    """Text to image: checkpoint, two text encoders, empty latent, KSampler, decode, save."""
    path = assets_dir() / "workflows" / "text_to_image.json"
    return Workflow.parse(json.loads(path.read_text(encoding="utf-8")))
