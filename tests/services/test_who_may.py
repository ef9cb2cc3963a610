"""Faces see only what they may: who only views reaches no command, in types and at run time."""

import inspect
from collections.abc import Callable, Iterator
from dataclasses import is_dataclass
from enum import Enum
from pathlib import Path
from typing import Any

import pytest

from batchgen_app.access import Caller, Role, Verb
from batchgen_app.access.access import Access, open_access
from batchgen_app.access.callers import NOBODY
from batchgen_app.access.policy import ALLOWED, may, verb_of
from batchgen_app.core.batch import Marks
from batchgen_app.core.errors import Forbidden
from batchgen_app.core.wire import Wire
from batchgen_app.secrets_store.store import FileStore
from batchgen_app.services import Administration, Preferences, Queries, Services, Sharing
from batchgen_app.services.questions import Questions
from batchgen_app.services.values import GalleryQuery, ImageQuery
from batchgen_app.ui.page_context import Notices
from tests.faulty_engine import Hold, Moment
from tests.studio import Studio, request, studio, until
from tests.test_diagnostics import of

VIEWER = Caller(Role.VIEW, "192.0.2.7", "Phone")
OPEN_TO_VIEWERS = {"mark", "tag", "rename_collection", "remove_collection", "look_at_server"}
NOT_COMMANDS = {"changed", "is_on", "saved", "are_read", "workflows", "servers"}
"""Public names of the doing objects that are no methods: news, what everybody may know, and what
is tried by itself.
"""


def commands(*things: object) -> Iterator[tuple[str, Callable[..., Any]]]:
    """Every public method of these, by its name."""
    for thing in things:
        for name in dir(thing):
            if not name.startswith("_") and name not in NOT_COMMANDS:
                yield name, getattr(thing, name)


async def tell(command: Callable[..., Any], caller: Caller) -> None:
    """Give a command for ``caller``, with something of no use for all it wants to know."""
    first, *wanted = inspect.signature(command).parameters.values()
    assert (first.name, first.annotation) == ("caller", Caller), command
    given = [object() for p in wanted if p.kind is p.POSITIONAL_OR_KEYWORD]
    named = {p.name: object() for p in wanted if p.kind is p.KEYWORD_ONLY}
    done = command(caller, *given, **named)
    if inspect.isawaitable(done):
        await done


def doing(here: Studio, access: Access) -> tuple[object, ...]:
    """Everything that faces are handed and that does something."""
    return (
        Services(here.app).commands,
        Services(here.app).commands.workflows,
        Services(here.app).commands.servers,
        Services(here.app).housekeeping,
        Administration(here.app, of(here.app)),
        Sharing(access),
        Preferences(here.folder / "data"),
        Notices(),
    )


async def test_every_command_refuses_who_may_not(tmp_path: Path) -> None:
    async with studio(tmp_path) as here, open_access(tmp_path, "127.0.0.1") as access:
        for name, command in commands(*doing(here, access)):
            with pytest.raises(Forbidden):
                await tell(command, NOBODY)
            if name not in OPEN_TO_VIEWERS:
                with pytest.raises(Forbidden, match="viewing only"):
                    await tell(command, VIEWER)


async def test_who_was_signed_out_may_do_and_ask_nothing_any_more(tmp_path: Path) -> None:
    secrets = FileStore(tmp_path / "secrets.json")
    async with studio(tmp_path) as here, open_access(tmp_path, "127.0.0.1", secrets) as access:
        token = await access.sessions.admit(Role.FULL, "Phone", "192.0.2.7")
        session = access.sessions.find(token, "192.0.2.7")
        phone = Caller(Role.FULL, "192.0.2.7", "Phone", session)
        queries = Services(here.app).queries(phone)
        assert not queries.is_busy
        await access.sessions.remove_all()
        with pytest.raises(Forbidden, match="signed out"):
            _ = queries.is_busy
        for _, command in commands(*doing(here, access)):
            with pytest.raises(Forbidden, match="signed out"):
                await tell(command, phone)


async def test_a_viewer_marks_and_does_nothing_else(tmp_path: Path) -> None:
    async with studio(tmp_path) as here:
        services, batch = Services(here.app), await here.make()
        do, batch_id, image_id = services.commands, batch.batch_id, batch.pictures[0].id
        files = here.files(batch)
        assert await services.queries(VIEWER).batch(batch_id) is batch
        (marked,) = await do.mark(VIEWER, Marks(rating=5), image_id)
        assert marked.rating == 5
        for refused in (
            do.start(VIEWER, request()),
            do.regenerate(VIEWER, batch_id),
            do.delete_batch(VIEWER, batch_id),
            do.delete_images(VIEWER, image_id),
            do.empty_trash(VIEWER),
            services.queries(VIEWER).wildcards(),
        ):
            with pytest.raises(Forbidden):
                await refused
        assert here.files(batch) == files


