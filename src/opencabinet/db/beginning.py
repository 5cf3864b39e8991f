"""Looking for words by how they begin."""

import re
from typing import Final

MOST_WORDS: Final = 6
LONGEST: Final = 128
WORD: Final = re.compile(r"\w+")


def beginning(text: str) -> str:
    """Return what `to_tsquery` finds texts by that have a word for each of these which begins like it; '' for none.

    Whatever is typed is looked for: nothing of it is taken for a rule of the query.
    """
    words = WORD.findall(text[:LONGEST])[:MOST_WORDS]
    return " & ".join(f"'{word}':*" for word in words)
