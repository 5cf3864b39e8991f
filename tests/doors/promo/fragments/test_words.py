"""Texts: each language says the same things, and templates say nothing that is not there."""

import re
import string
from pathlib import Path
from typing import Final

import pytest

from opencabinet.doors.promo import fragments
from opencabinet.doors.promo.fragments.texts import LANGUAGES, TEXTS, Language

FOLDER: Final = Path(fragments.__file__).parent
USED: Final = re.compile(r"\bt\.([a-z_]+)")
MADE: Final = ("_about", "missing_", "problem_", "bad_")
"""How names begin or end that are put together."""


def holes(text: str) -> set[str]:
    """Return what is put into a text."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_says_everything_with_the_same_holes(language: Language) -> None:
    assert list(TEXTS[language]) == list(TEXTS["en"])
    for name, text in TEXTS[language].items():
        assert text.strip() == text != ""
        assert holes(text) == holes(TEXTS["en"][name]), name


def test_templates_name_texts_that_are_there() -> None:
    named = {name for file in (FOLDER / "templates").iterdir() for name in USED.findall(file.read_text("utf-8"))}

    assert named - set(TEXTS["en"]) == set()
    assert len(named) > 40


def test_no_text_is_left_over() -> None:
    source = "\n".join(
        each.read_text("utf-8")
        for each in FOLDER.rglob("*.*")
        if each.suffix in {".py", ".html", ".svg"} and "texts" not in each.parts
    )
    unused = [
        name for name in TEXTS["en"] if not re.search(rf"\b{name}\b", source) and not any(each in name for each in MADE)
    ]

    assert unused == []
