"""What the tests of the layouts share: a statement laid out, and what a page holds and prints."""

import re

from msgspec.structs import replace

from opencabinet.ingest import sheet
from opencabinet.ingest.model import Statement
from opencabinet.reports.layouts import mt4, mt5
from opencabinet.samples.story import SERVER


def laid_out(told: Statement) -> bytes:
    return mt4.layout(told) if told.platform == "mt4" else mt5.layout(told, SERVER)


def held(told: Statement) -> Statement:
    """Return what the layout holds of a statement: that of MetaTrader 4 names the company outside its rows."""
    return replace(told, company="") if told.platform == "mt4" else told


def printed_after(content: bytes, title: str) -> list[str]:
    """Return the figures printed below a title, in their order."""
    texts = [text for row in sheet.rows(content) for text in row.texts()]
    return [text for text in texts[texts.index(title) :] if re.match(r"-?[0-9]", text)]
