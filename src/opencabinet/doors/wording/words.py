"""The words and figures of one language."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from gettext import NullTranslations
from typing import Final, Literal

from babel import Locale, dates, numbers

from opencabinet.doors.wording import catalogues
from opencabinet.doors.wording.catalogues import LANGUAGES
from opencabinet.kernel.money import exponent, nearest

DIGITS: Final = "latn"
"""The digits of figures in every language: those that trading platforms show, and that can be copied anywhere."""
PREFERRED: Final = re.compile(r"\s*([A-Za-z]{1,8})(?:-[A-Za-z0-9]{1,8})*\s*(?:;\s*q=([01](?:\.[0-9]{0,3})?))?\s*")
MOST_PREFERRED: Final = 20
SPACE: Final = "\u00a0"


class Words:
    """What is said in one language: texts, and figures as people read them; times are UTC, and say so."""

    def __init__(self, language: str, translations: NullTranslations) -> None:
        self.language = language
        self.translations = translations
        self._locale = Locale.parse(language)

    @property
    def direction(self) -> Literal["ltr", "rtl"]:
        """Which way the language is written."""
        return "rtl" if self._locale.text_direction == "rtl" else "ltr"

    def gettext(self, text: str) -> str:
        """Translate a text."""
        return self.translations.gettext(text)

    def ngettext(self, one: str, many: str, number: int) -> str:
        """Translate a text that depends on a number."""
        return self.translations.ngettext(one, many, number)

    def number(self, value: Decimal, *, least: int = 0, most: int = 8) -> str:
        """Write a number, its thousands parted, with so many decimals at least and at most."""
        pattern = f"#,##0{'.' if most else ''}{'0' * least}{'#' * (most - least)}"
        shown = nearest(value, most) if places(value) > most else value + 0
        return numbers.format_decimal(shown, pattern, self._locale, numbering_system=DIGITS)

    def money(self, value: Decimal, currency: str) -> str:
        """Write money with its currency: the currency's decimals."""
        return f"{self.amount(value, currency)}{SPACE}{currency}" if currency else self.amount(value, currency)

    def amount(self, value: Decimal, currency: str) -> str:
        """Write money where its currency is told beside it."""
        decimals = exponent(currency)
        return self.number(value, least=decimals, most=decimals)

    def percent(self, value: Decimal, *, most: int = 2) -> str:
        """Write a figure that is in percent already."""
        return f"{self.number(value, least=most, most=most)}{SPACE}%"

    def lots(self, value: Decimal) -> str:
        """Write a volume in lots."""
        return self.number(value, least=2)

    def time(self, moment: datetime) -> str:
        """Write a moment."""
        return dates.format_datetime(moment.astimezone(UTC), "d MMM y, HH:mm 'UTC'", locale=self._locale)

    def moment(self, moment: datetime) -> str:
        """Write a moment, in UTC, where that is said beside it."""
        return dates.format_datetime(moment.astimezone(UTC), "d MMM y, HH:mm", locale=self._locale)

    def day(self, day: date) -> str:
        """Write a day."""
        return dates.format_date(day, "d MMM y", locale=self._locale)

    def month(self, day: date) -> str:
        """Write a month of a year."""
        return dates.format_date(day, "LLL y", locale=self._locale)

    def month_name(self, number: int) -> str:
        """Write a month, shortly."""
        return str(dates.get_month_names("abbreviated", "stand-alone", self._locale)[number])

    def weekday(self, number: int) -> str:
        """Write a day of the week; Monday is 0."""
        return str(dates.get_day_names("wide", "stand-alone", self._locale)[number])

    def span(self, seconds: int) -> str:
        """Write how long something takes, in its largest unit."""
        return dates.format_timedelta(seconds, threshold=1.5, locale=self._locale)


def places(value: Decimal) -> int:
    """Return how many decimals a number has."""
    exponent_of = value.as_tuple().exponent
    return max(0, -exponent_of) if isinstance(exponent_of, int) else 0


@cache
def words(language: str) -> Words:
    """Return the words of a language.

    Raises:
        KeyError: if it is none of the languages there are.
    """
    if language not in LANGUAGES:
        raise KeyError(language)
    return Words(language, catalogues.read(language))


def spoken(accepted: str) -> str:
    """Return the language of those there are that a reader likes best, by `Accept-Language`; English if none."""
    liked = [found for each in accepted.split(",")[:MOST_PREFERRED] if (found := PREFERRED.fullmatch(each))]
    ranked = sorted(liked, key=lambda each: -float(each[2] or 1))
    known = (each[1].lower() for each in ranked if float(each[2] or 1) > 0)
    return next((each for each in known if each in LANGUAGES), "en")
