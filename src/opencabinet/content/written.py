"""What is written: Markdown and HTML as HTML that says nothing but text, its order, and links to elsewhere."""

import re
from functools import cache
from typing import Final

import nh3
from markdown_it import MarkdownIt
from selectolax.lexbor import LexborHTMLParser

from opencabinet.content.words import BadContent

LARGEST: Final = 64 * 1024
"""Letters of a text, before and after it is cleaned."""
TAGS: Final = frozenset(
    {
        *("p", "br", "hr", "h1", "h2", "h3", "h4", "ul", "ol", "li", "blockquote", "pre", "code", "strong", "em", "b"),
        *("i", "s", "sub", "sup", "a", "table", "thead", "tbody", "tr", "th", "td"),
    }
)
LINK: Final = re.compile(r"https?://[^\s\\\x00-\x20]{1,2000}|mailto:[^\s\\?\x00-\x20]{3,200}", re.IGNORECASE)
PLACES: Final = frozenset({"{link}", "#form"})
"""Where a landing page may lead beside: by the partner's link, and to its own form."""
BLOCK: Final = re.compile(r"<(?:p|br|hr|h[1-4]|ul|ol|li|blockquote|pre|table|tr|th|td)\b")
"""Where a word ends in what is clean; other tags may stand within one."""
REL: Final = "nofollow noopener noreferrer"
DIRTY: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff\ud800-\udfff]"
)
"""What is no text in XML, or turns the direction of what stands around it."""


def read(content: bytes, *, markdown: bool) -> str:
    """Return a file's text as HTML that is clean.

    Raises:
        BadContent: if it is no text in UTF-8, too long, or nothing is left of it.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        raise BadContent("The text is not in UTF-8.") from wrong
    if len(text) > LARGEST:
        raise BadContent(f"The text has more than {LARGEST} letters.")
    html = clean(reader().render(text) if markdown else text)
    if len(html) > LARGEST:
        raise BadContent(f"The text has more than {LARGEST} letters as HTML.")
    if not plain(html):
        raise BadContent("There is no text in it.")
    return html


@cache
def reader() -> MarkdownIt:
    """Return what reads Markdown; HTML within is text to it."""
    return MarkdownIt("commonmark", {"html": False, "maxNesting": 20}).enable(["table", "strikethrough"])


def clean(html: str) -> str:
    """Return HTML with nothing but the tags above, and links that lead to elsewhere."""
    cleaned = nh3.clean(
        html,
        tags=set(TAGS),
        clean_content_tags={"script", "style", "title", "iframe", "object", "noscript", "template", "svg", "math"},
        attributes={"*": set(), "a": {"href"}},
        attribute_filter=kept,
        url_schemes={"http", "https", "mailto"},
        link_rel=REL,
        strip_comments=True,
    )
    return DIRTY.sub("", cleaned).strip()  # afterwards, for pages spell letters as numbers, too


def kept(tag: str, name: str, value: str) -> str | None:
    """Return what is kept of an attribute, None if nothing is."""
    if (tag, name) != ("a", "href"):
        return value  # what links are given beside, by us
    value = value.replace("%7Blink%7D", "{link}")  # as Markdown spells it
    return value if value in PLACES or LINK.fullmatch(value) else None


def plain(html: str) -> str:
    """Return the text of HTML in one line."""
    parsed = LexborHTMLParser(BLOCK.sub(r" \g<0>", html))
    return " ".join((parsed.body.text() if parsed.body else "").split())


def headed(html: str) -> tuple[str, str]:
    """Return the first heading of HTML as text, empty if it does not begin with one, and what follows it."""
    parsed = LexborHTMLParser(html)
    first = parsed.body.child if parsed.body else None
    while first is not None and first.tag == "-text" and not (first.text() or "").strip():
        first = first.next
    if first is None or first.tag != "h1":
        return "", html
    title = " ".join(first.text(separator=" ").split())
    first.decompose()
    return title, clean(parsed.body.inner_html or "") if parsed.body else ""


def shortened(text: str, longest: int) -> str:
    """Return the beginning of a text, cut at a word where there are blanks between words."""
    if len(text) <= longest:
        return text
    words, _, _ = text[:longest].rpartition(" ")
    return f"{words.rstrip(' ,;:.–-')} …" if words else f"{text[:longest]}…"
