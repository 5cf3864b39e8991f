"""Forms as browsers send them: read strictly, a little at a time, and only with the token of the session."""

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import parse_qsl

from litestar import Request
from msgspec import Struct

from opencabinet.doors.body import whole
from opencabinet.doors.cabinet.seat import ForeignForm, same_form
from opencabinet.kernel.problem import Malformed

FIELD: Final = "form_token"
HEADER: Final = "x-form-token"
MOST_FIELDS: Final = 600
KIND: Final = "application/x-www-form-urlencoded"


class Form(Struct, frozen=True):
    """What was filled in: every value of each field."""

    fields: Mapping[str, list[str]]

    def text(self, name: str, *, longest: int = 256) -> str:
        """Return what was typed into a field, without blanks around it; nothing where it is absent.

        Raises:
            Malformed: if it is longer than it may be.
        """
        return self.secret(name, longest=longest).strip()

    def secret(self, name: str, *, longest: int = 1024) -> str:
        """Return what was typed into a field, exactly.

        Raises:
            Malformed: if it is longer than it may be.
        """
        found = self.fields.get(name, [""])[-1]
        if len(found) > longest:
            raise Malformed(f"What was filled in is longer than {longest} letters: {name}.")
        return found

    def all(self, name: str) -> list[str]:
        """Return every value of a field that may be filled in several times."""
        return self.fields.get(name, [])

    def ticked(self, name: str) -> bool:
        """Whether a box is ticked."""
        return bool(self.fields.get(name))


async def read(request: Request[Any, Any, Any]) -> Form:
    """Return the form that a request brings.

    Raises:
        Malformed: if it is none, or has too many fields.
        ForeignForm: if it has not the token of the session.
    """
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != KIND:
        raise Malformed("A form is expected.")
    try:
        text = (await whole(request)).decode("ascii")
        pairs = parse_qsl(text, keep_blank_values=True, max_num_fields=MOST_FIELDS, errors="strict")
    except ValueError as wrong:
        raise Malformed("The form cannot be read.") from wrong
    fields: dict[str, list[str]] = {}
    for name, value in pairs:
        fields.setdefault(name, []).append(value)
    given = request.headers.get(HEADER) or fields.get(FIELD, [""])[-1]
    if not same_form(request, given):
        raise ForeignForm
    return Form(fields)
