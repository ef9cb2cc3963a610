"""The options that several commands share, and what they come to."""

import json
import math
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Annotated, TypeAlias, TypeVar

import typer

from batchgen_app.cli.exits import in_own_words
from batchgen_app.core.host_names import host_name, network_text, path_below
from batchgen_app.core.limits import (
    MAX_BATCH_COUNT,
    MAX_CFG,
    MAX_SIDE,
    MAX_STEPS,
    MAX_STRENGTH,
    MIN_BATCH_COUNT,
    MIN_CFG,
    MIN_SIDE,
    MIN_STEPS,
    SIDE_STEP,
)
from batchgen_app.core.seeds import MAX_SEED
from batchgen_app.core.wire import JsonObject
from batchgen_app.settings import Settings, load_settings

LONGEST_DELAY = 3600.0
Number = TypeVar("Number", int, float)


def number(
    kind: type[Number], allowed: str, least: float = -math.inf, most: float = math.inf
) -> Callable[[object], Number]:
    """Reads an option that is one, ``allowed`` in words. Where the limits are those of a request,
    that tells them.
    """

    def read(text: object) -> Number:
        with suppress(ValueError):
            value = kind(str(text))
            if least <= value <= most:
                return value
        raise typer.BadParameter(f'"{text}" is not {allowed}.')

    return read


COUNT = number(int, f"a whole number from {MIN_BATCH_COUNT} to {MAX_BATCH_COUNT}")
KEEP = number(int, f"a whole number from 1 to {MAX_BATCH_COUNT}")
SEED = number(int, f"a whole number from 0 to {MAX_SEED}, or -1")
STEPS = number(int, f"a whole number from {MIN_STEPS} to {MAX_STEPS}")
CFG = number(float, f"a number from {MIN_CFG} to {MAX_CFG}")
SIDE = number(int, f"a whole number from {MIN_SIDE} to {MAX_SIDE} in steps of {SIDE_STEP}")
GUIDANCE = number(float, f"a number from 0 to {MAX_STRENGTH:g}", 0.0, MAX_STRENGTH)
DENOISE = number(float, "a number from 0 to 1", 0.0, 1.0)
PLACE = number(int, "a whole number, 0 or more", least=0)
ORDERS = (
    *("newest", "oldest", "rating", "prompt", "model", "seed"),
    *("steps", "size", "sampler", "workflow"),
)
"""Of pictures that are found."""


def order(text: object) -> str:
    """Reads an option that is one of them."""
    if text in ORDERS:
        return str(text)
    raise typer.BadParameter(f'"{text}" is not one of {", ".join(ORDERS)}.')


def written(allowed: str, read: Callable[[str], str]) -> Callable[[object], str]:
    """Reads an option that ``read`` makes sense of, ``allowed`` in words."""

    def checked(text: object) -> str:
        try:
            return read(str(text))
        except ValueError as error:
            raise typer.BadParameter(f'"{text}" is not {allowed}.') from error

    return checked


IMAGES = number(int, "a whole number, 1 or more", least=1)
DELAY = number(
    float, f"a number of seconds from 0 to {LONGEST_DELAY:g}", least=0.0, most=LONGEST_DELAY
)

