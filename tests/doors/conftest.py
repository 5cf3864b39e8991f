"""What the tests of all doors share."""

import pytest

from opencabinet.doors import view
from tests.doors.redactions import NOW


@pytest.fixture
def still(monkeypatch: pytest.MonkeyPatch) -> None:
    """The time stands still."""
    monkeypatch.setattr(view, "now", lambda: NOW)
