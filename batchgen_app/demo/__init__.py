"""The demo engine: a ComfyUI-compatible server that paints pictures from prompt and seed."""

from batchgen_app.demo.engine import DemoEngine, serve
from batchgen_app.demo.faults import (
    AnswerLate,
    BreakSubmit,
    DropSockets,
    FailAtNode,
    FailView,
    FaultPlan,
    HangWhileSampling,
    LateHistory,
    LosePrompt,
    RefuseSubmit,
    SilenceSockets,
    ViewFailure,
    out_of_memory,
)
from batchgen_app.demo.settings import DemoSettings, demo_models

__all__ = [
    "AnswerLate",
    "BreakSubmit",
    "DemoEngine",
    "DemoSettings",
    "DropSockets",
    "FailAtNode",
    "FailView",
    "FaultPlan",
    "HangWhileSampling",
    "LateHistory",
    "LosePrompt",
    "RefuseSubmit",
    "SilenceSockets",
    "ViewFailure",
    "demo_models",
    "out_of_memory",
    "serve",
]
