"""All fields of a request, together: what they offer, what they ask for, what is wrong. What most
people leave as it is stays closed until somebody wants it.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from functools import partial

from nicegui import events, ui

from batchgen_app.core.batch import Parameters
from batchgen_app.core.errors import InvalidRequest, Problem
from batchgen_app.core.request import AnyRequest, BatchRequest, SeedMode, SingleImageRequest
from batchgen_app.core.wire import JsonObject
from batchgen_app.services import Queries, ServerQueries
from batchgen_app.services.values import GalleryQuery
from batchgen_app.settings import FormDefaults
from batchgen_app.ui.batch_form import words
from batchgen_app.ui.batch_form.count_and_size import CountField, SeedChoice, SizeChoice, TypeChoice
from batchgen_app.ui.batch_form.form_actions import FormActions
from batchgen_app.ui.batch_form.lora_choice import NAME as LORAS
from batchgen_app.ui.batch_form.lora_choice import LoraChoice
from batchgen_app.ui.batch_form.model_choice import ModelChoice
from batchgen_app.ui.batch_form.prompt_field import PromptField
from batchgen_app.ui.batch_form.workflow_choice import WorkflowChoice
from batchgen_app.ui.parts.draft import Draft
from batchgen_app.ui.parts.fields import BASE, Field, ParameterFields, offer

INTO_VIEW = """() => {{
    const box = getHtmlElement({id});
    const wanted = box.contains(document.activeElement) ? box : null;
    (box.querySelector(".bg-field-error") ?? wanted)?.scrollIntoView({{ block: "nearest" }});
}}"""
"""What is wrong in the box, or the whole box for the one who is in it: whoever has gone on
meanwhile, to what is wrong elsewhere or to the progress, stays there.
"""


class More:
    """The fields behind "More"."""

    def __init__(
        self,
        server: ServerQueries,
        actions: FormActions,
        on_loras: Callable[[], None],
        on_workflow: Callable[[], Awaitable[None]],
    ) -> None:
        with ui.expansion(str(words.MORE)).classes("bg-more") as self.expansion:
            self.parameters = ParameterFields()
            self.loras = LoraChoice(on_loras)
            self.workflow = WorkflowChoice(server, actions, on_workflow)
        self.expansion.on("after-show", js_handler=INTO_VIEW.format(id=self.expansion.id))

    def open_if(self, wanted: object = False) -> None:  # noqa: FBT002 - what the browser has kept
        """Where it is wanted, or something is wrong, which must be seen."""
        at_fault = any(field.is_at_fault for field in self.parameters.all)
        others = self.workflow.is_at_fault or self.loras.is_at_fault
        if wanted or at_fault or others:
            self.expansion.value = True


HISTORY = 50
"""Batches whose prompts the arrow keys bring back."""
WORKFLOW = "workflow"
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
        self._type = TypeChoice(self._choose_type)
        self.prompt = PromptField(self._earlier)
        self._count = CountField(usual.batch_count)
        self._seeds = SeedChoice(usual.seed_mode, on_edit)
        self.model = ModelChoice(queries.server, actions)
        self._size = SizeChoice()
        self._more = More(queries.server, actions, self._change_loras, self._change_workflow)
        self._adjusted = (self._size.width, self._size.height, *self._more.parameters.all)
        self._all = (self.prompt, self._count, self._seeds.base, self.model, *self._adjusted)
        self._edited: set[Field] = set()
        offer(self._adjusted, self._usual)
        for field in self._all:
            field.control.on("blur", partial(self._leave, field))
            field.control.on_value_change(partial(self._edit, field))
            draft.watch(field)
        self.model.on_known = self._follow_model
        self.model.control.on_value_change(self._follow_model)
        draft.hear(self._count.slider, "update:model-value", self._count.name)
        draft.hear(self._more.expansion, "update:model-value", MORE)
        draft.on("found", self._restore)

    @property
    def count(self) -> int | None:
        """How many images; None if that cannot be made."""
        if not self._type.is_batch:
            return 1
        count = self._count.given
        return count if isinstance(count, int) and not self._fault(self._count) else None

    @property
    def kind(self) -> Parameters:
        """What decides how long an image takes, as far as it is filled in."""
        names = {"model": self.model, "steps": self._more.parameters.steps}
        sizes = {"width": self._size.width, "height": self._size.height}
        given = {name: field.given for name, field in {**names, **sizes}.items()}
        try:
            return Parameters.parse(given)
        except InvalidRequest:
            return self._usual

    async def load(self) -> None:
        """Ask the server for its lists."""
        await self.model.load(anew=True)
        self._follow_model()
        self._more.loras.list(self.model.loras)
        await self._more.workflow.load()
        await self._more.parameters.load(self._queries.server)
        self._more.open_if()

    async def fill(self, request: AnyRequest) -> None:
        """Show a request, to make another one like it, in place of what was typed."""
        self._type.choose(batch=not isinstance(request, SingleImageRequest))
        self._seeds.choose(request.seed_mode)
        if request.workflow is not None:
            await self._more.workflow.bring(await asyncio.to_thread(_as_kept, request))
            await self._use_workflow()
        asked = await asyncio.to_thread(request.to_json)
        if not self._type.is_batch:
            del asked[self._count.name]
        values = {**asked, **{f"{BASE}.{name}": v for name, v in asked[BASE].items()}}
        for field in self._all:
            if (value := values.get(field.name)) is not None:
                field.show(value)
        self._more.loras.show(asked.get(LORAS) or [])
        self._draft.replace({**self._typed, WORKFLOW: await self._more.workflow.kept()})

    def sent(self) -> None:
        """What is filled in is no draft any more."""
        self._draft.sent(self._typed)

    async def request(self) -> AnyRequest:
        """What is asked for; raises InvalidRequest, once also for a workflow that is missing."""
        request = await asyncio.to_thread(self._kind_of_request.parse, self._asked())
        self._more.workflow.ask_whether_without()
        return request

    @property
    def _kind_of_request(self) -> type[AnyRequest]:
        return BatchRequest if self._type.is_batch else SingleImageRequest

    def tell(self, problems: Sequence[Problem]) -> Sequence[Problem]:
        """Say at each field what is wrong with it; gives the problems that belong to none."""
        messages = {problem.field: problem.message for problem in problems}
        for field in self._all:
            field.tell(messages.pop(field.name, None))
        self._more.workflow.tell(messages.pop(WORKFLOW, None))
        self._more.loras.tell(messages.pop(LORAS, None))
        self._more.open_if()
        return [problem for problem in problems if problem.field in messages]

    @property
    def _typed(self) -> JsonObject:
        """All but the workflow, as the browser keeps it."""
        values = {field.name: field.control.value for field in self._all}
        loras = {LORAS: self._more.loras.given}
        return {**values, **loras, **self._type.draft, **self._seeds.draft}

    async def _restore(self, event: events.GenericEventArguments) -> None:
        """What the browser has kept. It has typed it into the fields that people type into; a
        workflow has changed them, and lists are this side's.
        """
        kept = event.args
        if workflow := kept.get(WORKFLOW):
            await self._more.workflow.bring(workflow)
            await self._use_workflow()
        for field in self._all:
            if field.name in kept:
                field.show(kept[field.name])
        self._more.loras.show(kept.get(LORAS) or [])
        self._more.open_if(kept.get(MORE))

    def _asked(self) -> JsonObject:
        asked: JsonObject = {"seedMode": self._seeds.mode, BASE: {}}
        for field in filter(self._is_sent, self._all):
            *within, name = field.name.split(".")
            (asked[BASE] if within else asked)[name] = field.given
        if loras := self._more.loras.given:
            asked[LORAS] = loras
        return {**asked, **(self._more.workflow.given or {})}

    def _is_sent(self, field: Field) -> bool:
        """A workflow keeps its own values, unless a person changed what it offers."""
        if field is self._count:
            return self._type.is_batch and field.given is not None
        if field is self._seeds.base:
            return self._seeds.mode is SeedMode.INCREMENTAL and field.given is not None
        if self._more.workflow.given is not None and field is not self.prompt:
            return field.is_changed and field.given is not None
        return field.given not in {None, ""}

    def _leave(self, field: Field) -> None:
        """Nobody is scolded for what is still to come."""
        if field in self._edited:
            field.tell(self._fault(field))

    def _edit(self, field: Field) -> None:
        """A message goes away as soon as the value is right, and never comes while one types."""
        self._edited.add(field)
        if field.is_at_fault:
            field.tell(self._fault(field))
        if field is not self.prompt:
            self._on_edit()

    def _fault(self, field: Field) -> str | None:
        """The workflow was looked at when it came, and may be large: that there is one counts."""
        asked = self._asked()
        if WORKFLOW in asked:
            asked[WORKFLOW] = {}
        try:
            self._kind_of_request.parse(asked)
        except InvalidRequest as error:
            return next((p.message for p in error.problems if p.field == field.name), None)
        return None

    def _choose_type(self) -> None:
        is_batch = self._type.is_batch
        self._count.box.visible = is_batch
        self._seeds.speak_of(several=is_batch)
        self._on_edit()

    def _change_loras(self) -> None:
        self._draft.keep({LORAS: self._more.loras.given})
        self._on_edit()

    def _follow_model(self) -> None:
        """What nobody changed is as the family of the model needs it."""
        if (model := self.model.chosen) and not self._more.workflow.given:
            of_model = self._queries.server.defaults_for(model)
            usual = self._usual if of_model == self._queries.defaults else of_model
            offer([field for field in self._adjusted if not field.is_changed], usual)

    async def _change_workflow(self) -> None:
        """A person took one, or put it away."""
        await self._use_workflow()
        self._draft.keep({WORKFLOW: await self._more.workflow.kept()})

    async def _use_workflow(self) -> None:
        """The fields show what the workflow says, or without one the usual values."""
        workflow = self._more.workflow.workflow
        said = workflow.parameters() if workflow else self._usual
        offer(self._adjusted, said)
        await self.model.serve(said.model, workflow=workflow is not None)
        self._on_edit()

    async def _earlier(self) -> Sequence[str]:
        page = await self._queries.gallery(GalleryQuery(limit=HISTORY))
        return [batch.prompt for batch in page.batches]


def _as_kept(request: AnyRequest) -> JsonObject:
    """The workflow of a batch and what was said about it, as a browser keeps them."""
    name = str(words.WORKFLOW_OF_BATCH)
    return {
        "name": name,
        "nodes": request.workflow,
        "roles": request.roles,
        "inputs": request.inputs,
        "inputImages": request.input_images,
    }
