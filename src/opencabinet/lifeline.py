"""A process that ends when the one that started it is gone, however that went."""

import os
import signal
import threading
import time
from typing import Final

LOOK_SECONDS: Final = 0.5
LEAVE: Final = signal.SIGUSR1
"""What a web process is sent just before it is to end: its streams would not end by themselves."""


def hold() -> None:
    """End this process, as by SIGTERM, once its parent is another than now."""
    threading.Thread(target=watch, args=(os.getppid(),), name="lifeline", daemon=True).start()


def watch(parent: int) -> None:
    """Wait until the parent is gone."""
    while os.getppid() == parent:
        time.sleep(LOOK_SECONDS)
    if signal.getsignal(LEAVE) not in {signal.SIG_DFL, None}:
        os.kill(os.getpid(), LEAVE)
    os.kill(os.getpid(), signal.SIGTERM)
