"""Asking v1 as its clients do."""

from decimal import Decimal
from typing import Any, Final

import httpx
from litestar import Litestar

from opencabinet import ledger, trades
from opencabinet.access import Family, Function, Need
from opencabinet.accounts import Account
from opencabinet.db import Connection
from opencabinet.doors.v1 import openapi
from opencabinet.doors.v1.operation import Operation
from opencabinet.kernel.ids import Login, Ticket
from opencabinet.ledger import Movement
from opencabinet.settings import Settings
from opencabinet.trades import Order
from tests import make
from tests.doors.legacy.asking import litestar
from tests.living import built

LISTS: Final = ("trades/open", "trades/closed", "orders", "movements", "authorizations")
"""Everything that is read page by page."""
METRIC: Final = "profit_factor"


def operations(site: httpx.AsyncClient) -> list[Operation]:
    """Return every operation that is served."""
    inner: Litestar = built(litestar(site)).litestar
    return sorted(openapi.found(inner), key=lambda each: each.id)


def of_accounts(site: httpx.AsyncClient) -> list[Operation]:
    """Return every operation that reads an account, but for what is answered without an end."""
    read = [each for each in operations(site) if isinstance(each.need, Function) and each.verb == "GET"]
    return [each for each in read if not endless(each)]


def endless(operation: Operation) -> bool:
    """Whether an answer goes on for ever."""
    return "text/event-stream" in operation.forms


def changing(site: httpx.AsyncClient) -> list[Operation]:
    """Return every operation that changes an account, or looks at a change."""
    return [each for each in operations(site) if isinstance(each.need, Function) and each.verb != "GET"]


def family(operation: Operation) -> Family:
    """Return of which family the tokens are that open an operation."""
    return operation.need.family if isinstance(operation.need, Function) else Family.CLIENT


def private(need: Need) -> bool:
    """Whether something is never open."""
    return isinstance(need, Function) and need.private


def path_of(operation: Operation, login: object) -> str:
    """Return where an operation is asked for."""
    return operation.path.format(login=login, name=METRIC, id="key_1")


def path(login: object, rest: str = "") -> str:
    """Return where something of an account is asked for."""
    return f"/v1/accounts/{login}" + (f"/{rest}" if rest else "")


async def signed_in(
    site: httpx.AsyncClient, conn: Connection, login: int, settings: Settings, family: str = "client"
) -> dict[str, str]:
    """Give an account a new password, ask for tokens, and return the header that shows the bearer."""
    password = await make.password(conn, Login(login), settings)
    answer = await site.post("/v1/tokens", json={"login": login, "password": password, "family": family})
    assert answer.status_code == 201, answer.text
    return {"Authorization": f"Bearer {answer.json()['access_token']}"}


async def asked(site: httpx.AsyncClient, where: str, own: dict[str, str] | None = None, **given: Any) -> Any:
    """Return what is answered; it must be an answer. `since` and `until` stand for `from` and `to`."""
    answer = await site.get(where, headers=own, params=spelled(given))
    assert answer.status_code == 200, answer.text
    return answer.json()


async def refused(
    site: httpx.AsyncClient, where: str, own: dict[str, str] | None = None, **given: Any
) -> tuple[int, str]:
    """Return the status and the code of what must be a problem."""
    return problem_of(await site.get(where, headers=own, params=spelled(given)))


def spelled(given: dict[str, Any]) -> dict[str, Any]:
    """Return parameters by their names on the wire."""
    return {{"since": "from", "until": "to"}.get(name, name): value for name, value in given.items()}


def problem_of(answer: httpx.Response) -> tuple[int, str]:
    """Return the status and the code of a problem, which must be whole."""
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    body = answer.json()
    assert {"type", "title", "status", "detail", "instance", "code", "request_id", "docs"} <= set(body)
    assert body["status"] == answer.status_code
    assert body["request_id"] == answer.headers["x-request-id"]
    assert body["instance"].endswith(body["request_id"])
    assert body["type"].endswith(body["code"])
    assert answer.headers["cache-control"] == "private, no-store"
    return answer.status_code, body["code"]


async def filled(conn: Connection, **given: Any) -> Account:
    """Keep an account with something in each of its lists."""
    made = await make.account(conn, **given)
    for hours in range(1, 4):
        await make.closed_trade(
            conn, made.login, closed_at=make.NOW - hours * make.HOUR, contract_size=Decimal(100_000)
        )
        await make.open_trade(conn, made.login, opened_at=make.NOW - hours * make.HOUR, contract_size=Decimal(10_000))
        await ledger.save(conn, [movement(made.login, hours)])
        await trades.save_orders(conn, [order(made.login, hours)])
    return made


def movement(login: Login, number: int, kind: str = "balance", amount: str = "1000.10") -> Movement:
    """Make a movement of so many hours ago."""
    return Movement(
        login=login,
        ticket=Ticket(number),
        kind=kind,
        amount=Decimal(amount),
        moved_at=make.NOW - number * make.HOUR,
        moved_offset=120,
        comment="Deposit",
    )


def order(login: Login, number: int) -> Order:
    """Make an order of so many hours ago."""
    return Order(
        login=login,
        ticket=Ticket(number),
        symbol="EURUSD",
        type="buy limit",
        lots=Decimal("0.5"),
        filled_lots=Decimal(0),
        contract_size=None,
        price=Decimal("1.1"),
        stop_loss=None,
        take_profit=None,
        state="working",
        reason="",
        placed_at=make.NOW - number * make.HOUR,
        placed_offset=120,
        done_at=None,
        done_offset=None,
        comment="",
    )
