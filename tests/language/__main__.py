"""``dev.py texts``: brings the catalogs up to date and says what is still to be translated."""

from batchgen_app.language.choosing import KNOWN, SOURCE
from tests.language.catalogs import update


def main() -> int:
    """1 if something is missing."""
    missing = [message for code in KNOWN if code != SOURCE for message in update(code)]
    for message in missing:
        print("Not translated:", message.id)  # noqa: T201 - for whoever called it
    return 1 if missing else 0


raise SystemExit(main())
