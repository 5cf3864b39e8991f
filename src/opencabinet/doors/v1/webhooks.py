"""Webhooks: where the account's events are sent, as its owner asks."""

from typing import Annotated, Final, Literal, Self

from msgspec import Meta, Struct

from opencabinet import webhooks
from opencabinet.access import Function
from opencabinet.db import outbox
from opencabinet.doors import caller
from opencabinet.doors.v1.listing import Newest
from opencabinet.doors.v1.operation import Call, numbered, read, write
from opencabinet.doors.v1.query import SPOKEN
from opencabinet.doors.v1.words import Figure, Time, figure_or_none, time, time_or_none
from opencabinet.kernel.money import figure
from opencabinet.webhooks import Endpoint, Filters, Wanted
from opencabinet.webhooks.model import LONGEST_NAME, LONGEST_TYPE, MOST_SYMBOLS, MOST_TYPES, PREFIX
from opencabinet.webhooks.sending.addresses import LONGEST_URL

WEBHOOK: Final = PREFIX.removesuffix("_")
LONGEST_SYMBOL: Final = 64
Url = Annotated[
    str,
    Meta(
        min_length=9,
        max_length=LONGEST_URL,
        description="Takes POST over https, at a public address: port 443, or one from 1024 on. Redirects are refused.",
        examples=["https://hooks.example.com/cabinet"],
    ),
]
Kind = Annotated[
    str,
    Meta(
        max_length=LONGEST_TYPE,
        pattern=r"^[a-z_]+(\.[a-z_]+)*(\.\*)?$",
        description="A type of event, or how types begin: `trade.closed`, `trade.*`.",
    ),
]
Symbol = Annotated[str, Meta(min_length=1, max_length=LONGEST_SYMBOL, pattern=SPOKEN)]
Amount = Annotated[
    str,
    Meta(pattern=r"^[0-9]{1,12}(\.[0-9]{1,8})?$", description="A decimal number as text.", examples=["100"]),
]
Level = Annotated[
    str,
    Meta(
        pattern=r"^(?=.*[1-9])[0-9]{1,12}(\.[0-9]{1,8})?$",
        description="Percent, as text, over zero.",
        examples=["80"],
    ),
]


