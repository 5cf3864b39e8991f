"""Chosen passwords: which are fit, how they are hashed, and how many at once."""

import asyncio
import threading
import unicodedata
from contextlib import suppress

import pytest
from argon2 import Parameters, Type
from hypothesis import given
from hypothesis import strategies as st

from opencabinet.access.fitness import (
    PasswordCommon,
    PasswordNoText,
    PasswordPlain,
    PasswordTooLong,
    PasswordTooShort,
    UnfitPassword,
    judged_password,
    pieces,
    unit,
)
from opencabinet.access.passwords import START, Hasher, fair, hashed, renewed, spelled, verified
from opencabinet.kernel.problem import Overloaded

CHEAP = Parameters(type=Type.ID, version=19, salt_len=16, hash_len=32, time_cost=1, memory_cost=64, parallelism=1)
PEPPERS = {1: b"p" * 32}
GOOD = "kettle of nine herons"


def hasher(**given: int) -> Hasher:
    """Make a hasher that is quick."""
    return Hasher(PEPPERS, parameters=CHEAP, **given)


@pytest.mark.parametrize(
    ("password", "problem"),
    [
        ("", PasswordTooShort),
        ("k7#Vq2!pZm$9wX", PasswordTooShort),
        ("passwordpassword", PasswordCommon),
        ("PASSWORDPASSWORD", PasswordCommon),
        ("1234567890123456", PasswordCommon),
        ("kettlekettlekettle", PasswordPlain),
        ("herons! herons! herons! ", PasswordPlain),
        ("zzzzzzzzzzzzzzzzzzzzzzzzz", PasswordPlain),
        ("abcdefgh ijklmnop qrs", PasswordPlain),
        ("lkjhgfdsa0987654321", PasswordCommon),
        ("hgfdsa lkjhg 09876543", PasswordPlain),
        ("йцукенгшщзхъфывапрол", PasswordPlain),
        ("OpenCabinet2026!", PasswordPlain),
        ("ann.example-90210", PasswordPlain),
        ("7000001-7000001", PasswordPlain),
        ("x" * 1025, PasswordTooLong),
        ("é" * 600, PasswordTooLong),
        ("kettle of nine\0herons", PasswordNoText),
        ("kettle of nine \ud800 herons", PasswordNoText),
    ],
)
def test_an_unfit_password_is_refused_by_the_name_of_the_rule(password: str, problem: type[UnfitPassword]) -> None:
    with pytest.raises(problem) as refused:
        judged_password(password, context=["Ann Example", "ann@example.com", "7000001"])

    assert type(refused.value) is problem
    assert not password or password not in refused.value.detail


@pytest.mark.parametrize(
    "password",
    [
        GOOD,
        "correct horse battery",
        "мой кот спит на рояле",
        "猫は鍵盤の上で眠っている毎日の午後",
        "a" * 3 + "Vq2!pZm$9wXk7#",
        "🦢🪿🦆 and 12 more of them",
        "nine herons, Ann, nine!",
    ],
)
def test_a_long_password_of_any_letters_is_fit(password: str) -> None:
    judged_password(password, context=["Ann Example", "ann@example.com", "7000001"])


@pytest.mark.parametrize("password", ["football", "baseball1", "qwerty12", "12345678", "aaaaaaaa"])
def test_a_short_password_beside_a_second_factor_is_uncommon(password: str) -> None:
    with pytest.raises((PasswordCommon, PasswordPlain)):
        judged_password(password, length=8)


def test_beside_a_second_factor_eight_characters_are_enough() -> None:
    judged_password("k7#Vq2!p", length=8)
    with pytest.raises(PasswordTooShort, match="8 characters"):
        judged_password("k7#Vq2!", length=8)


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["Cc"]), max_size=40))
def test_a_password_is_judged_alike_however_a_keyboard_composes_it(password: str) -> None:
    def judgement(text: str) -> type[UnfitPassword] | None:
        try:
            judged_password(text)
        except UnfitPassword as unfit:
            return type(unfit)
        return None

    assert judgement(unicodedata.normalize("NFD", password)) == judgement(unicodedata.normalize("NFC", password))
    assert spelled(unicodedata.normalize("NFD", password)) == spelled(unicodedata.normalize("NFC", password))


