"""Quotes, which belong to nobody."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from opencabinet.doors.showing.definitions import cells
from opencabinet.doors.showing.definitions.cells import Told
from opencabinet.doors.showing.model import Answers, Block, Empty, Question, Widget
from opencabinet.doors.showing.options import Options
from opencabinet.doors.wording import Words, marked

USUAL: Final = ("EURUSD", "GBPUSD", "USDJPY", "XAUUSD")
QUOTES: Final = (
    Told(member="symbol", label=marked("Symbol"), write=cells.symbol, kind="text"),
    Told(member="bid", label=marked("Bid"), write=cells.price),
    Told(member="ask", label=marked("Ask"), write=cells.price),
    Told(member="quoted_at", label=marked("Quoted, UTC"), write=cells.moment, kind="time"),
)


def symbols(options: Options) -> Mapping[str, str]:
    """Ask for symbols, of a server if it is told."""
    server = {"server": options.server} if options.server else {}
    return {"symbols": ",".join(options.symbols or USUAL), **server}


def quotes(answers: Answers, options: Options, words: Words) -> Sequence[Block]:
    """Show the last price of each symbol, in the order asked for."""
    given: dict[str, Any] = answers["quotes"]
    rows = cells.priced(given["data"], ("bid", "ask"))
    if not rows:
        return [Empty(text=words.gettext("No price of these symbols is known."))]
    name, caption = "quotes", words.gettext("Quotes")
    table = cells.table(words, QUOTES, rows, name=name, caption=caption, key=name_of, columns=options.columns)
    return [table]


def name_of(row: Mapping[str, Any]) -> str:
    """Return the symbol of a row."""
    return str(row["symbol"])


LIVE_QUOTES: Final = Widget(
    name="quotes",
    title=marked("Quotes"),
    text=marked("The last bid and ask of symbols."),
    needs=None,
    of="nobody",
    questions=(Question(name="quotes", path="/v1/quotes", query=symbols),),
    show=quotes,
    columns=cells.names(QUOTES),
    takes=frozenset({"symbols", "server"}),
    refresh_seconds=2,
)
