from datetime import timedelta

import pytest
from msgspec import structs

from opencabinet.db import Connection
from opencabinet.partners import plans
from opencabinet.partners.plans import BadPlan, TooEarly, TooManyPlans, store
from opencabinet.partners.plans.plan import Contract
from tests.make import NOW
from tests.partners.plans.making import NO_RATES, chain, per_lot, traded

DAY = timedelta(days=1)


async def test_a_plan_holds_from_a_moment_on_until_its_next_version(conn: Connection) -> None:
    old, new = per_lot(5, title="Five"), per_lot(7, rebate="12.50")
    assert await plans.save(conn, old, NOW) == 1
    assert await plans.save(conn, new, NOW + DAY, "Seven from tomorrow on") == 2
    assert await plans.save(conn, per_lot(1, name="other"), NOW - DAY) == 1

    kept = await plans.versions(conn)
    assert sorted(kept) == ["other", "standard"]
    assert [(each.version, each.plan, each.since) for each in kept["standard"]] == [(1, old, NOW), (2, new, NOW + DAY)]
    assert kept["standard"][1].note == "Seven from tomorrow on"
    assert plans.valid(kept, "standard", NOW - timedelta(microseconds=1)) is None
    for at, expected in (
        (NOW, old),
        (NOW + DAY - timedelta(microseconds=1), old),
        (NOW + DAY, new),
        (NOW + 9 * DAY, new),
    ):
        found = plans.valid(kept, "standard", at)
        assert found is not None
        assert found.plan == expected
    assert plans.valid(kept, "nobody", NOW) is None


async def test_what_was_is_not_changed(conn: Connection) -> None:
    await plans.save(conn, per_lot(5), NOW)
    with pytest.raises(TooEarly):
        await plans.save(conn, per_lot(7), NOW - DAY)

    assert [each.version for each in (await plans.versions(conn))["standard"]] == [1]


async def test_of_two_versions_since_the_same_moment_the_later_holds(conn: Connection) -> None:
    await plans.save(conn, per_lot(5), NOW)
    await plans.save(conn, per_lot(7), NOW)
    found = plans.valid(await plans.versions(conn), "standard", NOW)

    assert found is not None
    assert (found.version, found.plan) == (2, per_lot(7))


async def test_a_version_is_the_same_plan_however_often_it_is_read(conn: Connection) -> None:
    await plans.save(conn, per_lot(5), NOW)
    [first], [second] = (await plans.versions(conn))["standard"], (await plans.versions(conn))["standard"]

    assert first.plan is second.plan
    assert plans.worked(traded(), chain(first.plan), NO_RATES).lines


async def test_there_are_only_so_many_versions(conn: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "MOST_VERSIONS", 2)
    await plans.save(conn, per_lot(5), NOW)
    await plans.save(conn, per_lot(6), NOW)
    with pytest.raises(TooManyPlans):
        await plans.save(conn, per_lot(7), NOW)


async def test_a_version_cannot_be_edited_by_those_who_serve(conn: Connection) -> None:
    await plans.save(conn, per_lot(5), NOW)
    for privilege, expected in (("SELECT", True), ("INSERT", True), ("UPDATE", False), ("DELETE", False)):
        asked = "SELECT has_table_privilege('opencabinet_serve', 'plans', %(privilege)s)"
        assert await conn.value(asked, privilege=privilege) is expected


async def test_the_longest_plan_is_kept(conn: Connection) -> None:
    rates = [{"symbols": [f"{number:08}" for number in range(200)], "rate": 1}] * 26
    long = per_lot(1, parts=[{"kind": "per_lot", "rates": rates}, {"kind": "commission_share", "percent": 1}])
    while True:
        larger = structs.replace(long, contracts=(*long.contracts, Contract(symbols=("y",))))
        try:
            plans.rules.fitting(larger)
        except BadPlan:
            break
        long = larger
    await plans.save(conn, long, NOW)
    kept = await conn.value("SELECT length(body::text) FROM plans")

    assert 65_000 < kept <= 65_536
    assert (await plans.versions(conn))["standard"][0].plan == long