@given(st.text(min_size=1, max_size=12), st.integers(2, 6))
def test_what_is_repeated_counts_once(text: str, times: int) -> None:
    assert len(unit(text * times)) <= len(text)
    assert unit(text * times) * (len(text) * times // len(unit(text * times))) == text * times


@given(st.text(alphabet="abcqwe123!x", max_size=30))
def test_pieces_are_never_more_than_letters_nor_none(text: str) -> None:
    assert (1 if text else 0) <= pieces(text) <= len(text)


@given(st.text(max_size=300), st.lists(st.text(max_size=50), max_size=20))
def test_every_password_is_judged_and_nothing_else_is_raised(password: str, context: list[str]) -> None:
    with suppress(UnfitPassword):
        judged_password(password, context=context)


async def test_a_password_is_known_by_its_hash_and_no_other() -> None:
    own = hasher()
    stored = await hashed(own, GOOD)

    assert stored.startswith("1$argon2id$v=19$m=64,t=1,p=1$")
    assert await verified(own, stored, GOOD)
    assert not await verified(own, stored, f"{GOOD} ")
    assert not await verified(own, None, GOOD)
    assert await hashed(own, GOOD) != stored
    assert not await verified(Hasher({1: b"q" * 32}, parameters=CHEAP), stored, GOOD)


async def test_a_password_is_the_same_however_a_keyboard_composes_it() -> None:
    own = hasher()
    stored = await hashed(own, unicodedata.normalize("NFD", "Ärger über Öl und Éclairs"))

    assert await verified(own, stored, unicodedata.normalize("NFC", "Ärger über Öl und Éclairs"))
    assert not await verified(own, stored, "Arger uber Ol und Eclairs")


@pytest.mark.parametrize(
    "stored", ["", "$", "1$", "x$argon2id$", "7$argon2id$v=19$m=64,t=1,p=1$AAAA$AAAA", "1$bcrypt$"]
)
async def test_a_stored_text_that_is_no_hash_matches_nothing(stored: str) -> None:
    assert not await verified(hasher(), stored, GOOD)


async def test_a_password_that_is_too_long_is_refused_before_it_is_hashed() -> None:
    own = hasher()
    for password in ("x" * 1025, "é" * 513, "x" * 10_000_000):
        with pytest.raises(PasswordTooLong):
            await verified(own, None, password)
        with pytest.raises(PasswordTooLong):
            await hashed(own, password)
    assert own.taken == 0
    assert await verified(own, await hashed(own, "x" * 1024), "x" * 1024)


async def test_a_hash_is_renewed_when_pepper_or_parameters_are_newer() -> None:
    old = hasher()
    stored = await hashed(old, GOOD)
    assert await renewed(old, stored, GOOD) is None

    for newer in (Hasher({**PEPPERS, 2: b"q" * 32}, parameters=CHEAP), Hasher(PEPPERS, parameters=START)):
        again = await renewed(newer, stored, GOOD)
        assert again
        assert await verified(newer, stored, GOOD)
        assert await verified(newer, again, GOOD)
        assert await renewed(newer, again, GOOD) is None


async def test_who_finds_no_place_in_the_queue_is_told_to_come_back() -> None:
    own, go = hasher(slots=1, queue=2), threading.Event()
    waiting = [asyncio.ensure_future(own.run(go.wait)) for _ in range(3)]
    await asyncio.sleep(0)

    with pytest.raises(Overloaded):
        await verified(own, None, GOOD)
    go.set()
    assert await asyncio.gather(*waiting) == [True] * 3
    assert not await verified(own, None, GOOD)
    assert own.taken == 0


async def test_a_place_is_kept_for_who_is_known() -> None:
    own, go = hasher(slots=1, queue=3), threading.Event()
    strangers = [asyncio.ensure_future(own.run(go.wait)) for _ in range(3)]
    await asyncio.sleep(0)

    with pytest.raises(Overloaded):
        await verified(own, None, GOOD)
    assert not await verified(own, None, GOOD, known=True), "It waits for no stranger."
    known = [asyncio.ensure_future(own.run(go.wait, known=True)) for _ in range(2)]
    await asyncio.sleep(0)
    with pytest.raises(Overloaded):
        await verified(own, None, GOOD, known=True)
    go.set()
    assert await asyncio.gather(*strangers, *known) == [True] * 5


@pytest.mark.parametrize(("pool", "workers", "cores"), [(8, 1, 2), (8, 2, 16), (8, 4, 128), (64, 2, 16), (4, 1, 64)])
def test_fewer_wait_for_a_hash_than_there_are_connections(
    monkeypatch: pytest.MonkeyPatch, pool: int, workers: int, cores: int
) -> None:
    monkeypatch.setattr("os.cpu_count", lambda: cores)

    slots, queue = fair(pool, workers)

    assert hasher(slots=slots, queue=queue).most < pool


async def test_who_leaves_the_queue_gives_the_place_back_and_running_work_keeps_it() -> None:
    own, go = hasher(slots=1, queue=2), threading.Event()
    running, *waiting = [asyncio.ensure_future(own.run(go.wait)) for _ in range(3)]
    await asyncio.sleep(0.05)

    for each in (running, *waiting):
        each.cancel()
    await asyncio.gather(running, *waiting, return_exceptions=True)
    assert own.taken == 1  # what was begun goes on

    go.set()
    assert not await verified(own, None, GOOD)
    assert own.taken == 0


async def test_a_thousand_who_leave_leave_nothing_behind() -> None:
    own = hasher(slots=2, queue=8)

    async def leaves(moment: int) -> None:
        with suppress(Overloaded, TimeoutError):
            async with asyncio.timeout(moment / 10_000):
                await verified(own, None, GOOD)

    await asyncio.gather(*map(leaves, range(1000)))
    async with asyncio.timeout(10):
        while own.taken:  # noqa: ASYNC110 - the threads tell nobody
            await asyncio.sleep(0.01)
    whole = own.places.most
    assert await asyncio.gather(*(verified(own, None, GOOD) for _ in range(whole))) == [False] * whole


async def test_a_hasher_that_is_closed_takes_nothing_more() -> None:
    own = hasher()
    own.close()

    with pytest.raises(RuntimeError):
        await verified(own, None, GOOD)
    assert own.taken == 0
    assert "p" * 32 not in repr(own)
