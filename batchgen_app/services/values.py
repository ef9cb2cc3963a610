"""Values of the rooms below that faces read, show or hand in. None of them does anything."""

from batchgen_app.access.codes import INVITATION_SECONDS
from batchgen_app.batches.accepted import Accepted
from batchgen_app.batches.dynamic_prompts import Example
from batchgen_app.batches.image_service import Retagged
from batchgen_app.batches.import_service import GivenPicture, Taken
from batchgen_app.batches.input_pictures import InputPicture
from batchgen_app.batches.needed_files import missing_file
from batchgen_app.batches.survey_service import Step
from batchgen_app.batches.trash_service import InTrash
from batchgen_app.batches.workflow_reader import Inspection
from batchgen_app.comfy.address import normalise_address
from batchgen_app.comfy.models import Model, display_name
from batchgen_app.comfy.stats import ServerStats
from batchgen_app.services.housekeeping import Move
from batchgen_app.services.server_queries import ServerStanding
from batchgen_app.services.workflow_queries import ListedWorkflow, Needed
from batchgen_app.storage.archive import Archive
from batchgen_app.storage.batch_folder import OpenFile
from batchgen_app.storage.collections import Collection
from batchgen_app.storage.decoding import THUMBNAIL_SIDE
from batchgen_app.storage.event_feed import Told
from batchgen_app.storage.file_faults import FaultKind, FileFault
from batchgen_app.storage.gallery_query import GalleryPage, GalleryQuery, Order, Rank
from batchgen_app.storage.housekeeping.belongings import Foreign, Kind
from batchgen_app.storage.housekeeping.findings import Faulty, Findings, Group
from batchgen_app.storage.housekeeping.move_record import Phase
from batchgen_app.storage.image_query import MOST_IMAGES, ImageOrder, ImagePage, ImageQuery, Known
from batchgen_app.storage.kept_workflow import KeptWorkflow, UnusableFile
from batchgen_app.storage.lineage import Lineage, Relative
from batchgen_app.storage.suggestions import Suggestion
from batchgen_app.storage.uploads import Upload
from batchgen_app.storage.usage import Share, Usage
from batchgen_app.storage.workflow_file import MOST_BYTES, TOO_LARGE, workflow_data
from batchgen_app.storage.workflow_library import FOLDER as WORKFLOWS
from batchgen_app.storage.workflow_library import DeletedWorkflow

__all__ = [
    "INVITATION_SECONDS",
    "MOST_BYTES",
    "MOST_IMAGES",
    "THUMBNAIL_SIDE",
    "TOO_LARGE",
    "WORKFLOWS",
    "Accepted",
    "Archive",
    "Collection",
    "DeletedWorkflow",
    "Example",
    "FaultKind",
    "Faulty",
    "FileFault",
    "Findings",
    "Foreign",
    "GalleryPage",
    "GalleryQuery",
    "GivenPicture",
    "Group",
    "ImageOrder",
    "ImagePage",
    "ImageQuery",
    "InTrash",
    "InputPicture",
    "Inspection",
    "KeptWorkflow",
    "Kind",
    "Known",
    "Lineage",
    "ListedWorkflow",
    "Model",
    "Move",
    "Needed",
    "OpenFile",
    "Order",
    "Phase",
    "Rank",
    "Relative",
    "Retagged",
    "ServerStanding",
    "ServerStats",
    "Share",
    "Step",
    "Suggestion",
    "Taken",
    "Told",
    "UnusableFile",
    "Upload",
    "Usage",
    "display_name",
    "missing_file",
    "normalise_address",
    "workflow_data",
]
