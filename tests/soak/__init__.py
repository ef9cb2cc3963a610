"""Long runs: many deaths, many batches. ``python -m tests.soak`` does both for real."""
