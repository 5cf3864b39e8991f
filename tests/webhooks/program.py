"""A worker of its own, to be killed: `python -m tests.webhooks.program DATABASE CERTIFICATE`."""

import asyncio
import sys
from pathlib import Path

from opencabinet import worker
from opencabinet.webhooks import Hooks
from tests.webhooks.receiving import REACH, here, trusting

KEY = b"k" * 32

if __name__ == "__main__":
    hooks = Hooks(KEY, REACH, trusted=trusting(Path(sys.argv[2])), resolve=here)
    asyncio.run(worker.work(sys.argv[1], hooks=hooks))
