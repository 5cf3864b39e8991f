"""What an import did."""

from msgspec import Struct

from opencabinet.ingest.model import Contradiction
from opencabinet.kernel.ids import Login
from opencabinet.ledger import Reconciliation


class Tally(Struct):
    """Counts while an import runs: rows new and changed, and open trades that are no longer open."""

    new: int = 0
    changed: int = 0
    gone: int = 0

    def add(self, new: int, changed: int) -> None:
        """Count a batch."""
        self.new += new
        self.changed += changed


class Summary(Struct, frozen=True, kw_only=True):
    """What became of a file of `read` rows.

    `current` is False for a statement older than what is known: its history arrived, its balance and open trades did
    not.
    """

    login: Login
    currency: str
    read: int
    new: int
    changed: int
    gone: int
    current: bool
    reconciliation: Reconciliation
    contradictions: tuple[Contradiction, ...]

    @property
    def unchanged(self) -> int:
        """How many rows were known already, just as they are."""
        return self.read - self.new - self.changed
