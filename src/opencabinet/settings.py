"""The settings: read once, from the environment and an optional TOML file; the environment wins."""

import os
import tomllib
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta, Struct, field
from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict

from opencabinet import access
from opencabinet.access import Network
from opencabinet.kernel.problem import Malformed
from opencabinet.webhooks import Reach

PREFIX: Final = "OPENCABINET_"
FILE: Final = "OPENCABINET_CONFIG"
FOREIGN: Final = "OPENCABINET_TEST_"
"""Names that belong to the tests, not to us."""


LogLevel = Literal["debug", "info", "warning", "error"]
Dialect = Literal["2021", "2023"]
ForwardedHeader = Literal["x-forwarded-for", "forwarded"]
MOST_PROXIES: Final = 200
LONGEST: Final = 60
LARGEST_PORT: Final = 65_535
BAD_URL: Final = (
    f"{PREFIX}DATABASE_URL is malformed. Is it postgresql://user:password@host:port/database, with percent-encoding "
    "for whatever is special in the password (@ is %40, / is %2F)?"
)
HOW_NETWORKS: Final = "Give addresses (192.0.2.1) and networks (10.0.0.0/8, 2001:db8::/48) narrower than everything."
PAGE: Final = r"^(|https?://[^\s/]+.*)$"


class BadSettings(Malformed):
    """A setting is unknown or malformed."""


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
        int, Meta(ge=1, le=16, description="Batches of push feeds that one web process takes at a time.")
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
    feeds: Annotated[
        str,
        Meta(
            max_length=4096,
            description="TOML file of the trading servers to follow, which others may not read; `serve` follows them.",
        ),
    ] = ""
    log_level: Annotated[LogLevel, Meta(description="The least that is logged.")] = "info"

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
    def metrics_address(self) -> tuple[str, int] | None:
        """Where metrics are answered, if anywhere."""
        host, _, port = self.metrics.rpartition(":")
        return (host.strip("[]"), int(port)) if host else None

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


def load(environment: Mapping[str, str] | None = None) -> Settings:
    """Return the settings of this environment.

    Raises:
        BadSettings: in one line, for the first setting that is unknown or malformed.
    """
    environment = os.environ if environment is None else environment
    given = {
        name.removeprefix(PREFIX).lower(): value
        for name, value in environment.items()
        if name.startswith(PREFIX) and name != FILE and not name.startswith(FOREIGN)
    }
    known = set(Settings.__struct_fields__)
    if unknown := sorted(set(given) - known):
        raise BadSettings(f"There is no setting {PREFIX}{unknown[0].upper()}; known are {', '.join(sorted(known))}.")
    return converted(read(environment[FILE]) if environment.get(FILE) else {}, given)


def read(path: str) -> dict[str, object]:
    """Return the settings in a TOML file."""
    try:
        return tomllib.loads(Path(path).read_text("utf-8"))
    except (OSError, ValueError) as wrong:
        raise BadSettings(f"{FILE}: {path}: {wrong}") from wrong


def converted(file: dict[str, object], environment: Mapping[str, str]) -> Settings:
    """Return both together as settings, each of its type."""
    try:
        msgspec.convert(file, Settings)
        given = msgspec.convert({**file, **environment}, Settings, strict=False)
        database(given.database_url)
        networks(given.trusted_proxies)
        networks(given.webhook_networks, "webhook_networks")
        port(given.metrics)
    except msgspec.ValidationError as wrong:
        raise BadSettings(f"A setting is malformed: {str(wrong).replace('`$.', '`')}.") from wrong
    return given


def database(url: str) -> None:
    """See that a URL is read as it was meant: a password that is not escaped would be taken for a host, and be told.

    Raises:
        BadSettings: in words of ours, for libpq's hold parts of the URL.
    """
    try:
        found = conninfo_to_dict(url)
    except ProgrammingError:
        raise BadSettings(BAD_URL) from None
    places = f"{found.get('host', '')}{found.get('dbname', '')}"
    if "@" in places or not set(str(found.get("port", ""))) <= set("0123456789,"):
        raise BadSettings(BAD_URL)


def port(address: str) -> None:
    """See that an address ends with a port.

    Raises:
        BadSettings: if its number is no port's.
    """
    if int(address.rpartition(":")[2] or 0) > LARGEST_PORT:
        raise BadSettings(f"A setting is malformed: a port is at most {LARGEST_PORT} - at `metrics`.")


def networks(text: str, setting: str = "trusted_proxies") -> tuple[Network, ...]:
    """Return the networks that stand in a setting with commas between them, none for an empty one.

    Raises:
        BadSettings: in one line, for the first that is none, or for too many.
    """
    given = text.split(",") if text.strip() else []
    if len(given) > MOST_PROXIES:
        raise BadSettings(f"A setting is malformed: more than {MOST_PROXIES} networks - at `{setting}`.")
    return tuple(network(each, setting) for each in given)


def network(text: str, setting: str) -> Network:
    """Return one network of a setting."""
    try:
        return access.network(text)
    except Malformed as wrong:
        given = f"A setting is malformed: {text.strip()[:LONGEST]!r} is no network - at `{setting}`. "
        raise BadSettings(f"{given}{HOW_NETWORKS}") from wrong
