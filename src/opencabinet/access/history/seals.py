"""Seals: what a batch of the history hashes to, chained to the batch before, and signed.

Everything here is reckoned from the bytes of the rows, without asking the database to reckon anything.
"""

import hashlib
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from struct import Struct as Layout
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from msgspec import Struct, structs

from opencabinet.kernel.ids import LARGEST

MOST_ROWS: Final = 10_000
KEEP_GRANTED: Final = timedelta(days=400)
KEEP_REFUSED: Final = timedelta(days=90)
"""How long rows are kept: `forget_authorizations` drops them afterwards, and until then none may be missing."""
NOTHING: Final = bytes(32)
EPOCH: Final = datetime(2000, 1, 1, tzinfo=UTC)
VERSION: Final = b"opencabinet seal 1\n"

FIXED: Final = Layout(">i4xiq4xiq4xiq4xi?4xiQ")
"""The columns a row begins with, each after its type and its length: login, id, at, granted, xid."""
LOGIN: Final = slice(12, 20)
ID: Final = slice(28, 36)
AT: Final = Layout(">q")
AT_BEGINS: Final = 44
"""Where of these login, id and time are."""
LEAF: Final = Layout(">qqi32s")
WHOSE: Final = slice(0, 16)
HASH: Final = slice(20, 52)
"""Where of a leaf its login and id are, and its hash."""
HEAD: Final = Layout(">qqi32s32sQqQqqqi")
EMPTY: Final = -(2**63)


class UnreadableError(ValueError):
    """A row is not in the form that is hashed."""


class Leaf(Struct, frozen=True):
    """What a seal keeps of a row: whose and which it is, from which day on it need not be there, and its hash."""

    login: int
    id: int
    until: int
    hash: bytes


class Row(Struct, frozen=True):
    """A row of the history, as far as its place and its age go; `at` in microseconds since 2000."""

    login: int
    id: int
    at: int
    granted: bool
    xid: int
    record: bytes

    @classmethod
    def of(cls, record: bytes) -> "Row":
        """Read the columns that a row begins with."""
        if len(record) < FIXED.size:
            raise UnreadableError(record)
        _, a, login, b, number, c, at, d, granted, e, xid = FIXED.unpack_from(record)
        if (a, b, c, d, e) != (8, 8, 8, 1, 8):
            raise UnreadableError(record)
        return cls(login, number, at, granted, xid, record)

    @property
    def place(self) -> tuple[int, int]:
        """Return its place among the rows of its kind."""
        return self.xid, self.id

    def leaf(self) -> bytes:
        """Return what a seal keeps of it."""
        day = (self.at + (GRANTED_MICROSECONDS if self.granted else REFUSED_MICROSECONDS)) // DAY_MICROSECONDS
        return LEAF.pack(self.login, self.id, max(-FARTHEST, min(FARTHEST, day)), hashlib.sha256(self.record).digest())


DAY_MICROSECONDS: Final = 86_400_000_000
GRANTED_MICROSECONDS: Final = KEEP_GRANTED.days * DAY_MICROSECONDS
REFUSED_MICROSECONDS: Final = KEEP_REFUSED.days * DAY_MICROSECONDS
FARTHEST: Final = 700_000
"""Days from 2000 that a date holds."""


class Ends(Struct, frozen=True):
    """The transactions below which nothing changes any more at a moment: none granted, none refused."""

    at: datetime
    granted: int
    refused: int


class Place(Struct, frozen=True, kw_only=True):
    """How far the history is sealed: granted rows and refused ones each in the order of (xid, id), above a floor."""

    granted_xid: int = 0
    granted_id: int = 0
    refused_xid: int = 0
    refused_id: int = 0
    floor: int = 0

    @classmethod
    def between(cls, granted: tuple[int, int], refused: tuple[int, int], floor: int) -> "Place":
        """Return the place behind one among granted rows and one among refused ones."""
        return cls(
            granted_xid=granted[0], granted_id=granted[1], refused_xid=refused[0], refused_id=refused[1], floor=floor
        )

    def of(self, *, granted: bool) -> tuple[int, int]:
        """Return the place among granted rows, or among refused ones."""
        return (self.granted_xid, self.granted_id) if granted else (self.refused_xid, self.refused_id)


