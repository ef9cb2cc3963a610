"""What a new form begins with."""

from pydantic import ConfigDict

from batchgen_app.core.batch import Parameters
from batchgen_app.core.request import Adjusted, BaseParameters, SeedMode
from batchgen_app.core.wire import BatchCount, Text, Wire


class FormDefaults(Wire):
    """What a new form begins with, under the names that a request has. What is not given is as the
    app's own workflow has it.
    """

    model_config = ConfigDict(extra="ignore")

    batch_count: BatchCount = 5
    seed_mode: SeedMode = SeedMode.RANDOM
    negative_prompt: Text | None = None
    base_parameters: Adjusted = BaseParameters()

    def on(self, usual: Parameters) -> Parameters:
        """What ``usual`` says, changed by what is given here."""
        given = {**self.base_parameters.to_json(), "negativePrompt": self.negative_prompt}
        changes = {name: value for name, value in given.items() if value is not None}
        return Parameters.parse({**usual.to_json(), **changes})
