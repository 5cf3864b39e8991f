"""Looking at an answer from the command line: the application is asked within this process."""

from opencabinet import app
from opencabinet.access import Address, Policy
from opencabinet.cli.database import operate
from opencabinet.db import Connection
from opencabinet.doors import preview
from opencabinet.doors.caller import Proposed
from opencabinet.doors.preview import Looked
from opencabinet.kernel.ids import Login
from opencabinet.settings import Settings


def look(login: Login, target: str, policy: Policy, where: Address | None) -> Looked:
    """Return what a stranger who asks for `target` from `where` is answered under a policy."""
    asked = preview.target(target)

    async def work(_: Connection, given: Settings) -> Looked:
        whole = app.build(given)
        async with app.living(whole):
            return await preview.look(whole, asked, Proposed(login, policy), where)

    return operate(work, role="opencabinet_read")
