"""A look through the files: how far it has come, and what the last one came to."""

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from typing import TypeVar

from nicegui import ui

from batchgen_app.core.batch import GeneratedImage
from batchgen_app.language.texts import Lazy, translated
from batchgen_app.services.values import Faulty, Findings, Foreign, Group, Kind
from batchgen_app.ui.housekeeping import words
from batchgen_app.ui.housekeeping.groups import group_card
from batchgen_app.ui.page_context import PageContext
from batchgen_app.ui.parts.controls import busy, button, marked, own_direction
from batchgen_app.ui.parts.fields import Text
from batchgen_app.ui.parts.toast import toast, tried
from batchgen_app.ui.words import amount

T = TypeVar("T")
MOST = 20
"""Of each kind are shown; the largest, where they have a size."""


class Looking:
    """The part of one open page that is about the files."""

    def __init__(self, context: PageContext) -> None:
        self._context = context
        self._queries = context.queries.housekeeping
        self._asked = 0
        self._is_running = False
        self._prompts: Mapping[str, str] = {}
        """Of the batches in which something is missing or damaged."""
        with ui.element("section").classes("bg-section bg-storage-files") as box:
            heading = ui.label(str(words.FILES)).classes("bg-section-title")
            heading.props("role=heading aria-level=2")
            box.props(f"aria-labelledby={heading.html_id}")
            with ui.element("div").classes("bg-section-body"):
                ui.label(str(words.FILES_HINT)).classes("bg-hint")
                ui.label(str(words.CHECK_HINT)).classes("bg-hint")
                with ui.element("div").classes("bg-buttons"):
                    self._begin = marked(button(str(words.LOOK), self._look, main=True), "look")
                    self._check = marked(button(str(words.CHECK), self._check_all), "check-files")
                    self._stop = marked(
                        button(str(words.STOP_LOOKING), self._stop_looking), "stop-looking"
                    )
                self._bar = ui.linear_progress(show_value=False).classes("bg-look-bar")
                self._bar.props["aria-label"] = str(words.FILES)
                self._step = marked(ui.label(), "look-step").classes("bg-hint")
                self._step.props("role=status")
                self._found = ui.element("div").classes("bg-section-body")

    def follow(self) -> None:
        """Show what comes of it from now on."""
        self._context.news.survey_changed.subscribe(self._go_on)
        self._context.news.batch_edited.subscribe(self.show, expect_args=False)

    async def show(self) -> None:
        """All of it, as it is now; of several wishes at once, the last one counts."""
        self._asked += 1
        asked = self._asked
        self._tell_step()
        findings = self._queries.findings
        shown = await self._shown(findings) if findings else {}
        faulty = findings.faulty[:MOST] if findings else ()
        prompts = await self._queries.prompts([one.batch_id for one in faulty])
        if asked != self._asked:
            return
        self._prompts = prompts
        self._found.clear()
        if findings:
            with self._found:
                await self._tell(findings, shown)

    async def _go_on(self) -> None:
        """Most news are only about how far it has come."""
        if self._is_running and self._queries.is_running:
            self._tell_step()
        else:
            await self.show()

    def _look(self) -> None:
        self._context.services.housekeeping.look_through(self._context.caller)

    def _check_all(self) -> None:
        house = self._context.services.housekeeping
        house.look_through(self._context.caller, every_file=True)

    def _stop_looking(self) -> None:
        self._context.services.housekeeping.stop_looking(self._context.caller)

    def _tell_step(self) -> None:
        step, self._is_running = self._queries.step, self._queries.is_running
        self._begin.visible = self._check.visible = not self._is_running
        self._stop.visible = self._bar.visible = self._is_running
        self._begin.text = str(words.LOOK_AGAIN if self._queries.findings else words.LOOK)
        self._step.text = translated(self._queries.fault)
        if self._is_running:
            self._step.text = (
                words.step(translated(step.what), step.done, step.total)
                if step
                else str(words.BEGINNING)
            )
            self._bar.value = step.done / max(step.total, 1) if step else 0.0

    async def _shown(self, findings: Findings) -> dict[Group, list[GeneratedImage]]:
        """The pictures of the groups that are shown, as far as they are still there."""
        groups = (*findings.same[:MOST], *findings.alike[:MOST])
        found = {group: await self._queries.still_shown(group.images) for group in groups}
        return {group: list(images) for group, images in found.items() if len(images) > 1}

    async def _tell(self, findings: Findings, shown: dict[Group, list[GeneratedImage]]) -> None:
        marked(ui.label(words.looked(findings)), "last-look").classes("bg-hint")
        if findings.is_clean:
            marked(ui.label(str(words.ALL_WELL)), "all-well").classes("bg-status")
        found = findings.found
        if findings.faulty:
            with _part("faulty", words.FAULTY, found.missing + found.damaged, words.FAULTY_HINT):
                names = words.names_of([faulty.batch_id for faulty in findings.faulty])
                tell = partial(_faulty, names=names, prompts=self._prompts)
                _listed(findings.faulty, len(findings.faulty), tell)
        if findings.unknown:
            with _part("unknown", words.UNKNOWN, found.unknown, words.UNKNOWN_HINT):
                _listed(findings.unknown, found.unknown, self._unknown)
        if findings.foreign:
            with _part("foreign", words.FOREIGN, found.foreign, words.FOREIGN_HINT):
                _listed(findings.foreign, found.foreign, _foreign)
        await self._tell_groups("same", words.SAME, findings.same, shown)
        await self._tell_groups("alike", words.ALIKE, findings.alike, shown)
        if findings.problems:
            with _part("unread", words.UNREAD, len(findings.problems)):
                _listed(findings.problems, len(findings.problems), _problem)

    async def _tell_groups(
        self,
        mark: str,
        title: Lazy,
        groups: Sequence[Group],
        shown: dict[Group, list[GeneratedImage]],
    ) -> None:
        there = [group for group in groups[:MOST] if group in shown]
        left = len(groups) - len(groups[:MOST])
        if not there:
            return
        hint = words.ALIKE_HINT if mark == "alike" else None
        with _part(mark, title, len(there) + left, hint):
            free = sum(image.all_bytes for group in there for image in shown[group][1:])
            ui.label(words.could_be_free(free)).classes("bg-hint")
            for group in there:
                group_card(self._context, shown[group])
                await asyncio.sleep(0)  # a card takes milliseconds, and others want their turn
            if left:
                ui.label(words.more(left)).classes("bg-hint")

    def _unknown(self, batch_id: str) -> None:
        own_direction(ui.label(batch_id).classes("bg-path"))
        bring = marked(button(str(words.BRING_IN)), "bring-in")
        bring.on_click(partial(self._bring_in, batch_id, bring))

    async def _bring_in(self, batch_id: str, clicked: ui.button) -> None:
        problems: list[str] = []

        async def bring() -> None:
            house = self._context.services.housekeeping
            problems.extend(await house.bring_in(self._context.caller, batch_id))

        with self._step, busy(clicked):
            if await tried(bring()):
                toast(translated(problems[0]) if problems else str(words.BROUGHT_IN))


