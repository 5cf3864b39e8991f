"""What memory workers have over a long mixed load."""

import random
import threading
from pathlib import Path
from statistics import median
from typing import Final

from msgspec import structs

from bench.speed import places
from bench.speed.asking import READS, Question, hot, shown
from bench.speed.long_answers import MEGABYTE
from bench.speed.model import Check, Part
from bench.speed.options import Options
from bench.speed.services import Service
from bench.speed.wrk import load

MOST: Final = 1.05
LOOKS: Final = 100
LISTS: Final = ("/v1/accounts/{login}/trades/closed", "/v1/accounts/{login}/closed-lots?group=month")
QUESTIONS: Final = 200_000


def soak(service: Service, options: Options, folder: Path) -> Part:
    """Ask everything for a long time, and look at the memory of each worker meanwhile."""
    questions = folder / "mixed.tsv"
    write_mixed(questions, options)
    looked: list[list[int]] = []
    ended = threading.Event()

    def look() -> None:
        while not ended.wait(options.soak_seconds / LOOKS):
            looked.append(service.memory())

    looking = threading.Thread(target=look)
    looking.start()
    try:
        long = structs.replace(options, seconds=options.soak_seconds)
        found = load(service, Question("mixed", "/"), long, questions=questions)
    finally:
        ended.set()
        looking.join()
    rows, ratios = [], []
    for number, memory in enumerate(zip(*looked, strict=True), start=1):
        tenth = max(len(memory) // 10, 1)
        early, late = median(memory[tenth : 2 * tenth] or memory), median(memory[-tenth:])
        ratios.append(late / early)
        rows.append([f"worker {number}", *(f"{it / MEGABYTE:.1f}" for it in (memory[0], early, late, max(memory)))])
    text = (
        f"Megabytes of each worker over {options.soak_seconds:,} s of mixed load: reads of the same accounts and of "
        f"random ones, lists and sums, {found.rate:,.0f} answers a second."
    )
    checks = [Check("memory after a long load, by that after a tenth of it", max(ratios), MOST, at_most=True)]
    return Part("Memory", text, ["", "at the start", "after a tenth", "at the end", "at the most"], rows, checks)


def write_mixed(file: Path, options: Options) -> None:
    """Write questions of all kinds: half of them about few accounts."""
    chance = random.Random(options.size.seed)  # noqa: S311 - no secret
    often = [(each.path, *next(iter(each.headers.items()), ("Accept", "*/*"))) for each in hot()]
    paths = [*READS.values(), *LISTS]
    with file.open("w") as lines:
        for _ in range(QUESTIONS):
            asked = chance.choice(often)
            if chance.random() < 0.5:  # noqa: PLR2004 - half of them
                login, path = (
                    chance.randrange(places.ORDINARY, places.FIRST + options.size.accounts),
                    chance.choice(paths),
                )
                asked = (path.format(login=login), *next(iter(shown(path, login).items())))
            lines.write("\t".join(asked) + "\n")
