"""The papers say what the code does."""

import re
import shlex
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import pytest
import typer

from opencabinet import access, app
from opencabinet.cli import app as operator
from opencabinet.cli.demo import password
from opencabinet.db import Connection, migrations
from opencabinet.doors.legacy import usage
from opencabinet.ingest import cells, markup, reading, workbook
from opencabinet.settings import FILE, FOREIGN, PREFIX, Settings
from tests import living, reference
from tests.demonstration import files, import_sample

ROOT = Path(__file__).parents[1]
PAPERS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
LINK = re.compile(r"\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
FENCED = re.compile(r"^ *```(\w+)\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)
SPOKEN = re.compile(r"`opencabinet ((?:[a-z]+ ?)+)")
ASKED = re.compile(r'curl -s "?http://127\.0\.0\.1:8080(/v1/accounts/[^ "]+)"? -H "Authorization')
SHOWN = re.compile(r"^```bash\n([^`]+)^```\n+```json\n(.+)\n```$", re.MULTILINE)
CURSOR = re.compile(r'"next_cursor":"[^"]+"')
WITH_ANSWERS = ("README.md", "docs/learn/first-steps.md", "docs/understand/receipts.md")
MACHINE = re.compile(r"/(?:home|root|tmp|Users|work|opt)/")


def paper(path: str) -> str:
    return (ROOT / path).read_text("utf-8")


def each_paper(*papers: Path) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("path", papers, ids=lambda path: str(path.relative_to(ROOT)))


def fenced(path: Path, language: str) -> list[str]:
    """Give the text of every block of a language."""
    return [text for said, text in FENCED.findall(path.read_text("utf-8")) if said == language]


def resolved(words: list[str]) -> tuple[Any, list[str]]:
    """Return the command that words name, hidden ones too, and the words after it."""
    command, rest = typer.main.get_command(operator), list(words)
    while rest and rest[0] in getattr(command, "commands", {}):
        command = command.commands[rest.pop(0)]  # type: ignore[attr-defined]  # it has commands
    return command, rest


def anchors(path: Path) -> set[str]:
    """Return what the headings of a page are linked by."""
    headings = HEADING.findall(path.read_text("utf-8"))
    return {re.sub(r"[^\w -]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


@pytest.mark.parametrize(("path", "text"), list(reference.pages()), ids=lambda given: getattr(given, "name", ""))
def test_a_look_up_page_is_what_the_code_gives(path: Path, text: str) -> None:
    assert path.read_text("utf-8") == text, "write it anew: python -m tests.reference"


def test_every_setting_and_every_command_is_described() -> None:
    settings, cli = paper("docs/look-up/settings.md"), paper("docs/look-up/cli.md")
    names = [name for name, _ in reference.commands()]

    assert [name for name in Settings.__struct_fields__ if f"| `{PREFIX}{name.upper()}` |" not in settings] == []
    assert [name for name in names if f"\n## {name}\n" not in cli] == []
    assert "opencabinet access close" in names  # those within groups are found
    assert "opencabinet web" not in names  # only the supervisor runs it


@each_paper(*PAPERS)
def test_every_link_leads_somewhere(path: Path) -> None:
    for link in LINK.findall(path.read_text("utf-8")):
        if re.match(r"https?:", link):
            continue
        file, _, anchor = link.partition("#")
        target = (path.parent / file).resolve() if file else path
        assert target.exists(), link
        assert not anchor or anchor in anchors(target), link


@each_paper(*PAPERS)
def test_every_command_shown_can_be_typed(path: Path) -> None:
    for line in "".join(fenced(path, "bash")).splitlines():
        program, *words = shlex.split(line) or [""]
        if program.rpartition("/")[2] == "opencabinet":
            command, rest = resolved(words)
            assert not hasattr(command, "commands"), line
            command.make_context(line, rest)  # it knows every option, and lacks none
        if program == "make":
            assert re.search(rf"^{words[0]}:", paper("Makefile"), re.MULTILINE), line


@each_paper(*PAPERS)
def test_every_command_spoken_of_exists(path: Path) -> None:
    for said in SPOKEN.findall(path.read_text("utf-8")):
        _, rest = resolved(said.split())
        assert rest == [], said


@each_paper(*PAPERS)
def test_every_setting_spoken_of_exists(path: Path) -> None:
    known = {PREFIX + name.upper() for name in Settings.__struct_fields__} | {FILE}
    spoken = re.findall(rf"{PREFIX}[A-Z_]+", path.read_text("utf-8"))

    assert {name for name in spoken if not name.startswith(FOREIGN)} <= known


@each_paper(*PAPERS)
def test_no_paper_names_a_place_of_one_machine(path: Path) -> None:
    assert MACHINE.findall(path.read_text("utf-8")) == []


def test_every_method_of_the_wire_is_described_with_its_example(settings: Settings) -> None:
    built = living.built(app.build(settings)).litestar
    page = paper("docs/look-up/legacy-wire.md")
    methods = usage.methods(built)

    assert len(methods) >= 9
    for method in methods:
        assert method.path in page
        assert method.path.startswith("Home/") or method.example in page, method.path


def test_every_method_of_a_clients_account_has_its_way_to_v1(settings: Settings) -> None:
    built = living.built(app.build(settings)).litestar
    page = paper("docs/do/move-from-the-published-api.md")
    ways = re.findall(r"^\| `([a-zA-Z/{}]+)` \|(.*)$", page, re.MULTILINE)
    served = {route.path_format.replace(":str}", "}") for route in built.routes}

    old = {method.path for method in usage.methods(built) if method.path.startswith("client/")}
    assert old <= {path for path, _ in ways}
    for _, way in ways:
        assert set(re.findall(r"/v1/[a-z0-9/{}-]+", way)) <= served, way


def test_the_bounds_of_imports_are_those_of_the_code() -> None:
    page = paper("docs/look-up/imports.md")

    for bound in (
        f"more than {cells.LARGEST // 2**20} MiB",
        f"more than {markup.DEEPEST} deep",
        f"more than {workbook.LARGEST_UNPACKED // 2**20} MiB",
        f"more than {workbook.MOST_PARTS:,} parts",
        f"more than {workbook.WIDEST} columns",
        f"{reading.LONGEST_SECONDS} seconds in",
    ):
        assert bound in page
    assert cells.MOST_CELLS == 1_000_000  # "a million or more"
    assert workbook.LARGEST_RATIO == 100  # "a hundred times its size"


@pytest.mark.parametrize("path", ["README.md", "docs/learn/first-steps.md"])
def test_the_passwords_shown_are_the_demonstrations(path: str) -> None:
    for login in files():
        assert f"  {login}  {password(login)}\n" in paper(path)


async def test_the_answers_shown_are_the_demonstrations(site: httpx.AsyncClient, committed: Connection) -> None:
    steps = paper("docs/learn/first-steps.md")
    login, file = next(iter(files().items()))
    await import_sample(committed, file, login)
    await access.open_account(committed, login)

    balance = await site.get(f"/client/RequestBalanceInformation/{login}")
    closed = await site.get(f"/client/RequestClosedTrades/{login}?limit=1")

    assert f"```json\n{balance.text}\n```" in steps
    assert f"```json\n{closed.text}\n```" in steps
    assert f"```json\n{balance.text}\n```" in paper("README.md")


@pytest.fixture
async def demonstration(site: httpx.AsyncClient, committed: Connection) -> httpx.AsyncClient:
    """All accounts of the demonstration, opened: answers are those that their tokens get."""
    for login, file in files().items():
        await import_sample(committed, file, login)
        await access.open_account(committed, login)
    return site


async def test_the_answers_of_v1_shown_are_the_demonstrations(demonstration: httpx.AsyncClient) -> None:
    shown = [pair for path in WITH_ANSWERS for pair in SHOWN.findall(paper(path))]
    asked = [(found[-1], answer) for command, answer in shown if (found := ASKED.findall(command))]

    assert len(asked) >= 6
    for path, answer in asked:
        given = await demonstration.get(path)
        assert CURSOR.sub('"next_cursor":"…"', given.text) == answer, path
    await the_pages_shown_are(demonstration, paper("docs/understand/receipts.md"))


async def the_pages_shown_are(client: httpx.AsyncClient, page: str) -> None:
    """The table of pages holds the receipts of the first account's trades, fifty at a time."""
    columns = ("opening_balance", "movements", "results", "closing_balance")
    path = f"/v1/accounts/{next(iter(files()))}/trades/closed?limit=50"
    cursor, number = "", 0
    while cursor is not None:
        number += 1
        found = (await client.get(path + (f"&cursor={cursor}" if cursor else ""))).json()
        figures = [Decimal(found["receipt"][column]) for column in columns]
        cells = [str(number), str(found["receipt"]["count"]), *map(spoken, figures)]
        assert f"| {' | '.join(cells)} |" in page
        cursor = found["page"]["next_cursor"]
    assert number == 4


def spoken(figure: Decimal) -> str:
    """Write a figure as people read it: whole, or with two places."""
    text = f"{figure:f}" if figure == figure.to_integral_value() else f"{figure:.2f}"
    return text.replace("-", "\N{MINUS SIGN}")


def test_the_revision_shown_is_the_newest() -> None:
    assert f"```text\n   at revision {migrations.head()}\n" in paper("docs/do/own-postgresql.md")
