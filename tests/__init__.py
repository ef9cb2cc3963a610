"""The tests: stories against real things. The folders mirror ``batchgen_app``."""
