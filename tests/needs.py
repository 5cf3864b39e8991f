"""What a test needs from outside the repository: without it the test is skipped, or fails where all are required."""

import os
from functools import cache
from pathlib import Path
from typing import Final, NoReturn

import pytest

from opencabinet.ingest import Statement
from opencabinet.ingest.reading import read

DATA: Final = Path(
    os.environ.get("OPENCABINET_TEST_DATA", Path(__file__).resolve().parents[2] / "shared" / "data"),
)


def data(path: str) -> Path:
    """Return the file `path` of the folder of real statements, which are other people's and not in the repository."""
    found = DATA / path
    if not found.exists():
        lacking(f"there is no {found}; OPENCABINET_TEST_DATA names the folder of real statements")
    return found


@cache
def statement(path: str) -> Statement:
    """Return the real statement in the file `path` of that folder, read once for all tests of a process."""
    return read(data(path))


def lacking(reason: str) -> NoReturn:
    """Skip the test; fail it under OPENCABINET_TEST_REQUIRE=all."""
    if os.environ.get("OPENCABINET_TEST_REQUIRE") == "all":
        pytest.fail(reason)
    pytest.skip(reason)
