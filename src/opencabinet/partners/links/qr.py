"""The address of a link as a QR code, to be printed, or shown on a screen."""

from functools import lru_cache
from io import BytesIO
from typing import Final, Literal

import segno

Form = Literal["svg", "png"]
LARGEST_SCALE: Final = 20
USUAL_SCALE: Final = 8
BORDER: Final = 4
"""The quiet zone, as the standard asks for it."""
KEPT: Final = 256


@lru_cache(KEPT)
def qr(address: str, form: Form = "svg", scale: int = USUAL_SCALE) -> bytes:
    """Return an address as an SVG or PNG image, each module so many units or pixels wide; a sixth may be damaged."""
    held = BytesIO()
    code = segno.make_qr(address, error="m")
    code.save(held, kind=form, scale=max(1, min(scale, LARGEST_SCALE)), border=BORDER)
    return held.getvalue()
