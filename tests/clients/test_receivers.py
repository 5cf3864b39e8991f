"""The receivers of webhooks in the page about them take what is signed, and nothing else."""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import httpx
import pytest

from opencabinet.webhooks import signing
from tests.cli.processes import free_port
from tests.clients import recipes
from tests.needs import lacking

PAGE: Final = "receive-webhooks.md"
BODY: Final = '{"id":"evt_1001001_57","type":"trade.closed","data":{"comment":"Ω"}}'.encode()
SECRET: Final = b"s" * 32
RUN: Final = {
    "python": ("python3", "{file}"),
    "php": ("php", "-S", "127.0.0.1:{port}", "{file}"),
    "javascript": ("node", "{file}"),
}


@asynccontextmanager
async def receiving(
    language: str, folder: Path
) -> AsyncIterator[tuple[httpx.AsyncClient, "asyncio.subprocess.Process"]]:
    """Let a program of the page listen, and give a client of it."""
    [(name, text)] = recipes.files(PAGE, language).items()
    (folder / name).write_text(text, "utf-8")
    port = free_port()
    program, *rest = [each.format(file=name, port=port) for each in RUN[language]]
    found = shutil.which(program) or lacking(f"install {program} for the receiver in {language}")
    environment = {**os.environ, "PORT": str(port), "WEBHOOK_SECRET": signing.shown(SECRET)}
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(
        found, *rest, cwd=folder, env=environment, stdout=pipe, stderr=asyncio.subprocess.STDOUT
    )
    try:
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", trust_env=False) as client:
            await listening(port)
            yield client, process
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def listening(port: int) -> None:
    """Wait until something listens."""
    async with asyncio.timeout(15):
        while True:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                await asyncio.sleep(0.05)
            else:
                writer.close()
                await writer.wait_closed()
                return


@pytest.mark.parametrize("language", RUN)
async def test_a_receiver_takes_what_is_signed_and_nothing_else(language: str, tmp_path: Path) -> None:
    now = datetime.now(UTC)

    def signed(*secrets: bytes, at: datetime = now) -> dict[str, str]:
        return signing.signed(secrets, "evt_1001001_57", at, BODY)

    good = signed(SECRET)
    refused: list[tuple[dict[str, Any], bytes]] = [
        ({}, BODY),
        (good, BODY + b" "),
        (good | {"webhook-id": "evt_1001001_58"}, BODY),
        (good | {"webhook-timestamp": str(int(now.timestamp()) + 1)}, BODY),
        (good | {"webhook-timestamp": "soon"}, BODY),
        (good | {"webhook-signature": good["webhook-signature"][:-2]}, BODY),
        (good | {"webhook-signature": ""}, BODY),
        (signed(b"o" * 32), BODY),
        (signed(SECRET, at=now - timedelta(minutes=6)), BODY),
        (signed(SECRET, at=now + timedelta(minutes=6)), BODY),
    ]
    async with receiving(language, tmp_path) as (client, process):
        for headers, body in refused:
            assert (await client.post("/", content=body, headers=headers)).status_code == 401, headers
        for headers in (good, signed(b"n" * 32, SECRET), good):
            assert (await client.post("/", content=BODY, headers=headers)).status_code == 204
        process.kill()
        out, _ = await process.communicate()

    assert b"evt_1001001_57 trade.closed" in out
