"""Seeing before saving: who could read what under a policy, and what another one would change. The judge decides."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from enum import StrEnum
from itertools import product
from typing import Literal

from msgspec import Struct, structs

from opencabinet.access.model import Address, Ask, Bearer, Function, Grant, Kind, Network
from opencabinet.access.policy import Decision, Policy, Redaction, Rule, Ruling, judge
from opencabinet.kernel.ids import Login


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
    for function in Function:
        old, new = before.ruling(function, at), after.ruling(function, at)
        if old != new:
            addresses = probes(old.rule, new.rule)
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


def probes(*rules: Rule) -> list[Address | None]:
    """Return addresses that tell rules apart: one of each kind that there is, None of the kind that no rule lists.

    Where an address is listed and the one before it is not, or the other way round, a network begins or has just ended.
    """
    listed = {network for rule in rules for network in rule.networks}
    ends = {end for network in listed for end in (network.network_address, beyond(network)) if end is not None}
    kinds = {tuple(rule.lists(end) for rule in rules): end for end in ends}
    return [None, *(end for kind, end in kinds.items() if any(kind))]


def beyond(network: Network) -> Address | None:
    """Return the address right after a network, None at the end of all."""
    last = network.broadcast_address
    return None if int(last) + 1 >> last.max_prefixlen else last + 1


def locked_out(policy: Policy, ask: Ask) -> list[Function]:
    """Return what whoever saves the policy could not read from where they ask, though they have the password.

    It is looked at now, and when a rule has just ended. What they switch off they mean to; that they could not change
    the policy again is told in any case.
    """
    ends = {rule.expires_at for _, rule in policy.rows() if rule.expires_at is not None and rule.expires_at > ask.at}
    again = [structs.replace(ask, at=at, fresh=False) for at in (ask.at, *sorted(ends))]
    return [function for function in Function if any(locks_out(policy, function, each) for each in again)]


def locks_out(policy: Policy, function: Function, ask: Ask) -> bool:
    """Whether whoever asks with the password could not read a function, and did not switch it off."""
    meant = policy.ruling(function, ask.at).rule.level
    if function is not Function.ACCESS and not meant.by_address:
        return False
    return simulate(policy, structs.replace(ask, function=function), Credential.PASSWORD).granted is None
