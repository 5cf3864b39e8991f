"""What a request spends, and of whose budget: known before the database is asked, put right once it has answered."""

import re
from functools import lru_cache
from typing import Any, Final

from litestar import Litestar
from litestar.connection import ASGIConnection
from litestar.routes import HTTPRoute
from litestar.types import Message, Scope
from msgspec import Struct, structs

from opencabinet import access
from opencabinet.access import Bearer, Decision, Kind, secrets
from opencabinet.doors import turn
from opencabinet.doors.budgets import WINDOW_SECONDS, Budget, Budgets, Key, Standing
from opencabinet.kernel.ids import Login

COST: Final = "cost"
SPENT: Final = "opencabinet.spent"
PIECE: Final = re.compile(r"\{[a-z_]+\}")
REMEMBERED: Final = 1024
LONG: Final = 10
"""The cost of long work; anything else costs 1, and what is throttled in another way nothing."""


class Share(Struct, frozen=True):
    """Units that were asked of somebody's budget."""

    budget: Budget
    key: Key
    cost: int
    quota: int | None = None

    def take(self) -> Standing:
        """Spend them, and return what is left."""
        return self.budget.take(self.key, self.cost, self.quota)

    def give_back(self) -> None:
        """Give them back."""
        self.budget.give_back(self.key, self.cost)

    @property
    def standing(self) -> Standing:
        """What is left."""
        return self.budget.standing(self.key)


def spend(
    connection: ASGIConnection[Any, Any, Any, Any],
    shown: str | None,
    network: access.Network,
    kind: Kind = Kind.LEGACY,
) -> None:
    """Let a request spend what it costs: of its credential if that is known for good, else of its network.

    A publishable key can be read on its pages by anybody: it is spent of only once it is granted what it asks.
    Callers who show something do not share their network's budget with those who show nothing.

    Raises:
        Throttled: if nothing is left.
    """
    if not (cost := cost_of(connection)):
        return
    budgets: Budgets = connection.app.state.budgets
    key = None if shown is None else key_of(shown, kind)
    if key in budgets.credential and kind is not Kind.PUBLISHABLE:
        charge(connection, Share(budgets.credential, key, cost))
    else:
        charge(connection, Share(budgets.network, stranger(str(network), shown), cost))


def settle(
    connection: ASGIConnection[Any, Any, Any, Any], shown: str | None, kind: Kind, login: Login, decision: Decision
) -> None:
    """Let a request spend of the right budget, now that its credential was judged; none differs for any login.

    Raises:
        Throttled: if nothing is left, of the public budget of an open account for one.
    """
    if shown is not None:
        if decision.granted is not None or kind is not Kind.PUBLISHABLE:
            recognise(connection, shown, kind, decision.bearer)
    elif decision.anybody and (cost := cost_of(connection)):
        budgets: Budgets = connection.app.state.budgets
        charge(connection, Share(budgets.account, login, cost))


def recognise(connection: ASGIConnection[Any, Any, Any, Any], shown: str, kind: Kind, bearer: Bearer | None) -> None:
    """Know a credential that is good by a budget of its own, at its own rate if it has one; else know it no longer.

    Raises:
        Throttled: if nothing is left of it; then the network has spent, so that it is not asked for ever.
    """
    budgets: Budgets = connection.app.state.budgets
    key = key_of(shown, kind)
    if bearer is None:
        budgets.credential.forget(key)
        return
    if kind is not Kind.PUBLISHABLE:
        turn.recognised(connection, bearer.login)
    own(connection, key, budgets.rates.of(bearer.reads_per_minute))


def recognise_person(connection: ASGIConnection[Any, Any, Any, Any], shown: str, person: int | None) -> None:
    """Know a session by a budget of its own while somebody is signed in by it; many people share a network.

    Raises:
        Throttled: if nothing is left of it.
    """
    budgets: Budgets = connection.app.state.budgets
    key = key_of(shown, Kind.SESSION)
    if person is None:
        budgets.credential.forget(key)
        return
    turn.recognised(connection, (Kind.SESSION, person))
    own(connection, key, None)


