"""Bots: programs that say so, by the list that crawler-user-agents keeps.

The list is some fifteen hundred patterns. Nearly all of them are plain words, which are looked up by how they begin: a
name that nobody sent before is looked at in microseconds, where all patterns together would take a millisecond.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from typing import Final

from crawleruseragents import CRAWLER_USER_AGENTS_DATA

LONGEST: Final = 512
"""Of a browser's name no more is looked at."""
REMEMBERED: Final = 4096
BEGINNING: Final = 3
PLAIN: Final = re.compile(r"(?:[A-Za-z0-9 _/:;,@!=&<>\"'#%~-]|\\[./\-()+?\[\]])+", re.ASCII)
ESCAPED: Final = re.compile(r"\\(.)")


@cache
def patterns() -> tuple[Mapping[str, tuple[str, ...]], re.Pattern[str]]:
    """Return the words of the list by how they begin, and a pattern of those that are no plain words."""
    words: defaultdict[str, set[str]] = defaultdict(set)
    others = []
    for each in CRAWLER_USER_AGENTS_DATA:
        pattern = str(each["pattern"])
        word = ESCAPED.sub(r"\1", pattern)
        if PLAIN.fullmatch(pattern) and len(word) >= BEGINNING:
            words[word[:BEGINNING]].add(word)
        else:
            others.append(pattern)
    return {start: tuple(found) for start, found in words.items()}, re.compile("|".join(others) or "(?!)")


@lru_cache(REMEMBERED)
def is_bot(agent: str) -> bool:
    """Whether whoever names itself so is a program; a browser always has a name."""
    words, others = patterns()
    looked_at = agent[:LONGEST]
    return not looked_at or any(begun(looked_at, words)) or others.search(looked_at) is not None


def begun(agent: str, words: Mapping[str, tuple[str, ...]]) -> Iterable[bool]:
    """Tell for each word that may begin somewhere in a name whether it does."""
    for place in range(len(agent) - BEGINNING + 1):
        for word in words.get(agent[place : place + BEGINNING], ()):
            yield agent.startswith(word, place)
