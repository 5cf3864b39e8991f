"""What is taken of the tables of MetaTrader 5, in the order of the columns it is read into.

Never taken: passwords, one-time codes, data of plug-ins, and what is personal; the name only where it is asked for.
"""

from typing import Final

from opencabinet.ingest.feeds.metatrader.queries import NULL, Take, joined_line, quoted, taken
from opencabinet.ingest.feeds.metatrader.schema import Schema

FINE: Final = 10_000
"""`Volume` counts 1/10^4 lots, `VolumeExt` 1/10^8; older builds have the first alone."""
STAMP: Final = Take("whole", ("Timestamp",))
EMPTY: Final = "''"

DEALS: Final = (
    Take("whole", ("Deal",)),
    STAMP,
    Take("whole", ("PositionID",)),
    Take("whole", ("Login",)),
    Take("whole", ("Order",)),
    Take("code", ("Action",)),
    Take("code", ("Entry",)),
    Take("code", ("Reason",)),
    Take("code", ("Digits",)),
    Take("code", ("DigitsCurrency",), "2"),
    Take("time", ("TimeMsc", "Time"), NULL),
    Take("text", ("Symbol",), EMPTY),
    Take("figure", ("Price",)),
    Take("whole", ("VolumeExt", "Volume"), times={"volume": FINE}),
    Take("whole", ("VolumeClosedExt", "VolumeClosed"), NULL, times={"volumeclosed": FINE}),
    Take("figure", ("Profit",)),
    Take("figure", ("Storage",)),
    Take("figure", ("Commission",)),
    Take("figure", ("Fee",)),
    Take("figure", ("ContractSize",)),
    Take("figure", ("PricePosition",)),
    Take("figure", ("PriceSL",)),
    Take("figure", ("PriceTP",)),
    Take("text", ("Comment",), EMPTY),
)
POSITIONS: Final = (
    Take("whole", ("Position",)),
    STAMP,
    Take("whole", ("Login",)),
    Take("text", ("Symbol",), EMPTY),
    Take("code", ("Action",)),
    Take("code", ("Digits",)),
    Take("code", ("DigitsCurrency",), "2"),
    Take("figure", ("ContractSize",)),
    Take("time", ("TimeCreateMsc", "TimeCreate"), NULL),
    Take("figure", ("PriceOpen",)),
    Take("figure", ("PriceSL",)),
    Take("figure", ("PriceTP",)),
    Take("whole", ("VolumeExt", "Volume"), times={"volume": FINE}),
    Take("text", ("Comment",), EMPTY),
    Take("figure", ("PriceCurrent",)),
    Take("figure", ("Profit",)),
    Take("figure", ("Storage",)),
)
ORDERS: Final = (
    Take("whole", ("Order",)),
    STAMP,
    Take("whole", ("Login",)),
    Take("text", ("Symbol",), EMPTY),
    Take("code", ("Digits",)),
    Take("figure", ("ContractSize",)),
    Take("code", ("State",)),
    Take("code", ("Type",)),
    Take("time", ("TimeSetupMsc", "TimeSetup"), NULL),
    Take("time", ("TimeDoneMsc", "TimeDone"), NULL),
    Take("figure", ("PriceOrder",)),
    Take("figure", ("PriceSL",)),
    Take("figure", ("PriceTP",)),
    Take("whole", ("VolumeInitialExt", "VolumeInitial"), times={"volumeinitial": FINE}),
    Take("whole", ("VolumeCurrentExt", "VolumeCurrent"), times={"volumecurrent": FINE}),
    Take("text", ("Comment",), EMPTY),
)
FLOATING: Final = 3
"""So many of the last columns of a position, and of an account, move with every price."""
GROUPS: Final = (
    Take("text", ("Group",)),
    Take("text", ("Company",), EMPTY),
    Take("text", ("Currency",), EMPTY),
    Take("code", ("CurrencyDigits",), "2"),
    Take("code", ("MarginMode",), NULL),
)
SYMBOLS: Final = (
    Take("text", ("Symbol",), EMPTY),
    Take("code", ("Digits",)),
    *(Take("figure", (name,), EMPTY) for name in ("ContractSize", "TickSize", "TickValue")),
    *(Take("text", (name,), EMPTY) for name in ("CurrencyBase", "CurrencyProfit", "CurrencyMargin")),
    Take("code", ("CalcMode",), EMPTY),
    *(Take("figure", (name,), EMPTY) for name in ("MarginInitial", "MarginRateCurrency", "MarginHedged")),
    Take("code", ("SwapMode",), EMPTY),
    *(Take("figure", (name,), EMPTY) for name in ("SwapLong", "SwapShort")),
    Take("code", ("Swap3Day",), EMPTY),
)
PRICES: Final = (
    Take("text", ("Symbol",), EMPTY),
    Take("code", ("Digits",)),
    Take("figure", ("BidLast",)),
    Take("figure", ("AskLast",)),
    Take("time", ("Time",), NULL),
)
STANDING: Final = ("Balance", "Credit", "Margin", "Equity", "Floating")
MEMBER: Final = (
    Take("whole", ("Leverage",)),
    Take("text", ("Group",), EMPTY),
    Take("whole", ("Agent",)),
    Take("time", ("Registration",), NULL),
)


def accounts(schema: Schema, *, names: bool) -> tuple[str, str]:
    """Return the expression of an account's line, and what users are joined with for it.

    The account tells what stands now; where it is missing, the user tells the balance as of its last trade.
    """
    user, account = schema.table("mt5_users"), schema.get("mt5_accounts")
    figures = [taken(user, Take("figure", (name,)), "u.") for name in ("Balance", "Credit")]
    joined = ""
    told = [*figures, NULL, NULL, NULL]
    if account:
        join_on = f"a.{quoted(account.column('Login').name)} = u.{quoted(user.column('Login').name)}"
        joined = f" AS u LEFT JOIN {quoted(account.name)} AS a ON {join_on}"
        told = [
            f"IFNULL({taken(account, Take('figure', (name,), 'NULL'), 'a.')}, {otherwise})"
            for name, otherwise in zip(STANDING, told, strict=True)
        ]
    takes = (Take("whole", ("Login",)), STAMP, Take("text", ("Name",) if names else (), EMPTY))
    before = [taken(user, take, "u.") for take in takes]
    after = [taken(user, take, "u.") for take in MEMBER]
    return joined_line([*before, EMPTY, *after, *told]), joined or " AS u"
