"""How much a JSON text will be, once it is read; told from the text, before it is."""

from batchgen_app.core.limits import MAX_JSON_VALUES


def has_too_many_values(text: str | bytes) -> bool:
    """Whether there may be more than ``MAX_JSON_VALUES`` in it: each stands behind a comma or a
    bracket, of which texts have some, too.
    """
    if isinstance(text, bytes):
        return sum(map(text.count, (b",", b"[", b"{"))) > MAX_JSON_VALUES
    return sum(map(text.count, ",[{")) > MAX_JSON_VALUES
