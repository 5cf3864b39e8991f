"""What fragments say, by language: the one place of their texts."""

from collections.abc import Mapping
from typing import Final, Literal, get_args

from opencabinet.doors.promo.fragments.texts.arabic import ARABIC
from opencabinet.doors.promo.fragments.texts.english import ENGLISH

Language = Literal["en", "ar"]
Texts = Mapping[str, str]
LANGUAGES: Final[tuple[Language, ...]] = get_args(Language)
TEXTS: Final[Mapping[Language, Texts]] = {"en": ENGLISH, "ar": ARABIC}

__all__ = ["LANGUAGES", "TEXTS", "Language", "Texts"]
