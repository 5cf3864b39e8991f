"""The bonus meter: how far the lots are that turn a bonus into money."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from opencabinet.access import Function
from opencabinet.doors.showing.definitions import asked, cells
from opencabinet.doors.showing.definitions.cells import Given, Told
from opencabinet.doors.showing.model import Answers, Block, Cell, Empty, Figure, Figures, Meter, Question, Widget
from opencabinet.doors.showing.options import Options
from opencabinet.doors.wording import Words, marked

BONUS: Final = (
    Told(member="remaining", label=marked("Bonus on the account"), write=cells.money),
    Told(member="received", label=marked("Received"), write=cells.money),
    Told(member="released", label=marked("Turned into money"), write=cells.money),
    Told(member="cancelled", label=marked("Cancelled"), write=cells.money),
    Told(member="left_lots", label=marked("Lots to go"), write=cells.lots),
    Told(member="withdrawable", label=marked("Can be withdrawn"), write=cells.money),
    Told(member="withdrawable_keeping_bonus", label=marked("… and the bonus kept"), write=cells.money),
)

STATES: Final = {
    "none": marked("No bonus"),
    "owed": marked("Lots are owed"),
    "ready": marked("Ready to be released"),
    "released": marked("Turned into money"),
    "cancelled": marked("Cancelled"),
}


def bonus(answers: Answers, options: Options, words: Words) -> Sequence[Block]:
    """Show what bonuses there are, and how far each programme is."""
    given: dict[str, Any] = answers["bonuses"]
    if given["state"] == "none" and not given["programmes"]:
        return [Empty(text=words.gettext("No bonus was given to this account."))]
    items = cells.figures(words, asked.picked(BONUS, options), given)
    return [Figures(items=(*items, standing(words, given["state"]))), *meters(words, given["programmes"])]


def standing(words: Words, state: str) -> Figure:
    """Return how the bonuses stand: what is told even where no figure is."""
    said = words.gettext(STATES[state]) if state in STATES else cells.foreign(state)
    return Figure(name="state", label=words.gettext("State"), cell=Cell(text=said))


def meters(words: Words, programmes: Sequence[Given]) -> Iterator[Block]:
    """Give a meter for each programme that tells its lots; where lots are left out there is none."""
    for each in programmes:
        required, counted = each.get("required_lots"), each.get("counted_lots")
        if required is None or counted is None:
            continue
        yield Meter(
            name=each["name"],
            label=cells.foreign(each["title"]),
            text=progress(words, each),
            part=part(Decimal(counted), Decimal(required)),
        )


def progress(words: Words, programme: Given) -> str:
    """Say how far a programme is, and when its lots will have closed if trading goes on."""
    given = {"counted": words.lots(Decimal(programme["counted_lots"]))}
    given["required"] = words.lots(Decimal(programme["required_lots"]))
    said = words.gettext("%(counted)s of %(required)s lots") % given
    if programme.get("forecast_at"):
        at = words.day(datetime.fromisoformat(programme["forecast_at"]).date())
        expected = words.gettext("expected by %(day)s") % {"day": at}
        said = f"{said} · {expected}"
    return said


def part(counted: Decimal, required: Decimal) -> str:
    """Return how far it is, from 0 to 1."""
    if required <= 0:
        return "1"
    return f"{min(Decimal(1), max(Decimal(0), counted / required)).quantize(Decimal('0.0001')):f}"


METER: Final = Widget(
    name="bonus",
    title=marked("Bonus"),
    text=marked("What was given, and how far the lots are that turn it into money."),
    needs=Function.BONUSES,
    of="account",
    questions=(Question(name="bonuses", path="/v1/accounts/{login}/bonuses", query=asked.nothing),),
    show=bonus,
    columns=cells.names(BONUS),
)
