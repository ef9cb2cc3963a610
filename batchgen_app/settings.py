"""Settings: where things are, which server is used, how the pages look.

What is given on the command line counts first, then the environment, then ``settings.json`` in
the data folder, then the defaults. Read and written here and nowhere else.
"""

import json
import os
from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field, ValidationError
from pydantic.alias_generators import to_camel

from batchgen_app.core import limits
from batchgen_app.core.errors import InvalidRequest, StorageError
from batchgen_app.core.file_names import NamePattern
from batchgen_app.core.form_defaults import FormDefaults
from batchgen_app.core.host_names import Reached
from batchgen_app.core.json_paths import without
from batchgen_app.core.request import Family
from batchgen_app.core.server_list import (
    ListedServer,
    SavedServer,
    alone,
    distinct,
    given_or_listed,
    with_port,
)
from batchgen_app.core.wire import JsonObject, Said, storable
from batchgen_app.language.message import later
from batchgen_app.places import default_data_dir, default_output_dir
from batchgen_app.private_files import read_private, write_private

DEFAULTS_HOLD = later("the usual settings hold")
MIN_STALL_SECONDS, MAX_STALL_SECONDS = 10.0, 86_400.0


class Appearance(StrEnum):
    """Which colours the pages have."""

    SYSTEM = "system"
    DARK = "dark"
    LIGHT = "light"


class Language(StrEnum):
    """The usual one: of the window, and of devices that neither chose one nor wish one we know."""

    SYSTEM = "system"
    ENGLISH = "en"
    GERMAN = "de"


def _of_a_path(value: object) -> object:
    """Raises ValueError for a text that is the path of nothing."""
    if isinstance(value, str) and (not value.strip() or storable(value) != value):
        raise ValueError("no path")
    return value


def _pattern(text: str) -> str:
    """Raises ValueError where it gives no names."""
    try:
        return NamePattern.parse(text).text
    except InvalidRequest as error:
        raise ValueError(str(error)) from error


class SavedSettings(Reached):
    """What ``settings.json`` may hold; what it holds besides is left alone. Nothing else than true
    lets others in: what a person may have meant is not guessed.
    """

    model_config = ConfigDict(extra="ignore")

    comfyui_url: Annotated[str, AfterValidator(with_port)] | None = None
    """Of the only server, where there is nothing else to say of it; ``listed`` tells them all."""
    servers: tuple[SavedServer, ...] = ()
    comfyui_headers: dict[str, str] = Field(default_factory=dict, repr=False)
    """Of versions that had no better place for secrets; taken over from here at the next start."""
    output_dir: Annotated[Path, BeforeValidator(_of_a_path)] | None = None
    stall_seconds: float = Field(
        default=300.0, strict=True, ge=MIN_STALL_SECONDS, le=MAX_STALL_SECONDS
    )
    appearance: Appearance = Appearance.SYSTEM
    language: Language = Language.SYSTEM
    defaults: FormDefaults = FormDefaults()
    lan: bool = Field(default=False, strict=True)
    long_prompts: bool = Field(default=False, strict=True)
    name_pattern: Annotated[str, AfterValidator(_pattern)] | None = None
    """How downloaded files are called; None for the names on disk."""
    model_families: dict[str, Family] = Field(default_factory=dict)
    """What people said about models whose names do not tell their family."""

    @property
    def listed(self) -> tuple[ListedServer, ...]:
        """The servers, in order of preference."""
        return distinct(self.servers) or alone(self.comfyui_url)

    @property
    def prompt_limit(self) -> int:
        """How many characters a prompt may have."""
        return limits.MAX_LONG_PROMPT_LENGTH if self.long_prompts else limits.MAX_PROMPT_LENGTH


class Settings(Reached):
    """What holds for this start of the app."""

    data_dir: Path
    output_dir: Path
    is_output_dir_named: bool = False
    """Whether an option or the environment names it: what is saved does not count then."""
    demo: bool = False
    comfyui_url: str | None = None
    servers: tuple[ListedServer, ...] = ()
    stall_seconds: float = 300.0
    lan: bool = False
    prompt_limit: int = limits.MAX_PROMPT_LENGTH
    language: Language = Language.SYSTEM
    notices: tuple[Said, ...] = ()
    """What a person should know about how they were found."""

    @property
    def listed(self) -> tuple[ListedServer, ...]:
        """The servers, in order of preference; none where the app is to find one itself."""
        return self.servers or alone(self.comfyui_url)


