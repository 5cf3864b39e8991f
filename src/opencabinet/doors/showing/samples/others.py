"""What is invented beside an account: what a partner earned and who clicked, prices, and news."""

from datetime import timedelta
from decimal import Decimal
from typing import Final

from opencabinet.doors.showing.samples.money import AS_OF, CURRENCY, NOW, SYMBOLS, Answer

STATES: Final = ("accrued", "held", "approved", "paid")
HEADLINES: Final = (
    ("Gold holds above 2,900", "The metal kept what it had gained. Traders look at Friday's figures."),
    ("Euro little changed before the rate decision", "Markets expect no step; the press conference matters more."),
    ("Trading hours over the holidays", "Some markets close early. The table tells which, and when they open again."),
)


def rewards(count: int) -> Answer:
    """Return what a partner earned."""
    rows: list[Answer] = [
        {
            "id": f"rwd_{place}", "ticket": 33 + place, "client": 2001002, "level": 0, "kind": "commission",
            "amount": f"{Decimal(place % 7 + 1) * Decimal('3.5')}", "currency": CURRENCY,
            "state": STATES[place % len(STATES)], "closed_at": (NOW - timedelta(hours=5 * place)).isoformat(),
        }
        for place in range(count)
    ]  # fmt: skip
    total = f"{sum(Decimal(row['amount']) for row in rows)}"
    receipt = {"closing_total": total, "currency": CURRENCY, "complete": True, "reason": None}
    page = {"next_cursor": None, "has_more": False, "limit": count}
    return {"data": rows, "page": page, "receipt": receipt, "as_of": AS_OF}


def clicks(count: int) -> Answer:
    """Return who clicked on a partner's links, day by day."""
    rows: list[Answer] = [
        {
            "group": (NOW - timedelta(days=count - 1 - place)).date().isoformat(),
            "clicks": 20 + place * 37 % 53, "unique_clicks": 12 + place * 17 % 31, "marked": place % 3,
        }
        for place in range(count)
    ]  # fmt: skip
    total = {name: sum(row[name] for row in rows) for name in ("clicks", "unique_clicks", "marked")}
    return {"data": rows, "has_more": False, "total": total}


def quotes() -> Answer:
    """Return the last prices of some symbols."""
    rows: list[Answer] = [
        {
            "symbol": name,
            "bid": price,
            "ask": f"{Decimal(price) + Decimal(price).scaleb(-4).quantize(Decimal(price))}",
            "quoted_at": AS_OF,
        }
        for name, price, _ in SYMBOLS
    ]
    return {"server": "HarbourStreet-MT4", "data": rows}


def news(count: int) -> Answer:
    """Return the newest headlines."""
    rows: list[Answer] = [
        {
            "id": f"news_{place}", "url": f"https://cabinet.example/news/{place}", "language": "en",
            "title": title, "summary": summary, "published_at": (NOW - timedelta(hours=9 * place)).isoformat(),
            "updated_at": AS_OF,
        }
        for place, (title, summary) in ((place, HEADLINES[place % len(HEADLINES)]) for place in range(count))
    ]  # fmt: skip
    return {"data": rows, "page": {"next_cursor": None, "has_more": False, "limit": count}}
