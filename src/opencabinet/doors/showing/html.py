"""A tree as HTML: a fragment that any page of ours may hold."""

from html import escape
from typing import Final

from markupsafe import Markup

from opencabinet.doors.showing.model import Refused, Shown
from opencabinet.doors.showing.tree import Tree, tree

VOID: Final = frozenset({"br", "hr", "img", "input", "link", "meta", "wbr"})


def html(shown: Shown | Refused, *, base: str = "", level: int = 2) -> Markup:
    """Return what is shown as HTML."""
    return Markup(written(tree(shown, base=base, level=level)))  # noqa: S704 - everything within was escaped


def written(element: Tree | str) -> str:
    """Write an element; whatever is text stays text."""
    if isinstance(element, str):
        return escape(element, quote=False)
    tag, attributes, children = element
    told = "".join(f' {name}="{escape(value)}"' for name, value in attributes.items())
    if tag in VOID:
        return f"<{tag}{told}>"
    return f"<{tag}{told}>{''.join(written(each) for each in children)}</{tag}>"
