"""``python -m batchgen_app.window.process``: one window, until it is closed or nobody listens."""

import argparse
import os
import sys
import traceback
from pathlib import Path
from typing import NoReturn

from batchgen_app.window.process.shell import Channel
from batchgen_app.window.process.toolkit import set_environment


def main() -> None:
    """Show the window; does not return."""
    options = _options()
    set_environment(options.gui)
    sys.argv = ["batchgen"]  # what task bars know the window by
    try:
        _show(options)
    except Exception:  # noqa: BLE001 - whatever it is, the app reads why and goes on without a window
        traceback.print_exc()
        _end(1)
    _end(0)


def _show(options: argparse.Namespace) -> None:
    from batchgen_app.window.process.shell import Looks, Shell  # noqa: PLC0415
    from batchgen_app.window.process.window_place import WindowPlaceFile  # noqa: PLC0415 - after the environment

    looks = Looks(options.assets, options.appearance, is_hidden=options.hidden)
    file = WindowPlaceFile(options.data_dir / "window.json")
    Shell(Channel(), looks, file, options.downloads).run(storage=options.data_dir / "window")


def _end(code: int) -> NoReturn:
    """At once: toolkits that Python takes down in its own order crash now and then."""
    sys.stderr.flush()
    os._exit(code)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--assets", type=Path, required=True)
    parser.add_argument("--data-dir", type=Path, required=True)
    parser.add_argument("--downloads", type=Path, required=True)
    parser.add_argument("--appearance", choices=("system", "light", "dark"), default="system")
    parser.add_argument("--hidden", action="store_true", help="to see whether it can be made")
    parser.add_argument("--gui", default="", help="as pywebview names it; empty: the system's own")
    return parser.parse_args()


main()