def load_settings(
    *,
    data_dir: Path | None = None,
    output_dir: Path | None = None,
    comfyui: Sequence[str] = (),
    demo: bool = False,
    lan: bool | None = None,
    allowed_hosts: Sequence[str] = (),
    trusted_proxies: Sequence[str] = (),
    root_path: str | None = None,
    environment: Mapping[str, str] = os.environ,
) -> Settings:
    """The settings of this start. A ``settings.json`` that makes no sense is put aside."""
    data = data_dir or _path(environment, "BATCHGEN_DATA_DIR") or default_data_dir()
    notice = mend_settings(data)
    saved = saved_settings(data)
    named = output_dir or _path(environment, "BATCHGEN_OUTPUT_DIR")
    output = named or saved.output_dir
    named_servers = comfyui or environment.get("BATCHGEN_COMFYUI_URL", "").split()
    servers = given_or_listed(named_servers, saved.listed)
    return Settings(
        data_dir=data,
        output_dir=output or default_output_dir(),
        is_output_dir_named=named is not None,
        demo=demo,
        comfyui_url=next((s.address for s in servers if s.enabled), None),
        servers=servers,
        stall_seconds=saved.stall_seconds,
        lan=saved.lan if lan is None else lan,
        allowed_hosts=tuple(allowed_hosts) or saved.allowed_hosts,
        trusted_proxies=tuple(trusted_proxies) or saved.trusted_proxies,
        root_path=saved.root_path if root_path is None else root_path,
        prompt_limit=saved.prompt_limit,
        language=saved.language,
        notices=(notice,) if notice else (),
    )


def saved_settings(data_dir: Path) -> SavedSettings:
    """What ``settings.json`` holds; where it makes no sense or cannot be read, the defaults."""
    try:
        content = _read(_file(data_dir))
    except (OSError, ValueError, RecursionError):
        return SavedSettings()
    return _checked(_usable(content))


def mend_settings(data_dir: Path) -> str:
    """Put a ``settings.json`` that makes no sense aside, and keep what of it does. Gives what a
    person should know about it; empty if all is well.
    """
    path, content = _file(data_dir), None
    try:
        content = _read(path)
    except OSError as error:
        return later(
            "{path} cannot be read ({reason}): {holds}.",
            path=path,
            reason=error.strerror,
            holds=DEFAULTS_HOLD,
        )
    except (ValueError, RecursionError):
        usable: JsonObject = {}
    else:
        usable = _usable(content)
    return "" if content == usable else _put_aside(path, usable)


def save_settings(data_dir: Path, **changes: Any) -> SavedSettings:
    """Change some settings for the next starts; None takes one back to its default. The file is
    replaced in one step and only its owner can read it: headers may hold secrets. Raises
    InvalidRequest, and then nothing is saved; or StorageError.
    """
    path, changed = _file(data_dir), _as_json(changes)
    mend_settings(data_dir)
    try:
        merged = {**_read(path), **changed}
        kept = {name: value for name, value in merged.items() if value is not None}
        _write(path, kept)
    except OSError as error:
        raise StorageError(
            later(
                "{path} cannot be written ({reason}), so the change is not remembered. "
                "Free some space or allow writing there.",
                path=path,
                reason=error.strerror,
            )
        ) from error
    return _checked(kept)


def _path(environment: Mapping[str, str], name: str) -> Path | None:
    return Path(text) if (text := environment.get(name)) else None


def _file(data_dir: Path) -> Path:
    return data_dir / "settings.json"


def _read(path: Path) -> JsonObject:
    """Raises OSError, ValueError or RecursionError."""
    try:
        content = json.loads(read_private(path))
    except FileNotFoundError:
        return {}
    if not isinstance(content, dict):
        raise ValueError("it is no JSON object")  # noqa: TRY004 - as when it is no JSON
    return content


def _write(path: Path, content: JsonObject) -> None:
    write_private(path, json.dumps(content, ensure_ascii=False, indent=2) + "\n")


def _checked(content: JsonObject) -> SavedSettings:
    """Raises ValidationError."""
    return SavedSettings.model_validate(content, by_alias=True, by_name=False)


def _usable(content: JsonObject) -> JsonObject:
    """What is left without the settings that break a limit."""
    try:
        _checked(content)
    except ValidationError as error:
        # From the end, so that what is left of a list keeps its places.
        for path in reversed(dict.fromkeys(_faulty(content, f["loc"]) for f in error.errors())):
            content = without(content, path)
    return content


def _faulty(content: JsonObject, path: tuple[int | str, ...]) -> tuple[int | str, ...]:
    """The way to what cannot be used: one server of several, of another list all of it."""
    is_list = isinstance(content.get(str(path[0])), list)
    return path[: 2 if path[0] == "servers" else 1] if is_list else path


def _put_aside(path: Path, usable: JsonObject) -> str:
    kept = path.with_name(f"{path.name}.broken-{datetime.now():%Y%m%d-%H%M%S}")  # noqa: DTZ005
    holds = later("what of it does holds") if usable else DEFAULTS_HOLD
    try:
        path.replace(kept)
        _write(path, usable)
    except OSError:
        return later("{path} does not make sense: {holds}.", path=path, holds=holds)
    return later(
        "Not all of {name} made sense. It is kept as {kept}; {holds}.",
        name=path.name,
        kept=kept.name,
        holds=holds,
    )


def _as_json(changes: Mapping[str, Any]) -> JsonObject:
    """Checked, and under the names that the file has."""
    given = {name: value for name, value in changes.items() if value is not None}
    try:
        checked = SavedSettings.model_validate(given)
    except ValidationError as error:
        raise limits.explain(error) from error
    taken_back = {to_camel(name): None for name in changes.keys() - given.keys()}
    return taken_back | checked.model_dump(
        mode="json", by_alias=True, include=set(given), exclude_none=True
    )
