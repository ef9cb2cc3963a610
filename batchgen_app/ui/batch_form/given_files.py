"""GivenFiles: what a person means with a picture or a file that is given to the whole form."""

from collections.abc import Mapping, Sequence
from contextlib import suppress

from batchgen_app.core.errors import InvalidRequest
from batchgen_app.core.programs.asked import Reading
from batchgen_app.language.texts import translated
from batchgen_app.services import ServerQueries
from batchgen_app.ui.batch_form import graph_words
from batchgen_app.ui.batch_form.form_actions import FormActions
from batchgen_app.ui.batch_form.request_fields import RequestFields
from batchgen_app.ui.parts.choosing import one_of
from batchgen_app.ui.parts.toast import toast, tried

PICTURE, WORKFLOW, SETTINGS = "picture", "workflow", "settings"
ANSWERS = {
    WORKFLOW: graph_words.USE_ITS_WORKFLOW,
    PICTURE: graph_words.START_FROM_IT,
    SETTINGS: graph_words.USE_ITS_SETTINGS,
}
ONLY_WITHOUT = {PICTURE: graph_words.DO_WITHOUT_WORKFLOW}
WITHOUT_PIXELS = frozenset({"api", "editor"})
"""Formats of files that are a workflow and nothing else."""


class GivenFiles:
    """Brings each where it belongs, and asks where that is not clear. Nothing else in the form
    changes.
    """

    def __init__(
        self,
        server: ServerQueries,
        actions: FormActions,
        fields: RequestFields,
    ) -> None:
        self._server = server
        self._actions = actions
        self._fields = fields
        self._pictures = fields.pictures
        self._workflow = fields.workflow

    async def take(self, name: str, content: bytes) -> None:
        """A file that may be a workflow, a picture, or both."""
        await tried(self._take(name, content))

    async def start_from(self, picture_id: str) -> None:
        """Start from a picture that was given or made."""
        await tried(self._start_from(picture_id))

    async def _take(self, name: str, content: bytes) -> None:
        """Raises InvalidRequest for what is neither, StorageError."""
        reading = await self._reading(content)
        try:
            found = await self._server.inspect(content)
        except InvalidRequest as error:
            if reading is None:
                await self._take_picture(name, content, error)
                return
            choices = [SETTINGS, PICTURE] if self._pictures.places else [SETTINGS]
        else:
            is_both = found.format not in WITHOUT_PIXELS and self._pictures.places
            choices = [WORKFLOW, PICTURE] if is_both else [WORKFLOW]
            if reading and reading.workflow is None:
                choices.append(SETTINGS)
        await self._use(await self._meant(name, choices), name, content, reading)

    async def _reading(self, content: bytes) -> Reading | None:
        """What a picture tells of how it was made, where a form has fields for that."""
        with suppress(InvalidRequest):
            reading = await self._server.read_picture(content)
            return reading if reading.request else None
        return None

    async def _meant(self, name: str, choices: Sequence[str]) -> str | None:
        if len(choices) == 1:
            return choices[0]
        question = graph_words.both(name) if WORKFLOW in choices else graph_words.settings_in(name)
        return await one_of(question, {choice: ANSWERS[choice] for choice in choices})

    async def _use(
        self, meant: str | None, name: str, content: bytes, reading: Reading | None
    ) -> None:
        if meant == WORKFLOW:
            await self._workflow.use(name, content)
            self._fields.show_more()
        elif meant == PICTURE:
            await self._take_picture(name, content)
        elif meant == SETTINGS and reading:
            take_back = self._fields.take_over(reading.request)
            self._fields.show_more()
            unread = [translated(text) for text in reading.unread]
            toast(graph_words.settings_used(name, reading.source, unread), undo=take_back)

    async def _take_picture(
        self, name: str, content: bytes, no_workflow: InvalidRequest | None = None
    ) -> None:
        try:
            kept = await self._actions.keep_picture(content)
        except InvalidRequest as error:
            is_text = content.lstrip()[:1] in {b"{", b"["}
            why = no_workflow if no_workflow and is_text else error
            toast(graph_words.not_usable(name, translated(str(why))))
        else:
            await self._put(kept.id)

    async def _start_from(self, picture_id: str) -> None:
        await self._actions.look_at_picture(picture_id)
        await self._put(picture_id)

    async def _put(self, picture_id: str) -> None:
        places = self._pictures.places
        if not places and await one_of(str(graph_words.NO_PLACE_FOR_IT), ONLY_WITHOUT):
            await self._workflow.remove()
            places = self._pictures.places
        if places and (slot := await self._slot(places)):
            await self._pictures.put(slot, picture_id)

    async def _slot(self, places: Mapping[str, str]) -> str | None:
        only = next(iter(places)) if len(places) == 1 else None
        return only or await one_of(str(graph_words.WHICH_PLACE), places)
