"""The history of authorizations."""

from typing import Any, Self

from msgspec import Struct

from opencabinet import access, accounts
from opencabinet.access import Function
from opencabinet.doors.v1.listing import Listing, listing, plain_receipt
from opencabinet.doors.v1.operation import Call, read
from opencabinet.doors.v1.query import LISTING
from opencabinet.doors.v1.words import Time, time


class Authorization(Struct, frozen=True, kw_only=True):
    """A first use, a refusal, a change or a request for a token, and the rule that decided; more may come.

    Actions are `token.request` and `token.refresh`, `use` (the first of a credential from a network), `read` (without a
    credential; the first of a day, or a refusal), and changes such as `policy.change`. Equal refusals of one minute and
    one network are one row: `times` says how many, `last_at` when the last came. `address_from` says where the address
    is known from, `function` what was asked of the account, and `detail` what a change changed.
    """

    id: str
    at: Time
    last_at: Time
    times: int
    channel: str
    action: str
    family: str | None
    function: str | None
    address: str | None
    address_from: str
    user_agent: str
    granted: bool
    rule: str
    detail: dict[str, Any] | None
    request_id: str

    @classmethod
    def of(cls, row: access.Authorization) -> Self:
        """Say a request."""
        return cls(
            id=f"aut_{row.id}",
            at=time(row.at),
            last_at=time(row.last_at),
            times=row.times,
            channel=row.channel,
            action=row.action,
            family=row.family or None,
            function=row.function or None,
            address=None if row.address is None else str(row.address),
            address_from=row.derived_from,
            user_agent=row.user_agent,
            granted=row.granted,
            rule=row.rule,
            detail=row.detail or None,
            request_id=row.request_id,
        )


@read(
    "/accounts/{login}/authorizations",
    tag="authorizations",
    need=Function.AUTHORIZATIONS,
    answer=Listing[Authorization],
    parameters=LISTING,
)
async def list_authorizations(call: Call) -> Listing[Authorization]:
    """List first uses, refusals, changes and requests for tokens of the account, newest first.

    It is the account's own: even an open account shows it only to its token.
    """
    async with call.conn.snapshot():
        account = await accounts.existing(call.conn, call.login)
        page = await access.history(
            call.conn, call.login, call.query.period, below=call.below, limit=call.query["limit"]
        )
    return listing(
        call,
        [Authorization.of(row) for row in page.rows],
        account=account,
        receipt=plain_receipt([row.id for row in page.rows], account),
        next_key=page.next,
        time_field="at",
    )
