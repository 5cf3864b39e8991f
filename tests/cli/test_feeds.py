"""Feeds from the command line: keys made, listed and revoked."""

import re

from opencabinet import access
from opencabinet.access import Source, secrets
from opencabinet.db import Connection
from tests.cli.console import cabinet, refused

MAKE = ("feeds", "keys", "make", "bridge")


async def test_a_key_is_shown_once_and_its_servers_become_known(installed: Connection) -> None:
    said = await cabinet(*MAKE, "--server", "Live-1", "--server", "Live-2", "--clock", "NewYork+7")

    secret = said.out.strip()
    assert (said.code, secrets.formed(secret, "ocf_", 43)) == (0, True), said
    assert (await access.permit_feed(installed, secret, "Live-2", Source())).server == "Live-2"
    assert await installed.values("SELECT server || kind || state FROM feeds ORDER BY 1") == [
        "Live-1pushloading",
        "Live-2pushloading",
    ]
    assert set(await installed.values("SELECT clock FROM servers")) == {"NewYork+7"}


async def test_a_new_server_needs_a_clock_and_without_it_no_key_is_made(installed: Connection) -> None:
    refused(await cabinet(*MAKE, "--server", "Live-1"), "Live-1", "--clock")

    assert await access.feed_keys(installed) == []


async def test_keys_are_listed_without_their_secrets_and_revoked(installed: Connection) -> None:
    del installed
    made = await cabinet(*MAKE, "--server", "Live-1", "--clock", "UTC", "--from", "203.0.113.0/24", "--days", "9")

    listed = (await cabinet("feeds", "keys", "list")).out
    assert all(word in listed for word in ("bridge", "Live-1", "203.0.113.0/24"))
    assert made.out.strip() not in listed
    [number] = re.findall(r"│ (\d+) ", listed)
    assert (await cabinet("feeds", "keys", "revoke", number)).out == "The feed key is revoked.\n"
    assert "bridge" not in (await cabinet("feeds", "keys", "list")).out
    refused(await cabinet("feeds", "keys", "revoke", number), "no such feed key")


async def test_what_is_no_key_is_refused_in_a_line(installed: Connection) -> None:
    del installed
    refused(await cabinet(*MAKE, "--server", "Live-1", "--clock", "UTC", "--days", "91"), "90 days")
    refused(await cabinet(*MAKE, "--server", "Live-1", "--clock", "UTC", "--from", "0.0.0.0/0"), "everybody")
    refused(await cabinet(*MAKE, "--server", "", "--clock", "UTC"), "name")
