"""What the next page says of what was just done: kept by the browser for that one page."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any, Final

from litestar import Request, Response

from opencabinet.doors.cabinet.seat import secure

COOKIE: Final = "told"
LONGEST: Final = 600
SECONDS: Final = 60


def name(request: Request[Any, Any, Any]) -> str:
    """Return the name of the cookie."""
    return f"__Host-{COOKIE}" if secure(request) else COOKIE


def tell(request: Request[Any, Any, Any], response: Response[Any], text: str) -> None:
    """Have the next page say a text."""
    fits = text.encode()[:LONGEST].decode(errors="ignore")  # a letter of many alphabets takes several bytes
    kept = urlsafe_b64encode(fits.encode()).decode().rstrip("=")
    https = secure(request)
    response.set_cookie(name(request), kept, SECONDS, path="/", httponly=True, secure=https, samesite="lax")


def told(request: Request[Any, Any, Any]) -> str:
    """Return what this page is to say; nothing where it is no text of ours."""
    kept = request.cookies.get(name(request), "")[: LONGEST * 2]
    try:
        return urlsafe_b64decode(kept + "=" * (-len(kept) % 4)).decode()
    except ValueError:
        return ""


def said(request: Request[Any, Any, Any], response: Response[Any]) -> None:
    """Have no other page say it."""
    response.delete_cookie(name(request), path="/")
