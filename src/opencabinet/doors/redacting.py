"""What the members of answers tell, and answers without those that the open level leaves out.

A member that is left out is absent, not null, in every door alike: one table speaks of all of them.
"""

from collections.abc import Iterator, Mapping
from enum import Flag, auto
from functools import cache
from types import MappingProxyType
from typing import Any, Final, get_args, get_origin, get_type_hints

from msgspec import UNSET, Struct, structs

from opencabinet.access import Hidden, Redaction
from opencabinet.doors.view import View
from opencabinet.statistics import METRICS


class Tells(Flag):
    """What a member tells, of all that may be left out."""

    COMMENT = auto()
    VOLUME = auto()
    MONEY = auto()
    OPEN = auto()
    """Whether anything is open, or what it comes to."""
    LATEST = auto()
    """What the last report said: there is none of a moment that has passed."""
    SUM = auto()
    """A sum over the trades of all symbols."""


NOTHING: Final = Tells(0)
REPORTED: Final = Tells.OPEN | Tells.LATEST | Tells.SUM
OWED: Final = Tells.MONEY | Tells.VOLUME
"""Lots that are owed for a bonus: the rule is public, so they tell the bonus."""


def named(tells: Tells, names: str) -> Iterator[tuple[str, Tells]]:
    """Say the same of several members."""
    yield from ((name, tells) for name in names.split())


TABLE: Final[Mapping[str, Tells]] = MappingProxyType(
    dict[str, Tells](
        [
            *named(Tells.COMMENT, "comment payment_system Order.reason"),
            *named(Tells.VOLUME, "volume lots units standard_lots filled_lots closed_lots counted_lots programme_lots"),
            *named(Tells.VOLUME, "total_trades_volume"),
            *named(Tells.VOLUME | Tells.OPEN | Tells.LATEST, "current_trades_volume"),
            *named(Tells.OPEN | Tells.LATEST, "current_trades_count is_any_open_trades v1.Summary.open"),
            *named(OWED, "required_lots left_lots lots_required missing_lots arithmetic forecast_at inputs"),
            *named(Tells.MONEY, "profit swap swaps commission fee costs net results amount credit unexplained"),
            *named(Tells.MONEY, "opening_balance movements closing_balance Receipt.reason Taken.bonuses"),
            *named(Tells.MONEY, "gross_profit gross_loss received cancelled released remaining bonuses_counted"),
            *named(Tells.MONEY, "club_bonus total_bonus welcome_bonus"),
            *named(Tells.MONEY, "opening_total RewardReceipt.lines closing_total"),
            *named(Tells.MONEY | Tells.SUM, "balance"),
            *named(Tells.MONEY | REPORTED, "equity floating margin free_margin legacy.Summary.profit"),
            *named(Tells.MONEY | REPORTED, "withdrawable withdrawable_keeping_bonus available_to_withdraw"),
            *named(Tells.MONEY | REPORTED, "available_to_withdraw_without_losing_bonus"),
            *named(REPORTED, "margin_level equity_reported equity_reason equity_percent priced_at"),
            *named(Tells.LATEST, "current_price OpenTrade.pips OpenTrade.stop_loss OpenTrade.take_profit"),
            *named(Tells.LATEST, "OpenTrade.priced_at OpenTrade.priced_reason"),
            *named(Tells.LATEST | Tells.MONEY, "OpenTrade.margin"),
            *named(Tells.LATEST, "OpenRow.sl OpenRow.tp OpenTrade.net_percent OpenTrade.net_percent_reason"),
            *named(Tells.LATEST | Tells.COMMENT, "OpenTrade.comment OpenRow.comment"),
            *named(Tells.LATEST | Tells.MONEY, "OpenTrade.profit OpenTrade.swap OpenTrade.commission OpenTrade.fee"),
            *named(Tells.LATEST | Tells.MONEY, "OpenTrade.net OpenRow.profit OpenRow.swaps"),
            # What is never left out. Percents and prices are no money, counts no volumes.
            *named(NOTHING, "v1.Summary.balance data page period receipt metrics programmes granted taken counted"),
            *named(NOTHING, "not_counted closed moved total excluded bonuses summary trade Moved.movements"),
            *named(NOTHING, "account login partner ticket position operation_id first_id last_id balance_records"),
            *named(NOTHING, "platform mode server company currency currency_exponent leverage broker_timezone"),
            *named(NOTHING, "complete as_of as_of_broker since until time_field next_cursor next_from has_more limit"),
            *named(
                NOTHING, "day month date time symbol side type digits contract_size lot_units group key kind bucket"
            ),
            *named(NOTHING, "opened_at opened_at_broker open_time open_price closed_at closed_at_broker close_time"),
            *named(NOTHING, "close_price price stop_loss take_profit sl tp pips placed_at placed_at_broker done_at"),
            *named(NOTHING, "done_at_broker moved_at moved_at_broker granted_at granted_at_broker ended_at"),
            *named(NOTHING, "ended_at_broker counted_since state status operation_type bonus_state programme name"),
            *named(NOTHING, "title text reason reasons net_percent net_percent_reason count trades trades_count"),
            *named(NOTHING, "total_trades_count won lost longs longs_won shorts shorts_won share holding holding_long"),
            *named(NOTHING, "holding_short reward_to_risk gain drawdown first_trade_at last_trade_at rows why dialect"),
            *named(NOTHING, "definition formula conventions source unit value version"),
            *named(NOTHING, "url deposit_link withdrawal_link"),
            *named(NOTHING, "id client level revision held_until settlement"),
            *named(NOTHING, "clicks unique_clicks marked referal_accounts"),
        ]
    )
)
"""What members tell, by their names in the code; by struct, or by door and struct, where one name has two meanings."""

