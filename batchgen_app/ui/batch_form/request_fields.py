"""All fields of a request, together: what they offer, what they ask for, what is wrong."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from functools import partial

from nicegui import events

from batchgen_app.core.batch import Parameters
from batchgen_app.core.errors import InvalidRequest, Problem
from batchgen_app.core.form_defaults import FormDefaults
from batchgen_app.core.request import AnyRequest, SeedMode, SingleImageRequest
from batchgen_app.core.wire import JsonObject
from batchgen_app.language.message import Message
from batchgen_app.services import Queries
from batchgen_app.services.values import GalleryQuery
from batchgen_app.ui.batch_form import graph_words, words
from batchgen_app.ui.batch_form.asked import WORKFLOW, Asked
from batchgen_app.ui.batch_form.form_actions import FormActions
from batchgen_app.ui.batch_form.input_pictures import NAME as PICTURES
from batchgen_app.ui.batch_form.origin import NAME as ORIGIN
from batchgen_app.ui.batch_form.request_sheet import RequestSheet
from batchgen_app.ui.batch_form.workflow_choice import as_kept
from batchgen_app.ui.parts.draft import Draft
from batchgen_app.ui.parts.fields import Field
from batchgen_app.ui.parts.parameter_fields import offer
from batchgen_app.workflows.adjustable import NOTHING_KNOWN, of_workflow
from batchgen_app.workflows.families import FAMILIES

HISTORY = 50
"""Batches whose prompts the arrow keys bring back."""
MORE = "more"


class RequestFields:
    """The fields of a request, with ``usual`` values at the start, or what ``draft`` has kept;
    ``on_edit`` is called when any but the prompt changes.
    """

    def __init__(
        self,
        queries: Queries,
        actions: FormActions,
        *,
        usual: FormDefaults,
        draft: Draft,
        on_edit: Callable[[], None],
    ) -> None:
        self._queries = queries
        self._draft = draft
        self._usual = usual.on(queries.defaults)
        self._on_edit = on_edit
        self._sheet = RequestSheet(
            queries,
            actions,
            usual,
            earlier=self._earlier,
            on_edit=on_edit,
            on_type=self._choose_type,
            on_pictures=self._change_pictures,
            on_choice=self._change_choice,
            on_workflow=self._change_workflow,
        )
        self._asked = Asked(queries, self._sheet)
        self.prompt = self._sheet.prompt
        self.pictures = self._sheet.pictures
        self.model = self._sheet.model
        self.workflow = self._sheet.more.workflow
        self.styles = self._sheet.more.styles
        self.show_more = partial(self._sheet.more.open_if, wanted=True)
        self._edited: set[Field] = set()
        self._begun_with: str | None = None
        """The id of a workflow that counts more than what was typed earlier."""
        self.on_restored: Callable[[], Awaitable[None]] | None = None
        """Called once the form has what the browser kept."""
        offer(self._sheet.adjusted, self._usual)
        for field in self._sheet.kept:
            field.control.on("blur", partial(self._leave, field))
            field.control.on_value_change(partial(self._edit, field))
            draft.watch(field)
        self.model.on_known = self._follow_model
        self.model.control.on_value_change(self._follow_model)
        draft.hear(self._sheet.count.slider, "update:model-value", self._sheet.count.name)
        draft.hear(self._sheet.more.expansion, "update:model-value", MORE)
        draft.on("found", self._restore)

    @property
    def is_changed(self) -> bool:
        """Whether a person has given anything but a prompt."""
        return self._sheet.is_changed

    @property
    def count(self) -> int | None:
        """How many images; None if that cannot be made."""
        if not self._sheet.type.is_batch:
            return 1
        field = self._sheet.count
        count = field.given
        return count if isinstance(count, int) and not self._asked.fault(field) else None

    @property
    def kind(self) -> Parameters:
        """What decides how long an image takes, as far as it is filled in."""
        names = {"model": self.model, "steps": self._sheet.more.parameters.steps}
        sizes = {"width": self._sheet.size.width, "height": self._sheet.size.height}
        given = {name: field.given for name, field in {**names, **sizes}.items()}
        try:
            return Parameters.parse(given)
        except InvalidRequest:
            return self._usual

    async def load(self) -> None:
        """Ask the server for its lists."""
        await self.load_styles()
        await self.model.load(anew=True)
        self._sheet.more.loras.list(self.model.loras)
        await self.workflow.load()
        await self._sheet.more.parameters.load(self._queries.server)
        self._sheet.more.open_if()

    async def load_styles(self) -> None:
        """Those of now."""
        await self.styles.load()

    async def fill(self, request: AnyRequest, batch_id: str) -> None:
        """Show the request of a batch, to make another one like it, in place of what was typed."""
        self._sheet.origin.kept = batch_id
        self._sheet.type.choose(batch=not isinstance(request, SingleImageRequest))
        self._sheet.seeds.choose(request.seed_mode)
        self._sheet.dynamic.choose(on=bool(request.dynamic_prompt))
        if request.workflow is not None:
            await self.workflow.bring(await asyncio.to_thread(as_kept, request))
            await self._use_workflow()
        else:
            await self.pictures.begin(request.input_images or {})
        asked = await asyncio.to_thread(request.to_json)
        if not self._sheet.type.is_batch:
            del asked[self._sheet.count.name]
        self._sheet.show(asked, self._sheet.all)
        self._sheet.own_prompt.tells_all(request.prompt)
        self._follow_model()
        self._sheet.more.graph.fill(asked)
        self._sheet.show_choices(asked)
        self._draft.replace({**self._sheet.typed, WORKFLOW: await self.workflow.kept()})

    def take_over(self, asked: JsonObject) -> Callable[[], Awaitable[None]]:
        """Show what a picture tells; the rest stays. Gives what shows again what was there."""
        shown = {field: field.control.value for field in self._sheet.kept}
        mode, chosen = self._sheet.seeds.mode, self._sheet.chosen
        if told := asked.get("seedMode"):
            self._sheet.seeds.choose(SeedMode(told))
        self._sheet.show(asked, self._sheet.kept)
        self._settle_choices({**chosen, **asked})

        async def take_back() -> None:
            self._sheet.seeds.choose(mode)
            for field, before in shown.items():
                field.show(before)
            self._settle_choices(chosen)

        return take_back

    def _settle_choices(self, values: JsonObject) -> None:
        self._follow_model()
        self._sheet.show_choices(values)
        self._draft.keep(self._sheet.typed)

    async def use(self, workflow_id: str) -> None:
        """Begin with one of the workflows that can be chosen, and with the rest as it was typed
        earlier; a built-in one is used with the first of its models.
        """
        self._begun_with = workflow_id
        if workflow_id in FAMILIES:
            self.model.prefer(workflow_id)
        else:
            await self.workflow.choose(workflow_id)
            await self._use_workflow()
            self._sheet.more.expansion.value = True
        self._draft.bring()
        self._draft.keep({WORKFLOW: await self.workflow.kept()})

    def sent(self) -> None:
        """What is filled in is no draft any more."""
        self._draft.sent(self._sheet.typed)
        self._sheet.origin.kept = ""

    async def request(self) -> AnyRequest:
        """What is asked for; raises InvalidRequest, once also for a workflow that is missing."""
        request = await asyncio.to_thread(self._asked.parsed, self._asked.values())
        self.workflow.ask_whether_without()
        return request

    def tell(self, problems: Sequence[Problem]) -> Sequence[Problem]:
        """Say at each field what is wrong with it; gives the problems that belong to none."""
        messages = {problem.field: _in_words_of_page(problem) for problem in problems}
        for field in self._sheet.all:
            field.tell(messages.pop(field.name, None))
        self._sheet.dynamic.settle()
        self._sheet.more.graph.tell(messages)
        self.pictures.tell(messages.pop(PICTURES, None))
        self.workflow.tell(messages.pop(WORKFLOW, None))
        for name, choice in self._sheet.more.choices.items():
            choice.tell(messages.pop(name, None))
        self._sheet.more.open_if()
        return [problem for problem in problems if problem.field in messages]

    async def _restore(self, event: events.GenericEventArguments) -> None:
        """What the browser has kept. It has typed it into the fields that people type into; a
        workflow has changed them, and lists are this side's.
        """
        kept = event.args
        await self._sheet.origin.restore(kept.get(ORIGIN))
        if self._begun_with:
            kept = {name: value for name, value in kept.items() if name not in {WORKFLOW, "model"}}
        if workflow := kept.get(WORKFLOW):
            await self.workflow.bring(workflow)
            await self._use_workflow()
        elif not self.workflow.given and (pictures := kept.get(PICTURES)):
            await self.pictures.begin(pictures)
            self._follow_model()
        for field in self._sheet.kept:
            if field.name in kept:
                field.show(kept[field.name])
        self._sheet.show_choices(kept)
        self._sheet.more.open_if(kept.get(MORE))
        if self.on_restored:
            await self.on_restored()

    def _leave(self, field: Field) -> None:
        """Nobody is scolded for what is still to come. What was refused meanwhile stays said."""
        if field in self._edited and (fault := self._asked.fault(field)):
            field.tell(fault)

    def _edit(self, field: Field) -> None:
        """A message goes away as soon as the value is right, and never comes while one types."""
        self._edited.add(field)
        if field.is_at_fault:
            field.tell(self._asked.fault(field))
        if field is not self.prompt:
            self._on_edit()

    def _choose_type(self) -> None:
        is_batch = self._sheet.type.is_batch
        self._sheet.count.box.visible = self._sheet.keep.box.visible = is_batch
        self._sheet.seeds.speak_of(several=is_batch)
        self._on_edit()

    def _change_choice(self) -> None:
        self._sheet.more.count()
        self._draft.keep(self._sheet.chosen)
        self._on_edit()

    def _follow_model(self) -> None:
        """What nobody changed is as the family of the model needs it."""
        model, graph, listed = self.model.chosen, self._sheet.more.graph, self.model.listed
        if workflow := self.workflow.workflow:
            graph.follow(of_workflow(workflow), listed, is_built_in=False)
        elif model is None:
            graph.follow(NOTHING_KNOWN, listed)
        else:
            adjustable = self._queries.server.adjustable(model, listed)
            graph.follow(self.pictures.changing(adjustable), listed)
            of_model = self._queries.server.defaults_for(model)
            usual = self._usual if of_model == self._queries.defaults else of_model
            unchanged = [field for field in self._sheet.adjusted if not field.is_changed]
            offer(unchanged, self.pictures.shaping(usual))

    async def _change_workflow(self) -> None:
        """A person took one, or put it away."""
        await self._use_workflow()
        await self._change_pictures()

    async def _change_pictures(self) -> None:
        self._draft.keep({WORKFLOW: await self.workflow.kept(), **self.pictures.kept})
        self._follow_model()
        self._on_edit()

    async def _use_workflow(self) -> None:
        """The fields show what the workflow says, or without one the usual values."""
        workflow = self.workflow.workflow
        said = workflow.parameters() if workflow else self._usual
        offer(self._sheet.adjusted, said)
        self._sheet.own_prompt.follow(workflow)
        await self.model.serve(said.model, workflow=workflow is not None)
        self._follow_model()
        self._on_edit()

    async def _earlier(self) -> Sequence[str]:
        page = await self._queries.gallery(GalleryQuery(limit=HISTORY))
        return [batch.prompt for batch in page.batches if not batch.request.prompt_as_is]


def _in_words_of_page(problem: Problem) -> Message:
    """What the API says with names to send, the page has pickers for."""
    return _WORDS.get(problem.code, problem.message)


_WORDS = {"ambiguous_workflow": graph_words.SETTLE, "family_unknown": words.FAMILY_ASKED}
