from pathlib import Path

import pytest

from opencabinet import access
from opencabinet.access import keyfile
from opencabinet.access.history import Sealer, seals
from opencabinet.cli.serving import about_witness
from opencabinet.db import Connection
from opencabinet.kernel.ids import Login
from opencabinet.settings import Settings
from tests import make
from tests.access.sealing import AGE, HOME, OLDER
from tests.cli.console import cabinet, refused


@pytest.fixture
async def login(installed: Connection, settings: Settings) -> Login:
    """Give the login of an account with a sealed history, its witness in the home."""
    settings.witness_file.unlink(missing_ok=True)
    login = (await make.account(installed)).login
    await access.set_password(installed, login, pepper=b"p" * 32, source=HOME)
    await access.open_account(installed, login)
    await installed.run(AGE, by=OLDER, after=0)
    sealer = Sealer(keyfile.load(settings.folder).seals, settings.witness_file)
    assert await sealer.seal(installed) == 3
    return login


async def test_a_history_nobody_touched_is_verified(login: Login) -> None:
    del login
    said = await cabinet("audit", "verify")

    assert said.code == 0
    assert "3 rows in 1 batches verified in " in said.out
    assert "0 not sealed yet; the witness knows 1 of the batches." in said.out
    assert "Sealed is all that was final at " in said.out
    assert said.out.endswith("Nothing is wrong.\n")


async def test_what_was_changed_is_named(login: Login, installed: Connection) -> None:
    await installed.run("UPDATE authorizations SET rule = 'forged' WHERE action = 'policy.change'")
    number = await installed.value("SELECT id FROM authorizations WHERE rule = 'forged'")

    said = await cabinet("audit", "verify")

    assert said.code == 1
    assert f"batch 1: login {login}, row {number}: it was changed\n" in said.out
    assert said.out.endswith("Wrong: 1.\n")


async def test_whoever_has_the_public_key_verifies_without_a_secret(login: Login, settings: Settings) -> None:
    del login
    key = (await cabinet("audit", "key")).out.strip()
    assert key == seals.public(keyfile.load(settings.folder).seals).hex()

    assert (await cabinet("audit", "verify", "--key", "00" * 32)).code == 0, "The installation's is trusted beside it."
    file = settings.folder / keyfile.NAME
    away = file.rename(file.with_name("away"))
    try:
        assert (await cabinet("audit", "verify", "--key", key)).code == 0
        assert (await cabinet("audit", "verify", "--key", "00" * 32)).code == 1
        refused(await cabinet("audit", "verify"), "key file")
    finally:
        away.rename(file)


async def test_a_witness_that_is_not_there_is_wrong(login: Login, tmp_path: Path) -> None:
    del login
    said = await cabinet("audit", "verify", "--witness", str(tmp_path / "another"))

    assert said.code == 1
    assert "batch 1: the witness does not know this seal, of 1 that it should know\n" in said.out
    unreadable = await cabinet("audit", "verify", "--witness", str(tmp_path))
    assert (unreadable.code, "the witness cannot be read: Is a directory" in unreadable.out) == (1, True)


async def test_where_nothing_is_sealed_no_witness_is_missed(installed: Connection, tmp_path: Path) -> None:
    del installed
    assert (await cabinet("audit", "verify", "--witness", str(tmp_path / "new"))).code == 0


@pytest.mark.parametrize("key", ["", "xy", "00" * 31])
async def test_what_is_no_key_is_refused(login: Login, key: str) -> None:
    del login
    refused(await cabinet("audit", "verify", "--key", key), "64 hex digits")


async def test_the_history_of_an_account_is_shown(login: Login) -> None:
    lines = (await cabinet("audit", "show", str(login))).out.splitlines()

    assert len(lines) == 3
    assert any(
        "cli - policy.change granted: the default is open, with 0 rules of single functions" in line for line in lines
    )
    assert any("v1 203.0.113.7 credential.change granted: the API password is a new one" in line for line in lines)
    assert len((await cabinet("audit", "show", str(login), "--limit", "1")).out.splitlines()) == 1


async def test_an_account_that_is_not_there_has_no_history(login: Login) -> None:
    refused(await cabinet("audit", "show", str(login + 999)))


def test_a_start_says_where_the_witness_is_and_what_it_cannot_show(settings: Settings, tmp_path: Path) -> None:
    where, unset = about_witness(settings)
    assert str(settings.folder / "seals.witness") in where
    assert "another volume" in unset
    given = Settings(home=str(tmp_path), witness=str(tmp_path / "file"))
    assert "is on the volume of" in about_witness(given)[1]
    assert len(about_witness(Settings(home=str(tmp_path), witness="/proc/file"))) == 1
