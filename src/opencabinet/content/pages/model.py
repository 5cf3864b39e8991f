"""The nouns of landing pages."""

import re
from html import escape
from typing import Final

from msgspec import Struct

from opencabinet.content.words import BadContent
from opencabinet.kernel.problem import Conflict, Unknown

SLUG: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*", re.ASCII)
LONGEST_ID: Final = 40
LONGEST_TITLE: Final = 200
MOST: Final = 500
PLACE: Final = re.compile(r"\{(code|link)\}")


class BadLanding(BadContent):
    """The text cannot be a landing page."""


class TooManyLandings(Conflict):
    """There are as many landing pages as there can be."""


class NoSuchLanding(Unknown):
    """There is no such landing page."""


class Landing(Struct, frozen=True, kw_only=True):
    """A page on which clients of partners arrive; with a `form` an account can be opened there.

    The body is clean HTML, in which `{code}` and `{link}` stand for the partner's, and `#form` for the form.
    """

    id: str
    language: str
    title: str
    body: str
    form: bool

    def filled(self, code: str, link: str) -> str:
        """Return the body with a partner's code and link."""
        given = {"code": escape(code), "link": escape(link)}
        return PLACE.sub(lambda found: given[found[1]], self.body)


def languages(wanted: str) -> tuple[str, ...]:
    """Return in which languages a page is looked for, the best first: pt-BR, pt, en."""
    return tuple(dict.fromkeys((wanted, wanted.partition("-")[0], "en")))
