import asyncio
import shutil
import signal
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from rich.console import Console

from opencabinet.cli import sync
from opencabinet.db import Connection
from opencabinet.ingest.feeds.metatrader import Follower, configuration
from tests.cli.console import cabinet, refused, told
from tests.cli.processes import databases, eventually, running
from tests.double import Double, Server
from tests.double.play import Player

FEEDS = """
[[feed]]
server = "Example-Live"
kind = "mt5"
url = "{url}"
clock = "NewYork+7"
"""
MT4 = FEEDS.replace("mt5", "mt4")


@pytest.fixture
async def double(mariadb: Server) -> Double:
    return await Double.open(mariadb, "mt5-2023", seed=5)


def written(folder: Path, url: str, text: str = FEEDS) -> Path:
    file = folder / "feeds.toml"
    file.write_text(text.format(url=url))
    file.chmod(0o600)
    return file


@pytest.mark.usefixtures("installed")
async def test_without_a_file_there_is_nothing_to_follow() -> None:
    refused(await cabinet("sync"), "OPENCABINET_FEEDS")
    refused(await cabinet("sync", "check"), "OPENCABINET_FEEDS")


@pytest.mark.usefixtures("installed")
async def test_a_check_says_how_each_table_is_followed_and_writes_nothing(
    committed: Connection, double: Double, tmp_path: Path
) -> None:
    said = await cabinet("sync", "check", "--feeds", str(written(tmp_path, double.url())))

    assert said.code == 0, said
    assert "mt5_deals: by its stamps and keys" in said.out
    assert "mt5_positions: read whole at each look" in said.out
    assert "Doubt" not in said.out
    assert "reads-rows" not in said.out
    assert await committed.value("SELECT count(*) FROM feeds") == 0
    await double.close()


@pytest.mark.usefixtures("installed")
async def test_a_check_doubts_a_user_who_may_write(double: Double, tmp_path: Path) -> None:
    said = await cabinet("sync", "check", "--feeds", str(written(tmp_path, double.url("exporter"))))

    assert "may write" in said.out
    await double.close()


@pytest.mark.usefixtures("installed")
async def test_a_check_of_a_server_that_is_away_says_so_without_its_password(tmp_path: Path) -> None:
    said = await cabinet(
        "sync", "check", "--feeds", str(written(tmp_path, "mysql://reader:secret-word@127.0.0.1:1/export"))
    )

    assert said.code == 1
    assert "reader@127.0.0.1:1/export" in said.out
    assert "secret-word" not in said.out + said.err


@pytest.mark.usefixtures("installed")
async def test_the_status_tells_how_each_feed_is(committed: Connection, double: Double, tmp_path: Path) -> None:
    player = Player(double.broker)
    player.begin(3)
    await double.flush()
    follower = Follower(configuration.feeds(written(tmp_path, double.url()))[0], now=lambda: double.broker.now)
    await follower.load(committed)
    live = (await cabinet("sync", "status")).out
    await follower.fail(committed, "The server is away.")

    failing = (await cabinet("sync", "status")).out

    assert "Example-Live" in live
    assert "live" in live.replace("Example-Live", "")
    assert "failing" in failing
    assert "The server is away." in failing
    await double.close()


@pytest.mark.usefixtures("installed")
async def test_the_status_names_a_server_of_which_nothing_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENCABINET_FEEDS", str(written(tmp_path, "mysql://reader:secret-word@127.0.0.1:1/export")))

    said = await cabinet("sync", "status")

    assert "Example-Live (mt5): not begun" in said.out
    assert "sync check" in said.out
    assert "secret-word" not in said.out


@pytest.mark.usefixtures("installed")
async def test_a_check_of_one_table_says_what_of_it_is_read_whole(mariadb: Server, tmp_path: Path) -> None:
    classic = await Double.open(mariadb, "mt4-2017")

    said = await cabinet("sync", "check", "--feeds", str(written(tmp_path, classic.url(), MT4)))

    assert "mt4_trades: by its stamps and keys" in said.out
    assert "mt4_trades: open trades and working orders are read whole at each look" in said.out
    await classic.close()


async def test_a_status_can_be_read_in_eighty_columns(
    installed: Connection, double: Double, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setattr(sync, "console", Console(highlight=False, width=80))
    await double.flush()
    follower = Follower(configuration.feeds(written(tmp_path, double.url()))[0], now=lambda: double.broker.now)
    await follower.load(installed)
    problem = "The reporting database does not let us in, whoever asks: its password is another one by now."
    await follower.fail(installed, problem)

    [server, *lines] = (await cabinet("sync", "status")).out.splitlines()

    assert server == "Example-Live (mt5): failing"
    assert all(len(line) <= 80 and line.startswith("  ") for line in lines)
    assert [line.split()[0] for line in lines[:4]] == ["as", "17", "never", "problem:"]
    assert " ".join(line.strip() for line in lines[3:]) == f"problem: {problem}"
    await double.close()


@pytest.fixture
def elsewhere() -> Iterator[Path]:
    """A home that the database's user can reach, with no database yet."""
    made = Path(tempfile.mkdtemp(prefix="oc-"))
    made.chmod(0o755)
    yield made
    shutil.rmtree(made)


async def test_without_another_database_the_embedded_one_is_followed_into(
    elsewhere: Path, double: Double, monkeypatch: pytest.MonkeyPatch
) -> None:
    double.broker.now = datetime.now(UTC)
    double.broker.deposit(double.broker.account("usd"), "100")
    await double.flush()
    file = str(written(elsewhere, double.url()))
    monkeypatch.setenv("OPENCABINET_HOME", str(elsewhere))

    with running(elsewhere, "sync", "--feeds", file) as command:
        assert await asyncio.to_thread(eventually, lambda: "): live" in told("sync", "status").out)
        assert await asyncio.to_thread(command.end, signal.SIGTERM) == 0

    assert databases(elsewhere) == []
    assert (await cabinet("sync", "check", "--feeds", file)).code == 0
    await double.close()