@contextmanager
def _part(mark: str, title: Lazy, count: int, hint: Lazy | None = None) -> Iterator[None]:
    with marked(ui.element("div"), mark).classes("bg-found"):
        heading = ui.label(words.counted_title(str(title), count)).classes("bg-found-title")
        heading.props("role=heading aria-level=3")
        if hint:
            ui.label(str(hint)).classes("bg-hint")
        yield


def _listed(things: Sequence[T], count: int, tell: Callable[[T], object]) -> None:
    with ui.element("ul").classes("bg-found-list"):
        for thing in things[:MOST]:
            with ui.element("li"):
                tell(thing)
    if count > MOST:
        ui.label(words.more(count - MOST)).classes("bg-hint")


def _faulty(faulty: Faulty, names: Mapping[str, str], prompts: Mapping[str, str]) -> None:
    with ui.element("span").classes("bg-found-what"):
        Text("span", names[faulty.batch_id])
        if prompt := prompts.get(faulty.batch_id):
            own_direction(Text("span", prompt)).classes("bg-muted bg-found-prompt")
        Text("span", words.faulty(len(faulty.missing), len(faulty.damaged))).classes("bg-muted")
    ui.link(str(words.MAKE_AGAIN), f"/batch/{faulty.batch_id}").classes("bg-link")


def _foreign(foreign: Foreign) -> None:
    own_direction(ui.label(foreign.path).classes("bg-path"))
    is_file = foreign.kind is Kind.FILE
    about = amount(foreign.bytes) if is_file else str(words.KINDS[foreign.kind])
    ui.label(about).classes("bg-muted")


def _problem(problem: str) -> None:
    ui.label(translated(problem))
