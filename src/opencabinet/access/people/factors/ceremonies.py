"""Passkeys: what a browser is asked, and whether what it answers was signed here, now, and by the right key."""

import hmac
from collections.abc import Iterable
from typing import Any, Final

import webauthn
from msgspec import json
from webauthn.helpers import base64url_to_bytes, parse_client_data_json
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    AuthenticatorTransport,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from opencabinet.access.people.factors.model import LONGEST_ANSWER, Passkey, Site

TRANSPORTS: Final = {str(each.value) for each in AuthenticatorTransport}
SHORTEST_ID: Final = 16
LONGEST_ID: Final = 1023
LONGEST_KEY: Final = 2048
Signed = tuple[Passkey, int]


def handle(key: bytes, person: int) -> bytes:
    """Return what a device knows a person by; it tells nothing of them."""
    return hmac.digest(key, f"handle of {person}".encode(), "sha256")


def ask_for_new(site: Site, challenge: bytes, known: bytes, email: str, present: Iterable[Passkey]) -> str:
    """Return what a browser is asked for a new passkey, as JSON."""
    options = webauthn.generate_registration_options(
        rp_id=site.domain,
        rp_name=site.name,
        user_name=email,
        user_id=known,
        challenge=challenge,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.DISCOURAGED, user_verification=UserVerificationRequirement.PREFERRED
        ),
        exclude_credentials=descriptors(present),
    )
    return webauthn.options_to_json(options)


def ask_for_proof(site: Site, challenge: bytes, present: Iterable[Passkey]) -> str:
    """Return what a browser is asked to sign, and with which passkeys, as JSON."""
    options = webauthn.generate_authentication_options(
        rp_id=site.domain,
        challenge=challenge,
        allow_credentials=descriptors(present),
        user_verification=UserVerificationRequirement.PREFERRED,
    )
    return webauthn.options_to_json(options)


def descriptors(present: Iterable[Passkey]) -> list[PublicKeyCredentialDescriptor]:
    """Return passkeys as browsers are told of them."""
    return [
        PublicKeyCredentialDescriptor(id=each.id, transports=[AuthenticatorTransport(way) for way in each.transports])
        for each in present
    ]


def registered(site: Site, challenge: bytes, person: int, name: str, answer: str) -> Passkey | None:
    """Return the new passkey that a browser's answer holds, or None if it is not what was asked for."""
    try:
        given = parsed(answer)
        found = webauthn.verify_registration_response(
            credential=given,
            expected_challenge=challenge,
            expected_origin=site.origin,
            expected_rp_id=site.domain,
        )
    except Exception:  # noqa: BLE001 - a stranger's bytes go through parsers of four formats: whatever breaks, refuses
        return None
    if not (SHORTEST_ID <= len(found.credential_id) <= LONGEST_ID and len(found.credential_public_key) <= LONGEST_KEY):
        return None
    told = given.get("response", {}).get("transports")
    return Passkey(
        id=found.credential_id,
        person=person,
        public_key=found.credential_public_key,
        sign_count=found.sign_count,
        name=name,
        transports=sorted(TRANSPORTS.intersection(way for way in told if isinstance(way, str)))
        if isinstance(told, list)
        else [],
    )


def signed(site: Site, challenge: bytes, known: bytes, present: Iterable[Passkey], answer: str) -> Signed | None:
    """Return which of a person's passkeys signed the challenge, with its new count, or None if none did.

    A count that does not grow is the sign of a copied key, and refused.
    """
    try:
        given = parsed(answer)
        shown = base64url_to_bytes(given["id"])
        user = given["response"].get("userHandle")
        passkey = next(each for each in present if hmac.compare_digest(each.id, shown))
        if user and not hmac.compare_digest(base64url_to_bytes(user), known):
            return None
        found = webauthn.verify_authentication_response(
            credential=given,
            expected_challenge=challenge,
            expected_origin=site.origin,
            expected_rp_id=site.domain,
            credential_public_key=passkey.public_key,
            credential_current_sign_count=passkey.sign_count,
        )
    except Exception:  # noqa: BLE001 - the same
        return None
    return passkey, found.new_sign_count


def parsed(answer: str) -> dict[str, Any]:
    """Return a browser's answer.

    Raises:
        ValueError: if it is too long, or no JSON object, or was given to a page within another site's page.
    """
    if len(answer) > LONGEST_ANSWER:
        raise ValueError(len(answer))
    given = json.decode(answer, type=dict[str, Any])
    if parse_client_data_json(base64url_to_bytes(given["response"]["clientDataJSON"])).cross_origin:
        raise ValueError(answer)
    return given
