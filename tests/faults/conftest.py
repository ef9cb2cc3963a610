"""Processes are killed and stopped here as POSIX does it; Windows knows no such signals."""

import os

collect_ignore_glob = ["test_*.py"] if os.name == "nt" else []
