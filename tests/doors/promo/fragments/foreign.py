"""Somebody else's page: what is put there, and what is left behind."""

from math import ceil
from pathlib import Path
from typing import Any, Final

import httpx
import pytest
from selectolax.lexbor import LexborHTMLParser as HTMLParser

from tests.clients.serving import Server
from tests.doors.promo.fragments.browsing import NOTHING, WRITTEN, Browser
from tests.doors.promo.fragments.stocking import CODE

PAGE: Final = """<!doctype html><html lang="en"><meta charset="utf-8"><title>My page</title>
<meta name="color-scheme" content="{scheme}"><link rel="icon" href="data:,"><body>{body}</body></html>"""
HEIGHT: Final = "() => document.documentElement.getBoundingClientRect().height"
TRIES: Final = 200


def snippets(server: Server, **given: str) -> list[str]:
    """Return the snippets of the gallery, as a partner copies them."""
    page = httpx.get(f"{server.url}/informers", params={"code": CODE, **given}).text
    return [node.text() for node in HTMLParser(page).css("textarea")]


def put(folder: Path, body: str, scheme: str = "light") -> None:
    """Put something on somebody else's page."""
    (folder / "page.html").write_text(PAGE.format(scheme=scheme, body=body), "utf-8")


async def fitted(page: Any) -> list[Any]:
    """Return the frames of a page, once each is as high as what it shows."""
    frames = [frame for frame in page.frames if frame != page.main_frame]
    for frame in frames:
        await frame.wait_for_load_state("load")
        for _ in range(TRIES):
            element = await frame.frame_element()
            if await element.get_attribute("height") == str(ceil(await frame.evaluate(HEIGHT))):
                break
            await page.wait_for_timeout(50)
        else:
            pytest.fail(f"{frame.url} is not as high as it says.")
    return frames


async def written(frame: Any) -> Any:
    """Return what a frame has written; one that may not write has written nothing."""
    try:
        return await frame.evaluate(WRITTEN)
    except Exception as refused:
        if "denied" not in str(refused):
            raise
        return NOTHING


def strangers(looking: Browser, *ours: str) -> list[str]:
    """Return who was asked besides us and the page itself."""
    return [url for url in looking.asked if not url.startswith((*ours, "data:"))]
