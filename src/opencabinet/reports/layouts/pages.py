"""The pages statements are laid out on."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final

from opencabinet.paper import Hole, environment

PAGES: Final = environment("opencabinet.reports.layouts")
Pieces = Sequence[str | Hole]


def whole(pieces: Pieces, rows: Mapping[str, Iterable[Any]], filled: Callable[[str, Sequence[Any]], str]) -> str:
    """Return a page with all its rows in the holes that are theirs."""
    return "".join(piece if isinstance(piece, str) else filled(piece.name, [*rows[piece.name]]) for piece in pieces)
