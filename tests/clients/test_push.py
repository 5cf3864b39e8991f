"""The recipe of a push feed does as it stands in its page: what is typed, and the program."""

import json
import re
import sys
from decimal import Decimal
from pathlib import Path

import pytest

from opencabinet.access import NewFeedKey, make_feed_key
from opencabinet.db import Connection
from opencabinet.doors.v1.ingest import READ_SECONDS
from opencabinet.ingest import feeds
from opencabinet.ingest.feeds.push.lines import LONGEST_LINE, MOST_DECIMALS, MOST_LINES
from tests.clients import recipes
from tests.clients.serving import Server
from tests.clients.test_recipes import run

PAGE = "push-a-feed.md"


def blocks(language: str) -> list[str]:
    """Return the page's blocks in a language."""
    return [text for said, text in recipes.blocks(PAGE) if said == language]


@pytest.fixture
async def variables(server: Server, committed: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the page reads from the environment."""
    made = await make_feed_key(committed, NewFeedKey(name="bridge", servers=("Live-1",)))
    await feeds.know(committed, "Live-1", "push", "NewYork+7")
    monkeypatch.setenv("CABINET", server.url)
    monkeypatch.setenv("FEED_KEY", made.secret)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


@pytest.mark.usefixtures("variables")
async def test_the_page_does_as_it_says(committed: Connection, tmp_path: Path) -> None:
    [curl] = blocks("sh")
    [program] = blocks("py")
    (tmp_path / "push.py").write_text(program)

    receipt = json.loads(await run("bash", "-c", curl.replace("curl ", "curl -s ", 1), folder=tmp_path))
    printed = await run(sys.executable, "push.py", folder=tmp_path)

    assert receipt == json.loads(blocks("json")[0])
    assert printed.decode() == blocks("text")[0]
    assert await committed.value("SELECT balance FROM accounts WHERE login = 500001") == Decimal("999.65")
    assert await committed.value("SELECT (cursor ->> 'sequence')::int FROM feeds") == 2


def test_the_page_names_the_limits_of_the_code() -> None:
    text = " ".join((recipes.FOLDER / PAGE).read_text("utf-8").split())

    assert f"at most {MOST_LINES:,} lines of {LONGEST_LINE // 1024} KiB" in text
    assert f"within {READ_SECONDS:.0f} seconds" in text
    assert f"at most {MOST_DECIMALS} places" in text


def test_the_page_names_every_row() -> None:
    told = set(
        re.findall(
            r"`(\w+)`", "\n".join(re.findall(r"^\| (`.*?) \|", (recipes.FOLDER / PAGE).read_text(), re.MULTILINE))
        )
    )

    assert {str(row.__struct_config__.tag) for row in feeds.Row.__args__} <= told
