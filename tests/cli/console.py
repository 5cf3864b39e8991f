"""Running the command line in this process, as an operator would in a terminal."""

import asyncio
import io
import sys
from contextlib import redirect_stderr, redirect_stdout
from typing import NamedTuple
from unittest.mock import patch

from opencabinet import cli


class Said(NamedTuple):
    """What a command said, and how it ended."""

    code: int
    out: str
    err: str


def told(*arguments: str) -> Said:
    """Run a command to its end."""
    out, err = io.StringIO(), io.StringIO()
    with patch.object(sys, "argv", ["opencabinet", *arguments]), redirect_stdout(out), redirect_stderr(err):
        try:
            cli.run()
        except SystemExit as ended:
            return Said(int(ended.code or 0), out.getvalue(), err.getvalue())
    return Said(0, out.getvalue(), err.getvalue())


async def cabinet(*arguments: str) -> Said:
    """Run a command to its end beside the test's own loop."""
    return await asyncio.to_thread(told, *arguments)


def refused(said: Said, *words: str) -> None:
    """See that a command was refused in one clear line."""
    assert said.code == 2, said
    assert said.out == ""
    [line] = said.err.splitlines()
    assert line.startswith("opencabinet: ")
    for word in words:
        assert word in line
