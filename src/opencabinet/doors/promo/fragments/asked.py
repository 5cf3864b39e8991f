"""What a request asks for: the first value of each name, bounded; what nobody knows here is passed over.

Pages of others carry these addresses for years, with whatever their programs add to them.
"""

from collections.abc import Collection, Mapping
from typing import Final, TypeVar
from urllib.parse import parse_qsl

from msgspec import Struct

from opencabinet.kernel.problem import Malformed
from opencabinet.partners.programme import BadCode, read_code

MOST_FIELDS: Final = 64
LONGEST: Final = 2048
"""Letters of one value: lists of symbols are long."""
LONGEST_WORD: Final = 64
SUBS: Final = ("s1", "s2", "s3", "s4", "s5")
T = TypeVar("T", bound=str)


class TooManyFields(Malformed):
    """More is told than any page here asks for."""


class Asked(Struct, frozen=True):
    """Values by their names, which are in small letters."""

    given: Mapping[str, str]

    def text(self, *names: str, longest: int = LONGEST) -> str:
        """Return what was told under the first of several names that has anything; nothing for what is too long."""
        found = next((value for name in names if (value := self.given.get(name, "").strip())), "")
        return found if len(found) <= longest else ""

    def choice(self, name: str, options: Collection[T], usual: T) -> T:
        """Return which of some options was chosen, the usual one if none was."""
        told = self.text(name).lower()
        return next((each for each in options if each.lower() == told), usual)

    def number(self, name: str, least: int, most: int) -> int | None:
        """Return a whole number within bounds; what lies outside counts as the bound, anything else as not told."""
        told = self.text(name, longest=9)
        return min(max(int(told), least), most) if told.isascii() and told.isdigit() else None

    def code(self) -> str | None:
        """Return the partner's code, if one is told; the old wire says `x`, `pl` or `part_code=x-CODE`."""
        told = self.text("code", "x", "pl") or self.text("part_code").lower().removeprefix("x-")
        try:
            return read_code(told)
        except BadCode:
            return None

    def words(self) -> dict[str, str]:
        """Return the partner's keyword and sub-ids, as they are kept with clicks and applications."""
        told = {"k": self.text("k", "keyword"), **{name: self.text(name) for name in SUBS}}
        return {name: word for name, word in told.items() if word.isprintable() and 0 < len(word) <= LONGEST_WORD}


def read(query: str) -> Asked:
    """Return what a query asks for, or a form that was sent.

    Raises:
        TooManyFields: if it has more fields than anybody needs.
    """
    try:
        pairs = parse_qsl(query, keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError as raised:
        raise TooManyFields from raised
    first: dict[str, str] = {}
    for name, value in pairs:
        first.setdefault(name.lower(), value)
    return Asked(first)
