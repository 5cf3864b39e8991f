"""What a test needs from outside the repository: without it the test is skipped, or fails where all are required."""

import os
from pathlib import Path
from typing import Final, NoReturn

import pytest

DATA: Final = Path(
    os.environ.get("OPENCABINET_TEST_DATA", Path(__file__).resolve().parents[2] / "shared" / "data"),
)


def data(path: str) -> Path:
    """Return the file `path` of the folder of real statements, which are other people's and not in the repository."""
    found = DATA / path
    if not found.exists():
        lacking(f"there is no {found}; OPENCABINET_TEST_DATA names the folder of real statements")
    return found


def lacking(reason: str) -> NoReturn:
    """Skip the test; fail it under OPENCABINET_TEST_REQUIRE=all."""
    if os.environ.get("OPENCABINET_TEST_REQUIRE") == "all":
        pytest.fail(reason)
    pytest.skip(reason)
