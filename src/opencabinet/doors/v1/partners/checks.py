"""Whether an account is a partner's client."""

from typing import Annotated

from msgspec import Meta, Struct

from opencabinet.access import Function
from opencabinet.doors import caller
from opencabinet.doors.v1.operation import Call, write
from opencabinet.kernel.ids import LARGEST, Login
from opencabinet.partners import referrals


class CheckRequest(Struct, frozen=True, forbid_unknown_fields=True):
    """The account to ask for."""

    account: Annotated[int, Meta(ge=1, le=LARGEST, examples=[1001002])]


class Check(Struct, frozen=True):
    """Whether the account is a client of the partner."""

    client: bool


@write(
    "POST",
    "/partners/{login}/referral-checks",
    tag="partners",
    need=Function.REFERRALS,
    answer=Check,
    body=CheckRequest,
    fresh=False,
)
async def check_referral(call: Call, asked: CheckRequest) -> Check:
    """Ask whether an account is a client of the partner.

    An account that is not there is none, and looks like any other that is not. Of a hundred different accounts an hour
    it is answered; who asks for more is told to wait, and the history tells of it.
    """
    return Check(await referrals.check(call.conn, call.login, Login(asked.account), caller.source(call.request)))
