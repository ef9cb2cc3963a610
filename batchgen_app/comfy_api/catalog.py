"""ApiCatalog: what there is to choose from on a server whose interface names neither models nor
nodes. What a person names is taken at their word, and the server has the last one.
"""

from collections.abc import Collection, Iterable

from batchgen_app.comfy.models import LOADERS, Model
from batchgen_app.core.programs.sampler_names import SAMPLERS, SCHEDULERS
from batchgen_app.core.wire import JsonObject


class ApiCatalog:
    """Asks nothing, so nothing raises."""

    async def models(self, *, refresh: bool = False) -> tuple[Model, ...]:
        """None: which there are is not told."""
        return ()

    async def samplers(self) -> tuple[str, ...]:
        """Those that ComfyUI has had for long."""
        return tuple(dict.fromkeys(SAMPLERS.values()))

    async def schedulers(self) -> tuple[str, ...]:
        """Those that ComfyUI has had for long."""
        return tuple(dict.fromkeys(SCHEDULERS.values()))

    async def require(self, name: str) -> Model:
        """A checkpoint of that name; where the server has none, it refuses the graph."""
        return LOADERS[0].model(name)

    async def hashes(self, names: Collection[str]) -> dict[str, str]:
        """None of them."""
        return {}

    async def node_types(self, class_types: Iterable[str]) -> dict[str, JsonObject | None]:
        """Of no type is anything known."""
        return dict.fromkeys(class_types)
