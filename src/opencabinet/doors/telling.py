"""Telling the history what was decided at a door."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import structlog
from litestar.connection import ASGIConnection

from opencabinet import access
from opencabinet.access import AccessDenied, Ask, Decision, Family, History, Refusal, Uses
from opencabinet.doors import turn
from opencabinet.doors.caller import source
from opencabinet.kernel.problem import Throttled

WRONG_PASSWORD: Final = "the API password is wrong"  # noqa: S105 - a rule, not a password
TOO_MANY: Final = "too many guesses came"
log = structlog.get_logger(__name__)


def untold(connection: ASGIConnection[Any, Any, Any, Any], ask: Ask, shown: str | None) -> bytes | None:
    """Return the key of a credential's first use, if this process does not know whether it was told of."""
    if shown is None:
        return None
    key = access.key_of(ask.login, ask.function, ask.address, shown)
    return None if history(connection).knows(key) else key


async def tell(
    connection: ASGIConnection[Any, Any, Any, Any],
    decision: Decision,
    ask: Ask,
    shown: str | None,
    *,
    told: bool = False,
) -> None:
    """Tell of a refusal; of the first use of a credential from a network; of the first reading of a day without one.

    Of every use of a credential it is noted when it was. `told` says that the history has told of the first.
    """
    login, function, history_ = ask.login, ask.function, history(connection)
    if decision.granted is None:
        log.info("refused", login=login, function=function, rule=decision.rule)
        history_.refused(login, source(connection), action="read", rule=decision.rule, function=function)
        return
    if shown is not None:
        uses: Uses = connection.app.state.uses
        uses.note(shown)
    if told or history_.knows(key := access.key_of(login, function, ask.address, shown, anybody=decision.anybody)):
        return
    action = "read" if shown is None else "use"
    with turn.aside(connection):
        await history_.first_use(
            login, source(connection), key=key, action=action, rule=decision.rule, function=function
        )


def tell_refusal(connection: ASGIConnection[Any, Any, Any, Any], login: int, rule: str) -> None:
    """Tell of a credential that was refused though nothing of its account was asked for."""
    log.info("refused", login=login, rule=rule)
    history(connection).refused(login, source(connection), action="read", rule=rule)


@contextmanager
def telling(
    connection: ASGIConnection[Any, Any, Any, Any],
    action: str,
    login: int | None = None,
    family: Family | None = None,
) -> Iterator[None]:
    """Tell the log and the history if a request for a token is refused."""
    try:
        yield
    except (AccessDenied, Throttled) as refused:
        told = refused.told if isinstance(refused, AccessDenied) else Refusal(TOO_MANY)
        told = told or Refusal(WRONG_PASSWORD)
        log.info("refused", login=login, rule=told.rule)
        history(connection).refused(
            told.login if login is None else login,
            source(connection),
            action=action,
            rule=told.rule,
            family=told.family or family or "",
        )
        raise


def history(connection: ASGIConnection[Any, Any, Any, Any]) -> History:
    """Return what this process tells the history with."""
    found: History = connection.app.state.history
    return found
