"""Places: where the app's own files are, and where this system keeps a person's."""

from pathlib import Path

import platformdirs

APP_NAME = "BatchGen"


def assets_dir() -> Path:
    """The files that the app brings: in the installed package, or beside it in a working copy."""
    package = Path(__file__).parent
    installed = package / "assets"
    return installed if installed.is_dir() else package.parent / "assets"


def default_data_dir() -> Path:
    """Where this system keeps an app's own data."""
    return platformdirs.user_data_path(APP_NAME, appauthor=False)


def default_output_dir() -> Path:
    """Where this system keeps a person's pictures."""
    return platformdirs.user_pictures_path() / APP_NAME


def default_save_dir() -> Path:
    """Where this system keeps what a person downloads."""
    return platformdirs.user_downloads_path()
