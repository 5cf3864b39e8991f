"""The words of access: what is asked, who asks, and with what."""

from datetime import UTC, datetime, timedelta
from enum import StrEnum
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from typing import Final, Literal
from uuid import UUID

from msgspec import Struct, field

from opencabinet.kernel.ids import Login
from opencabinet.kernel.problem import Refused

SESSION_IDLE: Final = timedelta(minutes=15)
SESSION_LASTS: Final = timedelta(hours=12)
"""How long a person stays signed in at the cabinet: unless they do nothing for so long, and at most."""

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network


class Ground(StrEnum):
    """Why a question was refused, as far as the caller may know it."""

    CREDENTIAL = "credential"
    """A credential was shown, and it is good for nothing."""
    NOTHING_SHOWN = "nothing shown"
    """No credential was shown, and the account is not open for this, or is not there."""
    OTHER_ACCOUNT = "other account"
    """The credential is good, but for another account."""
    RULE = "rule"
    """The account is the caller's own, and a rule of it says no."""
    PROOF = "proof"
    """The credential is good and the account's own, but its password was shown too long ago for this."""


class AccessDenied(Refused):
    """Access denied."""

    def __init__(self, detail: str | None = None, ground: Ground = Ground.CREDENTIAL) -> None:
        super().__init__(detail)
        self.ground = ground
        self.told: Refusal | None = None
        """What the history is told, where it is more than the caller may know."""


class Refusal(Struct, frozen=True):
    """Why a request for a token was refused, and whose it was; None where that is not known."""

    rule: str
    login: int | None = None
    family: str = ""


class Family(StrEnum):
    """What a token opens; it opens the family it was asked for and no other."""

    CLIENT = "client"
    PARTNER = "partner"
    MOBILE = "mobile"


class Kind(StrEnum):
    """What a credential is; kinds never interchange. Keys are those that do not come from a password."""

    LEGACY = "legacy"
    BEARER = "bearer"
    REFRESH = "refresh"
    SERVER = "server"
    PUBLISHABLE = "publishable"
    FEED = "feed"
    SESSION = "session"
    """Where a person is signed in at the cabinet; it stands for each account that is theirs."""


class Function(StrEnum):
    """What can be asked of an account; the owner's rules speak of these."""

    SUMMARY = "summary"
    BALANCE = "balance"
    OPEN_TRADES = "open_trades"
    CLOSED_TRADES = "closed_trades"
    ORDERS = "orders"
    CLOSED_LOTS = "closed_lots"
    MOVEMENTS = "movements"
    BONUSES = "bonuses"
    STATISTICS = "statistics"
    STATEMENT = "statement"
    AUTHORIZATIONS = "authorizations"
    PERSON = "person"
    COMMISSIONS = "commissions"
    REFERRALS = "referrals"
    CLICKS = "clicks"
    PROMOTION = "promotion"
    PAYOUTS = "payouts"
    ACCESS = "access"
    CHANGES = "changes"
    WEBHOOKS = "webhooks"

    @property
    def private(self) -> bool:
        """Whether this tells of the person, or of all there is: it always needs a credential of the account."""
        return self in PRIVATE

    @property
    def family(self) -> Family:
        """Which tokens open this."""
        return Family.PARTNER if self in OF_PARTNERS else Family.CLIENT


OF_PARTNERS: Final = frozenset(
    {Function.COMMISSIONS, Function.REFERRALS, Function.CLICKS, Function.PROMOTION, Function.PAYOUTS}
)
"""Functions of an account as a partner."""
PRIVATE: Final = frozenset(
    {
        Function.REFERRALS,
        Function.PROMOTION,
        Function.PAYOUTS,
        Function.STATEMENT,
        Function.AUTHORIZATIONS,
        Function.PERSON,
        Function.ACCESS,
        Function.CHANGES,
        Function.WEBHOOKS,
    }
)
"""Functions that are never open."""


class Public(StrEnum):
    """A need that everybody meets, because no account is read."""

    PUBLIC = "public"


class Signed(StrEnum):
    """A need that whoever is signed in at the cabinet meets; what they see of accounts is judged on its own."""

    IN = "signed in"


class Machine(StrEnum):
    """A need that a program of the operator's meets with a key of the installation; no account's credential does."""

    FEED = "feed"


