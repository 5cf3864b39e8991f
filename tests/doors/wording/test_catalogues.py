"""Every text of every page and widget is there in every language, and no translation speaks to nothing."""

import ast
import re
from collections import defaultdict

import pytest
from babel.messages import Message

from opencabinet.doors.wording import LANGUAGES, catalogues, words
from tests.doors.wording.extracting import HERE, SPEAKING, texts

OTHERS = [language for language in LANGUAGES if language != "en"]
NAMED = re.compile(r"%\((\w+)\)[sd]")


def messages(language: str) -> list[tuple[str, Message]]:
    """Return every translation, with the area it is of."""
    found = [(path.stem, each) for path, catalogue in catalogues.catalogues(language) for each in catalogue]
    return [(area, each) for area, each in found if each.id]


def forms(message: Message) -> list[str]:
    """Return what a message is translated to: several where it counts."""
    return list(message.string) if isinstance(message.string, tuple | list) else [message.string or ""]


def english(message: Message) -> tuple[str, str | None]:
    """Return what is translated."""
    return (message.id[0], message.id[1]) if isinstance(message.id, tuple | list) else (message.id, None)


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize("folder", SPEAKING)
def test_every_text_is_translated(folder: str, language: str) -> None:
    known = {english(each) for _, each in messages(language)}
    ones = {one for one, _ in known}

    missing = [f"{each.where} {each.one!r}" for each in texts(folder) if not said(each.one, each.many, known, ones)]

    assert missing == [], f"add them to wording/{language}/<area>.po"


def said(one: str, many: str | None, known: set[tuple[str, str | None]], ones: set[str]) -> bool:
    """Whether a text is translated; one that counts, with its plural."""
    return one in ones if many is None else (one, many) in known


@pytest.mark.parametrize("language", OTHERS)
def test_no_translation_is_unsure_or_of_nothing(language: str) -> None:
    used = {each.one for folder in SPEAKING for each in texts(folder)}

    for area, each in messages(language):
        assert not each.fuzzy, (area, each.id)
        assert all(forms(each)), (area, each.id)
        assert english(each)[0] in used, f"{area}: nobody says {each.id!r}"


@pytest.mark.parametrize("language", OTHERS)
def test_a_translation_names_the_same_figures(language: str) -> None:
    for area, each in messages(language):
        one, many = english(each)
        wanted = set(NAMED.findall(many or one))
        for form in forms(each):
            found = set(NAMED.findall(form))
            assert found == wanted or (many and found <= wanted), (area, one)


@pytest.mark.parametrize("language", OTHERS)
def test_two_areas_translate_a_text_alike(language: str) -> None:
    told = defaultdict(set)
    for _, each in messages(language):
        told[each.id].add(tuple(forms(each)))

    assert [text for text, translations in told.items() if len(translations) > 1] == []


def test_what_counts_has_each_plural_of_arabic() -> None:
    told = words("ar")
    one, many = "The newest one is shown; there are more.", "The newest %(num)d are shown; there are more."

    assert len({told.ngettext(one, many, number) for number in (1, 2, 3)}) == 3
    assert told.ngettext(one, many, 7) % {"num": 7} != many % {"num": 7}


def test_no_text_is_said_within_another_where_it_cannot_be_found() -> None:
    hidden = [
        f"{path.relative_to(HERE)}:{call.lineno}"
        for path in HERE.rglob("*.py")
        for joined in ast.walk(ast.parse(path.read_text()))
        if isinstance(joined, ast.JoinedStr)
        for call in ast.walk(joined)
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Attribute)
        and call.func.attr in {"gettext", "ngettext"}
    ]

    assert hidden == [], "say it before, in a line of its own"
