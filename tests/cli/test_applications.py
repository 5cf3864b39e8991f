"""Applications for accounts as the operator sees them."""

from opencabinet import onboarding
from opencabinet.access import Source
from opencabinet.db import Connection
from opencabinet.onboarding import Applied, Wanted
from opencabinet.partners import programme, referrals
from tests import make
from tests.cli.console import cabinet, refused
from tests.cli.test_access import listed
from tests.partners.making import enrolled


async def applied(conn: Connection, number: int, code: str = "") -> Applied:
    """Let somebody apply."""
    said = Wanted(name="Ann [x] Example", email=f"ann{number}@example.com", country="DE", code=code)
    return await onboarding.apply(conn, said, Source(channel="v1"))


async def test_applications_are_listed_opened_and_refused(installed: Connection) -> None:
    partner = await enrolled(installed)
    [code] = await programme.codes(installed, partner.login, limit=1)
    first, second, third = [await applied(installed, number, code.code) for number in range(3)]
    login = (await make.account(installed)).login

    rows = listed((await cabinet("applications", "list")).out)
    assert [(row[0], row[2], row[3], row[4], row[6]) for row in rows] == [
        (f"app_{each.id}", "Ann [x] Example", f"ann{number}@example.com", "DE", code.code)
        for number, each in ((2, third), (1, second), (0, first))
    ]
    assert (
        await cabinet("applications", "open", str(first.id), str(login))
    ).out == f"app_{first.id} is account {login}.\n"
    assert (
        await cabinet("applications", "refuse", str(second.id), "--note", "no")
    ).out == f"app_{second.id}: refused.\n"
    assert (await cabinet("applications", "refuse", f"app_{third.id}", "--spam")).out == f"app_{third.id}: spam.\n"
    assert listed((await cabinet("applications", "list")).out) == []
    [opened] = listed((await cabinet("applications", "list", "--state", "opened")).out)
    assert opened[0] == f"app_{first.id}"
    entry = await referrals.attribute(installed, login, make.NOW)
    assert entry is not None
    assert (entry.partner, entry.reason) == (partner.login, "code_given")

    refused(await cabinet("applications", "open", str(first.id), str(login)), "already")
    refused(await cabinet("applications", "open", "999", str(login)), "no such application")
    refused(await cabinet("applications", "refuse", "999"), "no such application")
    assert (await cabinet("applications", "list", "--state", "lost")).code == 2
