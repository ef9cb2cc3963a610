"""A file or folder, shown in the system's file manager."""

from pathlib import Path


class NotShown(Exception):
    """Why it is not."""


def show_file(path: Path) -> None:
    """Open its folder with the file selected; a folder itself. Raises NotShown."""
    from showinfm.showinfm import show_in_file_manager  # noqa: PLC0415 - the window waits for nothing

    try:
        show_in_file_manager(str(path), open_not_select_directory=True)
    except Exception as fault:  # the library tells a missing file manager in many ways
        raise NotShown(str(fault) or type(fault).__name__) from fault
