"""Lines of JSON as rows: each line one flat object, its figures plain, nothing in it twice or unknown."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from functools import cache, partial
from typing import Any, Final, get_args, get_type_hints

import msgspec

from opencabinet.ingest.feeds.model import AccountRow, InstrumentRow, QuoteRow, Row, Told
from opencabinet.ingest.feeds.push.shapes import Shapes
from opencabinet.ingest.feeds.staging.fitting import AHEAD
from opencabinet.kernel.ids import LARGEST
from opencabinet.kernel.problem import Malformed
from opencabinet.market.model import LONGEST_SYMBOL

MOST_LINES: Final = 50_000
LONGEST_LINE: Final = 16 * 1024
LONGEST_TEXT: Final = 256
LONGEST_REASON: Final = 200
MOST_DIGITS: Final = 16
"""Of a figure before its point."""
MOST_DECIMALS: Final = 8
"""Behind it. More are refused rather than rounded: what is kept is what was told."""
TAG: Final = str(AccountRow.__struct_config__.tag_field)
"""The member that tells what a row is."""
EARLIEST: Final = datetime(1970, 1, 2, tzinfo=UTC)
"""What is before is a sentinel and no time."""
BOUNDS: Final = {"digits": 15, "leverage": 2**31 - 1, "swap_triple_day": 6}
"""The largest of whole numbers that are no keys."""
VOLUMES: Final = frozenset({"lots", "lots_closed", "filled_lots"})
MOST_PLACES: Final = 8
"""Of the prices of an instrument."""
TEXT: Final = rb'"[^"\\\x00-\x1f]*+(?:\\.[^"\\\x00-\x1f]*+)*+"'
MEMBER: Final = (
    rb'[ \t]*+"[a-z_]{1,32}"[ \t]*+:[ \t]*+(?:' + TEXT + rb"|-?[0-9]{1,40}(?:\.[0-9]{1,40})?+|null|true|false)[ \t]*+"
)
FLAT: Final = re.compile(rb"[ \t]*+\{" + MEMBER + b"(?:," + MEMBER + rb")*+\}[ \t]*+")
PAIR: Final = re.compile(rb'"([a-z_]{1,32})"[ \t]*+:[ \t]*+(?:"([^"\\]*+(?:\\.[^"\\]*+)*+)"|[^",}]*+)')
"""A member's name, and what stands between its quotes."""
PLAIN: Final = re.compile(rb"-?[0-9]{1,40}(?:\.[0-9]{1,40})?")
CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
PLACE: Final = re.compile(r" - at `\$\.?([a-z_]*)`$")
DECODER: Final = msgspec.json.Decoder(Row)
Check = Callable[[Any], str | None]


class BadLine(Malformed):
    """A line cannot be read; nothing of the batch was taken. `line` counts from 1, `member` is named if it is one's."""

    def __init__(self, line: int, member: str | None, reason: str) -> None:
        super().__init__(f"Line {line}: {reason}")
        self.line = line
        self.member = member


class TooManyLines(Malformed):
    """A batch has at most 50,000 lines: send more of them."""


class Lines:
    """Reads rows from the pieces of a body as they come, and stops at the first that is bad.

    Where `shapes` are given, lines of a shape that is known by now are read as rows that are ready to be staged.
    """

    def __init__(self, most: int = MOST_LINES, shapes: Shapes | None = None) -> None:
        self.most = most
        self.rows: list[Told] = []
        self._number = 0
        self._begun = b""
        self._shapes = shapes
        self._until = datetime.now(UTC) + AHEAD

    def take(self, piece: bytes) -> None:
        """Read what a piece of the body completes.

        Raises:
            BadLine: for a line that is no row.
            TooManyLines: for one more than there may be.
        """
        self._until = datetime.now(UTC) + AHEAD
        *whole, self._begun = (self._begun + piece).split(b"\n")
        for line in whole:
            self._read(line)
        if len(self._begun) > LONGEST_LINE:
            self._read(self._begun)

    def end(self) -> list[Told]:
        """Return all rows, now that the body has ended; its last line needs no end of its own."""
        if self._begun:
            self._read(self._begun)
        return self.rows

    def _read(self, line: bytes) -> None:
        self._number += 1
        if self._number > self.most:
            raise TooManyLines(f"A batch has at most {self.most:,} lines: send more of them.")
        if len(line) > LONGEST_LINE:
            raise BadLine(self._number, None, f"It is longer than {LONGEST_LINE} bytes.")
        if told := line.strip(b" \t\r"):
            self.rows.append(self._row(told))

    def _row(self, line: bytes) -> Told:
        if self._shapes is None:
            return row(self._number, line)
        if ready := self._shapes.read(line, self._until):
            return ready
        found = row(self._number, line)
        self._shapes.learn(type(found), line)
        return self._shapes.read(line, self._until) or found


