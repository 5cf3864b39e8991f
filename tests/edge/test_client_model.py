"""The client's address, in many thousand generated requests, is what a second, differently made model says."""

from collections import Counter
from random import Random
from typing import Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from opencabinet.access import network, peer
from opencabinet.edge.client import Trust, resolve
from tests.edge import oracle
from tests.edge.cases import OTHERS, Case, Tape, attack, case

TRUST: Final[dict[tuple[tuple[str, ...], str], Trust]] = {}
TAPE: Final = 200
TORTURE: Final = 200_000
BATCH: Final = 2000
tapes = st.binary(max_size=TAPE)


def trust(made: Case) -> Trust:
    """Return whom the server trusts, made once for each."""
    key = made.proxies, made.header
    return TRUST.setdefault(key, Trust(tuple(map(network, made.proxies)), made.header))


def agree(made: Case) -> str:
    """See that both models come to the same client; return what kind of answer that was."""
    found = resolve(made.peer, made.headers, trust(made))

    told = oracle.caller(made.peer, made.headers, made.proxies, made.header)
    seen = None if found.address is None else oracle.spelled(oracle.packed(str(found.address)))
    assert seen == told, (made, found)
    assert found.address is None or found.hops[0] == str(found.address)
    assert len(found.hops) <= oracle.MOST + 1
    return f"{found.derived_from}: {'nobody' if told is None else 'somebody'}"


def unfooled(tape: Tape) -> bool:
    """See that no client is taken for another; return whether it was known."""
    client = tape.one(OTHERS)
    made = attack(tape, client)
    found = resolve(made.peer, made.headers, trust(made)).address

    assert found is None or found == peer(client), made
    assert found is not None or made.header == "forwarded", made
    return found is not None


@settings(max_examples=1500, deadline=None)
@given(tapes)
def test_two_models_see_the_same_client(tape: bytes) -> None:
    agree(case(Tape(tape)))


@settings(max_examples=1500, deadline=None)
@given(tapes)
def test_whatever_a_client_writes_before_a_proxy_it_is_seen_as_itself_or_not_at_all(tape: bytes) -> None:
    """Not at all only in Forwarded, where it can open a quotation that never ends."""
    unfooled(Tape(tape))


def test_what_is_generated_ends_in_every_way() -> None:
    random = Random(1)  # noqa: S311 - choices, no secrets

    kinds = Counter(agree(case(Tape(random.randbytes(TAPE)))) for _ in range(5000))
    known = Counter(unfooled(Tape(random.randbytes(TAPE))) for _ in range(2000))

    assert len(kinds) == 6
    assert min(kinds.values()) > 50
    assert min(known[True], known[False]) > 50


@pytest.mark.torture
@settings(max_examples=TORTURE // BATCH, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 2**64 - 1))
def test_two_models_see_the_same_client_in_200_000_requests(seed: int) -> None:
    random = Random(seed)  # noqa: S311 - choices, no secrets
    for _ in range(BATCH):
        agree(case(Tape(random.randbytes(TAPE))))
        unfooled(Tape(random.randbytes(TAPE)))
