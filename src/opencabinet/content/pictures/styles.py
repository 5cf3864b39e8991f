"""Styles of drawings: a few properties with plain values; whatever else a style says is not taken over."""

import re
from typing import Final

PROPERTIES: Final = frozenset(
    {
        *("fill", "fill-opacity", "fill-rule", "stroke", "stroke-width", "stroke-opacity", "stroke-linecap"),
        *("stroke-linejoin", "stroke-miterlimit", "stroke-dasharray", "stroke-dashoffset", "opacity", "color"),
        *("stop-color", "stop-opacity", "clip-path", "clip-rule", "mask", "display", "visibility", "overflow"),
        *("font-family", "font-size", "font-weight", "font-style", "font-stretch", "font-variant", "text-anchor"),
        *("text-decoration", "letter-spacing", "word-spacing", "dominant-baseline", "alignment-baseline"),
        *("writing-mode", "direction", "isolation", "mix-blend-mode", "paint-order", "vector-effect"),
        *("shape-rendering", "text-rendering", "color-interpolation"),
    }
)
REFERRING: Final = frozenset({"fill", "stroke", "clip-path", "mask"})
LONGEST_VALUE: Final = 400
MOST_RULES: Final = 500
LONGEST_STYLE: Final = 64 * 1024
FUNCTION: Final = r"(?:rgba?|hsla?)\([-+0-9.,%\sdeg/]*\)"
VALUE: Final = re.compile(rf"(?:{FUNCTION}|[-#\w.,%+\s])+", re.ASCII)
FAMILY: Final = re.compile(r"[-\w.,\s'\"]+")
REFERENCE: Final = re.compile(r"url\((#[A-Za-z_][\w.-]{0,99})\)", re.ASCII)
ONE: Final = r"[A-Za-z][A-Za-z0-9]*|[.#][A-Za-z_][\w-]*|[A-Za-z][A-Za-z0-9]*\.[A-Za-z_][\w-]*"
SELECTORS: Final = re.compile(rf"(?:{ONE})(?: ?[ ,>] ?(?:{ONE}))*", re.ASCII)
COMMENT: Final = re.compile(r"/\*.*?\*/", re.DOTALL)


def cleaned(text: str) -> tuple[str, bool]:
    """Return a sheet of styles with the rules that are plain, and whether that is all of it.

    Whatever is no rule of names and values (`@import`, escapes, a brace too many) ends the sheet.
    """
    if len(text) > LONGEST_STYLE or "\\" in text or "<" in text or "@" in text:
        return "", False
    *rules, rest = COMMENT.sub(" ", text).split("}")
    found: list[str] = []
    whole = not rest.strip() and len(rules) <= MOST_RULES
    for rule in rules[:MOST_RULES]:
        heads, brace, declarations = rule.partition("{")
        if not brace or "{" in declarations:
            return "".join(found), False
        selectors, (kept, all_of_it) = " ".join(heads.split()), styled(declarations)
        known = len(selectors) <= LONGEST_VALUE and bool(SELECTORS.fullmatch(selectors))
        whole = whole and known and all_of_it
        if known and kept:
            found.append(f"{selectors}{{{kept}}}")
    return "".join(found), whole


def styled(text: str) -> tuple[str, bool]:
    """Return the declarations of a style that are plain, and whether that is all of them."""
    found, whole = [], True
    for each in filter(str.strip, text.split(";")):
        name, _, value = (part.strip() for part in each.partition(":"))
        kept = fits(name, value)
        whole = whole and kept
        if kept:
            found.append(f"{name}:{value}")
    return ";".join(found), whole


def fits(name: str, value: str, *, references: bool = False) -> bool:
    """Whether a property is known and its value only a word, a colour or a figure.

    It may refer to what is defined in the same file where `references` may stand.
    """
    if name not in PROPERTIES or len(value) > LONGEST_VALUE:
        return False
    if references and name in REFERRING and REFERENCE.fullmatch(value):
        return True
    return bool((FAMILY if name == "font-family" else VALUE).fullmatch(value)) and balanced(value)


def balanced(value: str) -> bool:
    """Whether each quote ends."""
    return value.count('"') % 2 == 0 and value.count("'") % 2 == 0
