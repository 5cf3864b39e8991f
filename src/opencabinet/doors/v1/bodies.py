"""The body of a v1 request: JSON that is what its operation takes, and nothing more."""

from typing import Any, Final, TypeVar

import msgspec
from litestar import Request

from opencabinet.doors.body import whole
from opencabinet.doors.v1.problems import UnsupportedMedia
from opencabinet.kernel.problem import Malformed

JSON: Final = "application/json"
LONGEST_REASON: Final = 200
T = TypeVar("T")


async def read(request: Request[Any, Any, Any], kind: type[T]) -> T:
    """Read the body of a request as some kind.

    Raises:
        UnsupportedMedia: if it is not said to be JSON.
        Malformed: if it is not of this kind.
    """
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != JSON:
        raise UnsupportedMedia(f"Send the body as {JSON}.")
    body = await whole(request)
    try:
        return msgspec.json.decode(body, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as wrong:
        raise Malformed(f"The body cannot be read: {str(wrong)[:LONGEST_REASON]}") from wrong