async def test_where_some_are_to_be_kept_a_viewer_s_no_makes_room_as_the_maker_has_asked(
    tmp_path: Path,
) -> None:
    hold = Hold(prompt=2, moment=Moment.SAMPLING)
    async with studio(tmp_path, hold) as here:
        batch, do = await here.start(batchCount=2, keep=2), Services(here.app).commands
        await until(lambda: batch.completed_images == 1)
        await do.mark(VIEWER, Marks(rejected=True), batch.pictures[0].id)
        await until(lambda: batch.total_images == 3)
        hold.released.set()
        await here.end(batch)
        await do.mark(VIEWER, Marks(rejected=True), batch.pictures[1].id)
        assert (batch.total_images, batch.completed_images) == (3, 3)


async def test_no_question_leads_to_something_that_can_do(tmp_path: Path) -> None:
    """Such as the store of pictures, through which a viewer could throw away a batch."""
    async with studio(tmp_path) as here:
        batch, queries = await here.make(), Services(here.app).queries(VIEWER)
        image = batch.pictures[0]
        answers = [
            queries,
            await queries.estimate(batch.parameters),
            await queries.gallery(GalleryQuery()),
            await queries.find_images(ImageQuery("fox")),
            await queries.suggest("fo"),
            await queries.collections(),
            await queries.in_gallery(batch.batch_id),
            await queries.pictures(batch.batch_id),
            await queries.statistics(),
            await queries.trash(),
            await queries.housekeeping.usage(),
            await queries.events(0, 100),
            await queries.server.models(),
            await queries.files.archive([image]),
            queries.files.path(image),
        ]
        reached = {type(thing) for answer in answers for thing in reachable(answer)}
        assert {Queries, type(queries.server), type(queries.files)} <= reached
        assert not [kind for kind in reached if not (issubclass(kind, Questions) or is_value(kind))]


async def test_what_is_found_among_the_files_is_nothing_for_viewers(tmp_path: Path) -> None:
    """It names files of this computer. How much room the pictures take is no secret."""
    async with studio(tmp_path) as here:
        await here.make()
        services, owner = Services(here.app), Caller(Role.FULL, is_here=True)
        services.housekeeping.look_through(owner)
        await until(lambda: services.queries(owner).housekeeping.findings is not None)
        seen = services.queries(VIEWER).housekeeping
        assert (seen.findings, seen.fault) == (None, "")
        assert (await seen.usage()).images == 3


async def test_the_types_know_no_such_way_either(tmp_path: Path) -> None:
    """What mypy has to be told to ignore is an error in a face; it complains where it is none."""
    async with studio(tmp_path) as here:
        queries = Services(here.app).queries(VIEWER)
        with pytest.raises(AttributeError):
            await queries.storage.store.throw_away_batch("1")  # type: ignore[attr-defined]
        with pytest.raises(AttributeError):
            await queries.server.use("http://127.0.0.1:9", {})  # type: ignore[attr-defined]
        with pytest.raises(AttributeError):
            await queries.files.throw_away_batch("1")  # type: ignore[attr-defined]


def reachable(thing: Any, depth: int = 6) -> Iterator[object]:
    """This, and all that its public names lead to."""
    if not type(thing).__module__.startswith("batchgen_app."):
        for inner in thing if isinstance(thing, list | tuple) else ():
            yield from reachable(inner, depth)
        return
    yield thing
    for name in dir(thing) if depth else ():
        if not name.startswith(("_", "model_")) and not callable(inner := getattr(thing, name)):
            yield from reachable(inner, depth - 1)


def is_value(kind: type) -> bool:
    """Whether one of these is only data: of the pure core, or with no method that has to wait."""
    is_data = is_dataclass(kind) or issubclass(kind, Wire | Enum)
    methods = [member for name, member in vars(kind).items() if not name.startswith("_")]
    waits = any(inspect.iscoroutinefunction(method) for method in methods)
    return kind.__module__.startswith("batchgen_app.core.") or (is_data and not waits)


async def test_nobody_is_told_anything(tmp_path: Path) -> None:
    """Where no guard said who asks."""
    async with studio(tmp_path) as here:
        queries = Services(here.app).queries(NOBODY)
        for part in (queries, queries.server):
            for name, member in inspect.getmembers_static(type(part)):
                if isinstance(member, property) and name != "_app":
                    with pytest.raises(Forbidden):
                        getattr(part, name)
        with pytest.raises(Forbidden):
            await queries.batch("1")
        with pytest.raises(Forbidden):
            queries.files.folder("1")


def test_the_table_says_what_a_role_may() -> None:
    assert ALLOWED[Role.VIEW] < ALLOWED[Role.FULL] == set(Verb)
    assert {verb for verb in Verb if may(Role.VIEW, verb)} == {Verb.LOOK, Verb.MARK}
    assert not any(may(None, verb) for verb in Verb)
    assert verb_of("GET", "/api/batches") is Verb.LOOK
    assert verb_of("POST", "/api/what/is/not/named") is Verb.SET
