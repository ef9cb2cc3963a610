"""Say it: the form. It asks for what a request holds and hands it in; what is wrong with it, the
request says.
"""

from collections.abc import Callable, Iterable
from functools import partial

from nicegui import background_tasks, ui

from batchgen_app.core.batch import AnyRequest, BatchRequest, SeedMode, SingleImageRequest
from batchgen_app.core.errors import BatchGenError, InvalidRequest, ServerUnreachable
from batchgen_app.core.state import BatchState
from batchgen_app.core.wire import JsonObject
from batchgen_app.core.workflow import Workflow
from batchgen_app.storage.gallery_query import GalleryQuery
from batchgen_app.ui import words
from batchgen_app.ui.asking import asked, kind_of, values_of
from batchgen_app.ui.count_field import CountField
from batchgen_app.ui.fields import Field, put_all
from batchgen_app.ui.house import House
from batchgen_app.ui.model_choice import ModelChoice
from batchgen_app.ui.more import More
from batchgen_app.ui.prompt_field import PromptField
from batchgen_app.ui.seed_choice import SeedChoice
from batchgen_app.ui.size_choice import SizeChoice
from batchgen_app.ui.trouble import Trouble
from batchgen_app.ui.type_choice import TypeChoice
from batchgen_app.ui.workflow_choice import WorkflowChoice

HISTORY = 50
