"""News as a page."""

import re
from base64 import b64encode
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import httpx
import pytest

from opencabinet import content
from opencabinet.db import Connection
from tests.content.telling import news
from tests.content.test_written import HOSTILE


async def test_a_page_says_the_news_and_can_do_nothing(site: httpx.AsyncClient, committed: Connection) -> None:
    made = await news(committed, symbols=["XAUUSD"], title="<b>Gold</b> & co")

    answer = await site.get(f"/news/{made.id}")

    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["cache-control"] == "public, max-age=60"
    assert "<title>&lt;b&gt;Gold&lt;/b&gt; &amp; co</title>" in answer.text
    assert made.body.strip() in answer.text
    assert "XAUUSD" in answer.text
    assert "/go/" not in answer.text
    policy = answer.headers["content-security-policy"]
    [style] = re.findall(r"<style>(.*?)</style>", answer.text, re.DOTALL)
    assert f"'sha256-{b64encode(sha256(style.encode()).digest()).decode()}'" in policy
    for each in ("default-src 'none'", "form-action 'none'", "base-uri 'none'", "frame-ancestors 'none'"):
        assert each in policy
    assert "unsafe" not in policy
    assert "script" not in answer.text.replace("description", "")


@pytest.mark.parametrize(
    ("language", "words"), [("en", "Open an account"), ("de", "Konto eröffnen"), ("pt-BR", "Open an account")]
)
async def test_a_partners_link_is_below_the_news(
    site: httpx.AsyncClient, committed: Connection, language: str, words: str
) -> None:
    made = await news(committed, language=language)

    answer = await site.get(f"/news/{made.id}?code=abc&next=https://evil.example")

    [link] = re.findall(r'<a class="go" href="([^"]*)" rel="nofollow">([^<]*)</a>', answer.text)
    assert link == ("http://cabinet.test/go/ABC", words)
    assert "evil" not in answer.text


async def test_what_is_not_told_has_no_page(site: httpx.AsyncClient, committed: Connection) -> None:
    later, gone = await news(committed, at=datetime.now(UTC) + timedelta(hours=1)), await news(committed)
    await content.retract_news(committed, gone.id)

    for wrong in (later.id, gone.id, gone.id + 1, 0, "x", "-1", "+1", "1_0", "9" * 30, "٣"):
        assert (await site.get(f"/news/{wrong}")).status_code == 404, wrong


async def test_hostile_news_is_only_text_on_its_page(site: httpx.AsyncClient, committed: Connection) -> None:
    for hostile in HOSTILE:
        try:
            made = await news(committed, f"<h1>T</h1><p>a</p>{hostile}", markdown=False)
        except content.BadContent:
            continue
        text = (await site.get(f"/news/{made.id}?code=ABC")).text
        tags = {each.lower() for each in re.findall(r"<\s*/?\s*([a-zA-Z!-]+)", text)}

        assert not tags & {
            "script",
            "img",
            "svg",
            "iframe",
            "object",
            "embed",
            "form",
            "input",
            "base",
            "video",
            "math",
        }
        assert not re.search(r"<[^>]*\son\w+=", text)
        assert not re.search(r"href=\"?(?!https?:|mailto:|\{link\}|http://cabinet)[^\">]", text), hostile
