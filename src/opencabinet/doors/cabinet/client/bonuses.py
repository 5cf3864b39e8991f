"""Bonuses: what was given and taken, and how far the lots are that turn each into money."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from litestar import Response
from markupsafe import Markup
from msgspec import Struct

from opencabinet.access import Signed
from opencabinet.doors.cabinet.client import columns, fragments
from opencabinet.doors.cabinet.client.columns import Grid, word
from opencabinet.doors.cabinet.client.fragments import Failed
from opencabinet.doors.cabinet.client.listing import target
from opencabinet.doors.cabinet.handlers import page
from opencabinet.doors.cabinet.visit import Visit
from opencabinet.doors.showing.definitions import cells
from opencabinet.doors.showing.definitions.bonuses import BONUS, meters
from opencabinet.doors.showing.definitions.cells import Given, Told
from opencabinet.doors.showing.model import Figure
from opencabinet.doors.within import Answer
from opencabinet.doors.wording import Words, marked

GRANTED: Final = (
    Told(member="granted_at", label=marked("Given, UTC"), write=cells.moment, kind="time"),
    Told(member="programme", label=marked("Programme"), write=cells.text, kind="text"),
    Told(member="amount", label=marked("Amount"), write=cells.amount, counted=True),
    Told(member="released", label=marked("Turned into money"), write=cells.amount, counted=True),
    Told(member="cancelled", label=marked("Cancelled"), write=cells.amount, counted=True),
    Told(member="remaining", label=marked("Left"), write=cells.amount, counted=True),
    Told(member="comment", label=marked("Comment"), write=cells.text, kind="text"),
)
TAKEN: Final = (
    Told(member="ended_at", label=marked("Taken, UTC"), write=cells.moment, kind="time"),
    Told(
        member="kind",
        label=marked("How"),
        write=word({"cancelled": marked("Cancelled"), "released": marked("Turned into money")}),
        kind="text",
    ),
    Told(member="amount", label=marked("Amount"), write=cells.amount, counted=True),
    Told(member="comment", label=marked("Comment"), write=cells.text, kind="text"),
)
COUNTED: Final = (
    Told(member="symbol", label=marked("Symbol"), write=cells.symbol, kind="text"),
    Told(member="trades", label=marked("Trades"), write=cells.number),
    Told(member="lots", label=marked("Lots"), write=cells.lots),
    Told(member="contract_size", label=marked("Contract size"), write=cells.number),
    Told(member="programme_lots", label=marked("Lots of the programme"), write=cells.lots),
)


class Refusal(Struct, frozen=True, kw_only=True):
    """Trades that do not count, and why."""

    text: str
    trades: int
    grid: Grid


class Programme(Struct, frozen=True, kw_only=True):
    """A programme: how far it is, what counted, and what did not."""

    title: str
    meter: Markup
    arithmetic: str
    since: str
    forecast: str | None
    counted: Grid
    not_counted: tuple[Refusal, ...]


class Bonuses(Struct, frozen=True, kw_only=True):
    """All there is to say of an account's bonuses, or why it cannot be said."""

    failed: Failed | None = None
    figures: tuple[Figure, ...] = ()
    programmes: tuple[Programme, ...] = ()
    granted: Grid | None = None
    taken: Grid | None = None
    honesty: Markup = Markup()
    whole: bool = True


@page("/accounts/{login}/bonuses", need=Signed.IN)
async def show_bonuses(visit: Visit) -> Response[bytes]:
    """Show the bonuses of an account, and how far each programme is."""
    login = visit.login()
    loaded = visit.partial or "whole" in visit.request.query_params
    answer = await visit.ask(f"/v1/accounts/{login}/bonuses") if loaded else None
    template = "client/bonus.html" if visit.partial else "client/bonuses.html"
    return visit.page(template, login=login, here=target(visit), bonuses=said(visit.words, answer) if answer else None)


def said(words: Words, answer: Answer) -> Bonuses:
    """Say what v1 tells of bonuses."""
    if not answer.good:
        return Bonuses(failed=fragments.failed(words, answer))
    given: dict[str, Any] = answer.json
    currency = {"currency": given["currency"]}
    none = given["state"] == "none" and not given["programmes"]
    return Bonuses(
        figures=() if none else cells.figures(words, BONUS, given),
        programmes=tuple(programme(words, each) for each in given["programmes"]),
        granted=columns.grid(words, GRANTED, [each | currency for each in given["granted"]], "ticket"),
        taken=columns.grid(words, TAKEN, [each | currency for each in given["taken"]], "ticket"),
        honesty=fragments.honesty(words, answer),
        whole=given["complete"],
    )


def programme(words: Words, given: Mapping[str, Any]) -> Programme:
    """Say how far a programme is."""
    forecast = given.get("forecast_at")
    return Programme(
        title=cells.foreign(given["title"]),
        meter=fragments.blocks(words, meters(words, [given])),
        arithmetic=given["arithmetic"],
        since=words.time(datetime.fromisoformat(given["counted_since"])),
        forecast=words.day(datetime.fromisoformat(forecast).date()) if forecast else None,
        counted=closed(words, given["counted"]),
        not_counted=tuple(
            Refusal(text=each["text"], trades=each["trades"], grid=closed(words, each["closed"]))
            for each in given["not_counted"]
        ),
    )


def closed(words: Words, rows: list[Given]) -> Grid:
    """Say what closed, by symbol; the lots of the programme add up to what counts."""
    return columns.grid(words, COUNTED, rows, "symbol")
