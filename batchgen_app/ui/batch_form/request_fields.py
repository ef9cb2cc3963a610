"""All fields of a request, together: what they offer, what they ask for, what is wrong."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from functools import partial

from nicegui import events

from batchgen_app.core.batch import Parameters
from batchgen_app.core.errors import InvalidRequest, Problem
from batchgen_app.core.request import AnyRequest, BatchRequest, SeedMode, SingleImageRequest
from batchgen_app.core.wire import JsonObject
from batchgen_app.language.message import Message
from batchgen_app.services import Queries
from batchgen_app.services.values import GalleryQuery
from batchgen_app.settings import FormDefaults
from batchgen_app.ui.batch_form import graph_words, words
from batchgen_app.ui.batch_form.count_and_size import (
    CountField,
    KeepField,
    SeedChoice,
    SizeChoice,
    TypeChoice,
)
from batchgen_app.ui.batch_form.dynamic_prompt import NAME as DYNAMIC
from batchgen_app.ui.batch_form.dynamic_prompt import DynamicPrompt
from batchgen_app.ui.batch_form.form_actions import FormActions
from batchgen_app.ui.batch_form.input_pictures import NAME as PICTURES
from batchgen_app.ui.batch_form.input_pictures import InputPictures
from batchgen_app.ui.batch_form.model_choice import ModelChoice
from batchgen_app.ui.batch_form.more import More
from batchgen_app.ui.batch_form.origin import NAME as ORIGIN
from batchgen_app.ui.batch_form.origin import Origin
from batchgen_app.ui.batch_form.own_prompt import OwnPrompt
from batchgen_app.ui.batch_form.prompt_field import PromptField
from batchgen_app.ui.batch_form.workflow_choice import as_kept
from batchgen_app.ui.parts.draft import Draft
from batchgen_app.ui.parts.fields import Field
from batchgen_app.ui.parts.parameter_fields import BASE, offer
from batchgen_app.workflows.adjustable import NOTHING_KNOWN, of_workflow
from batchgen_app.workflows.families import FAMILIES

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
        self._origin = Origin(queries)
        self._type = TypeChoice(self._choose_type)
        self.prompt = PromptField(self._earlier, queries.prompt_limit)
        self._own_prompt = OwnPrompt(self.prompt)
        self._dynamic = DynamicPrompt(queries, self.prompt)
        self.pictures = InputPictures(actions, self._change_pictures)
        self._count = CountField(usual.batch_count)
        self._keep = KeepField()
        self._seeds = SeedChoice(usual.seed_mode, on_edit)
        self.model = ModelChoice(queries.server, actions)
        self._size = SizeChoice()
        self._more = More(
            queries.server,
            actions,
            self.prompt,
            self.pictures,
            on_choice=self._change_choice,
            on_workflow=self._change_workflow,
        )
        self.workflow = self._more.workflow
        self.styles = self._more.styles
        self.show_more = partial(self._more.open_if, wanted=True)
        self._dynamic.watch(self._more.parameters.negative)
        self._adjusted = (self._size.width, self._size.height, *self._more.parameters.all)
        of_batch = (self._count, self._keep, self._seeds.base)
        self._all = (self.prompt, *of_batch, self.model, *self._adjusted)
        self._edited: set[Field] = set()
        self._begun_with: str | None = None
        """The id of a workflow that counts more than what was typed earlier."""
        self.on_restored: Callable[[], Awaitable[None]] | None = None
        """Called once the form has what the browser kept."""
        offer(self._adjusted, self._usual)
        for field in self._kept:
            field.control.on("blur", partial(self._leave, field))
            field.control.on_value_change(partial(self._edit, field))
            draft.watch(field)
        self.model.on_known = self._follow_model
        self.model.control.on_value_change(self._follow_model)
        draft.hear(self._count.slider, "update:model-value", self._count.name)
        draft.hear(self._more.expansion, "update:model-value", MORE)
        draft.on("found", self._restore)

    @property
    def _kept(self) -> Sequence[Field]:
        """Those that the browser remembers, in the order in which they follow one another."""
        return *self._all, *self._more.graph.all

    @property
    def is_changed(self) -> bool:
        """Whether a person has given anything but a prompt."""
        others = any(field.is_changed for field in self._kept if field is not self.prompt)
        return (
            others
            or bool(self._more.workflow.given or self.pictures.given)
            or any(choice.given for choice in self._more.choices.values())
        )

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
        await self.load_styles()
        await self.model.load(anew=True)
        self._more.loras.list(self.model.loras)
        await self._more.workflow.load()
        await self._more.parameters.load(self._queries.server)
        self._more.open_if()

    async def load_styles(self) -> None:
        """Those of now."""
        await self.styles.load()

    async def fill(self, request: AnyRequest, batch_id: str) -> None:
        """Show the request of a batch, to make another one like it, in place of what was typed."""
        self._origin.kept = batch_id
        self._type.choose(batch=not isinstance(request, SingleImageRequest))
        self._seeds.choose(request.seed_mode)
        self._dynamic.choose(on=bool(request.dynamic_prompt))
        if request.workflow is not None:
            await self._more.workflow.bring(await asyncio.to_thread(as_kept, request))
            await self._use_workflow()
        else:
            await self.pictures.begin(request.input_images or {})
        asked = await asyncio.to_thread(request.to_json)
        if not self._type.is_batch:
            del asked[self._count.name]
        values = {**asked, **{f"{BASE}.{name}": v for name, v in asked[BASE].items()}}
        for field in self._all:
            if (value := values.get(field.name)) is not None:
                field.show(value)
        self._follow_model()
        self._more.graph.fill(asked)
        self._show_choices(asked)
        self._draft.replace({**self._typed, WORKFLOW: await self._more.workflow.kept()})

    def take_over(self, asked: JsonObject) -> Callable[[], Awaitable[None]]:
        """Show what a picture tells; the rest stays. Gives what shows again what was there."""
        shown = {field: field.control.value for field in self._kept}
        mode, chosen = self._seeds.mode, self._chosen
        if told := asked.get("seedMode"):
            self._seeds.choose(SeedMode(told))
        values = {**asked, **{f"{BASE}.{name}": v for name, v in asked.get(BASE, {}).items()}}
        for field in self._kept:
            if (value := values.get(field.name)) is not None:
                field.show(value)
        self._settle_choices({**chosen, **asked})

        async def take_back() -> None:
            self._seeds.choose(mode)
            for field, before in shown.items():
                field.show(before)
            self._settle_choices(chosen)

        return take_back

    def _settle_choices(self, values: JsonObject) -> None:
        self._follow_model()
        self._show_choices(values)
        self._draft.keep(self._typed)

    async def use(self, workflow_id: str) -> None:
        """Begin with one of the workflows that can be chosen, and with the rest as it was typed
        earlier; a built-in one is used with the first of its models.
        """
        self._begun_with = workflow_id
        if workflow_id in FAMILIES:
            self.model.prefer(workflow_id)
        else:
            await self._more.workflow.choose(workflow_id)
            await self._use_workflow()
            self._more.expansion.value = True
        self._draft.bring()
        self._draft.keep({WORKFLOW: await self._more.workflow.kept()})

    def sent(self) -> None:
        """What is filled in is no draft any more."""
        self._draft.sent(self._typed)
        self._origin.kept = ""

    async def request(self) -> AnyRequest:
        """What is asked for; raises InvalidRequest, once also for a workflow that is missing."""
        request = await asyncio.to_thread(self._parse, self._asked())
        self._more.workflow.ask_whether_without()
        return request

    def _parse(self, asked: JsonObject) -> AnyRequest:
        kind = BatchRequest if self._type.is_batch else SingleImageRequest
        request = kind.parse(asked, prompt_limit=self._queries.prompt_limit)
        self.styles.check(request)
        return request

    def tell(self, problems: Sequence[Problem]) -> Sequence[Problem]:
        """Say at each field what is wrong with it; gives the problems that belong to none."""
        messages = {problem.field: _in_words_of_page(problem) for problem in problems}
        for field in self._all:
            field.tell(messages.pop(field.name, None))
        self._dynamic.settle()
        self._more.graph.tell(messages)
        self.pictures.tell(messages.pop(PICTURES, None))
        self._more.workflow.tell(messages.pop(WORKFLOW, None))
        for name, choice in self._more.choices.items():
            choice.tell(messages.pop(name, None))
        self._more.open_if()
        return [problem for problem in problems if problem.field in messages]

    @property
    def _typed(self) -> JsonObject:
        """All but the workflow, as the browser keeps it."""
        values = {field.name: field.control.value for field in self._kept}
        ticks = {**self._type.draft, **self._seeds.draft, **self._dynamic.draft}
        return {**values, **self._chosen, **self.pictures.kept, **ticks, ORIGIN: self._origin.kept}

    @property
    def _chosen(self) -> JsonObject:
        return {name: choice.given for name, choice in self._more.choices.items()}

    def _show_choices(self, values: JsonObject) -> None:
        for name, choice in self._more.choices.items():
            choice.show(values.get(name) or [])
        self._more.count()

    async def _restore(self, event: events.GenericEventArguments) -> None:
        """What the browser has kept. It has typed it into the fields that people type into; a
        workflow has changed them, and lists are this side's.
        """
        kept = event.args
        await self._origin.restore(kept.get(ORIGIN))
        if self._begun_with:
            kept = {name: value for name, value in kept.items() if name not in {WORKFLOW, "model"}}
        if workflow := kept.get(WORKFLOW):
            await self._more.workflow.bring(workflow)
            await self._use_workflow()
        elif not self._more.workflow.given and (pictures := kept.get(PICTURES)):
            await self.pictures.begin(pictures)
            self._follow_model()
        for field in self._kept:
            if field.name in kept:
                field.show(kept[field.name])
        self._show_choices(kept)
        self._more.open_if(kept.get(MORE))
        if self.on_restored:
            await self.on_restored()

    def _asked(self) -> JsonObject:
        asked: JsonObject = {"seedMode": self._seeds.mode, BASE: {}}
        for field in filter(self._is_sent, self._all):
            *within, name = field.name.split(".")
            (asked[BASE] if within else asked)[name] = field.given
        if family := self.model.family:
            asked["family"] = family
        asked |= self._more.graph.given
        asked |= {name: given for name, given in self._chosen.items() if given}
        if self._dynamic.given:
            asked[DYNAMIC] = True
        asked |= self._origin.asked(self.pictures.given.values())
        return {**asked, **(self._more.workflow.given or self.pictures.asked)}

    def _is_sent(self, field: Field) -> bool:
        """A workflow keeps its own values, unless a person changed what it offers."""
        if field in {self._count, self._keep}:
            return self._type.is_batch and field.given is not None
        if field is self._seeds.base:
            return self._seeds.mode is SeedMode.INCREMENTAL and field.given is not None
        if field is self._more.parameters.negative and self.styles.given:
            return field.given not in {None, ""}  # theirs are added to it
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
            self._parse(asked)
        except InvalidRequest as error:
            return next((p.message for p in error.problems if p.field == field.name), None)
        return None

    def _choose_type(self) -> None:
        is_batch = self._type.is_batch
        self._count.box.visible = self._keep.box.visible = is_batch
        self._seeds.speak_of(several=is_batch)
        self._on_edit()

    def _change_choice(self) -> None:
        self._more.count()
        self._draft.keep(self._chosen)
        self._on_edit()

    def _follow_model(self) -> None:
        """What nobody changed is as the family of the model needs it."""
        model, graph, listed = self.model.chosen, self._more.graph, self.model.listed
        if workflow := self._more.workflow.workflow:
            graph.follow(of_workflow(workflow), listed, is_built_in=False)
        elif model is None:
            graph.follow(NOTHING_KNOWN, listed)
        else:
            adjustable = self._queries.server.adjustable(model, listed)
            graph.follow(self.pictures.changing(adjustable), listed)
            of_model = self._queries.server.defaults_for(model)
            usual = self._usual if of_model == self._queries.defaults else of_model
            unchanged = [field for field in self._adjusted if not field.is_changed]
            offer(unchanged, self.pictures.shaping(usual))

    async def _change_workflow(self) -> None:
        """A person took one, or put it away."""
        await self._use_workflow()
        await self._change_pictures()

    async def _change_pictures(self) -> None:
        self._draft.keep({WORKFLOW: await self._more.workflow.kept(), **self.pictures.kept})
        self._follow_model()
        self._on_edit()

    async def _use_workflow(self) -> None:
        """The fields show what the workflow says, or without one the usual values."""
        workflow = self._more.workflow.workflow
        said = workflow.parameters() if workflow else self._usual
        offer(self._adjusted, said)
        self._own_prompt.follow(workflow)
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
