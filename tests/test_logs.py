"""The log: whoever writes it, one JSON object a line, on standard error."""

import json
import subprocess
import sys
from typing import Any, Final

TOLD: Final = """
import logging, structlog
from granian.log import LogLevels, configure_logging, logger
from opencabinet import logs
logs.start("{level}")
logs.start("{level}")
configure_logging(LogLevels.warning, logs.SERVER)
structlog.get_logger().warning("ours")
logging.getLogger("psycopg").warning("of %s", "theirs")
try:
    secret = "canary"
    raise ValueError("broken")
except ValueError:
    logging.getLogger("asyncio").exception("one line\\nand another")
logger.error("of the server")
"""


def told(level: str) -> list[Any]:
    """Return what all that log tell, in a process of their own."""
    command = [sys.executable, "-c", TOLD.format(level=level)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603 - ourselves
    assert done.stdout == ""
    assert "canary" not in done.stderr
    return [json.loads(line) for line in done.stderr.splitlines()]


def test_libraries_and_the_server_write_as_we_do() -> None:
    found = told("info")

    assert [each["event"] for each in found] == ["ours", "of theirs", "one line\nand another", "of the server"]
    assert [each["level"] for each in found] == ["warning", "warning", "error", "error"]
    assert all("timestamp" in each for each in found)
    assert found[2]["exception"][0]["exc_value"] == "broken"


def test_they_write_no_more_than_the_operator_asks_for() -> None:
    assert [each["event"] for each in told("error")] == ["one line\nand another", "of the server"]
