"""Reading the files that content comes in."""

import os
import stat
from pathlib import Path
from typing import Final

from opencabinet.content import BadContent

MARKDOWN: Final = frozenset({".md", ".markdown"})
LARGEST: Final = 1024 * 1024
"""Bytes that are read of a file, at most."""


def read(path: Path) -> bytes:
    """Return what a file holds.

    Raises:
        BadContent: if it is none, or too large.
    """
    try:
        with os.fdopen(os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY), "rb") as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise BadContent(f"{path.name}: it is not a regular file.")
            content = file.read(LARGEST + 1)
    except OSError as problem:
        raise BadContent(f"{path.name}: it cannot be opened: {problem.strerror}.") from problem
    if len(content) > LARGEST:
        raise BadContent(f"{path.name}: it has more than {LARGEST} bytes.")
    return content


def is_markdown(path: Path) -> bool:
    """Whether a file holds Markdown; any other holds HTML."""
    return path.suffix.lower() in MARKDOWN
