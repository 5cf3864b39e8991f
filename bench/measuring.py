"""Measuring the steps of a request from inside: each function of a step is timed, without those that it calls."""

import functools
import importlib
import inspect
import statistics
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar, copy_context
from typing import Any
from unittest import mock

from bench.steps import WAITING, Step, database

CALLS = 5_000
TURNS = 5


class Frame:
    """A function that runs: what step it is of, when it began, and what others took of it."""

    __slots__ = ("began", "name", "others")

    def __init__(self, name: str) -> None:
        self.name = name
        self.others = 0.0
        self.began = time.perf_counter()


class Request:
    """What one request took so far, by steps."""

    def __init__(self) -> None:
        self.stack: list[Frame] = []
        self.took: dict[str, float] = defaultdict(float)


REQUEST: ContextVar[Request | None] = ContextVar("request", default=None)
"""What is done beside requests is not measured."""


class Measuring:
    """Measures steps, request by request."""

    def __init__(self, steps: Sequence[Step]) -> None:
        self.steps = steps
        self.requests: list[Request] = []
        self.inner, self.outer = calibrated()

    @contextmanager
    def everywhere(self) -> Iterator[None]:
        """Measure every function of every step while this lasts."""
        with ExitStack() as stack:
            # One request is asked at a time: what is asked together is asked for it.
            stack.enter_context(mock.patch("opencabinet.db.together.Context", copy_context))
            for step in self.steps:
                for place in step.places:
                    owner, name = found(place)
                    stack.enter_context(mock.patch.object(owner, name, self.timed(getattr(owner, name), step.name)))
            owner, name = found(WAITING)
            stack.enter_context(mock.patch.object(owner, name, self.timed(getattr(owner, name), None)))
            yield

    @contextmanager
    def request(self) -> Iterator[None]:
        """Measure one request."""
        self.requests.append(Request())
        token = REQUEST.set(self.requests[-1])
        try:
            yield
        finally:
            REQUEST.reset(token)

    def medians(self, but: int) -> dict[str, float]:
        """Return what each step that was taken took in the middle, in seconds; the first few requests are left out."""
        counted = self.requests[but:]
        taken = {step.name for step in self.steps if any(step.name in each.took for each in counted)}
        return {name: max(statistics.median(each.took.get(name, 0.0) for each in counted), 0.0) for name in taken}

    def timed(self, function: Callable[..., Any], name: str | None) -> Callable[..., Any]:
        """Return a function that does the same and is timed, as a step or as what the steps around it say."""

        @functools.wraps(function)
        async def awaited(*given: Any, **named: Any) -> Any:
            if (request := REQUEST.get()) is None:
                return await function(*given, **named)
            self.begin(request, name)
            try:
                return await function(*given, **named)
            finally:
                self.end(request)

        @functools.wraps(function)
        def called(*given: Any, **named: Any) -> Any:
            if (request := REQUEST.get()) is None:
                return function(*given, **named)
            self.begin(request, name)
            try:
                return function(*given, **named)
            finally:
                self.end(request)

        return awaited if inspect.iscoroutinefunction(function) else called

    @staticmethod
    def begin(request: Request, name: str | None) -> None:
        """Note that a function begins."""
        request.stack.append(Frame(database(each.name for each in request.stack) if name is None else name))

    def end(self, request: Request) -> None:
        """Note that it has ended: what it took is no longer of the one around it."""
        took = time.perf_counter() - request.stack[-1].began
        frame = request.stack.pop()
        request.took[frame.name] += took - frame.others - self.inner
        if request.stack:
            request.stack[-1].others += took + self.outer


def found(place: str) -> tuple[Any, str]:
    """Return what has a function, and its name there."""
    module, _, path = place.partition(":")
    *owners, name = path.split(".")
    return functools.reduce(getattr, owners, importlib.import_module(module)), name


def calibrated() -> tuple[float, float]:
    """Return what measuring a function costs, within what is measured, and around it: the least of some turns."""
    turns = [turn() for _ in range(TURNS)]
    return min(inner for inner, _ in turns), min(outer for _, outer in turns)


def turn() -> tuple[float, float]:
    """Measure what does nothing."""
    measuring = Measuring.__new__(Measuring)
    measuring.inner = measuring.outer = 0.0
    timed, request = measuring.timed(int, "inner"), Request()
    token = REQUEST.set(request)
    began = time.perf_counter()
    for _ in range(CALLS):
        timed()
    whole = (time.perf_counter() - began) / CALLS
    REQUEST.reset(token)
    inner = request.took["inner"] / CALLS
    return inner, whole - inner