class Seal(Struct, frozen=True, kw_only=True):
    """A batch of rows, closed for ever."""

    number: int
    at: datetime
    rows: int
    root: bytes
    previous: bytes
    granted_xid: int
    granted_id: int
    refused_xid: int
    refused_id: int
    floor: int
    whole_at: datetime | None
    until: date
    key: bytes
    signature: bytes
    leaves: bytes

    @property
    def place(self) -> Place:
        """Return how far the history is sealed with this."""
        return Place(
            granted_xid=self.granted_xid,
            granted_id=self.granted_id,
            refused_xid=self.refused_xid,
            refused_id=self.refused_id,
            floor=self.floor,
        )

    @property
    def head(self) -> bytes:
        """Return what is signed: everything but the leaves, for which the root stands."""
        whole_at = EMPTY if self.whole_at is None else microseconds(self.whole_at)
        place = (self.granted_xid, self.granted_id, self.refused_xid, self.refused_id, self.floor)
        given = (self.number, microseconds(self.at), self.rows, self.root, self.previous, *place, whole_at)
        return VERSION + HEAD.pack(*given, (self.until - EPOCH.date()).days) + self.key

    @property
    def hash(self) -> bytes:
        """Return what the next seal is chained to, and what the witness keeps."""
        return hashlib.sha256(self.head + self.signature).digest()

    @property
    def newest(self) -> int:
        """Return the highest id of its rows; 0 if it holds none."""
        return max((number for _, number, _, _ in LEAF.iter_unpack(self.leaves)), default=0)

    def signed(self) -> bool:
        """Whether the signature is good for the key that the seal names."""
        try:
            Ed25519PublicKey.from_public_bytes(self.key).verify(self.signature, self.head)
        except (InvalidSignature, ValueError):
            return False
        return True

    def holds(self) -> Iterator[bytes]:
        """Give what is kept of each row."""
        size = LEAF.size
        return (self.leaves[start : start + size] for start in range(0, len(self.leaves) - size + 1, size))


def seal(key: Ed25519PrivateKey, before: Seal | None, records: Sequence[bytes], below: Ends, limit: int) -> Seal:
    """Seal rows behind the seal before them: all that are final, or of granted or refused ones the first `limit`."""
    found = sorted((Row.of(record) for record in records), key=lambda row: (not row.granted, row.place))
    leaves = b"".join(row.leaf() for row in found)
    start = before.place if before else Place()
    ends = {}
    for granted, end in ((True, below.granted), (False, below.refused)):
        places = [row.place for row in found if row.granted is granted]
        ends[granted] = max(places[-1] if len(places) == limit else (end - 1, LARGEST), start.of(granted=granted))
    whole = len(found) < limit
    return signed(
        key,
        before,
        at=below.at,
        rows=len(found),
        leaves=leaves,
        place=Place.between(ends[True], ends[False], start.floor),
        whole_at=below.at if whole else (before.whole_at if before else None),
        until=max((Leaf(*each).until for each in LEAF.iter_unpack(leaves)), default=0),
    )


def signed(
    key: Ed25519PrivateKey,
    before: Seal | None,
    *,
    at: datetime,
    rows: int,
    leaves: bytes,
    place: Place,
    whole_at: datetime | None,
    until: int,
) -> Seal:
    """Chain a seal to the one before, and sign it."""
    made = Seal(
        number=before.number + 1 if before else 1,
        at=at,
        rows=rows,
        root=hashlib.sha256(leaves).digest(),
        previous=before.hash if before else NOTHING,
        **structs.asdict(place),
        whole_at=whole_at,
        until=EPOCH.date() + timedelta(days=until),
        key=public(key),
        signature=b"",
        leaves=leaves,
    )
    return structs.replace(made, signature=key.sign(made.head))


def public(key: Ed25519PrivateKey) -> bytes:
    """Return the half of a key that everybody may know."""
    return key.public_key().public_bytes_raw()


def microseconds(moment: datetime) -> int:
    """Return microseconds since 2000, exactly."""
    return (moment - EPOCH) // timedelta(microseconds=1)
