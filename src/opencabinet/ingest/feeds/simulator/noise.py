"""Chance without a memory: the same number for the same question, whenever it is asked.

A path is made of waves of chance, each four times as long and twice as high as the one below it, as a random walk is.
"""

from hashlib import blake2b
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
GOLDEN: Final = 0x9E3779B97F4A7C15
FIRST: Final = 0xBF58476D1CE4E5B9
SECOND: Final = 0x94D049BB133111EB
WORD: Final = 2**64 - 1
UNIT: Final = 2.0**-52
WAVES: Final = 10
"""How many waves a path has: the longest is of 4 ** 9 minutes, half a year."""
DAY_MINUTES: Final = 1440
MINUTE_SECONDS: Final = 60
FINE: Final = ((20, 0.5), (5, 0.25), (1, 0.125))
"""The seconds and the height of the waves within a minute; at whole minutes they are nothing."""
FINE_HEIGHT: Final = sum(height for _, height in FINE)


def key(*words: object) -> int:
    """Return the number that begins the chances of something with this name."""
    return int.from_bytes(blake2b("/".join(map(str, words)).encode(), digest_size=8).digest())


def chances(start: int, first: int, count: int) -> Floats:
    """Return chances number `first` and those after it, evenly spread from -1 to 1."""
    asked = np.uint64((start + first * GOLDEN) & WORD) + np.arange(count, dtype=np.uint64) * np.uint64(GOLDEN)
    mixed = (asked ^ (asked >> np.uint64(30))) * np.uint64(FIRST)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(SECOND)
    mixed ^= mixed >> np.uint64(31)
    return (mixed >> np.uint64(11)).astype(np.float64) * UNIT - 1.0


def chance(start: int, number: int) -> float:
    """Return one of the `chances`."""
    mixed = (start + number * GOLDEN) & WORD
    mixed = ((mixed ^ (mixed >> 30)) * FIRST) & WORD
    mixed = ((mixed ^ (mixed >> 27)) * SECOND) & WORD
    mixed ^= mixed >> 31
    return (mixed >> 11) * UNIT - 1.0


def wander(starts: tuple[int, ...], day: int, days: int = 1) -> Floats:
    """Return a path at every minute of days of UTC, the next midnight included; `starts` are the waves' own chances.

    The shortest wave is between -1 and 1.
    """
    minute, length = day * DAY_MINUTES, days * DAY_MINUTES
    path = np.zeros(1)
    first = 0
    for wave in range(WAVES - 1, -1, -1):
        every = 4**wave
        begin, end = minute // every, (minute + length) // every + 2
        if wave == WAVES - 1:
            path = np.zeros(end - begin + 1)
        else:
            places = np.arange(begin, end + 1)
            whole, part = places // 4 - first, (places % 4) * 0.25
            path = path[whole] + (path[whole + 1] - path[whole]) * part
        path = path + chances(starts[wave], begin, end - begin + 1) * float(2**wave)
        first = begin
    return path[: length + 1]


def tremble(start: int, second: int) -> float:
    """Return how far a path is from the straight line between its minutes at a second."""
    if not second % MINUTE_SECONDS:
        return 0.0
    away = 0.0
    for every, height in FINE:
        before, past = divmod(second, every)
        low = chance(start + every, before) if before * every % MINUTE_SECONDS else 0.0
        if past:
            high = chance(start + every, before + 1) if (before + 1) * every % MINUTE_SECONDS else 0.0
            low += (high - low) * (past / every)
        away += low * height
    return away


def trembles(start: int, minute: int) -> Floats:
    """Return what `tremble` gives for each second of a minute."""
    away = np.zeros(MINUTE_SECONDS)
    for every, height in FINE:
        first, count = minute * MINUTE_SECONDS // every, MINUTE_SECONDS // every
        ends = chances(start + every, first, count + 1)
        ends[0] = ends[-1] = 0.0
        low = np.repeat(ends[:-1], every)
        if every > 1:
            past = np.tile(np.arange(every) / every, count)
            low += (np.repeat(ends[1:], every) - low) * past
        away += low * height
    return away
