"""Backend: the running app without its faces, which see it through ``services``."""

from dataclasses import dataclass

from batchgen_app.batches.batch_service import BatchService
from batchgen_app.batches.built_in_workflows import BuiltInWorkflows
from batchgen_app.batches.dynamic_prompts import DynamicPrompts
from batchgen_app.batches.flow_service import FlowService
from batchgen_app.batches.handing_over import HandingOver
from batchgen_app.batches.image_service import ImageService
from batchgen_app.batches.import_service import ImportService
from batchgen_app.batches.input_pictures import InputPictures
from batchgen_app.batches.live_repair import LiveRepair
from batchgen_app.batches.model_families import ModelFamilies
from batchgen_app.batches.moving_service import MovingService
from batchgen_app.batches.queue import BatchQueue
from batchgen_app.batches.server import Server
from batchgen_app.batches.servers import Servers
from batchgen_app.batches.startup_recovery import Recovery
from batchgen_app.batches.survey_service import SurveyService
from batchgen_app.batches.trash_service import TrashService
from batchgen_app.secrets_store.server_headers import ServerHeaders
from batchgen_app.settings import Settings
from batchgen_app.storage.storage import Storage
from batchgen_app.storage.style_book import StyleBook
from batchgen_app.storage.workflow_library import WorkflowLibrary


@dataclass(frozen=True)
class Backend:
    """Everything that a face needs, and nothing that knows of faces."""

    settings: Settings
    storage: Storage
    servers: Servers
    headers: ServerHeaders
    queue: BatchQueue
    batch_service: BatchService
    flow: FlowService
    handing_over: HandingOver
    image_service: ImageService
    trash: TrashService
    recovery: Recovery
    live_repair: LiveRepair
    families: ModelFamilies
    pictures: InputPictures
    library: WorkflowLibrary
    dynamic_prompts: DynamicPrompts
    styles: StyleBook
    built_in: BuiltInWorkflows
    survey: SurveyService
    imports: ImportService
    moving: MovingService

    @property
    def server(self) -> Server:
        """The one that pages show, and that is asked where a question is not about a batch."""
        return self.servers.preferred

    @property
    def notices(self) -> tuple[str, ...]:
        """What a person should know about how this start found things, one sentence each."""
        found = (*self.settings.notices, *self.storage.notices)
        told = (*found, self.styles.fault, self.headers.fault, self.recovery.sentence)
        return tuple(filter(None, told))
