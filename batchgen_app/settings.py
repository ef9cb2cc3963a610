"""Settings: where things are, and which server is used.

What is given on the command line counts first, then the environment, then ``settings.json`` in
the data folder, then the defaults. Read here and nowhere else.
"""

import json
import os
from collections.abc import Mapping
from pathlib import Path

import platformdirs
from pydantic import Field, ValidationError

from batchgen_app.core.errors import InvalidRequest
from batchgen_app.core.wire import Wire

APP_NAME = "BatchGen"


class SavedSettings(Wire):
    """What ``settings.json`` may hold."""

    comfyui_url: str | None = None
    comfyui_headers: dict[str, str] = Field(default_factory=dict)
    output_dir: Path | None = None
    stall_seconds: float = Field(default=300.0, gt=0)


class Settings(Wire):
    """What holds for this start of the app."""

    data_dir: Path
    output_dir: Path
    demo: bool = False
    comfyui_url: str | None = None
    comfyui_headers: dict[str, str] = Field(default_factory=dict, repr=False)
    stall_seconds: float = 300.0


def load_settings(
    *,
    data_dir: Path | None = None,
    output_dir: Path | None = None,
    comfyui_url: str | None = None,
    demo: bool = False,
    environment: Mapping[str, str] = os.environ,
) -> Settings:
    """The settings of this start; raises InvalidRequest if ``settings.json`` cannot be read."""
    data = data_dir or _path(environment, "BATCHGEN_DATA_DIR") or default_data_dir()
    saved = _read(data / "settings.json")
    output = output_dir or _path(environment, "BATCHGEN_OUTPUT_DIR") or saved.output_dir
    return Settings(
        data_dir=data,
        output_dir=output or default_output_dir(),
        demo=demo,
        comfyui_url=comfyui_url or environment.get("BATCHGEN_COMFYUI_URL") or saved.comfyui_url,
        comfyui_headers=saved.comfyui_headers,
        stall_seconds=saved.stall_seconds,
    )


def default_data_dir() -> Path:
    """Where this system keeps an app's own data."""
    return platformdirs.user_data_path(APP_NAME, appauthor=False)


def default_output_dir() -> Path:
    """Where this system keeps a person's pictures."""
    return platformdirs.user_pictures_path() / APP_NAME


def _path(environment: Mapping[str, str], name: str) -> Path | None:
    text = environment.get(name)
    return Path(text) if text else None


def _read(path: Path) -> SavedSettings:
    try:
        return SavedSettings.model_validate(json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        return SavedSettings()
    except (OSError, ValueError, ValidationError) as error:
        raise InvalidRequest.of(
            "settings", "unreadable", f"{path} cannot be read: {error}. Mend it or move it away."
        ) from error