Comfyui: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(
        metavar="URL",
        help="Address of ComfyUI. May be repeated, the preferred one first. [BATCHGEN_COMFYUI_URL]",
    ),
]
Demo: TypeAlias = Annotated[
    bool, typer.Option("--demo", help="Use the built-in demo engine: placeholder pictures.")
]
DataDir: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        "--data-dir", metavar="DIR", help="Settings, event log, caches. [BATCHGEN_DATA_DIR]"
    ),
]
OutputDir: TypeAlias = Annotated[
    Path | None,
    typer.Option("--output-dir", metavar="DIR", help="Where images go. [BATCHGEN_OUTPUT_DIR]"),
]
Host: TypeAlias = Annotated[str, typer.Option(metavar="ADDRESS", help="Address to listen on.")]
Port: TypeAlias = Annotated[
    int,
    typer.Option(
        metavar="PORT",
        parser=number(int, "a whole number from 0 to 65535", 0, 65535),
        help="0 picks a free one.",
    ),
]
Lan: TypeAlias = Annotated[
    bool | None,
    typer.Option("--lan/--no-lan", help="Let others on your network in, with an access code."),
]
AllowedHosts: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(
        "--allowed-host",
        metavar="NAME",
        parser=written("the name of a host", host_name),
        help="Also answer under this name, such as a domain. May be repeated.",
    ),
]
TrustedProxies: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(
        "--trusted-proxy",
        metavar="ADDRESS",
        parser=written("an address, or a network such as 10.0.0.0/8", network_text),
        help="Believe this proxy for whom it asks. May be repeated.",
    ),
]
RootPath: TypeAlias = Annotated[
    str | None,
    typer.Option(
        metavar="PATH",
        parser=written("a path such as /pictures", path_below),
        help="Where a proxy has it, below its own.",
    ),
]
TlsCertificate: TypeAlias = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="Serve by https, with this certificate (PEM)."),
]
TlsKey: TypeAlias = Annotated[
    Path | None, typer.Option(metavar="FILE", help="The key of the certificate (PEM).")
]
AsJson: TypeAlias = Annotated[
    bool, typer.Option("--json", help="Print the finished batch as one JSON object.")
]


def settings_of(
    data_dir: Path | None,
    output_dir: Path | None,
    comfyui: Sequence[str] | None = None,
    *,
    demo: bool = False,
    lan: bool | None = None,
    allowed_hosts: Sequence[str] | None = None,
    trusted_proxies: Sequence[str] | None = None,
    root_path: str | None = None,
) -> Settings:
    """What counts for a command that was told this; a fault ends it in its own words."""
    with in_own_words():
        return load_settings(
            data_dir=data_dir,
            output_dir=output_dir,
            comfyui=comfyui or (),
            demo=demo,
            lan=lan,
            allowed_hosts=allowed_hosts or (),
            trusted_proxies=trusted_proxies or (),
            root_path=root_path,
        )


def is_given(context: typer.Context, option: str) -> bool:
    """Whether somebody said it, instead of leaving it as it is."""
    source = context.get_parameter_source(option)
    return source is None or source.name != "DEFAULT"


def given(**values: object) -> JsonObject:
    """Only what was given."""
    return {name: value for name, value in values.items() if value is not None}


def roles(given: Sequence[str]) -> dict[str, list[str]] | None:
    """Of ``ROLE=SLOT``, each role with all its slots; ``ROLE=`` says that it has none."""
    found: dict[str, list[str]] = {}
    for text in given:
        role, slot = _pair(text, "ROLE=SLOT")
        found.setdefault(role, []).extend([slot] if slot else [])
    return found or None


def seed_list(given: str | None) -> list[int] | None:
    """Of ``NUMBER,NUMBER``, the numbers; whether they are seeds, the request tells."""
    if given is None:
        return None
    try:
        return [int(number) for number in given.split(",")]
    except ValueError:
        raise typer.BadParameter(f'"{given}" is not of the form NUMBER,NUMBER.') from None


def loras(given: Sequence[str]) -> list[dict[str, object]] | None:
    """Of ``NAME[:STRENGTH]``, each LoRA; without a strength, 1."""
    return [_lora(text) for text in given] or None


def _lora(text: str) -> dict[str, object]:
    name, colon, strength = text.rpartition(":")
    with suppress(ValueError):
        if colon and name:
            return {"name": name, "strength": float(strength)}
    return {"name": text}


def inputs(given: Sequence[str]) -> dict[str, object] | None:
    """Of ``SLOT=VALUE``, each slot with what it gets: a number, true, false, or else a text."""
    found = dict(_pair(text, "SLOT=VALUE") for text in given)
    return {slot: _value(text) for slot, text in found.items()} or None


def _pair(text: str, form: str) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    if not sign or not name:
        raise typer.BadParameter(f'"{text}" is not of the form {form}.')
    return name, value


def _value(text: str) -> object:
    with suppress(ValueError):
        value = json.loads(text)
        if isinstance(value, bool | int | float):
            return value
    return text


NEIGHBOURS = 9


def usual_ports(first: int) -> tuple[int, ...]:
    """Where to listen, in this order. What a browser keeps, such as what was typed, belongs to one
    port, so the next one is the same each time; any free one comes last.
    """
    return (*range(first, first + 1 + NEIGHBOURS), 0)
