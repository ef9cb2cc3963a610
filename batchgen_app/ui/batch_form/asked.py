"""What is asked for: a sheet that was filled in becomes a request, or says what is wrong in it."""

from batchgen_app.core.errors import InvalidRequest
from batchgen_app.core.request import AnyRequest, BatchRequest, SeedMode, SingleImageRequest
from batchgen_app.core.wire import JsonObject
from batchgen_app.services import Queries
from batchgen_app.ui.batch_form.dynamic_prompt import NAME as DYNAMIC
from batchgen_app.ui.batch_form.request_sheet import RequestSheet
from batchgen_app.ui.parts.fields import Field
from batchgen_app.ui.parts.parameter_fields import BASE

WORKFLOW = "workflow"


class Asked:
    """By what is filled in on ``sheet`` whenever it is looked at."""

    def __init__(self, queries: Queries, sheet: RequestSheet) -> None:
        self._queries = queries
        self._sheet = sheet

    def values(self) -> JsonObject:
        """As a client of the API would send it."""
        sheet = self._sheet
        asked: JsonObject = {"seedMode": sheet.seeds.mode, BASE: {}}
        for field in filter(self._is_sent, sheet.all):
            *within, name = field.name.split(".")
            (asked[BASE] if within else asked)[name] = field.given
        if family := sheet.model.family:
            asked["family"] = family
        asked |= sheet.more.graph.given
        asked |= {name: given for name, given in sheet.chosen.items() if given}
        if sheet.dynamic.given:
            asked[DYNAMIC] = True
        asked |= sheet.origin.asked(sheet.pictures.given.values())
        return {**asked, **(sheet.more.workflow.given or sheet.pictures.asked)}

    def parsed(self, values: JsonObject) -> AnyRequest:
        """The request that they are; raises InvalidRequest. Blocks where a workflow is large."""
        kind = BatchRequest if self._sheet.type.is_batch else SingleImageRequest
        request = kind.parse(values, prompt_limit=self._queries.prompt_limit)
        self._sheet.more.styles.check(request)
        return request

    def fault(self, field: Field) -> str | None:
        """What is wrong with ``field``. The workflow was looked at when it came, and may be large:
        that there is one counts.
        """
        asked = self.values()
        if WORKFLOW in asked:
            asked[WORKFLOW] = {}
        try:
            self.parsed(asked)
        except InvalidRequest as error:
            return next((p.message for p in error.problems if p.field == field.name), None)
        return None

    def _is_sent(self, field: Field) -> bool:
        """A workflow keeps its own values, unless a person changed what it offers."""
        sheet = self._sheet
        if field in {sheet.count, sheet.keep}:
            return sheet.type.is_batch and field.given is not None
        if field is sheet.seeds.base:
            return sheet.seeds.mode is SeedMode.INCREMENTAL and field.given is not None
        if field is sheet.more.parameters.negative and sheet.more.styles.given:
            return field.given not in {None, ""}  # theirs are added to it
        if sheet.more.workflow.given is not None and field is not sheet.prompt:
            return field.is_changed and field.given is not None
        return field.given not in {None, ""}
