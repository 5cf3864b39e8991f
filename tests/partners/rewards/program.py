"""A worker of its own, to be killed: `python -m tests.partners.rewards.program DATABASE`."""

import asyncio
import sys

from opencabinet import worker

if __name__ == "__main__":
    asyncio.run(worker.work(sys.argv[1]))