KINDS: Final = {Hidden.COMMENTS: Tells.COMMENT, Hidden.VOLUMES: Tells.VOLUME, Hidden.MONEY: Tells.MONEY}
UNITS: Final = {"money": Tells.MONEY, "lots": Tells.VOLUME}
OF_REPORTS: Final = frozenset({"equity", "margin"})
"""Inputs of metrics that only a report tells."""


@cache
def told(kind: type[Struct], name: str) -> Tells | None:
    """Return what a member of a kind of answer tells, None where the table does not know it."""
    door = kind.__module__.removeprefix("opencabinet.doors.").partition(".")[0]
    spelled = (f"{door}.{kind.__name__}.{name}", f"{kind.__name__}.{name}", name)
    return next((TABLE[each] for each in spelled if each in TABLE), None)


def told_by_metric(name: str) -> Tells:
    """Return what a metric tells: its unit says it, and whether it needs a report."""
    reported = Tells.OPEN | Tells.LATEST if OF_REPORTS & inputs(name) else NOTHING
    return UNITS.get(METRICS[name].unit, NOTHING) | reported


@cache
def inputs(name: str) -> frozenset[str]:
    """Return what a metric is made of, those among it that are metrics taken apart."""
    own = METRICS[name].inputs
    return frozenset(own).union(*(inputs(each) for each in own if each in METRICS and each != name))


def kinds(answer: Any) -> Iterator[type[Struct]]:
    """Give every kind of struct that an answer is made of, however deep, each once."""
    left, seen = [answer], set[Any]()
    while left:
        kind = left.pop()
        left += [each for each in get_args(kind) if each not in seen]
        found = get_origin(kind) or kind
        if isinstance(found, type) and issubclass(found, Struct) and found not in seen:
            seen.add(found)
            left += get_type_hints(found).values()
            yield found


def absent(answer: Any) -> dict[Tells, list[str]]:
    """Return the names on the wire of the members of an answer that may be absent, by what they tell."""
    found: dict[Tells, list[str]] = {}
    for kind in kinds(answer):
        for field in structs.fields(kind):
            for tells in told(kind, field.name) or NOTHING:
                found.setdefault(tells, []).append(f"`{field.encode_name}`")
    return {tells: sorted(set(found[tells])) for tells in Tells if tells in found}


WHOLE: Final = Redaction()


def hidden(redaction: Redaction) -> Tells:
    """Return what is left out."""
    found = NOTHING
    if redaction == WHOLE:
        return found
    for kind in redaction.hide:
        found |= KINDS[kind]
    found |= Tells.LATEST if redaction.delay_minutes else NOTHING
    found |= Tells.OPEN if redaction.closed_only else NOTHING
    return found | (Tells.SUM if redaction.without_symbols else NOTHING)


def shows_metric(name: str, view: View) -> bool:
    """Whether a metric is shown."""
    return not told_by_metric(name) & hidden(view.redaction)


def without(content: Any, view: View) -> Any:
    """Return an answer without the members that are left out; the order of the others stays."""
    left_out = hidden(view.redaction)
    return rest(content, left_out) if left_out else content


def rest(content: Any, left_out: Tells) -> Any:
    """Return what is left of a part of an answer."""
    if isinstance(content, Struct):
        return dict(members(content, left_out))
    if isinstance(content, list | tuple):
        return [rest(each, left_out) for each in content]
    return content


def members(content: Struct, left_out: Tells) -> Iterator[tuple[str, Any]]:
    """Give what is left of a struct by the names on the wire; a reason goes with what it is the reason of."""
    kind = type(content)
    for field in structs.fields(kind):
        value = getattr(content, field.name)
        if value is UNSET or is_left_out(kind, field.name, left_out):
            continue
        if isinstance(value, dict):
            kept = {name: each for name, each in value.items() if not is_left_out_reason(kind, name, left_out)}
            yield field.encode_name, kept
        else:
            yield field.encode_name, rest(value, left_out)


def is_left_out(kind: type[Struct], name: str, left_out: Tells) -> bool:
    """Whether a member is left out; one that nobody classified is, for nobody knows what it tells."""
    tells = told(kind, name)
    return tells is None or bool(tells & left_out)


def is_left_out_reason(kind: type[Struct], name: str, left_out: Tells) -> bool:
    """Whether an entry speaks of a member that is left out."""
    return name in kind.__struct_fields__ and is_left_out(kind, name, left_out)
