"""The server's time, as the legacy wire says it."""

from datetime import UTC, datetime

from litestar import Response

from opencabinet.access import Public
from opencabinet.doors.figures import unix
from opencabinet.doors.legacy.wire import answer
from opencabinet.doors.method import method


@method("GET", "client/RequestServerTime", need=Public.PUBLIC, parameters=(), example=1772443800)
async def read_time() -> Response[bytes]:
    """Read the time in Unix seconds."""
    return answer(unix(datetime.now(UTC)))
