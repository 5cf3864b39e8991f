"""The program that sets a document: run by its path, as it needs nothing of us and starts at once so.

Its arguments are the folder with `document.json` in it, and the moment that the document is dated with.
"""

import resource
import sys
from contextlib import suppress
from pathlib import Path
from typing import Final

import typst

MOST_MEMORY: Final = 4 * 2**30
TEMPLATE: Final = Path(__file__).parent / "templates" / "document.typ"


def set_type(folder: Path, timestamp: int) -> None:
    """Set the document in a folder."""
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    most = MOST_MEMORY if hard == resource.RLIM_INFINITY else min(MOST_MEMORY, hard)
    with suppress(ValueError, OSError):  # macOS has no limit of memory
        resource.setrlimit(resource.RLIMIT_AS, (most, most))
    template = folder / TEMPLATE.name
    template.write_bytes(TEMPLATE.read_bytes())
    typst.compile(
        str(template), output=str(folder / "document.pdf"), root=str(folder), timestamp=timestamp, pdf_tags=False
    )


if __name__ == "__main__":
    set_type(Path(sys.argv[1]), int(sys.argv[2]))
