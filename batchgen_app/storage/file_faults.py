"""Why the file of a picture cannot be shown: which one, what happened to it, what to do. Everything
here blocks.
"""

from dataclasses import dataclass
from enum import StrEnum

from batchgen_app.core.errors import NotFound, PictureBroken, StorageError
from batchgen_app.language.message import Message, later
from batchgen_app.storage import folder_pictures, pictures
from batchgen_app.storage.batch_folder import FolderFile


class FaultKind(StrEnum):
    """What is the matter with a file: it is not there; it is not whole; something else lies in its
    place, or it may not be read; the batch has no folder.
    """

    MISSING = "missing"
    DAMAGED = "damaged"
    UNUSABLE = "unusable"
    NO_FOLDER = "no-folder"


@dataclass(frozen=True)
class FileFault:
    """A kind of fault, and in words which file it is about, and what happened to it."""

    kind: FaultKind
    said: Message


def fault_of(file: FolderFile, length: int) -> FileFault | None:
    """What keeps the file of a picture, or a film, that had so many bytes from being shown; None
    where it is whole.
    """
    try:
        with folder_pictures.opened(file) as there:
            data = there.file.read(pictures.MAX_BYTES)
        pictures.look_of(data, file.path.name)
    except PictureBroken:
        return _damaged(file)
    except NotFound as error:
        return FileFault(_kind_of(file, error), error.message)
    except StorageError as error:
        return FileFault(FaultKind.UNUSABLE, error.message)
    # Of what is no picture, nobody here can tell more.
    is_cut = len(data) < length and not folder_pictures.is_picture(file.name)
    return _damaged(file) if is_cut else None


def _kind_of(file: FolderFile, error: NotFound) -> FaultKind:
    fault = error.__cause__
    if not isinstance(fault and fault.__cause__, FileNotFoundError):
        return FaultKind.UNUSABLE
    return FaultKind.MISSING if file.folder.is_there() else FaultKind.NO_FOLDER


def _damaged(file: FolderFile) -> FileFault:
    about = {"name": file.path.name, "id": file.folder.path.name}
    return FileFault(
        FaultKind.DAMAGED, later("The file {name} of batch {id} is damaged: not whole.", **about)
    )
