"""The programs of the recipes, taken out of their pages, and what the pages say they print."""

import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from msgspec import Struct

from tests.needs import lacking

FOLDER: Final = Path(__file__).parents[2] / "docs" / "do"
BLOCK: Final = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
TITLE: Final = re.compile(r"(?:<\?php )?(?://|#) ([\w.]+)\n")
SHARED: Final = "read-an-account.md"
"""The page that has the client which the others use."""
RECEIVING: Final = "receive-webhooks.md"
"""The page whose programs are asked instead."""
ON_PAGES: Final = "embed.md"
"""Its snippets stand on pages: tests/doors/cabinet/builder/test_paper.py runs them in a browser."""
REFERENCES: Final = ("-r:System.Net.Http.dll", "-r:System.Net.Http.Formatting.dll")


class Language(Struct, frozen=True):
    """A language that recipes are written in, and how its programs are run."""

    name: str
    runs: tuple[str, ...]
    lack: str = ""

    def programs(self) -> tuple[str, ...]:
        """Return where the programs are that run it."""
        return tuple(found(program, self.lack) for program in self.runs)


LANGUAGES: Final = (
    Language("python", (sys.executable,)),
    Language("php", ("php",), "install php-cli and php-curl for the recipes in PHP"),
    Language(
        "csharp",
        ("mono", "mcs"),
        "install mono-runtime, mono-mcs and libmono-system-net-http-formatting4.0-cil for the recipes in C#",
    ),
    Language("javascript", ("node",), "install nodejs 18 or newer for the recipes in JavaScript"),
)


def found(program: str, lack: str) -> str:
    """Return where a program is; PHP must have curl."""
    path = shutil.which(program) or lacking(lack)
    if program == "php" and b"curl" not in subprocess.run([path, "-m"], capture_output=True, check=True).stdout:  # noqa: S603 - its modules
        lacking(lack)
    return path


def pages() -> list[str]:
    """Return the names of the pages that have programs which ask."""
    named = {language.name for language in LANGUAGES}
    asking = (page for page in FOLDER.glob("*.md") if page.name not in {RECEIVING, ON_PAGES})
    return sorted(page.name for page in asking if named & {said for said, _ in blocks(page.name)})


def blocks(page: str) -> list[tuple[str, str]]:
    """Return the fenced blocks of a page, each with its language."""
    return BLOCK.findall((FOLDER / page).read_text("utf-8"))


def files(page: str, language: str) -> Mapping[str, str]:
    """Return a page's files in a language, each by the name that its first line says."""
    given = [text for said, text in blocks(page) if said == language]
    return {title[1] if (title := TITLE.match(text)) else "": text for text in given}


def printed(page: str) -> str:
    """Return what a page says its programs print."""
    return next(text for said, text in blocks(page) if said == "text")


def written(page: str, language: str, folder: Path) -> list[str]:
    """Write a page's files into a folder, and the client if the page names it; return their names, the program last."""
    client = files(SHARED, language) if f"]({SHARED})" in (FOLDER / page).read_text("utf-8") else {}
    given = dict(list(client.items())[:1]) | dict(files(page, language))
    for name, text in given.items():
        (folder / name).write_text(text, "utf-8")
    return list(given)
