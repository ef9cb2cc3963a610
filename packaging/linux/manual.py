"""Writes the manual page to stdout, in the words of ``batchgen --help`` and of every command's."""

import os
from datetime import UTC, datetime

import typer
import typer.main

from batchgen_app import __version__
from batchgen_app.cli import main

FILES = """\
The pictures are in the folder BatchGen of your pictures folder, unless another one was chosen in
the settings; settings, event log and caches in ~/.local/share/BatchGen."""


def manual() -> str:
    """The page, as man(1) reads it."""
    command = typer.main.get_group(main)
    whole = typer.Context(command, info_name="batchgen", max_content_width=76)
    parts = [("OVERVIEW", command.get_help(whole))]
    for name, inner in sorted(command.commands.items()):
        context = typer.Context(inner, info_name=name, parent=whole, max_content_width=76)
        parts.append((f"BATCHGEN {name.upper()}", inner.get_help(context)))
    day = datetime.fromtimestamp(int(os.environ.get("SOURCE_DATE_EPOCH", "0")), UTC).date()
    head = f'.TH BATCHGEN 1 {day} "BatchGen {__version__}"\n.SH NAME\n'
    name = "batchgen \\- one prompt, 2 to 20 ComfyUI variations\n"
    sections = "".join(f".SH {title}\n.nf\n{_plain(text)}\n.fi\n" for title, text in parts)
    return f"{head}{name}{sections}.SH FILES\n{_plain(FILES)}\n"


def _plain(text: str) -> str:
    """Nothing in it means anything to man(1)."""
    escaped = text.replace("\\", "\\e").replace("-", "\\-")
    return "\n".join(f"\\&{line}" for line in escaped.splitlines())


if __name__ == "__main__":
    print(manual(), end="")
