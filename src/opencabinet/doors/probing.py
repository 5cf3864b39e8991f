"""Asking whether an account is a partner's client: the same work for yes and no, and not for whole lists of numbers."""

from typing import Any, Final

import structlog
from litestar import Request

from opencabinet.access import Function, throttles
from opencabinet.db import Connection
from opencabinet.doors import caller
from opencabinet.doors.telling import history
from opencabinet.kernel.ids import Granted, within
from opencabinet.kernel.problem import Throttled
from opencabinet.partners import referrals

PROBING: Final = "too many different accounts were asked for: this looks like probing"
log = structlog.get_logger(__name__)


async def checked(request: Request[Any, Any, Any], conn: Connection, login: Granted, account: int) -> bool:
    """Whether an account is a client of the partner who was let in; one that is not there is none.

    Raises:
        Throttled: if they asked for too many; the log and the partner's history are told.
    """
    asked = within(account)
    try:
        await throttles.check(conn, login, asked)
    except Throttled:
        log.warning("probing", login=login)
        history(request).refused(
            login, caller.source(request), action="read", rule=PROBING, function=Function.REFERRALS
        )
        raise
    return await referrals.is_client(conn, login, asked)
