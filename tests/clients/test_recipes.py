"""The recipes run as they stand in their pages, and print what the pages say."""

import asyncio
import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from opencabinet import access
from opencabinet.access import keyfile
from opencabinet.cli.demo import password
from opencabinet.db import Connection
from opencabinet.kernel.ids import Login
from opencabinet.settings import Settings
from tests.clients import recipes
from tests.clients.recipes import LANGUAGES, REFERENCES, Language
from tests.clients.serving import Server
from tests.conftest import TRUNCATE
from tests.demonstration import files as samples
from tests.demonstration import import_sample

LOGIN: Final = Login(1001001)
OPENED: Final = Login(1001002)
OPEN_PAGE: Final = "show-an-open-account.md"
SECONDS: Final = 15
TRIES: Final = 3
"""Mono 6.8 now and then hangs after its program's last line, as it ends its own threads: 2 times in 200, measured."""
EACH_LANGUAGE: Final = pytest.mark.parametrize("language", LANGUAGES, ids=lambda language: language.name)


@pytest.fixture(scope="module")
def demonstration(settings: Settings) -> Iterator[None]:
    """The demonstration's accounts of MetaTrader 4, one of them open; all is emptied afterwards."""
    asyncio.run(filled(settings))
    yield
    asyncio.run(emptied(settings))


async def filled(settings: Settings) -> None:
    """Import the samples as the demonstration does."""
    conn = await Connection.open(settings.database_url)
    pepper = keyfile.load(settings.folder).pepper
    for login, file in samples().items():
        if file.name.startswith("mt4-"):
            await import_sample(conn, file, login)
            await access.set_password(conn, login, pepper=pepper, password=password(login))
    await access.open_account(conn, OPENED)
    await conn.close()


async def emptied(settings: Settings) -> None:
    """Leave nothing to other tests."""
    conn = await Connection.open(settings.database_url)
    await conn.run(TRUNCATE)
    await conn.close()


@pytest.fixture
def variables(server: Server, demonstration: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the programs read from the environment."""
    del demonstration  # the accounts are there
    monkeypatch.setenv("CABINET", server.url)
    monkeypatch.setenv("LOGIN", str(LOGIN))
    monkeypatch.setenv("PASSWORD", password(LOGIN))
    # A library that looks for proxies would not find the server.
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


async def run(*command: str, folder: Path) -> bytes:
    """Run a program in a folder to its end, and return what it printed; it must not fail."""
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(*command, cwd=folder, stdout=pipe, stderr=pipe)
    try:
        async with asyncio.timeout(SECONDS):
            out, err = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
    assert process.returncode == 0, (out + err).decode()
    return out


async def printed(language: Language, page: str, folder: Path) -> str:
    """Run a page's program in a folder, and return what it prints."""
    runner, *compiler = language.programs()
    names = recipes.written(page, language.name, folder)
    if compiler:
        await run(*compiler, "-nologo", "-warn:0", *REFERENCES, "-out:program.exe", *names, folder=folder)
        return (await patiently(runner, "program.exe", folder=folder)).decode()
    return (await run(runner, names[-1], folder=folder)).decode()


async def patiently(*command: str, folder: Path) -> bytes:
    """Run a program of Mono, and again if it does not end."""
    for _ in range(TRIES - 1):
        with contextlib.suppress(TimeoutError):
            return await run(*command, folder=folder)
    return await run(*command, folder=folder)


@EACH_LANGUAGE
@pytest.mark.parametrize("page", recipes.pages())
@pytest.mark.usefixtures("variables")
async def test_a_recipe_prints_what_its_page_says(
    page: str, language: Language, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if page == OPEN_PAGE:
        monkeypatch.setenv("LOGIN", str(OPENED))
        monkeypatch.delenv("PASSWORD")

    assert await printed(language, page, tmp_path) == recipes.printed(page)


def test_every_recipe_with_programs_has_one_in_each_language() -> None:
    assert len(recipes.pages()) >= 7
    for page in recipes.pages():
        for language in LANGUAGES:
            assert recipes.files(page, language.name), (page, language.name)
            assert "" not in recipes.files(page, language.name), f"{page}: a first line names no file"
