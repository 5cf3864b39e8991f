"""The texts of the doors, as Babel finds them in code and templates."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from babel.messages.extract import extract_from_dir
from msgspec import Struct

from opencabinet import doors

HERE: Final = Path(doors.__file__).parent
SPEAKING: Final = [name for name in ("cabinet", "showing", "widgets") if (HERE / name).is_dir()]
"""Where texts are said."""
METHODS: Final = [("**.py", "python"), ("**.html", "jinja2")]
KEYWORDS: Final = {"_": None, "gettext": None, "marked": None, "ngettext": (1, 2)}


class Text(Struct, frozen=True):
    """A text in English, with its plural if it has one, and where it is said."""

    where: str
    one: str
    many: str | None = None


def texts(folder: str) -> Iterator[Text]:
    """Give the texts that are said in a folder of the doors."""
    options = {"**.html": {"extensions": "jinja2.ext.i18n", "trimmed": "true", "silent": "false"}}
    found = extract_from_dir(HERE / folder, METHODS, options, KEYWORDS, strip_comment_tags=True)
    for name, line, message, *_ in found:
        one, many = message if isinstance(message, tuple) else (message, None)
        yield Text(f"{folder}/{name}:{line}", one, many)
