"""The words that all content shares: its language, and texts of one line."""

import re
from typing import Final

from opencabinet.kernel.problem import Malformed

LANGUAGE: Final = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2})?", re.ASCII)
LONGEST_LANGUAGE: Final = 12
UNSEEN: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]")
"""What no line holds: what is no text in XML, ends lines, or turns the direction of what stands around it."""
LONE: Final = re.compile("[\ud800-\udfff]")


class BadContent(Malformed):
    """The content cannot be taken."""


def read_language(text: str) -> str:
    """Return a language as it is written: `en`, `pt-BR`, `zh-Hant`.

    Raises:
        BadContent: for anything else.
    """
    if not LANGUAGE.fullmatch(text):
        raise BadContent(f"{text[:LONGEST_LANGUAGE]!r} is no language: say en, or pt-BR.")
    return text


def read_line(name: str, text: str, longest: int, *, shortest: int = 1) -> str:
    """Return a text of one line, without the blanks around it.

    Raises:
        BadContent: if it is too short or too long, or holds what cannot be seen.
    """
    line = " ".join(text.split())
    if not shortest <= len(line) <= longest or UNSEEN.search(line) or LONE.search(line):
        raise BadContent(f"The {name} is a line of {shortest} to {longest} letters.")
    return line
