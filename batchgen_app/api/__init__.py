"""HTTP API (being built)."""

from fastapi import FastAPI

from batchgen_app.batches.workshop import Workshop


def build_api(workshop: Workshop) -> FastAPI:
    """The sub-application that is mounted at /api."""
    return FastAPI(title="BatchGen")
