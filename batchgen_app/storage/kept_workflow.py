"""A workflow that somebody keeps: what stands in its file, and what the file is called."""

import json
import re
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import PureWindowsPath
from secrets import token_hex
from typing import Annotated, Self

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from batchgen_app.core.errors import InvalidRequest, NotFound
from batchgen_app.core.wire import Graph, JsonObject, Name, Text, Wire, left_out
from batchgen_app.language.message import Message, later
from batchgen_app.storage.workflow_file import read_workflow
from batchgen_app.workflows.families import FAMILIES
from batchgen_app.workflows.workflow import graph_in, is_editor_format, unwrapped

ENDING = ".json"
PICTURES = (".png", ".webp", ".jpg", ".jpeg")
"""Files that may carry a workflow, and are none of the library."""
LONGEST = 100
"""Characters of an id."""
MOST_ID_BYTES = 230
"""Of the 255 that systems let a name have; the rest is for its ending, and for what stands around
it while it is written.
"""
_CONTROL = r"\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff"
"""Those that turn the direction of text, too; and what stands for bytes that are no UTF-8."""
_CONTROLS = re.compile(f"[{_CONTROL}]")
_NOT_IN_NAMES = re.compile(rf'[/?<>\\:*|"{_CONTROL}]')
_RESERVED = re.compile(
    r"(inspect(?=$)|(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[\d¹²³])(?= *(?:\.|$)))",
    re.IGNORECASE,
)
"""Beginnings of names that Windows keeps for itself, and the name that the API does."""
_NO_WORKFLOW = later("There is no workflow in it.")
_PICTURE = later("Only .json files are used here. Import it, and it becomes one.")
_OTHER_VERSION = later("It was written by another version of BatchGen: {names} is not known here.")
_OTHER_NAME = later('A workflow cannot be called like that. Rename the file, to "{name}" perhaps.')


def _readable(name: str) -> str:
    if _CONTROLS.search(name):
        raise PydanticCustomError("control", "contains a control character")
    return name


class KeptWorkflow(Wire):
    """A workflow that somebody keeps under a name. ``roles`` are what a person corrected,
    ``fields`` the inputs that the form shows besides, with what they are set to. ``key`` tells it
    from others with the same graph, whatever it is called; those that people put there have none.
    """

    name: Annotated[Name, AfterValidator(_readable)]
    workflow: Graph
    roles: dict[str, list[Text]] = Field(default_factory=dict)
    fields: dict[Text, Text | int | float | bool] = Field(default_factory=dict)
    key: Name | None = left_out()

    def as_new(self) -> Self:
        """Another one like this, which has made nothing yet."""
        return self.model_copy(update={"key": token_hex(8)})

    @property
    def revision(self) -> str:
        """Another one after each change, whoever makes it and with what. Takes a while."""
        return blake2b(written(self), digest_size=12).hexdigest()


@dataclass(frozen=True)
class UnusableFile:
    """A file in the folder that is no workflow, and why."""

    filename: str
    why: Message


class Unusable(NotFound):
    """There is a file of that name, but no workflow in it."""

    def __init__(self, filename: str, why: Message) -> None:
        self.file = UnusableFile(shown(filename), why)
        name = self.file.filename
        super().__init__(later('The file "{name}" cannot be used. {why}', name=name, why=why))


def shown(filename: str) -> str:
    """A name of a file as people can be shown it, whatever bytes it has."""
    return _CONTROLS.sub("\ufffd", filename)


def id_of(name: str) -> str:
    """A name as a file on every system can have it; the id of an id is that id."""
    text = _cut(_NOT_IN_NAMES.sub("-", name).strip(" .")) or "workflow"
    return _cut(_RESERVED.sub(r"\1-", text, count=1) if _RESERVED.match(text) else text)


def numbered(name: str, ending: str) -> str:
    """A name that still has its ``ending`` where it becomes an id."""
    return f"{_cut(name, len(ending) + 1)}{ending}"  # one more is for a name that is reserved


def _cut(text: str, shorter: int = 0) -> str:
    some = text[: LONGEST - shorter].encode()[: MOST_ID_BYTES - shorter]
    return some.decode(errors="ignore").rstrip(" .")


def stem(filename: str) -> str:
    """Of a file in the library: the id of what is in it."""
    return filename.removesuffix(ENDING)


def require_name(filename: str) -> None:
    """Raises Unusable for a file that cannot be one of the library, whatever is in it."""
    if not filename.endswith(ENDING):
        raise Unusable(filename, _PICTURE)
    workflow_id = stem(filename)
    other = f"{workflow_id} (2)" if workflow_id in FAMILIES else id_of(workflow_id)
    if workflow_id != other:
        raise Unusable(filename, later(_OTHER_NAME, name=f"{other}{ENDING}"))


def parsed(workflow_id: str, content: bytes) -> KeptWorkflow:
    """What is in a file. One that has no name, or that somebody has renamed in the folder, is
    called like its file. Raises InvalidRequest for what is no workflow.
    """
    told = _object_in(content)
    name = told.get("name")
    is_its_own = isinstance(name, str) and not _CONTROLS.search(name) and id_of(name) == workflow_id
    return _valid({**told, "name": name if is_its_own else workflow_id})


def imported(filename: str, content: bytes) -> KeptWorkflow:
    """What a file from elsewhere brings, be it a picture, called as it says, or else like the file.
    Raises InvalidRequest for what is no workflow.
    """
    told = _object_in(content)
    return _valid({"name": PureWindowsPath(filename).stem or "workflow", **told})


def _object_in(content: bytes) -> JsonObject:
    data = read_workflow(content).data
    if not isinstance(data, dict):
        raise _refused(_NO_WORKFLOW)
    # A bare graph that somebody put there is one, too.
    told = data if isinstance(data.get("workflow"), dict) else {"workflow": data}
    if more := sorted(set(told) - set(KeptWorkflow.model_fields)):
        raise _refused(later(_OTHER_VERSION, names=", ".join(more)[:100]))
    return told


def _valid(told: JsonObject) -> KeptWorkflow:
    kept = KeptWorkflow.parse(told)
    if not is_editor_format(document := unwrapped(kept.workflow)):
        graph_in(document)
    return kept


def written(kept: KeptWorkflow) -> bytes:
    """As it stands in its file."""
    return json.dumps(kept.to_json(), ensure_ascii=False, indent=2).encode()


def _refused(why: Message) -> InvalidRequest:
    return InvalidRequest.of("workflow", "not_a_workflow", why)