def row(number: int, line: bytes) -> Row:
    """Return the row that a line is.

    Raises:
        BadLine: if it is none.
    """
    if not FLAT.fullmatch(line):
        raise BadLine(number, None, "It is no JSON object of plain members: texts, numbers without exponent, null.")
    try:
        found: Row = DECODER.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError) as wrong:
        place = PLACE.search(str(wrong))
        reason = str(wrong)[: place.start() if place else None][:LONGEST_REASON]
        raise BadLine(number, (place and place[1]) or None, f"{reason}.") from wrong
    told = PAIR.findall(line)
    if len(dict(told)) < len(told):
        raise BadLine(number, None, "A member is told twice.")
    checks = checks_of(type(found))
    for name, quoted in told:
        if objection := objection_to(found, name.decode(), quoted, checks):
            raise BadLine(number, name.decode(), objection)
    return found


def objection_to(found: Row, name: str, quoted: bytes, checks: Mapping[str, Check]) -> str | None:
    """Say what is wrong with a member of a row, whose quotes hold `quoted` if it has any."""
    if name == TAG:
        return None
    if name not in checks:
        return "There is no such member in such a row."
    value = getattr(found, name)
    if checks[name] in {figure, volume} and quoted and not PLAIN.fullmatch(quoted):
        return "It is no plain number."
    return None if value is None else checks[name](value)


@cache
def checks_of(kind: type) -> dict[str, Check]:
    """Return what each member of a row is looked at with."""
    found = {name: check(name, hint) for name, hint in get_type_hints(kind).items()}
    if kind is InstrumentRow:
        found["digits"] = partial(whole, MOST_PLACES)
    if kind in {InstrumentRow, QuoteRow}:
        found["symbol"] = symbol
    return found


def check(name: str, hint: Any) -> Check:
    """Return what a member of some type is looked at with."""
    kinds = {hint, *get_args(hint)}
    if Decimal in kinds:
        return volume if name in VOLUMES else figure
    if datetime in kinds:
        return moment
    return partial(whole, BOUNDS.get(name, LARGEST)) if int in kinds else text


def figure(value: Decimal) -> str | None:
    """Say what is wrong with a figure."""
    exponent = value.as_tuple().exponent
    if not isinstance(exponent, int):
        return "It is no number."
    if exponent > 0 or (value and value.adjusted() >= MOST_DIGITS):
        return f"It has more than {MOST_DIGITS} digits before its point, or an exponent."
    return f"It has more than {MOST_DECIMALS} decimals." if exponent < -MOST_DECIMALS else None


def volume(value: Decimal) -> str | None:
    """Say what is wrong with a figure that counts lots."""
    return figure(value) or ("It is below 0." if value < 0 else None)


def moment(value: datetime) -> str | None:
    """Say what is wrong with a time."""
    if value.tzinfo is None:
        return "It tells no zone: end it with Z, or with its offset."
    if value > datetime.now(UTC) + AHEAD:  # it would be the newest for good
        return "It lies more than a day ahead."
    return None if value >= EARLIEST else "It is no time of trading."


def whole(most: int, value: int) -> str | None:
    """Say what is wrong with a whole number."""
    return None if 0 <= value <= most else f"It is not from 0 to {most}."


def symbol(value: str) -> str | None:
    """Say what is wrong with the symbol of something that is traded."""
    return text(value) or (None if 0 < len(value) <= LONGEST_SYMBOL else f"It has not 1 to {LONGEST_SYMBOL} letters.")


def text(value: str) -> str | None:
    """Say what is wrong with a text."""
    if len(value) > LONGEST_TEXT:
        return f"It is longer than {LONGEST_TEXT} letters."
    return "It holds control characters." if CONTROL.search(value) else None
