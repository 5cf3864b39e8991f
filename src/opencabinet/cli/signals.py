"""Ending in order, whichever way we are told to end."""

import signal
import sys
from types import FrameType


def orderly() -> None:
    """Let SIGTERM and SIGHUP unwind what is being done, as Ctrl-C does: a database that was started is stopped."""
    for name in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(name, end)


def end(number: int, _: FrameType | None) -> None:
    """End with the status that shells give to a signal."""
    sys.exit(128 + number)