class WebhookRequest(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where events are sent, and which.

    Every event is sent unless `types` lists some. The other filters narrow only those events that carry what they look
    at: `symbols` those of a symbol, `net_over` and `lots_over` those with a result and a volume (whatever its sign),
    `margin_level_under` says when `margin.low` is told, and leaves out those of other levels. A `thin` payload tells
    which event it is, without its figures.
    """

    url: Url
    name: Annotated[str, Meta(max_length=LONGEST_NAME, pattern=SPOKEN)] = ""
    payload: Literal["fat", "thin"] = "fat"
    types: Annotated[list[Kind], Meta(max_length=MOST_TYPES)] = []
    symbols: Annotated[list[Symbol], Meta(max_length=MOST_SYMBOLS)] = []
    net_over: Amount | None = None
    lots_over: Amount | None = None
    margin_level_under: Level | None = None

    def wanted(self, reach: webhooks.Reach) -> Wanted:
        """Return the webhook as it is asked for.

        Raises:
            BadAddress: if events cannot be sent there.
        """
        webhooks.place(self.url, reach)
        given = {"net_over": self.net_over, "lots_over": self.lots_over, "margin_level_under": self.margin_level_under}
        filters = Filters(
            types=tuple(dict.fromkeys(self.types)),
            symbols=tuple(dict.fromkeys(self.symbols)),
            **{name: None if each is None else figure(each) for name, each in given.items()},
        )
        return Wanted(url=self.url, name=self.name.strip(), payload=self.payload, filters=filters)


class WebhookChange(WebhookRequest, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A webhook as it is to be from now on, all of it. One that is `paused` is sent nothing, and what waits is kept."""

    state: Literal["active", "paused"]


class WebhookShown(Struct, frozen=True, kw_only=True):
    """A webhook. `reason` says why it is paused; `failing_since` is the first failure after the last success.

    Until `previous_until` the secret before signs, too. Events up to `begins_after` are sent only if you replay them.
    """

    id: str
    url: str
    name: str
    payload: Literal["fat", "thin"]
    types: list[str]
    symbols: list[str]
    net_over: Figure | None
    lots_over: Figure | None
    margin_level_under: Figure | None
    state: Literal["active", "paused"]
    reason: str | None
    begins_after: str
    failing_since: Time | None
    previous_until: Time | None
    created_at: Time
    changed_at: Time

    @classmethod
    def of(cls, endpoint: Endpoint) -> Self:
        """Say a webhook."""
        return cls(
            id=webhooks.spelled(endpoint.id),
            url=endpoint.url,
            name=endpoint.name,
            payload=endpoint.payload,
            types=endpoint.types,
            symbols=endpoint.symbols,
            net_over=figure_or_none(endpoint.net_over),
            lots_over=figure_or_none(endpoint.lots_over),
            margin_level_under=figure_or_none(endpoint.margin_level_under),
            state=endpoint.state,
            reason=endpoint.reason or None,
            begins_after=outbox.event_id(endpoint.login, endpoint.begins_after),
            failing_since=time_or_none(endpoint.failing_since),
            previous_until=time_or_none(endpoint.previous_until),
            created_at=time(endpoint.created_at),
            changed_at=time(endpoint.changed_at),
        )


class WebhookMade(Struct, frozen=True):
    """A webhook that was made. Its `secret` is shown this once: verify with it what comes."""

    secret: str
    webhook: WebhookShown

    def __repr__(self) -> str:
        return "WebhookMade(***)"


class SecretMade(Struct, frozen=True):
    """The new secret, shown this once; until `previous_until` the one before signs beside it."""

    secret: str
    previous_until: Time

    def __repr__(self) -> str:
        return "SecretMade(***)"


class DroppedWebhooks(Struct, frozen=True):
    """How many webhooks were dropped."""

    webhooks: int


@read("/accounts/{login}/webhooks", tag="webhooks", need=Function.WEBHOOKS, answer=Newest[WebhookShown])
async def list_webhooks(call: Call) -> Newest[WebhookShown]:
    """List the webhooks of the account, the newest first; their secrets are shown to nobody."""
    return Newest(data=list(map(WebhookShown.of, await webhooks.listed(call.conn, call.login))), has_more=False)


@write(
    "POST",
    "/accounts/{login}/webhooks",
    tag="webhooks",
    need=Function.WEBHOOKS,
    answer=WebhookMade,
    body=WebhookRequest,
    status=201,
    refusals=(409,),
    once=True,
)
async def create_webhook(call: Call, asked: WebhookRequest) -> WebhookMade:
    """Make a webhook: what happens to the account from now on is posted to it, signed by Standard Webhooks.

    Its secret is shown this once. What is not taken (2xx) is sent again for three days, later and later; events may
    come twice, and in any order: `number` orders them. An account has 20 webhooks at most.
    """
    state = call.request.app.state
    made = await webhooks.make(
        call.conn, call.login, asked.wanted(state.reach), key=state.webhook_key, source=caller.source(call.request)
    )
    return WebhookMade(made.secret, WebhookShown.of(made.endpoint))


@write(
    "PUT",
    "/accounts/{login}/webhooks/{id}",
    tag="webhooks",
    need=Function.WEBHOOKS,
    answer=WebhookShown,
    body=WebhookChange,
)
async def change_webhook(call: Call, asked: WebhookChange) -> WebhookShown:
    """Change a webhook, pause it, or let it go on.

    What happened while it was paused is not sent, unless you replay it.
    """
    wanted, source = asked.wanted(call.request.app.state.reach), caller.source(call.request)
    changed = await webhooks.change(call.conn, call.login, numbered(call, WEBHOOK), wanted, asked.state, source=source)
    return WebhookShown.of(changed)


@write(
    "DELETE",
    "/accounts/{login}/webhooks/{id}",
    tag="webhooks",
    need=Function.WEBHOOKS,
    answer=DroppedWebhooks,
    fresh=False,
)
async def drop_webhook(call: Call) -> DroppedWebhooks:
    """Drop a webhook, what waits for it, and its log."""
    await webhooks.drop(call.conn, call.login, numbered(call, WEBHOOK), source=caller.source(call.request))
    return DroppedWebhooks(1)


@write(
    "POST",
    "/accounts/{login}/webhooks/{id}/secret",
    tag="webhooks",
    need=Function.WEBHOOKS,
    answer=SecretMade,
    once=True,
)
async def rotate_secret(call: Call) -> SecretMade:
    """Give a webhook a new secret. For 24 hours the one before signs beside it, so that nothing is missed."""
    key, source = call.request.app.state.webhook_key, caller.source(call.request)
    new = await webhooks.rotate(call.conn, call.login, numbered(call, WEBHOOK), key=key, source=source)
    return SecretMade(new.secret, time(new.previous_until))
