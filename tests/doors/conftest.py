"""What the tests of all doors share."""

from collections.abc import AsyncIterator

import pytest

from opencabinet.doors import view
from tests.doors.promo.fragments.browsing import Browser, browser
from tests.doors.redactions import NOW


@pytest.fixture
def still(monkeypatch: pytest.MonkeyPatch) -> None:
    """The time stands still."""
    monkeypatch.setattr(view, "now", lambda: NOW)


@pytest.fixture(scope="module")
async def shared(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Browser]:
    """A browser that the tests of a module share."""
    async with browser(tmp_path_factory.mktemp("browser")) as opened:
        yield opened
