"""What the workflows are called that pictures were made with. The gallery knows digests of those
that people gave, families that were named, and else the models: built-in ones follow from them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from batchgen_app.core.search.folding import SEPARATOR


@dataclass(frozen=True)
class WorkflowNames:
    """``given`` are those that people keep, by their digests, and the built-in ones, by their
    families; ``of_models`` the built-in ones, by the texts of models (``search_rows.model_text``)
    that are used with them.
    """

    given: Mapping[str, str] = field(default_factory=dict)
    of_models: Mapping[str, str] = field(default_factory=dict)

    @property
    def all(self) -> set[str]:
        """Each name once."""
        return {*self.given.values(), *self.of_models.values()}

    def of(self, workflow: str, model: str) -> str:
        """By what a row of ``gallery_texts`` has in these columns; "" where nobody knows."""
        if workflow:
            keys = (key.strip() for key in workflow.split(SEPARATOR))
            return next((self.given[key] for key in keys if key in self.given), "")
        if model in self.of_models:
            return self.of_models[model]
        begun = (name for text, name in self.of_models.items() if model.startswith(f"{text} "))
        return next(begun, "")  # with a refiner


UNNAMED = WorkflowNames()
