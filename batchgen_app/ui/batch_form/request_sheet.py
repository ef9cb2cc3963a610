"""The sheet that a request is filled in on: its fields, made in the order in which they stand."""

from collections.abc import Awaitable, Callable, Sequence

from batchgen_app.core.form_defaults import FormDefaults
from batchgen_app.core.wire import JsonObject
from batchgen_app.services import Queries
from batchgen_app.ui.batch_form.count_and_size import (
    CountField,
    KeepField,
    SeedChoice,
    SizeChoice,
    TypeChoice,
)
from batchgen_app.ui.batch_form.dynamic_prompt import DynamicPrompt
from batchgen_app.ui.batch_form.form_actions import FormActions
from batchgen_app.ui.batch_form.input_pictures import InputPictures
from batchgen_app.ui.batch_form.model_choice import ModelChoice
from batchgen_app.ui.batch_form.more import More
from batchgen_app.ui.batch_form.origin import NAME as ORIGIN
from batchgen_app.ui.batch_form.origin import Origin
from batchgen_app.ui.batch_form.own_prompt import OwnPrompt
from batchgen_app.ui.batch_form.prompt_field import PromptField
from batchgen_app.ui.parts.fields import Field
from batchgen_app.ui.parts.parameter_fields import BASE


class RequestSheet:
    """Every field, with ``usual`` values. ``on_edit``: the seeds are chosen another way;
    ``on_type``: one image or several; ``on_pictures``, ``on_choice`` and ``on_workflow``: others of
    these were given. ``earlier`` are the prompts that the arrow keys bring back.
    """

    def __init__(
        self,
        queries: Queries,
        actions: FormActions,
        usual: FormDefaults,
        *,
        earlier: Callable[[], Awaitable[Sequence[str]]],
        on_edit: Callable[[], None],
        on_type: Callable[[], None],
        on_pictures: Callable[[], Awaitable[None]],
        on_choice: Callable[[], None],
        on_workflow: Callable[[], Awaitable[None]],
    ) -> None:
        self.origin = Origin(queries)
        self.type = TypeChoice(on_type)
        self.prompt = PromptField(earlier, queries.prompt_limit)
        self.own_prompt = OwnPrompt(self.prompt)
        self.dynamic = DynamicPrompt(queries, self.prompt)
        self.pictures = InputPictures(actions, on_pictures)
        self.count = CountField(usual.batch_count)
        self.keep = KeepField()
        self.seeds = SeedChoice(usual.seed_mode, on_edit)
        self.model = ModelChoice(queries.server, actions)
        self.size = SizeChoice()
        self.more = More(
            queries.server,
            actions,
            self.prompt,
            self.pictures,
            on_choice=on_choice,
            on_workflow=on_workflow,
        )
        self.dynamic.watch(self.more.parameters.negative)
        self.adjusted = (self.size.width, self.size.height, *self.more.parameters.all)
        """Those that show what the model or a workflow says."""
        of_batch = (self.count, self.keep, self.seeds.base)
        self.all = (self.prompt, *of_batch, self.model, *self.adjusted)
        """Those that every request has, whatever its model."""

    @property
    def kept(self) -> Sequence[Field]:
        """Those that the browser remembers, in the order in which they follow one another."""
        return *self.all, *self.more.graph.all

    @property
    def is_changed(self) -> bool:
        """Whether a person has given anything but a prompt."""
        others = any(field.is_changed for field in self.kept if field is not self.prompt)
        return (
            others
            or bool(self.more.workflow.given or self.pictures.given)
            or any(choice.given for choice in self.more.choices.values())
        )

    @property
    def typed(self) -> JsonObject:
        """All but the workflow, as the browser keeps it."""
        values = {field.name: field.control.value for field in self.kept}
        ticks = {**self.type.draft, **self.seeds.draft, **self.dynamic.draft}
        return {**values, **self.chosen, **self.pictures.kept, **ticks, ORIGIN: self.origin.kept}

    @property
    def chosen(self) -> JsonObject:
        """The styles and LoRAs."""
        return {name: choice.given for name, choice in self.more.choices.items()}

    def show(self, asked: JsonObject, fields: Sequence[Field]) -> None:
        """Show in ``fields`` what a request says of them; the others stay."""
        values = {**asked, **{f"{BASE}.{name}": v for name, v in asked.get(BASE, {}).items()}}
        for field in fields:
            if (value := values.get(field.name)) is not None:
                field.show(value)

    def show_choices(self, values: JsonObject) -> None:
        """Have those that ``values`` name, and no others."""
        for name, choice in self.more.choices.items():
            choice.show(values.get(name) or [])
        self.more.count()
