"""Forms with files, read strictly: a few fields, one file, and not more of it than a banner may have."""

from typing import Any, Final

from litestar import Request
from litestar.datastructures import UploadFile
from litestar.exceptions import HTTPException

from opencabinet import content
from opencabinet.doors.cabinet.forms import FIELD, Form
from opencabinet.doors.cabinet.seat import ForeignForm, same_form
from opencabinet.kernel.problem import Malformed

KIND: Final = "multipart/form-data"
LARGEST: Final = content.LARGEST + 64 * 1024
"""Bytes of such a form, at most."""


class Uploaded(Form, frozen=True):
    """A form, and the file that was chosen in it: its name and what it holds; None where none was."""

    file: tuple[str, bytes] | None = None


async def uploaded(request: Request[Any, Any, Any]) -> Uploaded:
    """Return the form with a file that a request brings.

    Raises:
        Malformed: if it is none.
        ForeignForm: if it has not the token of the session.
    """
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != KIND:
        raise Malformed("A form with a file is expected.")
    try:
        given = await request.form()
    except (HTTPException, ValueError) as wrong:
        raise Malformed("The form cannot be read.") from wrong
    fields: dict[str, list[str]] = {}
    file = None
    for name, value in given.multi_items():
        if isinstance(value, UploadFile):
            file = (value.filename, await value.read()) if value.filename else file
        else:
            fields.setdefault(name, []).append(str(value))
    if not same_form(request, fields.get(FIELD, [""])[-1]):
        raise ForeignForm
    return Uploaded(fields, file)
