"""Values of the rooms below that faces read, show or hand in. None of them does anything."""

from batchgen_app.access.codes import INVITATION_SECONDS
from batchgen_app.batches.batch_service import Accepted
from batchgen_app.batches.image_service import InTrash
from batchgen_app.batches.workflow_reader import Inspection
from batchgen_app.comfy.address import normalise_address
from batchgen_app.comfy.models import NO_MODELS, Model, display_name
from batchgen_app.comfy.stats import ServerStats
from batchgen_app.storage.archive import Archive
from batchgen_app.storage.batch_folder import OpenFile
from batchgen_app.storage.decoding import THUMBNAIL_SIDE
from batchgen_app.storage.gallery_query import GalleryPage, GalleryQuery, Order
from batchgen_app.storage.uploads import Upload
from batchgen_app.storage.workflow_file import MOST_BYTES, TOO_LARGE, workflow_data
from batchgen_app.storage.workflow_library import FOLDER as WORKFLOWS
from batchgen_app.storage.workflow_library import KeptWorkflow

__all__ = [
    "INVITATION_SECONDS",
    "MOST_BYTES",
    "NO_MODELS",
    "THUMBNAIL_SIDE",
    "TOO_LARGE",
    "WORKFLOWS",
    "Accepted",
    "Archive",
    "GalleryPage",
    "GalleryQuery",
    "InTrash",
    "Inspection",
    "KeptWorkflow",
    "Model",
    "OpenFile",
    "Order",
    "ServerStats",
    "Upload",
    "display_name",
    "normalise_address",
    "workflow_data",
]
