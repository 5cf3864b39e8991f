"""Templates that speak: Jinja with the words of a language."""

from datetime import datetime
from decimal import Decimal
from functools import cache

from jinja2 import Environment

from opencabinet.doors.wording.words import words
from opencabinet.paper import environment


@cache
def pages(package: str, language: str) -> Environment:
    """Return the templates of a package in a language: `_`, `ngettext` and `{% trans %}` translate, all is escaped."""
    found = environment(package)
    said = words(language)
    found.add_extension("jinja2.ext.i18n")
    found.install_gettext_callables(said.gettext, said.ngettext, newstyle=True)  # type: ignore[attr-defined]
    found.globals["words"] = said
    found.filters |= {"moment": datetime.fromisoformat, "exact": Decimal}  # of v1's texts, for the words to write
    return found
