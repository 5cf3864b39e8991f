"""Seeing before saving: who could read what under a policy, and what another one would change. The judge decides."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from enum import StrEnum
from itertools import product
from typing import Final, Literal

from msgspec import Struct, structs

from opencabinet.access.model import Address, Ask, Bearer, Function, Grant, Kind
from opencabinet.access.policy import Decision, Policy, Redaction, Ruling, judge
from opencabinet.kernel.ids import Login

PROBES_OF_POLICY: Final = 20
"""So many of a policy's networks are tried when two are compared."""


class Credential(StrEnum):
    """What somebody shows in a simulation."""

    NONE = "none"
    PASSWORD = "password"  # noqa: S105 - the name of a credential
    """A token that the API password gave, or a key that opens the function."""
    PUBLISHABLE_KEY = "publishable_key"

    def grant(self, ask: Ask) -> Grant:
        """Return what a credential of this kind grants when it is shown for `ask`."""
        if self is Credential.NONE:
            return Grant(shown=False)
        kind = Kind.BEARER if self is Credential.PASSWORD else Kind.PUBLISHABLE
        origins = () if ask.origin is None else (ask.origin,)
        return Grant(True, Bearer(ask.login, ask.function.family, kind, origins=origins, proved_at=ask.at))  # noqa: FBT003 - that it is shown


class Change(Struct, frozen=True, kw_only=True):
    """What another policy would change for a function. `effect` tells what becomes of its readers.

    `wider`: some gain it; `narrower`: some lose it; `other`: some gain and others lose it; `view`: the same readers see
    more or less of it; `words`: only the note, the end or the row changes.
    """

    function: Function
    before: Ruling
    after: Ruling
    effect: Literal["wider", "narrower", "other", "view", "words"]


def simulate(policy: Policy, ask: Ask, credential: Credential) -> Decision:
    """Judge a question as if somebody asked it."""
    return judge(credential.grant(ask), policy, ask)


def difference(login: Login, before: Policy, after: Policy, at: datetime) -> Iterator[Change]:
    """Give what `after` would change against `before`, function by function."""
    addresses = probes(before, after)
    for function in Function:
        old, new = before.ruling(function, at), after.ruling(function, at)
        if old != new:
            views = (readers(login, policy, function, addresses, at) for policy in (before, after))
            yield Change(function=function, before=old, after=new, effect=effect(*views))


Readers = dict[tuple[Credential, Address | None], Redaction]


def readers(
    login: Login, policy: Policy, function: Function, addresses: Iterable[Address | None], at: datetime
) -> Readers:
    """Return who could read a function, each with what is left out."""
    found: Readers = {}
    for credential, address in product((Credential.NONE, Credential.PASSWORD), addresses):
        decision = simulate(policy, Ask(login=login, function=function, address=address, at=at), credential)
        if decision.granted is not None:
            found[credential, address] = decision.redaction
    return found


def effect(before: Readers, after: Readers) -> Literal["wider", "narrower", "other", "view", "words"]:
    """Say what becomes of the readers."""
    gained, lost = after.keys() - before.keys(), before.keys() - after.keys()
    if gained and lost:
        return "other"
    if gained or lost:
        return "wider" if gained else "narrower"
    return "words" if before == after else "view"


def probes(*policies: Policy) -> list[Address | None]:
    """Return addresses that tell policies apart: one of each network, and none."""
    listed = (
        network for policy in policies for _, rule in policy.rows() for network in rule.networks[:PROBES_OF_POLICY]
    )
    return [None, *sorted({network.network_address for network in listed}, key=str)]


def locked_out(policy: Policy, ask: Ask) -> list[Function]:
    """Return what whoever saves the policy could not read from where they ask, though they have the password.

    What they switch off they mean to; that they could not change the policy again is told in any case.
    """
    again = [structs.replace(ask, function=function, fresh=False) for function in Function]
    return [
        each.function
        for each in again
        if simulate(policy, each, Credential.PASSWORD).granted is None
        and (each.function is Function.ACCESS or policy.ruling(each.function, each.at).rule.level.by_address)
    ]
