"""Everything that can be set, with its bounds, and what follows from it."""

import os
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Final, Literal, get_args

from msgspec import Meta, Struct, field

from opencabinet import onboarding
from opencabinet.access import Network
from opencabinet.partners import referrals
from opencabinet.settings.checks import networks
from opencabinet.webhooks import Reach

LogLevel = Literal["debug", "info", "warning", "error"]
RequestLog = Literal["off", "debug", "info"]
Dialect = Literal["2021", "2023"]
ForwardedHeader = Literal["x-forwarded-for", "forwarded"]
PAGE: Final = r"^(|https?://[^\s/]+.*)$"
CURRENCIES: Final = r"^[A-Z]{3}(,[A-Z]{3}){0,49}$"
HOST: Final = r"^(|[A-Za-z0-9.-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])$"
PLACE: Final = r"^(|https?://[A-Za-z0-9.:\[\]-]+(/[A-Za-z0-9._~-]+)*)$"


def default_home() -> str:
    """Return where data live if nobody says: the system's place for root, the user's own for others."""
    if os.geteuid() == 0:
        return "/var/lib/opencabinet"
    return str(Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local/share") / "opencabinet")


class Settings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Everything that can be set: `OPENCABINET_` and the name in the environment, or the name in the file."""

    home: Annotated[
        str, Meta(min_length=1, description="Folder of the key file and, with `--embedded`, of the database.")
    ] = field(default_factory=default_home)
    database_url: Annotated[
        str,
        Meta(
            pattern="^(|postgres(ql)?://.*)$", description="PostgreSQL 15 or newer to use instead of the embedded one."
        ),
    ] = ""
    host: Annotated[str, Meta(min_length=1, description="Address to listen on.")] = "127.0.0.1"
    port: Annotated[int, Meta(ge=1, le=65535, description="Port to listen on.")] = 8080
    workers: Annotated[int, Meta(ge=1, le=64, description="Web processes.")] = 2
    pool_size: Annotated[int, Meta(ge=1, le=100, description="Database connections of one web process, at most.")] = 8
    token_seconds: Annotated[int, Meta(ge=60, le=86400, description="How long a token of the legacy wire lives.")] = (
        7200
    )

    public_url: Annotated[
        str,
        Meta(
            max_length=200,
            pattern=PLACE,
            description="Where the world reaches this (`https://cabinet.example.com`, no slash behind): links, banners "
            "and feeds are written with it, and with the address that was asked unless it is told.",
        ),
    ] = ""
    widgets_host: Annotated[
        str,
        Meta(pattern=HOST, description="Host of its own for widgets on pages of others; the cabinet is never there."),
    ] = ""
    peanut_dialect: Annotated[
        Dialect,
        Meta(description="The dialect of the Peanut methods: of 2023, or of 2021 for older clients."),
    ] = "2023"
    deposit_url: Annotated[
        str,
        Meta(pattern=PAGE, description="Page on which clients pay in; `{login}` in it becomes the login."),
    ] = ""
    withdrawal_url: Annotated[
        str,
        Meta(pattern=PAGE, description="Page on which clients pay out; `{login}` in it becomes the login."),
    ] = ""
    chosen_passwords: Annotated[
        bool, Meta(description="Let owners choose API passwords of their own; otherwise all are generated.")
    ] = True
    allow_http: Annotated[
        bool,
        Meta(description="Answer the v1 API over plain http on any address: only where a proxy in front adds https."),
    ] = False
    trusted_proxies: Annotated[
        str,
        Meta(
            max_length=8192,
            description="Addresses and networks of the proxies whose word for the client's address is believed, with "
            "commas between them; without any, nobody's is.",
        ),
    ] = ""
    forwarded_header: Annotated[
        ForwardedHeader,
        Meta(description="The header in which trusted proxies tell the address: one that they write, not pass on."),
    ] = "x-forwarded-for"
    requests_per_credential: Annotated[
        int, Meta(ge=60, le=1_000_000, description="Requests a minute of each credential, over all web processes.")
    ] = 600
    requests_per_network: Annotated[
        int,
        Meta(ge=60, le=1_000_000, description="Requests a minute of each /24 or /64 that shows no good credential."),
    ] = 300
    requests_per_open_account: Annotated[
        int,
        Meta(ge=60, le=1_000_000, description="Requests a minute of the public at each account open to everybody."),
    ] = 1200
    guess_factor: Annotated[
        int,
        Meta(ge=1, le=1000, description="Takes so many times more guesses at passwords; where many share an address."),
    ] = 1
    stream_listeners: Annotated[
        int,
        Meta(ge=1, le=100_000, description="Streams of events that one web process keeps open, at most."),
    ] = 10_000
    event_days: Annotated[
        int,
        Meta(ge=1, le=3650, description="Days that events are kept for those who ask, and for webhooks."),
    ] = 30
    largest_ingest: Annotated[
        int, Meta(ge=65_536, le=64 * 1024 * 1024, description="Bytes of one batch of a push feed, at most.")
    ] = 8 * 1024 * 1024
    ingests: Annotated[
        int,
        Meta(ge=1, le=16, description="Push feeds that one web process serves at a time, each by two batches at most."),
    ] = 2
    held_megabytes: Annotated[
        int, Meta(ge=0, le=16_384, description="Room for answers that one web process holds; none are with 0.")
    ] = 64
    silent_seconds: Annotated[
        int, Meta(ge=5, le=86_400, description="A feed that said nothing for so long is called stale.")
    ] = 120
    metrics: Annotated[
        str,
        Meta(
            pattern=r"^(|([^\s/:\[\]]{1,253}|\[[0-9A-Fa-f:.]{2,45}\]):[1-9][0-9]{0,4})$",
            description="Address and port (127.0.0.1:9464) at which the worker answers `/metrics`; off unless told.",
        ),
    ] = ""
    witness: Annotated[
        str,
        Meta(
            description="File that hears of every seal of the history; on another volume than the database it shows "
            "that seals were taken away. In the home unless told."
        ),
    ] = ""
    webhook_networks: Annotated[
        str,
        Meta(
            max_length=8192,
            description="Addresses and networks that webhooks may be sent to though they are not public, with commas "
            "between them.",
        ),
    ] = ""
    webhook_http: Annotated[
        bool, Meta(description="Let webhooks be sent over plain http, too: on networks of your own only.")
    ] = False
    minute_candle_days: Annotated[
        int, Meta(ge=1, le=36_500, description="Days that candles of one minute are kept; longer ones stay.")
    ] = 90
    brand: Annotated[
        str,
        Meta(max_length=60, description="The broker's name, as what partners put on their sites says it."),
    ] = ""
    informer_server: Annotated[
        str,
        Meta(max_length=64, description="Trading server whose quotes everybody is shown; the first unless told."),
    ] = ""
    referral_days: Annotated[
        int,
        Meta(ge=1, le=3650, description="Days within which the last click before an application tells whose client."),
    ] = 183
    claim_days: Annotated[
        int,
        Meta(
            ge=1,
            le=3650,
            description="Days after an account's opening within which a claim or a code reaches back to it.",
        ),
    ] = 30
    agents_count: Annotated[
        bool,
        Meta(description="Take an account for a client of the agent that its trading server tells, if a partner's."),
    ] = False
    application_days: Annotated[
        int,
        Meta(ge=1, le=3650, description="Days after which an application that was not opened is forgotten."),
    ] = 30
    application_currencies: Annotated[
        str,
        Meta(pattern=CURRENCIES, description="Currencies in which accounts are applied for, with commas between them."),
    ] = "USD,EUR"
    country_file: Annotated[
        str,
        Meta(
            max_length=4096,
            description="MaxMind database (`.mmdb`) that tells the countries of clicks; it is read again when another "
            "takes its place.",
        ),
    ] = ""
    clicks_per_network: Annotated[
        int,
        Meta(
            ge=1,
            le=1_000_000,
            description="Clicks a minute of one /24 or /64 on one partner that count; more are marked as a flood.",
        ),
    ] = 30
    feeds: Annotated[
        str,
        Meta(
            max_length=4096,
            description="TOML file of the trading servers to follow, which others may not read; `serve` follows them.",
        ),
    ] = ""
    log_level: Annotated[LogLevel, Meta(description="The least that is logged.")] = "info"
    request_log: Annotated[
        RequestLog,
        Meta(description="Level at which each request is logged; at `debug` only if that is logged at all."),
    ] = "debug"
    slow_milliseconds: Annotated[
        int,
        Meta(ge=0, le=3_600_000, description="A request that takes longer is logged with a warning; 0 for none."),
    ] = 1000

    @property
    def request_level(self) -> LogLevel | None:
        """The level at which each request is logged, if that is logged at all."""
        levels = get_args(LogLevel)
        asked = self.request_log
        return None if asked == "off" or levels.index(asked) < levels.index(self.log_level) else asked

    @property
    def folder(self) -> Path:
        """The home, as a path."""
        return Path(self.home).expanduser()

    @property
    def witness_file(self) -> Path:
        """The file that hears of every seal."""
        return Path(self.witness).expanduser() if self.witness else self.folder / "seals.witness"

    @property
    def silent(self) -> timedelta:
        """How long a feed may say nothing before it is called stale."""
        return timedelta(seconds=self.silent_seconds)

    @property
    def attribution(self) -> referrals.Rules:
        """By which rules it is decided whose client an account is."""
        window, claims = timedelta(days=self.referral_days), timedelta(days=self.claim_days)
        return referrals.Rules(window=window, claims=claims, agents_count=self.agents_count)

    @property
    def applications(self) -> onboarding.Rules:
        """What may be applied for, and how often."""
        return onboarding.Rules(currencies=tuple(self.application_currencies.split(","))).times(self.guess_factor)

    @property
    def metrics_address(self) -> tuple[str, int] | None:
        """Where metrics are answered, if anywhere."""
        host, _, port = self.metrics.rpartition(":")
        return (host.strip("[]"), int(port)) if host else None

    @property
    def figures_folder(self) -> Path | None:
        """Where web processes leave figures for whoever answers metrics, if they are answered."""
        return self.folder / "figures" / self.metrics if self.metrics else None

    @property
    def countries(self) -> Path | None:
        """The file that tells the countries of addresses, if there is one."""
        return Path(self.country_file).expanduser() if self.country_file else None

    @property
    def slow(self) -> float:
        """From how many seconds on a request is slow."""
        return self.slow_milliseconds / 1000 if self.slow_milliseconds else float("inf")

    @property
    def loopback(self) -> bool:
        """Whether only this machine can reach us."""
        return self.host == "localhost" or self.host.startswith("127.") or self.host == "::1"

    @property
    def plain_http(self) -> bool:
        """Whether the v1 API answers over plain http."""
        return self.loopback or self.allow_http

    @property
    def proxies(self) -> tuple[Network, ...]:
        """The networks of the trusted proxies."""
        return networks(self.trusted_proxies)

    @property
    def reach(self) -> Reach:
        """Where webhooks may be sent."""
        return Reach(networks(self.webhook_networks, "webhook_networks"), plain_http=self.webhook_http)
