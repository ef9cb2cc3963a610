"""The demo engine with somebody who steps in: what a test may make it do wrong.

faults    what can go wrong, and with which prompt
plan      FaultPlan: those in force, as the engine's hooks; `DemoSettings(hooks=FaultPlan(…))`
answers   what GET /view gives then
lines     websockets that break in the middle of a message
"""

from tests.faulty_engine.faults import (
    AnswerLate,
    AnswerSlowly,
    BreakAnswers,
    BreakSubmit,
    CutSentPicture,
    DripView,
    DropSockets,
    FailAtNode,
    FailView,
    Fault,
    HangWhileSampling,
    Hold,
    LateHistory,
    LosePrompt,
    MisnamePrompt,
    Moment,
    RefuseSockets,
    RefuseSubmit,
    SaveInstead,
    SilenceSockets,
    StopWhateverRuns,
    SwellHistory,
    SwellQueue,
    ViewFailure,
    out_of_memory,
)
from tests.faulty_engine.plan import FaultPlan

__all__ = [
    "AnswerLate",
    "AnswerSlowly",
    "BreakAnswers",
    "BreakSubmit",
    "CutSentPicture",
    "DripView",
    "DropSockets",
    "FailAtNode",
    "FailView",
    "Fault",
    "FaultPlan",
    "HangWhileSampling",
    "Hold",
    "LateHistory",
    "LosePrompt",
    "MisnamePrompt",
    "Moment",
    "RefuseSockets",
    "RefuseSubmit",
    "SaveInstead",
    "SilenceSockets",
    "StopWhateverRuns",
    "SwellHistory",
    "SwellQueue",
    "ViewFailure",
    "out_of_memory",
]
