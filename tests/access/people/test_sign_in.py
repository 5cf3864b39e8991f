"""Who gets in, who does not, and what can be learned from not getting in."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import pytest
from argon2 import PasswordHasher
from psycopg import AsyncCursor

from opencabinet.access import people
from opencabinet.access.passwords import Hasher
from opencabinet.access.people import Means, SignInRefused
from opencabinet.access.people import store as rows
from opencabinet.access.people.means import Place, subject_of_password
from opencabinet.access.throttles import Limits, Throttle
from opencabinet.db import Connection, outbox
from opencabinet.kernel.problem import Throttled
from tests import make
from tests.access.people.person import CHEAP, EMAIL, HERE, KEYS, OTHER, PASSWORD, Someone, given, someone

LATER = CHEAP.__class__(**{name: getattr(CHEAP, name) for name in CHEAP.__slots__} | {"time_cost": 2})


@contextmanager
def operations(conn: Connection, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Note every statement and every hash, in their order."""
    done: list[str] = []
    verify = PasswordHasher.verify

    class Statements(AsyncCursor[Any]):
        async def execute(self, query: Any, *arguments: Any, **options: Any) -> Any:
            done.append(query)
            return await super().execute(query, *arguments, **options)

    def noted(self: PasswordHasher, stored: str, given: bytes) -> bool:
        done.append(f"verify {stored.rsplit('$', 2)[0]}")
        return bool(verify(self, stored, given))

    with monkeypatch.context() as patched:
        patched.setattr(conn, "cursor_factory", Statements)
        patched.setattr(PasswordHasher, "verify", noted)
        yield done


async def tried(conn: Connection, means: Means, email: str, password: str) -> str | None:
    """Try to sign in, and give the words of the refusal."""
    try:
        await people.sign_in(conn, means, email=email, password=password, source=HERE)
    except SignInRefused as refused:
        return refused.detail
    return None


async def test_the_password_lets_in(conn: Connection) -> None:
    ann = await someone(conn)

    assert await ann.sign_in() is False

    session = await ann.session()
    assert (session.person, session.good, session.stepped_up) == (ann.id, True, False)
    assert ann.history.last == ("session.begin", True)
    assert ann.throttle.succeeded == [subject_of_password(EMAIL)]


@pytest.mark.parametrize("email", ["ANN@Example.com", "  ann@example.com "])
async def test_an_address_is_known_however_it_is_written(conn: Connection, email: str) -> None:
    ann = await someone(conn)
    ann.email = email

    await ann.sign_in()

    assert (await ann.session()).person == ann.id


WRONG = [
    (EMAIL, "wrong"),
    (EMAIL, ""),
    (EMAIL, PASSWORD.upper()),
    (EMAIL, f"{PASSWORD} "),
    ("bob@example.com", PASSWORD),
    ("eve@example.com", PASSWORD),
    ("", PASSWORD),
    ("no address", PASSWORD),
    ("x" * 10_000 + "@example.com", PASSWORD),
    ("nul\0@example.com", PASSWORD),
    ("\ud800@example.com", "\ud800"),
]


