import re
import zlib

from hypothesis import given
from hypothesis import strategies as st

from opencabinet.access import Kind, secrets

PEPPER = b"p" * 32
DIGITS = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"


def checksum(spoken: str) -> int:
    """Read the six base-62 digits that end a password."""
    number = 0
    for letter in spoken[-6:]:
        number = number * 62 + DIGITS.index(letter)
    return number


def test_a_password_has_a_form_that_scanners_find() -> None:
    assert re.fullmatch(r"ccp_[0-9A-Za-z]{32}", secrets.make_password())


@given(st.binary(min_size=1, max_size=20))
def test_a_password_ends_with_its_checksum(seed: bytes) -> None:
    for password in (secrets.make_password(), secrets.make_password(seed)):
        assert checksum(password) == zlib.crc32(password[:-6].encode())


def test_no_two_passwords_or_tokens_are_equal() -> None:
    assert len({secrets.make_password() for _ in range(1000)}) == 1000
    assert len({secrets.make_token(Kind.LEGACY) for _ in range(1000)}) == 1000


def test_a_seed_gives_the_same_password_every_time() -> None:
    assert secrets.make_password(b"demonstration") == secrets.make_password(b"demonstration")
    assert secrets.make_password(b"demonstration") != secrets.make_password(b"demonstrations")


def test_a_token_is_256_bits_in_hex() -> None:
    assert re.fullmatch(r"[0-9a-f]{64}", secrets.make_token(Kind.LEGACY))


def test_the_hash_of_a_password_depends_on_the_pepper() -> None:
    assert secrets.hash_password(PEPPER, "secret") != secrets.hash_password(b"q" * 32, "secret")
    assert secrets.hash_password(PEPPER, "secret") == secrets.hash_password(PEPPER, "secret")


@given(st.text(max_size=50), st.text(max_size=50))
def test_other_secrets_have_other_hashes(one: str, other: str) -> None:
    same = one == other

    assert (secrets.hash_password(PEPPER, one) == secrets.hash_password(PEPPER, other)) is same
    assert (secrets.hash_token(one) == secrets.hash_token(other)) is same


def test_anything_can_be_hashed() -> None:
    for guess in ("", "\0", "\ud800", "é" * 100_000):
        assert len(secrets.hash_password(PEPPER, guess)) == 32
        assert len(secrets.hash_token(guess)) == 32


def test_a_generated_password_is_known_by_its_form() -> None:
    made = secrets.make_password()

    assert secrets.generated(made)
    for other in (
        *("", "ccp_", "x" * 36, made[:-1], made + "0", " " + made, made.upper(), made.replace("ccp_", "ccr_")),
        *(secrets.checked("ccp_" + "é" * 26), secrets.checked("ccp_" + "0" * 25), "\ud800" * 36),
        made[:-1] + ("0" if made[-1] != "0" else "1"),
    ):
        assert not secrets.generated(other), other
