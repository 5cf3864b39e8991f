"""Reads under load: the same question again and again, whether it has changed, and random accounts."""

import random
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from bench.speed import places
from bench.speed.asking import READS, Question, ask, hot, shown
from bench.speed.model import Check, Part
from bench.speed.nginx import nginx
from bench.speed.options import Options
from bench.speed.rounds import interleaved, refuse_other_bytes
from bench.speed.services import BARE, DJANGO, FASTAPI, NGINX, OURS, Service
from bench.speed.wrk import Load, load

TIMES_FASTAPI: Final = 20.0
OF_NGINX: Final = 0.30
COLD_TIMES_FASTAPI: Final = 3.0
COLD_OF_BARE: Final = 0.5
TAIL: Final = 5.0
"""How many times the median the 99th percentile may be."""
PER_ROUND: Final = 40_000
"""Accounts that are put aside for one load of one peer."""
SAMPLES: Final = 12
Loads = Mapping[str, Load]


def hot_reads(services: Mapping[str, Service], options: Options, folder: Path) -> Part:
    """Measure reads of the same accounts again and again."""
    questions = hot()
    for question in (*questions, *samples()):
        refuse_other_bytes(services, question)
    answers = {question.path: ask(services[OURS].port, question) for question in questions}
    found: dict[str, Loads] = {}
    with nginx(answers, folder) as static:
        for question in questions:
            everybody = [*services.values(), static]
            found[question.name] = interleaved(everybody, options.rounds, lambda it, _: load(it, question, options))  # noqa: B023
    checks = [
        Check("hot reads: times the FastAPI peer, at the least", least(found, FASTAPI), TIMES_FASTAPI),
        Check("hot reads: part of nginx, at the least", least(found, NGINX), OF_NGINX),
        Check("hot reads: 99th percentile by the median, at the most", tail(found), TAIL, at_most=True),
    ]
    text = (
        "Answers a second to one question, asked again and again by all connections. In brackets median and 99th "
        "percentile of an answer's time in ms."
    )
    names = (OURS, FASTAPI, DJANGO, BARE, NGINX)
    return Part("Hot reads", text, head(names, (FASTAPI, NGINX)), rows(found, names, (FASTAPI, NGINX)), checks)


def unchanged_reads(services: Mapping[str, Service], options: Options) -> Part:
    """Measure questions whether an answer has changed, beside those for the answer itself."""
    found: dict[str, Loads] = {}
    ours = services[OURS]
    for question in (each for each in hot() if each.path.startswith("/v1/")):
        tag = {"If-None-Match": ask(ours.port, question).header("etag")}
        again = Question(question.name, question.path, {**question.headers, **tag})
        if (status := ask(ours.port, again).status) != 304:  # noqa: PLR2004 - Not Modified
            raise SystemExit(f"{question.name}: {status} instead of 304")
        asked = {"304": again, "200": question}
        two = [Service(name, ours.port, ours.process) for name in asked]
        found[question.name] = interleaved(two, options.rounds, lambda it, _: load(it, asked[it.name], options))  # noqa: B023
    worst = min(loads["304"].rate / loads["200"].rate for loads in found.values())
    checks = [Check("304: times the hot read, at the least", worst, 1.0)]
    text = "Answers a second of this server to v1 with `If-None-Match`, and without, in turn."
    return Part(
        "Unchanged answers", text, head(("304", "200"), ("200",)), rows(found, ("304", "200"), ("200",)), checks
    )


def cold_reads(services: Mapping[str, Service], options: Options, folder: Path) -> Part:
    """Measure reads of random accounts, each asked about once."""
    found = {name: cold_read(name, path, services, options, folder) for name, path in READS.items()}
    checks = [
        Check("cold reads: times the FastAPI peer, at the least", least(found, FASTAPI), COLD_TIMES_FASTAPI),
        Check("cold reads: part of the bare app, at the least", least(found, BARE), COLD_OF_BARE),
    ]
    text = "Answers a second to questions about random accounts, each by its own token."
    names = (OURS, FASTAPI, DJANGO, BARE)
    return Part("Cold reads", text, head(names, (FASTAPI, BARE)), rows(found, names, (FASTAPI, BARE)), checks)


def cold_read(name: str, path: str, services: Mapping[str, Service], options: Options, folder: Path) -> Loads:
    """Measure one read of random accounts; each load of each peer has accounts of its own."""
    questions, order = folder / "cold.tsv", list(services)
    write_cold(questions, path, options)
    room = min(PER_ROUND, options.size.accounts // ((options.rounds + 1) * len(order)))

    def one(service: Service, turn: int) -> Load:
        skip = room * (turn * len(order) + order.index(service.name))
        return load(service, Question(name, "/"), options, questions=questions, skip=skip)

    return interleaved(list(services.values()), options.rounds, one)


def write_cold(file: Path, path: str, options: Options) -> None:
    """Write a question about each ordinary account, in random order."""
    logins = list(range(places.ORDINARY, places.FIRST + options.size.accounts))
    random.Random(options.size.seed).shuffle(logins)  # noqa: S311 - no secret
    with file.open("w") as lines:
        for login in logins:
            ((name, value),) = shown(path, login).items()
            lines.write(f"{path.format(login=login)}\t{name}\t{value}\n")


def samples() -> Iterator[Question]:
    """Give every question about accounts of each size, and some that are as most are."""
    for login in (places.SMALL, *places.LARGE, *range(places.ORDINARY, places.ORDINARY + SAMPLES)):
        for name, path in READS.items():
            yield Question(f"{name} of {login}", path.format(login=login), shown(path, login))


def least(found: Mapping[str, Loads], peer: str) -> float:
    """Return by how many times this server is faster than a peer, where it is by the least."""
    return min(loads[OURS].rate / loads[peer].rate for loads in found.values())


def tail(found: Mapping[str, Loads]) -> float:
    """Return how many times the median the 99th percentile is, where it is by the most."""
    return max(loads[OURS].p99 / loads[OURS].median for loads in found.values())


def head(names: tuple[str, ...], against: tuple[str, ...]) -> list[str]:
    """Return the head of a table."""
    return ["read", *names, *(f"to {name}" for name in against)]


def rows(found: Mapping[str, Loads], names: tuple[str, ...], against: tuple[str, ...]) -> list[list[str]]:
    """Return the rows of a table: each one's figures, and how the first compares."""
    made = []
    for question, loads in found.items():
        figures = [f"{loads[it].rate:,.0f} ({loads[it].median:.2f}, {loads[it].p99:.2f})" for it in names]
        ratios = [f"{loads[names[0]].rate / loads[it].rate:.2f}" for it in against]
        made.append([question, *figures, *ratios])
    return made
