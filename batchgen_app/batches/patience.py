"""Patience: how long a batch waits for what."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Patience:
    """In seconds, where nothing else is said."""

    answer: float = 10.0
    """For one answer of the server."""
    stall: float = 300.0
    """Without progress, an image is given up."""
    look: float = 2.0
    """Between two looks at the server while the websocket says nothing."""
    first_look: float = 0.3
    """At a prompt of which nothing is heard: it may have to wait behind others."""
    look_without_websocket: float = 0.5
    look_when_stopping: float = 0.1
    websocket: float = 2.0
    """For a websocket, before a prompt is submitted without one."""
    last_words: float = 30.0
    """For pictures that are still on their way over the websocket when their prompt has ended."""
    retry: float = 1.0
    """Before the first new try when the server does not answer; doubles up to ``retry_at_most``."""
    retry_at_most: float = 8.0
    faults: int = 40
    """Answers that make no sense, one after the other, until they are believed: some minutes."""
    database: float = 10.0
    """For a database that another program has locked, when somebody asks for something."""
    stopping: float = 0.5
    """After a stop was requested, for a question that is on its way to a server that does not
    answer.
    """
    letting_go: float = 0.75
    """And for a server that answers, but works on; and for a picture that is on its way. What it
    has not let go by then is taken back from it while the batch has ended.
    """
