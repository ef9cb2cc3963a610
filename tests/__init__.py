"""The tests: stories against real things. The folders mirror ``batchgen_app``."""

import os

os.environ["LANGUAGE"] = "en"  # whatever this machine speaks, apps that are started here speak this
