"""A problem says itself: its docstring is its message unless a more exact one is given."""

import inspect


class Problem(Exception):  # noqa: N818 - a problem is named for the fact
    """Something stood in the way."""

    def __init__(self, detail: str | None = None) -> None:
        self.detail = detail or inspect.getdoc(type(self)) or type(self).__name__
        super().__init__(self.detail)


class Malformed(Problem):
    """The question cannot be understood."""


class Refused(Problem):
    """The caller may not have this."""


class Conflict(Problem):
    """What is asked contradicts what is known."""


class Unknown(Problem):
    """There is no such thing."""


class Overloaded(Problem):
    """The server is too busy to answer now."""


class Throttled(Problem):
    """Too many requests came: wait before the next."""

    def __init__(self, retry_after: int, detail: str | None = None) -> None:
        super().__init__(detail)
        self.retry_after = retry_after
        """Seconds until the next is worth while."""
