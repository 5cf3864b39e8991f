from pathlib import Path

import pytest

from opencabinet.db import Connection
from opencabinet.ingest.feeds.metatrader import Follower, configuration
from tests.cli.console import cabinet, refused
from tests.double import Double, Server
from tests.double.play import Player

FEEDS = """
[[feed]]
server = "Example-Live"
kind = "mt5"
url = "{url}"
clock = "NewYork+7"
"""


@pytest.fixture
async def double(mariadb: Server) -> Double:
    return await Double.open(mariadb, "mt5-2023", seed=5)


def written(folder: Path, url: str) -> Path:
    file = folder / "feeds.toml"
    file.write_text(FEEDS.format(url=url))
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
