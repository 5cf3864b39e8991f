"""Logs: one JSON object a line, on standard error."""

import logging
import sys
from typing import Any, Final, TextIO

import structlog
from structlog.tracebacks import ExceptionDictTransformer

NO_LOCALS = ExceptionDictTransformer(show_locals=False)
"""Local variables hold passwords and tokens."""
SHARED: Final[list[Any]] = [
    structlog.contextvars.merge_contextvars,
    structlog.processors.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.ExceptionRenderer(NO_LOCALS),
]
WRITTEN: Final = structlog.processors.JSONRenderer(default=str)
SERVER: Final[dict[str, Any]] = {"loggers": {"_granian": {"handlers": [], "propagate": True}}}
"""What the server below is told of its own log: it goes where all others go."""


def start(level: str) -> None:
    """Write logs of `level` and above as JSON lines from now on, and warnings of the libraries beneath as well."""
    structlog.configure(
        processors=[*SHARED, WRITTEN],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    root = logging.getLogger()
    if not any(isinstance(each, Foreign) for each in root.handlers):
        root.addHandler(Foreign(level))


class Foreign(logging.StreamHandler[Any]):
    """Writes what libraries tell the standard library's log."""

    def __init__(self, level: str) -> None:
        logging.Handler.__init__(self, level.upper())  # the stream is whatever standard error is then
        told: list[Any] = [*SHARED, structlog.stdlib.add_logger_name]
        self.setFormatter(
            structlog.stdlib.ProcessorFormatter(
                foreign_pre_chain=told, processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, WRITTEN]
            )
        )

    @property
    def stream(self) -> TextIO:
        """Standard error, as it is now."""
        return sys.stderr
