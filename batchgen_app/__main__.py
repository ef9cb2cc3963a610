"""``python -m batchgen_app`` is ``batchgen``."""

from batchgen_app.cli import main

main()
