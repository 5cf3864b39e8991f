"""Whatever is generated from the definition, a live server answers it as the definition says, and never fails."""

import re
from pathlib import Path

import httpx
import pytest

from opencabinet.db import Connection
from opencabinet.settings import Settings
from tests.clients.serving import Server
from tests.doors.v1 import fuzzing


@pytest.fixture
async def demonstration(committed: Connection, settings: Settings) -> None:
    """The account that the examples are of."""
    await fuzzing.account(committed, settings)


@pytest.mark.usefixtures("demonstration")
def test_every_answer_is_a_documented_one(server: Server, tmp_path: Path) -> None:
    definition = httpx.get(f"{server.url}/v1/openapi.json").json()

    said = fuzzing.run(server, tmp_path, fuzzing.strict(definition), "examples,fuzzing", examples=4)

    generated = re.search(r"(\d+) generated", said)
    assert generated
    assert int(generated[1]) > 300
    assert f"Tested: {len(fuzzing.harmless(definition))}" in said


@pytest.mark.usefixtures("demonstration")
def test_whoever_follows_the_links_is_answered_as_documented(server: Server, tmp_path: Path) -> None:
    definition = fuzzing.guided(fuzzing.strict(httpx.get(f"{server.url}/v1/openapi.json").json()))

    fuzzing.run(server, tmp_path, definition, "stateful", examples=40, told=True)

    turned = [uri for uri in fuzzing.asked(tmp_path) if re.search(r"cursor=[\w-]{43}(&|$)", uri)]
    assert turned, "Pages were turned."


@pytest.mark.torture
@pytest.mark.usefixtures("demonstration")
@pytest.mark.parametrize("phases", ["coverage,fuzzing", "stateful"])
def test_ten_times_as_much_finds_nothing_either(server: Server, tmp_path: Path, phases: str) -> None:
    definition = fuzzing.strict(httpx.get(f"{server.url}/v1/openapi.json").json())
    if phases == "stateful":
        definition = fuzzing.nameless(definition)

    fuzzing.run(server, tmp_path, definition, phases, examples=60)
