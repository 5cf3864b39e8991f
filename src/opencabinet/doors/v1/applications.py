"""Applying for an account: by anybody, and looked at with a token of its own."""

from typing import Annotated, Any, Literal

from litestar import Request
from msgspec import Meta, Struct

from opencabinet import onboarding
from opencabinet.access import Public
from opencabinet.doors import caller
from opencabinet.doors.v1.carried import APPLICATION_HEADER
from opencabinet.doors.v1.operation import Call, numbered, read, write
from opencabinet.doors.v1.query import SPOKEN
from opencabinet.doors.v1.words import Time, time
from opencabinet.onboarding import NoSuchApplication, Wanted
from opencabinet.onboarding.model import HIGHEST_LEVERAGE, LANGUAGE, LONGEST, LONGEST_PHONE, LONGEST_TRAP, LONGEST_TYPE

Word = Annotated[str, Meta(max_length=LONGEST, pattern=SPOKEN)]
Email = Annotated[str, Meta(min_length=3, max_length=254, pattern=r"^[^@\s]+@[^@\s]+$", examples=["ann@example.com"])]
ApplicationId = Annotated[str, Meta(pattern="^app_[0-9]{1,18}$", examples=["app_571209348812345678"])]


class ApplicationRequest(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What an applicant says.

    `code` is a partner's, if one was given; `click` the token that a partner's link brought (`clk_…`), `keyword` and
    `subs` what came with it. None of these is a reason to refuse. `website` is a field that people do not see: forms
    hide it, and leave it empty.
    """

    name: Annotated[str, Meta(min_length=1, max_length=128, pattern=SPOKEN, examples=["Ann Example"])]
    email: Email
    country: Annotated[str, Meta(pattern="^[A-Za-z]{2}$", description="ISO 3166-1.", examples=["DE"])]
    phone: Annotated[str, Meta(max_length=LONGEST_PHONE, pattern=SPOKEN, examples=["+49 30 1234567"])] = ""
    platform: Literal["mt4", "mt5"] = "mt5"
    currency: Annotated[str, Meta(pattern="^[A-Za-z]{3}$", description="One of those accounts are opened in.")] = "USD"
    leverage: Annotated[int, Meta(ge=1, le=HIGHEST_LEVERAGE)] | None = None
    language: Annotated[str, Meta(pattern=f"^{LANGUAGE.pattern}$")] = "en"
    account_type: Annotated[str, Meta(max_length=LONGEST_TYPE, pattern=SPOKEN)] = ""
    code: Word = ""
    click: Word = ""
    keyword: Word = ""
    subs: Annotated[list[Word], Meta(max_length=5)] = []
    website: Annotated[str, Meta(max_length=LONGEST_TRAP)] = ""

    def __repr__(self) -> str:
        return "ApplicationRequest(***)"

    @property
    def wanted(self) -> Wanted:
        """What is applied for."""
        said = {name: getattr(self, name) for name in self.__struct_fields__ if name not in {"subs", "website"}}
        return Wanted(**said, subs=tuple(self.subs), trap=self.website)


class ApplicationMade(Struct, frozen=True, kw_only=True):
    """An application that was taken. Its `token` is shown this once: send it to see what becomes of it."""

    id: ApplicationId
    token: str
    state: Literal["received"]
    received_at: Time

    def __repr__(self) -> str:
        return "ApplicationMade(***)"


class ApplicationShown(Struct, frozen=True, kw_only=True):
    """What became of an application: the login of the account once it is opened, null until then."""

    id: ApplicationId
    state: Literal["received", "opened", "refused"]
    received_at: Time
    login: int | None


@write(
    "POST",
    "/applications",
    tag="applications",
    need=Public.PUBLIC,
    answer=ApplicationMade,
    body=ApplicationRequest,
    status=201,
    fresh=False,
    once=True,
)
async def apply(call: Call, asked: ApplicationRequest) -> ApplicationMade:
    """Apply for an account.

    Nothing tells whether somebody applied before. The same sent again within an hour is the same application, and its
    newer token is the good one. Of a network and of an e-mail address only some are taken within an hour.
    """
    rules = call.request.app.state.applying
    made = await onboarding.apply(call.conn, asked.wanted, caller.source(call.request), rules)
    return ApplicationMade(id=f"app_{made.id}", token=made.token, state="received", received_at=time(made.received_at))


@read("/applications/{id}", tag="applications", need=Public.PUBLIC, answer=ApplicationShown, refusals=(404,))
async def show_application(call: Call) -> ApplicationShown:
    """Show what became of an application, to whoever sends its token in `X-Application-Token`.

    An application that is not there, and a token that is not its own, are answered alike.
    """
    found = await onboarding.look(call.conn, numbered(call, "app"), token_of(call.request))
    return ApplicationShown(
        id=f"app_{found.id}", state=found.state, received_at=time(found.received_at), login=found.login
    )


def token_of(request: Request[Any, Any, Any]) -> str:
    """Return the token that a caller shows.

    Raises:
        NoSuchApplication: for none, or several.
    """
    shown = request.headers.getall(APPLICATION_HEADER.lower(), [])
    if len(shown) != 1:
        raise NoSuchApplication
    return str(shown[0])
