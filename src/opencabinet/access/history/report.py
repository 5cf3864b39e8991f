"""What verifying the history found."""

from datetime import datetime
from typing import Final

from msgspec import Struct, field

from opencabinet.access.history.seals import Leaf, Row

MOST_FINDINGS: Final = 100


class Finding(Struct, frozen=True, kw_only=True):
    """Something that is not as it was sealed."""

    what: str
    batch: int | None = None
    login: int | None = None
    id: int | None = None

    def __str__(self) -> str:
        batch = "" if self.batch is None else f"batch {self.batch}: "
        row = "" if self.id is None else f"login {self.login}, row {self.id}: "
        return batch + row + self.what


class Report(Struct, kw_only=True):
    """What was gone through, and what is wrong: the first findings are named, all are counted."""

    findings: list[Finding] = field(default_factory=list)
    wrong: int = 0
    seals: int = 0
    witnessed: int = 0
    rows: int = 0
    forgotten: int = 0
    pending: int = 0
    whole_at: datetime | None = None

    def find(self, what: str, batch: int | None = None, row: Leaf | Row | None = None) -> None:
        """Take down a finding."""
        self.wrong += 1
        if len(self.findings) < MOST_FINDINGS:
            login, number = (row.login, row.id) if row else (None, None)
            self.findings.append(Finding(what=what, batch=batch, login=login, id=number))