async def test_everything_wrong_is_refused_in_the_same_words_with_the_same_work(
    conn: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann = await someone(conn)
    await people.add(conn, ann.means, email="bob@example.com", name="", source=HERE)  # has no password
    costs, words = [], set()

    for email, password in WRONG:
        with operations(conn, monkeypatch) as done:
            words.add(await tried(conn, ann.means, email, password))
        costs.append(done)

    assert words == {"The e-mail address or the password is wrong."}
    assert [cost for cost in costs[0] if cost.startswith("verify")] == ["verify $argon2id$v=19$m=64,t=1,p=1"]
    assert costs == [costs[0]] * len(WRONG)
    assert len(ann.throttle.reserved) == len(WRONG)
    assert ann.throttle.succeeded == []
    assert [(each.action, each.granted) for each in ann.history.told[-len(WRONG) :]] == [
        ("session.begin", False)
    ] * len(WRONG)


async def test_a_full_throttle_refuses_the_right_password_before_it_is_looked_at(
    conn: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann = await someone(conn)
    ann.throttle.full = True

    with operations(conn, monkeypatch) as done, pytest.raises(Throttled):
        await ann.sign_in()

    assert done == []


async def test_guesses_at_one_address_are_counted_together_and_by_their_network(conn: Connection) -> None:
    ann = await someone(conn)
    for email in (EMAIL, "ANN@example.com"):
        with suppress(SignInRefused):
            await people.sign_in(conn, ann.means, email=email, password="x", source=HERE)

    (one, network, generated), other = ann.throttle.reserved

    assert other == (one, network, generated)
    assert (str(network), generated) == ("192.0.2.0/24", False)
    assert EMAIL not in one


async def test_a_password_changed_while_it_was_verified_begins_no_session(conn: Connection) -> None:
    ann = await someone(conn)
    verified_before = await rows.held(conn, ann.id)
    assert verified_before is not None
    await people.set_password(conn, ann.means, ann.id, OTHER, source=HERE)

    from opencabinet.access.people import signing_in  # noqa: PLC0415 - its inside is looked at here only

    assert await signing_in.begin(conn, ann.means, verified_before, HERE, Place()) is None
    assert await people.places(conn, ann.id) == []


async def test_a_hash_of_older_ways_is_renewed_at_sign_in(conn: Connection) -> None:
    ann = await someone(conn)
    before = await rows.held(conn, ann.id)
    newer = Hasher({**KEYS.passwords, 2: b"q" * 32}, parameters=LATER)
    ann = Someone(conn, given(hasher=newer), ann.id)

    await ann.sign_in()

    after = await rows.held(conn, ann.id)
    assert before is not None
    assert after is not None
    assert (before.password or "").startswith("1$argon2id$v=19$m=64,t=1,p=1$")
    assert (after.password or "").startswith("2$argon2id$v=19$m=64,t=2,p=1$")
    assert after.password_set_at == before.password_set_at
    await ann.sign_in()


async def test_neither_passwords_nor_tokens_are_kept_or_told(conn: Connection) -> None:
    ann = await someone(conn)
    await ann.sign_in()
    kept = await conn.values(
        "SELECT to_jsonb(people)::text FROM people UNION ALL SELECT to_jsonb(sessions)::text FROM sessions"
    )
    told = [*kept, *map(repr, ann.history.told), repr(ann.means), repr(await ann.session()), repr(ann.means.hasher)]

    assert len(kept) == 2
    for secret in (PASSWORD, ann.token, ann.token.encode().hex(), KEYS.pepper.hex(), repr(KEYS.pepper)):
        assert not [line for line in told if secret in line]


async def test_the_throttle_of_an_installation_counts_by_its_limits(conn: Connection) -> None:
    means = given(throttle=Throttle(Limits(pair=2)))
    await someone(conn, means)

    for _ in range(2):
        with pytest.raises(SignInRefused):
            await people.sign_in(conn, means, email=EMAIL, password="wrong", source=HERE)
    with pytest.raises(Throttled):
        await people.sign_in(conn, means, email=EMAIL, password=PASSWORD, source=HERE)


async def test_every_account_of_a_person_is_told_of_a_new_network(conn: Connection) -> None:
    ann = await someone(conn, given(throttle=Throttle(Limits())))
    logins = [(await make.account(conn)).login for _ in range(2)]
    for login in logins:
        await people.link(conn, ann.means, ann.id, login, HERE)

    for _ in range(2):
        await ann.sign_in()

    for login in logins:
        told = [each for each in await outbox.since(conn, login, 0, 10) if each.kind == "sign_in.new_network"]
        assert [each.body for each in told] == [{"network": "192.0.2.0/24", "channel": "cabinet"}]
