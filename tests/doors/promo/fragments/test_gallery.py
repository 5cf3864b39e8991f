"""The gallery shows each fragment with the snippet to copy, and files are kept for good under their hash."""

import hashlib
from base64 import b64encode
from typing import Final

import httpx
import pytest
from selectolax.lexbor import LexborHTMLParser as HTMLParser

from opencabinet.doors.promo.fragments import assets
from opencabinet.doors.promo.fragments.gallery import KINDS
from tests.doors.promo.fragments.reading import attributes, read
from tests.doors.promo.fragments.stocking import CODE

GIVEN_OUT: Final = {1: "sha384-14QEQrE05eQgBnYt0nG+OCAqf7k6YDTHbeVTyWDEHo1hKripBdCoPlB5hqFmaq7x"}
"""The hashes of what stands in snippets on pages of others: they never change."""


def snippets(page: str) -> list[HTMLParser]:
    """Return the snippets of a gallery, read as a page reads them."""
    return [HTMLParser(node.text()) for node in HTMLParser(page).css("textarea")]


@pytest.mark.usefixtures("stock")
async def test_every_fragment_is_shown_in_light_and_dark_with_its_snippet(site: httpx.AsyncClient) -> None:
    given = {"code": CODE, "accent": "f80", "width": "400", "symbols": "EURUSD,USDJPY", "lang": "ar"}
    answer = await site.get("/informers", params=given)
    shown = read(answer)

    assert answer.status_code == 200
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
    frames = [str(node.attributes["src"]) for node in shown.css("iframe")]
    assert len(frames) == 2 * len(KINDS)
    for source in [*frames, *[str(node.attributes["src"]) for node in shown.css("img")]]:
        found = await site.get(source)
        assert found.status_code == 200, source
        assert "ff8800" in source
    named = [attributes(each, "iframe, img") for each in snippets(answer.text)]
    assert [str(each["src"]).removeprefix("http://cabinet.test") for each in named][: len(frames)] == frames
    assert all(each.get("title") or each.get("alt") for each in named)


async def test_a_snippet_names_a_script_that_is_what_its_hash_says(site: httpx.AsyncClient) -> None:
    first = snippets((await site.get("/informers")).text)[0]
    script = attributes(first, "script")

    answer = await site.get(str(script["src"]).removeprefix("http://cabinet.test"))
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert script["integrity"] == f"sha384-{b64encode(hashlib.sha384(answer.content).digest()).decode()}"
    assert script["crossorigin"] == "anonymous"


def test_what_was_given_out_does_not_change() -> None:
    given_out = [each.integrity for each in assets.assets().values() if each.name.startswith("embed.")]

    assert given_out == list(GIVEN_OUT.values())


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"code": "1"}, "A code has 3 to 16 Latin letters and digits, and begins with a letter."),
        ({"accent": "red"}, "Write three or six hexadecimal digits."),
        ({"width": "wide"}, "Write a number such as 1 or 0.5."),
    ],
)
async def test_what_cannot_be_read_is_said(site: httpx.AsyncClient, given: dict[str, str], said: str) -> None:
    answer = await site.get("/informers", params=given)

    assert answer.status_code == 400
    assert [node.text() for node in read(answer).css(".wrong")] == [said]


async def test_no_other_file_is_shown(site: httpx.AsyncClient) -> None:
    real = assets.asset("frame.css").name
    for name in ("frame.css", "embed.js", "1.js", "__init__.py", real[:-1], f"{real}.map", real.upper()):
        assert (await site.get(f"/informers/assets/{name}")).status_code == 404, name
    for name in (f"%2e%2e%2f{real}", "..%2fassets.py", "%5c..%5cassets.py", f"{real}%00"):
        assert (await site.get(f"/informers/assets/{name}")).status_code == 400, name


async def test_a_style_sheet_holds_nothing_but_what_was_read(site: httpx.AsyncClient) -> None:
    hostile = "}body{background:url(https://evil.example)}"
    given = dict.fromkeys(("accent", "text", "background", "border", "width", "theme"), hostile)

    answer = await site.get("/informers/look.css", params=given)

    assert answer.headers["content-type"] == "text/css; charset=utf-8"
    assert "evil" not in answer.text
    assert "url" not in answer.text
