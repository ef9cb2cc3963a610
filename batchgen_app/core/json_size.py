"""How much a JSON text will be, once it is read; told from the text, before it is."""

from batchgen_app.core.limits import MAX_JSON_VALUES


def has_too_many_values(text: str | bytes, most: int = MAX_JSON_VALUES) -> bool:
    """Whether there may be more than ``most`` in it: each stands behind a comma or a bracket, of
    which texts have some, too.
    """
    if isinstance(text, bytes):
        return sum(map(text.count, (b",", b"[", b"{"))) > most
    return sum(map(text.count, ",[{")) > most
