"""How many different prompts there can be."""

from dataclasses import dataclass

MANY = 1_000_000
"""More are not counted."""


@dataclass(frozen=True)
class Count:
    """``number`` of prompts, or where it is not exact, more than that."""

    number: int
    is_exact: bool = True

    def times(self, other: "Count") -> "Count":
        """Of two texts together."""
        number = self.number * other.number
        return Count(min(number, MANY), self.is_exact and other.is_exact and number <= MANY)
