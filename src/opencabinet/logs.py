"""Logs: one JSON object a line, on standard error."""

import logging
import sys

import structlog
from structlog.tracebacks import ExceptionDictTransformer

NO_LOCALS = ExceptionDictTransformer(show_locals=False)
"""Local variables hold passwords and tokens."""


def start(level: str) -> None:
    """Write logs of `level` and above as JSON lines from now on."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.ExceptionRenderer(NO_LOCALS),
            structlog.processors.JSONRenderer(default=str),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
