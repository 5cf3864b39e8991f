"""Renderings, read as those read them who get them."""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from selectolax.lexbor import LexborHTMLParser

from opencabinet.doors.showing.html import html
from opencabinet.doors.showing.model import Cell, Chart, Shown, of_table
from opencabinet.doors.showing.text import text
from opencabinet.doors.showing.tree import tree

ISOLATES = dict.fromkeys(map(ord, "\u2066\u2069"))
FIGURE = re.compile(r"[+-]?[0-9][0-9,]*(?:\.[0-9]+)?")


def cells(shown: Shown) -> dict[str, Cell]:
    """Return every cell of what is shown, those of the tables beside drawings too."""
    found = dict(shown.cells)
    for block in shown.blocks:
        if isinstance(block, Chart):
            found |= dict(of_table(block.table))
    return found


def page(shown: Any) -> LexborHTMLParser:
    """Return what is shown as a browser reads it."""
    return LexborHTMLParser(str(html(shown)))


def by_key(shown: Any) -> dict[str, str]:
    """Return what stands in the HTML by its keys, rows left out: their cells have keys of their own."""
    found = {each.attributes["data-key"] or "": words(each.text()) for each in page(shown).css("[data-key]:not(tr)")}
    assert found, "Something is shown."
    return found


def in_tree(element: Any) -> Iterator[tuple[str, str]]:
    """Give what stands in a tree by its keys."""
    if isinstance(element, str):
        return
    tag, attributes, children = element
    if "data-key" in attributes and tag != "tr":
        yield attributes["data-key"], words(said(element))
    for each in children:
        yield from in_tree(each)


def said(element: Any) -> str:
    """Return the text within a tree."""
    return element if isinstance(element, str) else "".join(said(each) for each in element[2])


def of_tree(shown: Any) -> dict[str, str]:
    """Return what stands in the tree by its keys."""
    return dict(in_tree(tree(shown)))


def lines(shown: Any) -> str:
    """Return what is shown as text, without what only turns the direction of figures."""
    return text(shown).translate(ISOLATES)


def words(given: str) -> str:
    """Return text with each space as one, whatever it was."""
    return " ".join(given.split())


def number(given: str) -> Decimal:
    """Return the figure that people read in a text."""
    found = FIGURE.search(given)
    assert found, given
    return Decimal(found[0].replace(",", ""))


def strings(given: Any) -> Iterator[str]:
    """Give every word and figure of an answer of v1."""
    if isinstance(given, dict):
        for each in given.values():
            yield from strings(each)
    elif isinstance(given, list):
        for each in given:
            yield from strings(each)
    elif given is not None:
        yield str(given)
