"""A file that goes along with the model: what is used where nobody chooses stands first."""

from collections.abc import Mapping

from batchgen_app.services.values import missing_file
from batchgen_app.ui.batch_form import words
from batchgen_app.ui.parts.fields import Choice
from batchgen_app.workflows.adjustable import FilePlace

WITHOUT = "\0"
"""In the list, for none of the files; no file is called so."""


class FileChoice(Choice):
    """``field`` is what a request calls it. There is nothing to see before ``follow`` has given it
    a place.
    """

    def __init__(self, name: str, label: str, mark: str, *, field: str) -> None:
        self._field = field
        self._usual = ""
        self._place: FilePlace | None = None
        self._lacks: str | None = None
        super().__init__(name, label, mark)
        self.box.visible = False

    @property
    def given(self) -> object:
        """The file that a person chose; None for the usual one."""
        return self.control.value or None

    @property
    def asked(self) -> str | None:
        """The same for a request: only where it can be seen."""
        return str(self.given) if self.given and self.box.visible else None

    @property
    def file(self) -> str:
        """The one that is used, whoever chose it; empty for none."""
        place = self._place or FilePlace("")
        chosen = self.asked or place.name or place.like
        return "" if chosen == WITHOUT else chosen

    def show(self, value: object) -> None:
        chosen = str(value or "")
        options = {"": self._usual}
        if self._place is None or self._place.can_be_left_out:
            options[WITHOUT] = str(words.WITHOUT)
        options |= self._listed
        if not self._is_listed:
            options.setdefault(chosen, chosen)
        self.control.set_options(options, value=chosen if chosen in options else "")
        if chosen not in {*options, WITHOUT}:
            self.miss(chosen)

    def tell(self, message: str | None) -> None:
        super().tell(message or (None if self.given else self._lacks))

    def follow(
        self, place: FilePlace | None, files: Mapping[str, str], usual: str, *, is_needed: bool
    ) -> None:
        """Have this place, or none. What was chosen stays where it would do as well; ``usual`` says
        what is used otherwise, which must be there where it ``is_needed``.
        """
        self.box.visible = place is not None
        self._lacks = None
        if place:
            is_missing = is_needed and place.name and place.name not in files
            self._lacks = missing_file(self._field, place.name) if is_missing else None
            before, self._place, self._usual = self._place, place, usual
            if before and _kind(before) != _kind(place):
                self.show(None)
            self.list(files)
        self.tell(None)


def _kind(place: FilePlace) -> tuple[str, str]:
    return place.title, place.name or place.like
