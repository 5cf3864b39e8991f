"""The key file: the secrets of an installation, readable by its owner only."""

import hmac
import os
import secrets
import stat
import tomllib
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from msgspec import Struct

from opencabinet.kernel.problem import Conflict

NAME: Final = "keys.toml"
SHORTEST: Final = 32
NOTE: Final = "# Keep this file as safe as the database, and apart from its backups."


class KeyFileUnusable(Conflict):
    """The key file cannot be used."""


class Keys(Struct, frozen=True):
    """The secrets of an installation. Whoever has them and the database can test guesses at API passwords."""

    pepper: bytes

    @property
    def cursors(self) -> bytes:
        """The key that cursors are sealed with."""
        return hmac.digest(self.pepper, b"cursors", "sha256")

    @property
    def passwords(self) -> dict[int, bytes]:
        """The peppers of chosen passwords, by number."""
        return {1: hmac.digest(self.pepper, b"passwords", "sha256")}

    @property
    def factors(self) -> bytes:
        """The key that the secrets of second factors are sealed with."""
        return hmac.digest(self.pepper, b"factors", "sha256")

    @property
    def codes(self) -> bytes:
        """The key that recovery codes are hashed with."""
        return hmac.digest(self.pepper, b"codes", "sha256")

    @property
    def webhooks(self) -> bytes:
        """The key that the secrets of webhooks are sealed with."""
        return hmac.digest(self.pepper, b"webhooks", "sha256")

    @property
    def answers(self) -> bytes:
        """The key that kept answers are sealed with."""
        return hmac.digest(self.pepper, b"answers", "sha256")

    @property
    def clicks(self) -> bytes:
        """The key by which those who click are told apart for a day, so that nobody finds their addresses."""
        return hmac.digest(self.pepper, b"clicks", "sha256")

    @property
    def seals(self) -> Ed25519PrivateKey:
        """The key that the history is sealed with.

        It is derived, as the others are: installations that are there have it at once, a key file that is mounted
        read-only stays as it is, and a backup of the file holds all of it.
        """
        return Ed25519PrivateKey.from_private_bytes(hmac.digest(self.pepper, b"seals", "sha256"))

    def __repr__(self) -> str:
        return "Keys(***)"


def load(home: Path) -> Keys:
    """Return the keys kept under `home`.

    Raises:
        KeyFileUnusable: if the file is missing, readable by others, or does not hold a key of 32 bytes or more.
    """
    path = home / NAME
    try:
        if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise KeyFileUnusable(f"{path} can be read by others: chmod 600 it.")
        pepper = bytes.fromhex(tomllib.loads(path.read_text("ascii"))["pepper"])
    except FileNotFoundError as missing:
        raise KeyFileUnusable(
            f"There is no key file {path}: make one with `opencabinet keys make`; "
            "API passwords given under another one must be given anew."
        ) from missing
    except (OSError, ValueError, LookupError, TypeError) as wrong:
        raise KeyFileUnusable(f"{path} is not a key file: {wrong}") from wrong
    if len(pepper) < SHORTEST:
        raise KeyFileUnusable(f"The pepper in {path} is shorter than {SHORTEST} bytes.")
    return Keys(pepper)


def make(home: Path) -> Path:
    """Make the key file under `home` and return where it is; one that exists is left alone."""
    home.mkdir(parents=True, exist_ok=True)
    path = home / NAME
    new = path.with_suffix(f".{secrets.token_hex(4)}")
    # The mode must be there from the first moment, so the file is opened by hand.
    descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(f'{NOTE}\npepper = "{secrets.token_hex(32)}"\n')
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(new, path)
    except FileExistsError:
        pass
    finally:
        new.unlink()
    return path
