"""A receiver, and a certificate that it shows."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.webhooks.receiving import HOST, Receiver, certificate, receiving


@pytest.fixture(scope="session")
def pem(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The certificate of the receiver."""
    return certificate(tmp_path_factory.mktemp("tls"), HOST)


@pytest.fixture
async def receiver(pem: Path) -> AsyncIterator[Receiver]:
    """A receiver of webhooks."""
    async with receiving(pem) as listening:
        yield listening
