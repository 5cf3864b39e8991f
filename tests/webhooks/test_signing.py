"""Signatures, verified by the official library of Standard Webhooks."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import json
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from opencabinet.kernel.ids import Login
from opencabinet.webhooks import signing

KEY = b"k" * 32


def headers(secrets: list[bytes], body: bytes, at: datetime | None = None) -> dict[str, str]:
    """Sign a body."""
    return signing.signed(secrets, "evt_1001001_57", at or datetime.now(UTC), body)


@given(
    st.dictionaries(st.text(max_size=20), st.text() | st.integers() | st.none(), max_size=5),
    st.binary(min_size=24, max_size=64),
)
def test_any_body_is_verified(content: dict[str, object], secret: bytes) -> None:
    body = json.encode(content)

    Webhook(signing.shown(secret)).verify(body, headers([secret], body))


def test_while_a_secret_is_rotated_both_verify() -> None:
    new, old, other = (signing.new_secret() for _ in range(3))
    body = b'{"id":"evt_1001001_57"}'
    signed = headers([new, old], body)

    assert len(signed["webhook-signature"].split(" ")) == 2
    for each in (new, old):
        Webhook(signing.shown(each)).verify(body, signed)
    with pytest.raises(WebhookVerificationError):
        Webhook(signing.shown(other)).verify(body, signed)


def test_what_was_changed_or_is_old_is_not_verified() -> None:
    secret = signing.new_secret()
    webhook = Webhook(signing.shown(secret))
    signed = headers([secret], b'{"a":1}')

    for body, shown in (
        (b'{"a":2}', signed),
        (b'{"a":1}', signed | {"webhook-id": "evt_1001001_58"}),
        (b'{"a":1}', headers([secret], b'{"a":1}', datetime.now(UTC) - timedelta(minutes=6))),
    ):
        with pytest.raises(WebhookVerificationError):
            webhook.verify(body, shown)


def test_a_secret_is_kept_sealed_for_its_account() -> None:
    secret = signing.new_secret()
    kept = signing.sealed(KEY, Login(7), secret)

    assert len(secret) == 32
    assert signing.shown(secret).startswith("whsec_")
    assert secret not in kept
    assert signing.opened(KEY, Login(7), kept) == secret
    assert signing.opened(KEY, Login(8), kept) is None
    assert signing.opened(b"o" * 32, Login(7), kept) is None
    assert signing.opened(KEY, Login(7), kept[:-1]) is None
    assert signing.opened(KEY, Login(7), b"") is None
