"""Templates that speak: Jinja with the words of a language."""

from datetime import datetime
from decimal import Decimal
from functools import cache

from jinja2 import Environment
from markupsafe import escape

from opencabinet.doors.wording.words import words
from opencabinet.paper import environment


@cache
def pages(package: str, language: str) -> Environment:
    """Return the templates of a package in a language: `_`, `ngettext` and `{% trans %}` translate, all is escaped.

    Jinja takes what was translated for HTML of ours; here it is text like any other, for it may be of somebody else.
    """
    found = environment(package)
    said = words(language)
    found.add_extension("jinja2.ext.i18n")
    found.install_gettext_callables(  # type: ignore[attr-defined]
        lambda text: escape(said.gettext(text)), lambda *given: escape(said.ngettext(*given)), newstyle=True
    )
    found.globals["words"] = said
    found.filters |= {"moment": datetime.fromisoformat, "exact": Decimal}  # of v1's texts, for the words to write
    return found