class Duty(StrEnum):
    """A need that an operator meets one of whose roles has it; no account's credential does."""

    SEARCH = "search"
    """Find accounts, people and partners."""
    ACCOUNTS = "accounts"
    """Read what is known of an account."""
    POLICIES = "policies"
    """Read who may ask what of an account."""
    IMPORTS = "imports"
    """Read what was imported and fed, and whether it adds up."""
    PEOPLE = "people"
    """Add people, say which accounts are theirs, end their sessions and reset their factors."""
    APPLICATIONS = "applications"
    """Read applications for accounts, and turn them down."""
    PARTNERS = "partners"
    """Read partners and plans, and try what another plan would pay."""
    PLANS = "plans"
    """Approve another plan."""
    REWARDS = "rewards"
    """Hold, release and approve rewards, and answer disputes."""
    CONTENT = "content"
    """Write news, and upload banners."""
    AUDIT = "audit"
    """Read the authorization history of everybody."""
    OPERATORS = "operators"
    """Say who operators are, and act upon people who are."""


Need = Function | Public | Machine | Signed | Duty


class Ask(Struct, frozen=True, kw_only=True):
    """A question: which function of which account, when, and from where; None where that is not known.

    `fresh` asks for a credential whose password was shown a moment ago: for what changes who may ask.
    """

    login: Login
    function: Function
    address: Address | None
    origin: str | None = None
    at: datetime = field(default_factory=lambda: datetime.now(UTC))
    fresh: bool = False


class Held(Struct, frozen=True):
    """What somebody was let in with, as its hash, and the question they asked.

    `first` is the key of the first such use in the history, where it is to be looked for.
    """

    token: bytes | None
    kind: Kind
    ask: Ask
    first: bytes | None = None

    def __repr__(self) -> str:
        return "Held(***)"


class Bearer(Struct, frozen=True):
    """Whose credential was shown, and what it opens: a family, or only some `functions` of it.

    It is good from `networks` and pages of `origins` only, if any are told; at `proved_at` a password was shown for it.
    `reads_per_minute` is the budget of a publishable key.
    """

    login: Login
    family: Family
    kind: Kind = Kind.LEGACY
    id: int = 0
    functions: frozenset[Function] | None = None
    networks: tuple[Network, ...] = ()
    origins: tuple[str, ...] = ()
    proved_at: datetime | None = None
    reads_per_minute: int | None = None


Channel = Literal["legacy", "peanut", "v1", "cabinet", "cli", "server"]
"""The ways on which something is asked or changed."""


class Source(Struct, frozen=True, kw_only=True):
    """Where a request or a change came from, for the history. `derived_from` says where its address is known from."""

    channel: Channel = "legacy"
    address: Address | None = None
    derived_from: str = "socket"
    user_agent: str = ""
    request_id: str = ""


class Label(Struct, frozen=True, kw_only=True):
    """What whoever asks for a token says of it: its name, and the networks it is bound to."""

    name: str = ""
    networks: tuple[Network, ...] = ()


class Refreshing(Struct, frozen=True):
    """What a refresh token continues; one that is used and shown again is a sign that somebody else has it, too."""

    login: Login
    family: Family
    session: UUID
    used: bool
    live: bool
    left: timedelta
    """How long the session may last yet."""
    networks: tuple[Network, ...] = ()


class Lifetimes(Struct, frozen=True):
    """How long the tokens of a session live."""

    bearer: timedelta = timedelta(minutes=15)
    refresh: timedelta = timedelta(hours=24)

    def within(self, left: timedelta) -> "Lifetimes":
        """Return lifetimes that are no longer than what is left."""
        return Lifetimes(min(self.bearer, left), min(self.refresh, left))


class Session(Struct, frozen=True, kw_only=True):
    """Tokens of the v1 API, whose they are, and how long they live."""

    login: Login
    family: Family
    bearer: str
    refresh: str
    lifetimes: Lifetimes

    def __repr__(self) -> str:
        return "Session(***)"


class Grant(Struct, frozen=True):
    """What the caller showed: nothing, a credential that is good for nothing, or a bearer.

    `seconds_left` is how long the credential lives yet, where that was asked for.
    """

    shown: bool
    bearer: Bearer | None = None
    seconds_left: float | None = None
