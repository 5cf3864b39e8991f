"""Programs as people write them, and as the page published them, read an account over a real socket."""

import asyncio
import re
import shutil
import sys
from pathlib import Path
from typing import Final

import pytest

from opencabinet import access
from opencabinet.db import Connection
from opencabinet.settings import Settings
from tests import make
from tests.clients.serving import Server
from tests.doors.legacy import recorded
from tests.doors.legacy.recorded import LOGIN, golden
from tests.needs import lacking

PROGRAMS: Final = Path(__file__).parent / "programs"
PUBLISHED_HOST: Final = "https://client-api.instaforex.com"
BODIES: Final = ("balance.json", "open-trades.json", "closed-trades.json")
SECONDS: Final = 20
TRIES: Final = 3
"""Mono, busy, now and then hangs or crashes as it ends; the programs only read, so they may be run again."""
PEANUT: Final = recorded.FOLDER.parent / "peanut"
NODE: Final = "install nodejs 18 or newer to run the programs in JavaScript"
PHP: Final = "install php-cli and php-curl for the PHP sample"
MONO: Final = "install mono-runtime, mono-mcs and libmono-system-net-http-formatting4.0-cil for the C# sample"


@pytest.fixture
async def password(committed: Connection, settings: Settings) -> str:
    """The password of the recorded account, which is closed."""
    await recorded.account(committed)
    await access.close_account(committed, LOGIN)
    return await make.password(committed, LOGIN, settings)


def program(name: str, lack: str) -> str:
    """Return where a program is."""
    return shutil.which(name) or lacking(lack)


async def php() -> str:
    """Return where PHP with curl is."""
    found = program("php", PHP)
    if b"curl" not in await run(found, "-m"):
        lacking(PHP)
    return found


async def run(*command: object) -> bytes:
    """Run a program to its end and return what it printed; it must not fail more than now and then."""
    said = ""
    for _ in range(TRIES):
        code, out, said = await tried(*command)
        if code == 0:
            return out
    raise AssertionError(said)


async def tried(*command: object) -> tuple[int | None, bytes, str]:
    """Run a program, not longer than it may take, and return how it ended and what it said."""
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(*map(str, command), stdout=pipe, stderr=pipe)
    try:
        async with asyncio.timeout(SECONDS):
            out, err = await process.communicate()
    except TimeoutError:
        process.kill()
        await process.wait()
        return None, b"", f"{command[0]} did not end."
    return process.returncode, out, err.decode()


def changed(name: str, folder: Path, changes: dict[str, str]) -> Path:
    """Write a published program into a folder, changed only where its page says it must be."""
    text = (PROGRAMS / name).read_text("utf-8")
    for published, ours in changes.items():
        assert published in text, published
        text = text.replace(published, ours)
    path = folder / name
    path.write_text(text, "utf-8")
    return path


async def test_python(server: Server, password: str) -> None:
    printed = await run(sys.executable, PROGRAMS / "reader.py", server.url, LOGIN, password)

    assert printed == b"".join(golden(name) + b"\n" for name in BODIES)


async def test_node(server: Server, password: str) -> None:
    printed = await run(program("node", NODE), PROGRAMS / "reader.mjs", server.url, LOGIN, password)

    assert printed == b"".join(golden(name) + b"\n" for name in BODIES)


async def test_php_that_reads_the_rest(server: Server, password: str) -> None:
    printed = await run(await php(), PROGRAMS / "cabinet.php", server.url, LOGIN, password)

    whole = ("summary.json", "closed-lots.json", "bonuses.json", "operations.json")
    assert printed == b"".join(golden(name) + b"\n" for name in whole) + (
        b"1.0 lots\nRequestClientApiToken from 127.0.0.1\nin time\n"
    )


async def test_node_as_a_mobile_cabinet(server: Server, password: str) -> None:
    printed = await run(program("node", NODE), PROGRAMS / "peanut.mjs", server.url, LOGIN, password)

    lists = ("open-trades", "operations", "bonuses", "closed-trades", "stats")
    assert printed == b"".join(golden(f"{name}-2023.json", PEANUT) + b"\n" for name in lists) + (
        b"19 false true\n0042\n0042\n500 Access denied\n401\n"
    )


@pytest.mark.parametrize(
    ("family", "method", "name"),
    [
        ("Client", "client/RequestBalanceInformation/", "balance.json"),
        ("Client", "client/RequestOpenTrades/", "open-trades.json"),
        ("Client", "client/RequestClosedTrades/", "closed-trades.json"),
        ("Partner", "partner/GetCommissionRecords/", "commissions.json"),
    ],
)
async def test_the_published_php(
    server: Server, password: str, tmp_path: Path, family: str, method: str, name: str
) -> None:
    interpreter = await php()
    changes = {
        "$Login = 0;": f"$Login = {LOGIN};",
        '"password"; #': f'"{password}"; #',
        "$apiAuthenticationMethod = '';": f"$apiAuthenticationMethod = 'api/Authentication/Request{family}ApiToken';",
        "$apiMethodUrl = '';": f"$apiMethodUrl = '{method}';",
        PUBLISHED_HOST: server.url,
    }

    printed = await run(interpreter, changed("published.php", tmp_path, changes))

    # The sample lets curl print the answer, and then prints what curl_exec returned: true.
    assert printed == golden(name) + b"1"


async def compiled(folder: Path, url: str, password: str) -> Path:
    """Compile the published C# sample."""
    mcs, formatting = program("mcs", MONO), "System.Net.Http.Formatting.dll"
    changes = {"login = 000000": f"login = {LOGIN}", "your pass": password, PUBLISHED_HOST: url}
    source = changed("published.cs", folder, changes)
    references = ("-r:System.Net.Http.dll", f"-r:{formatting}")
    await run(mcs, "-nologo", *references, f"-out:{folder / 'published.exe'}", source)
    return folder / "published.exe"


async def test_the_published_csharp(server: Server, password: str, tmp_path: Path) -> None:
    mono = program("mono", MONO)

    printed = await run(mono, await compiled(tmp_path, server.url, password))

    # No commission is accrued yet: the sample has read an empty list and prints no record.
    assert printed == b"read\n"


async def test_the_published_csharp_fails_with_a_wrong_password(server: Server, password: str, tmp_path: Path) -> None:
    """So its end in peace above means that it got in."""
    mono = program("mono", MONO)
    program_file = await compiled(tmp_path, server.url, password + "x")

    with pytest.raises(AssertionError, match="JsonSerializationException"):
        await run(mono, program_file)


def test_the_programs_name_the_published_host_only() -> None:
    for name in ("published.php", "published.cs"):
        hosts = set(re.findall(r"https?://[^/'\"]+", (PROGRAMS / name).read_text("utf-8")))
        assert hosts == {PUBLISHED_HOST}
