"""What fragments say, by language: the one place of their texts."""

from collections.abc import Mapping
from typing import Final, Literal, get_args

from opencabinet.doors.promo.fragments.texts.arabic import ARABIC
from opencabinet.doors.promo.fragments.texts.english import ENGLISH
from opencabinet.doors.promo.fragments.texts.german import GERMAN
from opencabinet.doors.promo.fragments.texts.indonesian import INDONESIAN
from opencabinet.doors.promo.fragments.texts.russian import RUSSIAN
from opencabinet.doors.promo.fragments.texts.spanish import SPANISH

Language = Literal["en", "ar", "de", "es", "id", "ru"]
Texts = Mapping[str, str]
LANGUAGES: Final[tuple[Language, ...]] = get_args(Language)
NAMES: Final[Mapping[Language, str]] = {
    "en": "English",
    "ar": "العربية",
    "de": "Deutsch",
    "es": "Español",
    "id": "Bahasa Indonesia",
    "ru": "Русский",
}
"""What each is called by those who speak it."""
TEXTS: Final[Mapping[Language, Texts]] = {
    "en": ENGLISH,
    "ar": ARABIC,
    "de": GERMAN,
    "es": SPANISH,
    "id": INDONESIAN,
    "ru": RUSSIAN,
}

__all__ = ["LANGUAGES", "NAMES", "TEXTS", "Language", "Texts"]
