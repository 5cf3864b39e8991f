"""Rounds in which all take turns, and their medians."""

from collections.abc import Callable, Mapping, Sequence
from statistics import median

from bench.speed.asking import Question, ask
from bench.speed.services import Service
from bench.speed.wrk import Load


def interleaved(services: Sequence[Service], rounds: int, one: Callable[[Service, int], Load]) -> dict[str, Load]:
    """Load all in turn, A B A B, after a round that does not count, and return the medians of each."""
    found: dict[str, list[Load]] = {service.name: [] for service in services}
    for turn in range(rounds + 1):
        for service in services:
            load = one(service, turn)
            if turn:
                found[service.name].append(load)
    return {name: middle(loads) for name, loads in found.items()}


def middle(loads: Sequence[Load]) -> Load:
    """Return the medians of several loads."""
    return Load(
        median(load.rate for load in loads),
        median(load.median for load in loads),
        median(load.p99 for load in loads),
    )


def refuse_other_bytes(services: Mapping[str, Service], question: Question) -> None:
    """See that all answer a question alike before anybody is measured."""
    answers = {name: ask(service.port, question) for name, service in services.items()}
    (first, wanted), *others = answers.items()
    for name, answer in ((first, wanted), *others):
        if answer.status != 200 or answer.body != wanted.body:  # noqa: PLR2004 - OK
            raise SystemExit(
                f"{question.name}: {name} answers {answer.status} {answer.body!r}, {first} {wanted.body!r}"
            )
