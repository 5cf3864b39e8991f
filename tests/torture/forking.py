"""Follows a server in one process after another, each forked from this one so that it starts at once.

For each line on its standard input it starts one, and tells its number on a line of its own.
"""

import asyncio
import os
import signal
import sys
from pathlib import Path

from opencabinet.ingest.feeds.metatrader import configuration, running


def main(url: str, file: str) -> None:
    """Start a process for each line."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    feeds = configuration.feeds(Path(file))
    for _ in sys.stdin:
        child = os.fork()
        if not child:
            os.dup2(os.open(os.devnull, os.O_RDWR), 0)
            os.dup2(2, 1)  # numbers alone are told there
            asyncio.run(running.follow_all(url, feeds))
            os._exit(0)
        sys.stdout.write(f"{child}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
