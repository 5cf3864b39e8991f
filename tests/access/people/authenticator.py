"""An authenticator in software: it makes keys and signs as a device does, and can be told to lie."""

import hashlib
import json
import secrets
from dataclasses import dataclass, field
from typing import Any

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url

PRESENT = 0x01
VERIFIED = 0x04
ATTESTED = 0x40


@dataclass
class Authenticator:
    """A device with one key."""

    origin: str = "https://cabinet.example"
    domain: str = "cabinet.example"
    count: int = 0
    counts: bool = True
    user: str = ""
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    id: bytes = field(default_factory=lambda: secrets.token_bytes(32))

    def register(self, asked: str, **lies: Any) -> str:
        """Answer what a site asks for a new passkey."""
        options = json.loads(asked)
        self.user = options["user"]["id"]
        data = self.data(PRESENT | VERIFIED | ATTESTED, **lies) + self.attested()
        made = {"fmt": "none", "attStmt": {}, "authData": data}
        return self.answer(
            clientDataJSON=self.client("webauthn.create", options, **lies),
            attestationObject=bytes_to_base64url(cbor2.dumps(made)),
            transports=["internal", "usb", "carrier pigeon"],
        )

    def sign(self, asked: str, **lies: Any) -> str:
        """Answer what a site asks to sign."""
        self.count += self.counts
        client = self.client("webauthn.get", json.loads(asked), **lies)
        data = self.data(lies.pop("flags", PRESENT | VERIFIED), **lies)
        signed = data + hashlib.sha256(base64url_to_bytes(client)).digest()
        return self.answer(
            clientDataJSON=client,
            authenticatorData=bytes_to_base64url(data),
            signature=bytes_to_base64url(self.key.sign(signed, ec.ECDSA(hashes.SHA256()))),
            userHandle=lies.get("user", self.user),
        )

    def data(self, flags: int, **lies: Any) -> bytes:
        """Return what a device says of itself."""
        domain = hashlib.sha256(lies.get("domain", self.domain).encode()).digest()
        return domain + bytes([flags]) + int(lies.get("count", self.count)).to_bytes(4, "big")

    def attested(self) -> bytes:
        """Return the key as a device gives it."""
        point = self.key.public_key().public_numbers()
        x, y = (number.to_bytes(32, "big") for number in (point.x, point.y))
        return bytes(16) + len(self.id).to_bytes(2, "big") + self.id + cbor2.dumps({1: 2, 3: -7, -1: 1, -2: x, -3: y})

    def client(self, right: str, options: dict[str, Any], **lies: Any) -> str:
        """Return what a browser says of the question."""
        told = {
            "type": lies.get("kind", right),
            "challenge": lies.get("challenge", options["challenge"]),
            "origin": lies.get("origin", self.origin),
            "crossOrigin": lies.get("cross", False),
        }
        return bytes_to_base64url(json.dumps(told).encode())

    def answer(self, **response: Any) -> str:
        """Return an answer as a browser gives it."""
        own = bytes_to_base64url(self.id)
        return json.dumps({"id": own, "rawId": own, "type": "public-key", "response": response})
