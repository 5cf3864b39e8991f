"""Words and figures as people read them, in the languages there are."""

from opencabinet.doors.wording.catalogues import LANGUAGES, marked
from opencabinet.doors.wording.templates import pages
from opencabinet.doors.wording.words import Words, spoken, words

__all__ = ["LANGUAGES", "Words", "marked", "pages", "spoken", "words"]
