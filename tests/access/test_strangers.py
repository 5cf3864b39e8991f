"""Strangers who guess at credentials: they keep no owner out, whom known networks and generated passwords let in."""

from functools import partial

from opencabinet import access
from opencabinet.db import Connection
from tests import make
from tests.access.asking import PEPPER
from tests.access.guessing import CHOSEN, HASHER, HERE, UNKNOWN, WRONG, account, age, place, times, told, wait_of


async def test_a_stranger_keeps_nobody_from_showing_a_generated_password(conn: Connection) -> None:
    login, password = await account(conn)
    assert await told(conn, login, password, HERE) == "right"
    for number in range(100):
        await told(conn, login, "x", place(number))
        await told(conn, login, WRONG, HERE)

    for address in (HERE, place(1), "203.0.113.9", None):
        assert await told(conn, login, password, address) == "right", address
    assert await told(conn, login, WRONG, "203.0.114.9") == "throttled"


async def test_a_stranger_keeps_no_owner_out_where_the_chosen_password_was_shown(conn: Connection) -> None:
    login, _ = await account(conn, CHOSEN)
    assert await told(conn, login, CHOSEN, HERE) == "right"
    for number in range(200):
        await age(conn, 900)
        await told(conn, login, "x", place(number))

    assert await told(conn, login, "x", "192.0.2.99") == "throttled", "A wrong one does not tell what is known."
    assert await told(conn, login, CHOSEN, HERE) == "right"
    assert await told(conn, login, CHOSEN, "203.0.113.9") == "throttled", "Strange places are closed by then."
    assert await times(8, lambda: told(conn, login, "x", HERE)) == ["throttled"] * 8
    assert await told(conn, login, CHOSEN, HERE) == "right", "The network's own slots are all there."
    assert await told(conn, login, "x", HERE) == "throttled"
    assert await told(conn, login, CHOSEN, HERE) == "throttled"


async def test_a_new_password_and_not_me_make_every_network_strange(conn: Connection) -> None:
    login, password = await account(conn)

    for end in (access.not_me, partial(access.set_password, pepper=PEPPER, password=password)):
        await access.set_password(conn, login, pepper=PEPPER, password=password)
        assert await told(conn, login, password, HERE) == "right"
        await end(conn, login)
        assert await conn.values("SELECT network FROM known_networks") == []


async def test_wrong_guesses_do_not_tell_which_logins_are_known_in_a_network(conn: Connection) -> None:
    login, _ = await account(conn, CHOSEN)
    assert await told(conn, login, CHOSEN, HERE) == "right"
    for number in range(60):
        await told(conn, 500 + number % 20, "x", HERE)

    for guess in ("x", WRONG):
        assert {await told(conn, asked, guess, HERE) for asked in (login, UNKNOWN)} == {"throttled"}
    assert await told(conn, login, CHOSEN, HERE) == "right"


async def test_a_network_is_known_for_thirty_days(conn: Connection) -> None:
    login, _ = await account(conn, CHOSEN)
    await told(conn, login, CHOSEN, HERE)
    for number in range(20):
        await told(conn, login, "x", place(number))
    await conn.run("UPDATE known_networks SET succeeded_at = succeeded_at - interval '30 days'")

    assert await told(conn, login, CHOSEN, HERE) == "throttled"
    await conn.run("UPDATE known_networks SET succeeded_at = succeeded_at + interval '1 day'")
    assert await told(conn, login, CHOSEN, HERE) == "right"


async def test_after_a_hundred_failures_in_a_row_a_chosen_password_is_off_until_it_is_set_anew(
    conn: Connection,
) -> None:
    login, _ = await account(conn, CHOSEN)
    for asked in (login, UNKNOWN):
        answers = []
        for number in range(101):
            answers.append(await told(conn, asked, "x", place(number)))
            await age(conn, 950)
        assert answers == ["wrong"] * 100 + ["throttled"]
    await age(conn, 365 * 86_400)

    assert await told(conn, login, CHOSEN, HERE) == "throttled"
    assert await wait_of(conn, login) == await wait_of(conn, UNKNOWN) == 900
    await access.choose_password(conn, login, make.CHOSEN, hasher=HASHER)
    assert await told(conn, login, make.CHOSEN, HERE) == "right"


async def test_a_right_guess_ends_the_row_of_failures(conn: Connection) -> None:
    login, _ = await account(conn, CHOSEN)

    for number in range(150):
        await told(conn, login, "x", place(number))
        await age(conn, 950)
        if number % 60 == 59:
            assert await told(conn, login, CHOSEN, place(number)) == "right"
            await conn.run("DELETE FROM known_networks")


async def test_even_a_known_network_ends_after_a_hundred_failures(conn: Connection) -> None:
    login, _ = await account(conn, CHOSEN)
    await told(conn, login, CHOSEN, HERE)
    answers = []
    for _ in range(11):
        answers += await times(10, lambda: told(conn, login, "x", HERE))
        await age(conn, 301)

    assert answers == ["wrong"] * 100 + ["throttled"] * 10
    assert await told(conn, login, CHOSEN, "203.0.113.9") == "right", "It closes no other place."


async def test_slow_failures_are_forgotten_the_later_the_more_there_were(conn: Connection) -> None:
    ends = "SELECT round(extract(epoch FROM ends_at - now()) / 3600)::int FROM throttles WHERE kind = 'failures'"
    hours = []

    for number in range(3):
        await told(conn, UNKNOWN, "x", place(number))
        hours += await conn.values(ends)

    assert hours == [12, 24, 36]
