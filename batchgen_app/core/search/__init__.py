"""What a person types to find pictures again, understood.

::

    parsing    words, phrases and fields of a line of text: never an error, whatever is half typed
      └─ values   numbers, spans, sizes and days
    completing  the term that is being typed
    terms      what each of them means, and the whole: it can be written back, term by term
    folding    letters without case and accents, and what is a word where none are parted by spaces
"""

from batchgen_app.core.search.parsing import parse, passed_over
from batchgen_app.core.search.terms import SearchQuery, Term

__all__ = ["SearchQuery", "Term", "parse", "passed_over"]
