"""Long statements on fewer bytes: the driver remembers only of short ones, of 4,096 at most, how they are read."""

from typing import LiteralString


def squeezed(statement: LiteralString) -> LiteralString:
    """Return a statement without its line breaks and indents; it must have no comments within."""
    return " ".join(statement.split())