def own(connection: ASGIConnection[Any, Any, Any, Any], key: Key, quota: int | None) -> None:
    """Let a request that spent of its network's budget spend of its credential's instead."""
    budgets: Budgets = connection.app.state.budgets
    spent = shares(connection.scope)
    if spent and spent[0].budget is budgets.network:
        charge(connection, Share(budgets.credential, key, cost_of(connection), quota))
        spent.pop(0).give_back()


def stranger(network: str, shown: object | None) -> Key:
    """Return what those of a network are known by, who show nothing, or nothing that is good."""
    return network, shown is None


def key_of(shown: str, kind: Kind) -> Key:
    """Return what a credential is known by, as one of a kind: who shows it where it is none must not renew it."""
    return kind, secrets.hash_token(shown)


def charge(connection: ASGIConnection[Any, Any, Any, Any], share: Share) -> None:
    """Spend a share; even one that is not left is told to the caller."""
    shares(connection.scope).append(share)
    share.take()


def spend_in_all(connection: ASGIConnection[Any, Any, Any, Any], cost: int) -> None:
    """Let a request, which spent already, spend so many units in all where it spent fewer.

    Raises:
        Throttled: if they are not left.
    """
    spent = shares(connection.scope)
    for place, share in enumerate(spent):
        if share.cost < cost:
            structs.replace(share, cost=cost - share.cost).take()
            spent[place] = structs.replace(share, cost=cost)


def give_back(connection: ASGIConnection[Any, Any, Any, Any]) -> None:
    """Let a request have cost nothing."""
    for share in shares(connection.scope):
        share.give_back()


def cost_of(connection: ASGIConnection[Any, Any, Any, Any]) -> int:
    """Return what a request costs."""
    return int(connection.route_handler.opt.get(COST, 1))


def standings(scope: Scope) -> list[Standing]:
    """Return what is left of each budget that a request spent of."""
    return [share.standing for share in shares(scope)]


def shares(scope: Scope) -> list[Share]:
    """Return what a request spent."""
    found: list[Share] = scope.setdefault(SPENT, [])  # type: ignore[typeddict-item]  # a scope may be extended
    return found


def told(scope: Scope) -> list[tuple[bytes, bytes]]:
    """Return the headers that tell of it."""
    return written(standings(scope))


def written(found: list[Standing]) -> list[tuple[bytes, bytes]]:
    """Return the headers that tell what is left (draft-ietf-httpapi-ratelimit-headers-11), older ones of the least."""
    if not found:
        return []
    left = ", ".join([f'"{each.name}";r={each.left};t={each.resets_in}' for each in found])
    least = min(found, key=lambda each: each.left) if len(found) > 1 else found[0]
    return [
        (b"ratelimit-policy", policies(*[(each.name, each.quota) for each in found])),
        (b"ratelimit", left.encode()),
        (b"x-ratelimit-limit", b"%d" % least.quota),
        (b"x-ratelimit-remaining", b"%d" % least.left),
        (b"x-ratelimit-reset", b"%d" % least.resets_in),
    ]


@lru_cache(REMEMBERED)
def policies(*quotas: tuple[str, int]) -> bytes:
    """Write the quotas of budgets."""
    return ", ".join(f'"{name}";q={quota};w={WINDOW_SECONDS}' for name, quota in quotas).encode()


def tell(message: Message, scope: Scope) -> None:
    """Tell the caller what is left."""
    if message["type"] == "http.response.start":
        message["headers"] = [*message["headers"], *told(scope)]


def long_paths(app: Litestar) -> re.Pattern[str]:
    """Return what the paths look like that long work is asked for at; slashes too many are none to the framework."""
    long = {
        PIECE.sub("[^/]+", re.escape(route.path_format).replace(r"\{", "{").replace(r"\}", "}").replace("/", "/++"))
        for route in app.routes
        if isinstance(route, HTTPRoute)
        for handler in route.route_handlers
        if int(handler.opt.get(COST, 1)) >= LONG
    }
    return re.compile(f"(?:{'|'.join(sorted(long)) or '(?!)'})/*")
