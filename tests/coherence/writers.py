"""Those who change things: in the database as programs of ours do, and through the doors of one of the processes."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any, Final

from opencabinet import access, trades
from opencabinet.access import Family, Function, Kind, Label, Level, Lifetimes, NewKey, Policy, Redaction, Rule
from opencabinet.access.credentials.model import Token
from opencabinet.access.feeding import NewFeedKey, make_feed_key
from opencabinet.access.policy import Hidden
from opencabinet.db import Connection
from opencabinet.ingest import feeds
from opencabinet.kernel.ids import Login
from tests import make
from tests.coherence.rights import HOME, HOMES, Pass, Row, Rows
from tests.coherence.timeline import now
from tests.coherence.wire import Answered, Wire
from tests.coherence.world import Credential, Told, World, figures, tickets
from tests.doors.v1.feeding import lines

NETWORKS: Final = (access.network(HOMES),)
HOUR: Final = timedelta(hours=1)
SPEND: Final = "UPDATE accounts SET balance = %(balance)s WHERE login = %(login)s"
names = count(1)
servers = count(1)


class Writers:
    """A connection that changes things, the processes that do, and what all of it comes to."""

    def __init__(self, conn: Connection, pepper: bytes, ports: Mapping[str, int], world: World) -> None:
        self.conn = conn
        self.pepper = pepper
        self.world = world
        self.wires = {place: Wire(port) for place, port in ports.items()}
        self.feed = ""
        self.key = ""
        self.sequence = 0

    async def close(self) -> None:
        """Be done."""
        for each in self.wires.values():
            await each.aclose()

    async def begin(self, accounts: int) -> None:
        """Make a trading server that is pushed, and accounts of it."""
        self.feed = f"Coherent-{next(servers)}"
        self.key = (await make_feed_key(self.conn, NewFeedKey(name="bridge", servers=(self.feed,)))).secret
        await feeds.know(self.conn, self.feed, "push", "UTC")
        place = next(iter(self.wires))
        for _ in range(accounts):
            login = Login(next(make.logins))
            await self._push(place, account_row(login, "1000.00"))
            password = await access.set_password(self.conn, login, pepper=self.pepper)
            self.world.accounts[login] = Told(login, password)

    # Data.

    async def spend(self, told: Told) -> None:
        """Change a balance in the database."""
        balance = figure()
        with told.balance.changing(balance):
            await self.conn.run(SPEND, balance=balance, login=told.login)

    async def spend_slowly(self, told: Told, seconds: float) -> None:
        """Change a balance in a transaction that is long under way; nobody may see it before it ends."""
        balance = figure()
        async with self.conn.transaction():
            await self.conn.run(SPEND, balance=balance, login=told.login)
            await self.conn.execute("SELECT pg_sleep(%s)", [seconds])
            changing = told.balance.changing(balance)
            changing.__enter__()
        changing.__exit__(None, None, None)

    async def give_up(self, told: Told) -> None:
        """Change everything in a transaction that is given up: nobody ever sees it."""
        async with self.conn.transaction(force_rollback=True):
            await self.conn.run(SPEND, balance=figure(), login=told.login)
            await make.open_trade(self.conn, told.login, position=next(tickets))
            await access.open_account(self.conn, told.login)

    async def open_trade(self, told: Told) -> None:
        """Open a trade in the database."""
        ticket = next(tickets)
        with told.open.changing(told.open.newest | {ticket}):
            await make.open_trade(self.conn, told.login, position=ticket)

    async def close_trade(self, told: Told) -> None:
        """Close the oldest open trade, or one that nobody saw open, in the database; all of it at once."""
        ticket = min(told.open.newest, default=next(tickets))
        rest, closed = told.open.newest - {ticket}, told.closed.newest | {ticket}
        with told.open.changing(rest), told.closed.changing(closed):
            async with self.conn.transaction():
                await trades.keep_only(self.conn, told.login, positions=sorted(rest), working=[])
                await make.closed_trade(self.conn, told.login, ticket=ticket, position=ticket)

    async def push(self, told: Told, place: str) -> None:
        """Push a balance and an open trade to a process."""
        balance, ticket = figure(), next(tickets)
        with told.balance.changing(balance, place), told.open.changing(told.open.newest | {ticket}, place):
            await self._push(place, account_row(told.login, balance), open_row(told.login, ticket))

    async def _push(self, place: str, *rows: dict[str, Any]) -> None:
        self.sequence += 1
        headers = {"Authorization": f"Bearer {self.key}", "Content-Type": "application/x-ndjson"}
        path = f"/v1/ingest?server={self.feed}&sequence={self.sequence}"
        await self._ask(place, "POST", path, headers, lines(*rows))

    # Rules.

    async def rule(self, told: Told, rows: Rows) -> None:
        """Set the rules of an account in the database."""
        with told.rules.changing(rows):
            await access.set_policy(self.conn, told.login, policy(rows))

    async def rule_through(self, told: Told, rows: Rows, place: str) -> None:
        """Set the rules of an account through v1, as its owner does, at home."""
        path, headers = f"/v1/accounts/{told.login}/access-policy", await self._owner(told)
        known = await self._ask(place, "GET", path, headers)
        with told.rules.changing(rows, place):
            headers |= {"If-Match": known.headers["etag"], "Content-Type": "application/json"}
            await self._ask(place, "PUT", f"{path}?confirm=lockout", headers, json.dumps(document(rows)).encode())

    # Credentials.

    async def issue(self, told: Told, door: str, kept: Pass) -> None:
        """Give an account a token in the database; v1 has keys, too, which open only some functions."""
        if kept.functions is not None:
            await self._make_key(told, kept)
            return
        lifetime, label = timedelta(seconds=kept.ends - now()), named(kept)
        shown: dict[str, Any] = {"pepper": self.pepper, "login": told.login, "password": told.password, "label": label}
        if door == "legacy":
            secret = await access.issue(self.conn, family=Family.CLIENT, lifetime=lifetime, **shown)
        else:
            lifetimes = Lifetimes(bearer=lifetime, refresh=lifetime)
            secret = (await access.begin(self.conn, family=Family.CLIENT, lifetimes=lifetimes, **shown)).bearer
        await self._keep(told, door, secret, label.name)

    async def _make_key(self, told: Told, kept: Pass) -> None:
        functions = frozenset(map(Function, kept.functions or ()))
        ends, networks = moment(kept.ends), NETWORKS if kept.home_only else ()
        new = NewKey(kind=Kind.SERVER, name="key", functions=functions, networks=networks, expires_at=ends)
        made = await access.make_key(self.conn, told.login, new)
        self._add(Credential(made.secret, told.login, "v1", kept, made.key.id))

    async def _keep(self, told: Told, door: str, secret: str, name: str) -> None:
        """Keep a token as the database has it: it says when it ends."""
        token = await self._named(told.login, name)
        if token is None:
            return  # it is over already
        kept = Pass(ends=token.expires_at.timestamp(), home_only=bool(token.networks))
        self._add(Credential(secret, told.login, door, kept, token.id))

    def _add(self, credential: Credential) -> None:
        self.world.credentials[credential.secret] = credential

    async def _named(self, login: Login, name: str) -> Token | None:
        found, _ = await access.tokens(self.conn, login, limit=500)
        return next((each for each in found if each.name == name and each.kind is not Kind.REFRESH), None)

    async def issue_through(self, told: Told, door: str, place: str) -> None:
        """Ask a process for a token, as an owner does."""
        name = f"token {next(names)}"
        asked = {"login": told.login, "password": told.password, "name": name}
        path = "/v1/tokens"
        if door == "legacy":
            path, asked = "/api/Authentication/RequestClientApiToken", {"Login": told.login, "Password": told.password}
        headers = {"Content-Type": "application/json", "X-Forwarded-For": HOME}
        answer = await self._ask(place, "POST", path, headers, json.dumps(asked).encode())
        given = json.loads(answer.body)
        if door == "v1":
            await self._keep(told, door, given["access_token"], name)
        else:
            newest = (await access.tokens(self.conn, told.login, limit=1))[0][0]
            self._add(Credential(given, told.login, door, Pass(ends=newest.expires_at.timestamp()), newest.id))

    async def revoke(self, credential: Credential) -> None:
        """Revoke a credential in the database."""
        with credential.kept.changing(revoked(credential)):
            if credential.kept.newest.functions is not None:
                await access.revoke_key(self.conn, credential.login, credential.number)
            else:
                await access.revoke_token(self.conn, credential.login, credential.number)

    async def revoke_through(self, credential: Credential, place: str) -> None:
        """Revoke a credential through v1, as its owner does, at home."""
        told = self.world.accounts[credential.login]
        kind = "tokens/tok" if credential.kept.newest.functions is None else "keys/key"
        path, headers = f"/v1/accounts/{told.login}/{kind}_{credential.number}", await self._owner(told)
        with credential.kept.changing(revoked(credential), place):
            await self._ask(place, "DELETE", path, headers)

    # Asking a process as a program does.

    async def _owner(self, told: Told) -> dict[str, str]:
        """Return what an owner at home shows, who has just told the password."""
        given: dict[str, Any] = {"pepper": self.pepper, "login": told.login, "password": told.password}
        session = await access.begin(self.conn, family=Family.CLIENT, lifetimes=Lifetimes(), **given)
        return {"Authorization": f"Bearer {session.bearer}", "X-Forwarded-For": HOME}

    async def _ask(self, place: str, verb: str, path: str, headers: Mapping[str, str], body: bytes = b"") -> Answered:
        answer = await self.wires[place].ask(verb, path, headers, body)
        assert answer.status in {200, 201}, (verb, path, answer.status, answer.body)
        return answer


def figure() -> str:
    """Return a balance that no account had before."""
    return f"{next(figures)}.00"


def account_row(login: int, balance: str) -> dict[str, Any]:
    """Return what a trading server tells of an account."""
    row = {"row": "account", "number": login, "platform": "mt4", "name": "Ann", "currency": "USD"}
    return row | {"balance": balance, "as_of": f"{make.NOW:%Y-%m-%dT%H:%M:%SZ}"}


def open_row(login: int, ticket: int) -> dict[str, Any]:
    """Return what a trading server tells of an open trade."""
    row = {"row": "open", "number": login, "ticket": ticket, "symbol": "EURUSD", "side": "buy", "digits": 5}
    figures = {"lots": "1", "open_price": "1.1", "current_price": "1.1005", "profit": "50"}
    return row | figures | {"opened_at": f"{make.NOW - HOUR:%Y-%m-%dT%H:%M:%SZ}"}


def revoked(credential: Credential) -> Pass:
    """Return a credential as it is kept once it is revoked."""
    return Pass(ends=0, functions=credential.kept.newest.functions, revoked=True)


def moment(at: float) -> datetime:
    """Return a moment as the server has it."""
    return datetime.fromtimestamp(at, UTC)


def named(kept: Pass) -> Label:
    """Return a name by which a token is found, and where it is good."""
    return Label(name=f"token {next(names)}", networks=NETWORKS if kept.home_only else ())


def rule_of(row: Row) -> Rule:
    """Return a row as the server has it."""
    listed = NETWORKS if row.level in {"address", "both"} else ()
    left_out = Redaction(hide=frozenset({Hidden.MONEY})) if row.hides_money and row.level == "open" else Redaction()
    expires = None if row.expires is None else moment(row.expires)
    return Rule(level=Level(row.level), networks=listed, expires_at=expires, redaction=left_out)


def policy(rows: Rows) -> Policy:
    """Return rules as the server has them."""
    return Policy.of({name: rule_of(row) for name, row in rows.items()})


def document(rows: Rows) -> dict[str, Any]:
    """Return rules as they are sent to v1."""
    told = {name: rule_document(row) for name, row in rows.items()}
    return {"default": told.pop("default"), "functions": told}


def rule_document(row: Row) -> dict[str, Any]:
    """Return a row as it is sent to v1."""
    listed = {"networks": [HOMES]} if row.level in {"address", "both"} else {}
    hides = {"left_out": {"hide": ["money"]}} if row.hides_money and row.level == "open" else {}
    ends = {} if row.expires is None else {"expires_at": moment(row.expires).isoformat()}
    return {"level": row.level, **listed, **hides, **ends}
