"""Reading a click's token, as it comes back with an application."""

import re
from base64 import urlsafe_b64decode
from typing import Final
from uuid import UUID

TOKEN: Final = re.compile(r"clk_([A-Za-z0-9_-]{22})", re.ASCII)


def read_click(text: str) -> UUID | None:
    """Return a click's token, None where it is none."""
    found = TOKEN.fullmatch(text)
    return UUID(bytes=urlsafe_b64decode(f"{found[1]}==")) if found else None
