"""Partners as the operator sees them."""

from opencabinet.db import Connection, outbox
from opencabinet.partners import programme
from tests import make
from tests.cli.console import cabinet, refused
from tests.cli.test_access import listed


async def test_accounts_are_enrolled_placed_and_listed(installed: Connection) -> None:
    master, sub, low = [(await make.account(installed, name=f"Partner [{number}]")).login for number in range(3)]

    assert (await cabinet("partners", "enrol", str(master), "--code", "master1")).out == (
        f"{master} is a partner, with the code MASTER1.\n"
    )
    await cabinet("partners", "enrol", str(sub), "--below", str(master))
    await cabinet("partners", "enrol", str(low), "--below", str(sub), "--since", "2026-01-02T03:04")
    rows = listed((await cabinet("partners", "list")).out)

    assert [(row[0], row[1], row[2], row[4], row[5], row[6]) for row in rows] == [
        (str(master), "Partner [0]", "active", "1", "1", "–"),
        (str(sub), "Partner [1]", "active", "2", "1", "–"),
        (str(low), "Partner [2]", "active", "3", "0", "–"),
    ]
    assert rows[2][3] == "2026-01-02 03:04"
    assert len(listed((await cabinet("partners", "list", "--after", str(master), "--limit", "1")).out)) == 1
    refused(await cabinet("partners", "enrol", str(master)), "a partner already")
    refused(await cabinet("partners", "enrol", str(master), "--since", "2999-01-01"), "yet to come")
    refused(await cabinet("partners", "enrol", "999"), "no account 999")
    refused(await cabinet("partners", "place", str(master), "--below", str(low)), "below themselves")
    refused(await cabinet("partners", "place", str(sub), "--since", "tomorrow"), "A time is a date")


async def test_a_partner_is_shown_with_codes_that_are_given_and_retired(installed: Connection) -> None:
    login = (await make.account(installed)).login
    first = (await programme.enrol(installed, login)).code

    assert (await cabinet("partners", "code", "give", str(login), "harbour")).out == f"HARBOUR names {login}.\n"
    assert (
        await cabinet("partners", "code", "retire", str(login), "Harbour")
    ).out == "HARBOUR names nobody any more.\n"
    refused(await cabinet("partners", "code", "retire", str(login), "harbour"), "no such code")
    refused(await cabinet("partners", "code", "give", str(login), "harbour"), "another's")
    refused(await cabinet("partners", "code", "give", "999"), "999 is no partner")
    refused(await cabinet("partners", "code", "give", str(login), "a b"), "Latin letters")
    shown = (await cabinet("partners", "show", str(login))).out

    codes = {row[0]: row for row in listed(shown) if len(row) == 4}
    assert codes[first][1:2] == ["the partner"]
    assert codes[first][3] == "–"
    assert codes["HARBOUR"][3] != "–"
    refused(await cabinet("partners", "show", "999"), "999 is no partner")


async def test_a_partner_is_suspended_and_active_again(installed: Connection) -> None:
    login = (await make.account(installed)).login
    await programme.enrol(installed, login)

    for command, state in (("suspend", "suspended"), ("activate", "active"), ("dismiss", "left")):
        assert (await cabinet("partners", command, str(login))).out == f"{login}: {state}.\n"
        found = await programme.partner(installed, login)
        assert found is not None
        assert found.state == state
    refused(await cabinet("partners", "suspend", "999"), "no partner")
    assert [each.kind for each in await outbox.since(installed, login, 0, 9)][-3:] == [
        *("partner.suspended", "partner.active", "partner.left")
    ]
