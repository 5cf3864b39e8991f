"""Translations: gettext catalogues, one file for each area and language, read once at start."""

import io
from collections.abc import Iterator, Mapping
from gettext import GNUTranslations, NullTranslations
from pathlib import Path
from types import MappingProxyType
from typing import Final

from babel.messages import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LANGUAGES: Final[Mapping[str, str]] = MappingProxyType({"en": "English", "ar": "العربية"})
"""The languages there are, each by its own name. What is written in code and templates is English."""
FOLDER: Final = Path(__file__).parent


def marked(text: str) -> str:
    """Mark a text that is translated later, where its language is known."""
    return text


def catalogues(language: str) -> Iterator[tuple[Path, Catalog]]:
    """Give the catalogues of a language, area by area."""
    for path in sorted((FOLDER / language).glob("*.po")):
        with path.open("rb") as file:
            yield path, read_po(file, locale=language, abort_invalid=True)


def read(language: str) -> NullTranslations:
    """Read the translations into a language; what none of its areas has stays English."""
    whole = NullTranslations()
    for _, catalogue in catalogues(language):
        compiled = io.BytesIO()
        write_mo(compiled, catalogue)
        compiled.seek(0)
        area = GNUTranslations(compiled)
        area.add_fallback(whole)
        whole = area
    return whole
