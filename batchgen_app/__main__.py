"""``python -m batchgen_app`` is ``batchgen``.

A frozen build has no ``python -m``: its processes are the program itself, started with the same
words.
"""

import runpy
import sys

OWN = ("batchgen_app.storage.decoder_process", "batchgen_app.window.process")
"""The processes that the app starts."""

if getattr(sys, "frozen", False) and sys.argv[1:2] == ["-m"] and sys.argv[2] in OWN:
    name = sys.argv[2]
    del sys.argv[1:3]
    runpy.run_module(name, run_name="__main__", alter_sys=True)
else:
    from batchgen_app.cli import main

    main()
