"""without(): a JSON object but for one place in it."""

from collections.abc import Sequence

from batchgen_app.core.wire import JsonObject


def without(content: JsonObject, path: Sequence[int | str]) -> JsonObject:
    """The same without what ``path`` leads to, or the last part of the way that is there."""
    name, *deeper = path
    inner = content.get(str(name))
    if deeper and isinstance(inner, dict):
        return {**content, str(name): without(inner, deeper)}
    if len(deeper) == 1 and isinstance(inner, list):
        return {**content, str(name): [each for i, each in enumerate(inner) if i != deeper[0]]}
    return {other: value for other, value in content.items() if other != name}
