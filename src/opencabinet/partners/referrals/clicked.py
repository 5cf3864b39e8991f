"""Reading a click's token, as it comes back with an application."""

import binascii
import re
from base64 import urlsafe_b64decode
from typing import Final

TOKEN: Final = re.compile(r"clk_([A-Za-z0-9_-]{22})", re.ASCII)


def read_click(text: str) -> bytes | None:
    """Return the sixteen bytes of a click's token, None where it is none."""
    found = TOKEN.fullmatch(text)
    try:
        return urlsafe_b64decode(f"{found[1]}==") if found else None
    except binascii.Error:
        return None
